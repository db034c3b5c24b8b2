/** Nodes and values as JSON has them: bytes as hexadecimal digits, 64-bit integers as decimal strings. */
import type { SchemaNode, Violation } from 'ksy-ts/runtime';

export function nodeJson(node: SchemaNode, violations: readonly Violation[]): object {
  const { path, kind, type, offset, length, isProcessed, value, enumName, count, sameAs, field, fault } = node;
  return {
    path,
    kind,
    type,
    offset,
    length,
    processed: isProcessed,
    value: plain(value),
    name: enumName,
    count,
    sameAs,
    doc: field.doc,
    section: field.section,
    error: fault === undefined ? undefined : { kind: fault.kind, expected: fault.expected, message: fault.message },
    violations:
      violations.length === 0
        ? undefined
        : violations.map(({ constraint, rule, severity, expected, actual, message }) => ({
            constraint,
            rule,
            severity,
            expected: plain(expected),
            actual: plain(actual),
            message,
          })),
  };
}

export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? value.constructor.name : value;
}
