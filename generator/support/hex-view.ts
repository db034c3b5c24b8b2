/** Bytes and values as lines of text: offset, bytes, their ASCII, and what they are. */
import { hex, show } from './show.js';

/** Bytes in a line. */
export const ROW = 16;

/** What a line is about. */
export interface HexField {
  readonly path: string;
  /** In bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly value?: unknown;
  /** What the value stands for. */
  readonly note?: string | undefined;
}

/** How text of the file is written: a string in a value, bytes as ASCII of the same length. */
export interface HexWords {
  readonly quoted: (text: string) => string;
  readonly ascii: (bytes: Uint8Array) => string;
}

/** Offset, bytes and their ASCII, in columns of fixed width. */
export function hexRow(offset: number, bytes: Uint8Array, { ascii }: Pick<HexWords, 'ascii'>): string {
  return `${offset.toString(16).padStart(10, '0')}  ${hexDigits(bytes).padEnd(ROW * 3 - 1)}  ${ascii(bytes).padEnd(ROW)}`;
}

/** The line of a field: its first bytes, its path and its value. */
export function fieldRow(field: HexField, words: HexWords): string {
  const { path, offset, bytes } = field;
  return `${hexRow(offset, bytes.subarray(0, ROW), words)}  ${path}: ${valueText(field, words)}`;
}

/** The rows of a long field behind its first, those that repeat the one before left out as `*`. */
export function* furtherRows(offset: number, bytes: Uint8Array, words: Pick<HexWords, 'ascii'>): Generator<string> {
  let last = hexDigits(bytes.subarray(0, ROW));
  let repeats = false;
  for (let at = ROW; at < bytes.length; at += ROW) {
    const row = bytes.subarray(at, at + ROW);
    const text = hexDigits(row);
    const isLast = at + ROW >= bytes.length;
    if (text === last && !isLast) {
      if (!repeats) yield '*';
      repeats = true;
      continue;
    }
    repeats = false;
    last = text;
    yield hexRow(offset + at, row, words).trimEnd();
  }
}

/** The value of a field in words; of bytes that the row does not show, what there is in them. */
export function valueText(
  { value, note, offset }: Pick<HexField, 'value' | 'note' | 'offset'>,
  { quoted }: Pick<HexWords, 'quoted'>,
): string {
  const words = note === undefined ? '' : ` (${note})`;
  if (value === undefined) return note ?? '';
  if (value instanceof Uint8Array) return `${bytesText(value, offset)}${words}`;
  return `${typeof value === 'string' ? quoted(value) : show(value)}${words}`;
}

function bytesText(bytes: Uint8Array, offset: number): string {
  const size = bytes.length === 1 ? '1 byte' : `${bytes.length} bytes`;
  if (bytes.length <= ROW) return size;
  const stray = bytes.findIndex((byte) => byte !== 0);
  return stray === -1 ? `${size}, all zero` : `${size}, the first that is not zero at ${hex(offset + stray)}`;
}

/** A dot for each byte that has no letter. */
export function asciiText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}

function hexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
