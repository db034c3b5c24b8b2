/** Broken constraints of the schemas in words. */
import type { Violation } from '../../generated/kaitai/constraints.js';
import { firstNonzero } from '../base/bytes.js';
import { catalogue, codeOfSchemaRule } from './codes.js';
import { hex, KIB, MIB, sizeText } from '../base/units.js';

/** `48 65 61 64 ("Head")`: bytes in hex, and as text where they can be read. */
function bytesText(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const readable = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return readable && bytes.length > 0 ? `${digits} (${JSON.stringify(String.fromCharCode(...bytes))})` : digits;
}

/** A number with its unit where it is a round amount of bytes, and in hex where it is long. */
function numberText(value: number | bigint): string {
  if (value >= MIB && Number(value) % KIB === 0) return `${hex(value)} (${sizeText(Number(value))})`;
  return value < 65_536 ? String(value) : `${value} (${hex(value)})`;
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return bytesText(value);
  if (Array.isArray(value)) return value.map(valueText).join(' or ');
  return typeof value === 'number' || typeof value === 'bigint' ? numberText(value) : String(value);
}

function expectedText({ constraint, rule, expected }: Violation): string {
  const words = rule === undefined ? undefined : catalogue[codeOfSchemaRule(rule)].expects;
  if (words !== undefined && (constraint === 'expr' || constraint === 'any-of')) return words;
  if (constraint === 'min') return `at least ${valueText(expected)}`;
  return constraint === 'max' ? `at most ${valueText(expected)}` : valueText(expected);
}

/** What is wrong with the checksum `title`. */
export function checksumText(title: string, actual: number, expected: number): string {
  return `${title} is ${hex(actual)}, but the CRC-32C of the bytes is ${hex(expected)}`;
}

/**
 * `headers[0].checksum at 0x10004 is 0x1, expected 0x2`: a broken constraint of a schema in words. `fileOffset` is left
 * out where it has been said.
 */
export function violationText(violation: Violation, path: string, fileOffset?: number): string {
  const { constraint, actual, expected } = violation;
  const title = fileOffset === undefined ? path : `${path} at ${hex(fileOffset)}`;
  if (constraint === 'checksum') {
    return checksumText(title, Number(actual), Number(expected));
  }
  if (actual instanceof Uint8Array && constraint === 'expr') {
    // Reserved bytes. They may be thousands, so only the first that is not zero is named.
    const first = Math.max(0, firstNonzero(actual));
    const where = fileOffset === undefined ? `byte ${first}` : `the byte at ${hex(fileOffset + first)}`;
    return `${title} is not all zero as expected: ${where} is 0x${(actual[first] ?? 0).toString(16)}`;
  }
  return `${title} is ${valueText(actual)}, expected ${expectedText(violation)}`;
}
