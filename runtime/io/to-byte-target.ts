/** Makes sure that an argument is a byte target. */
import { describeValue } from '../base/arguments.js';
import type { ByteTarget } from './byte-target.js';
import { hasMethod, sourceHint } from './to-byte-source.js';

const METHODS = ['read', 'write', 'truncate', 'flush'] as const;

function isTarget(value: unknown): value is ByteTarget {
  if (typeof value !== 'object' || value === null || !('size' in value)) return false;
  return typeof value.size === 'number' && METHODS.every((name) => hasMethod(value, name));
}

function targetHint(value: unknown): string {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return 'change bytes in memory through a `new MemoryTarget(bytes)`';
  }
  const hint = sourceHint(value).replace('openFile(', 'openFileForWriting(');
  if (hint.includes('openUrl(')) return 'what a server has can only be read';
  const isReadOnly = hint === '' && typeof value === 'object' && value !== null && 'read' in value;
  return isReadOnly ? 'it can only be read; `await openFileForWriting(path)` of vhdx/node opens a file' : hint;
}

/** `value` if it can be written to. @throws TypeError, with the call that makes a target of it where there is one */
export function requireTarget(value: ByteTarget): ByteTarget {
  if (isTarget(value)) return value;
  const hint = targetHint(value);
  throw new TypeError(
    'expected a target with `size`, `read`, `write`, `truncate` and `flush`, ' +
      `not ${describeValue(value)}${hint === '' ? '' : `: ${hint}`}`,
  );
}
