/** The lines that `vhdx tree` prints for a node. */
import { type Finding, type Severity, type TreeNode } from '../../index.js';
import { excerpt } from '../../base/excerpt.js';
import { ascii, type Harmless, shown } from '../harmless.js';
import type { Paint, Style } from '../output.js';
import { countText, hex } from '../text.js';

const ROW = 16;
/** Rows of bytes that a field has at most, unless it is the only one that is asked for. */
const ROWS = 1;

const STYLES: Readonly<Record<Severity, Style>> = {
  error: 'red',
  'refuse-write': 'yellow',
  warning: 'cyan',
  info: 'dim',
};

function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Offset, bytes and their ASCII, in columns of fixed width. */
function columns(fileOffset: number, bytes: Uint8Array): string {
  const offset = fileOffset.toString(16).padStart(10, '0');
  return `${offset}  ${hexBytes(bytes).padEnd(ROW * 3 - 1)}  ${ascii(bytes).padEnd(ROW)}`;
}

function bytesText(bytes: Uint8Array, fileOffset: number): string {
  const stray = bytes.findIndex((byte) => byte !== 0);
  const size = countText(bytes.length, 'byte');
  if (bytes.length <= ROW) return size;
  return stray === -1 ? `${size}, all zero` : `${size}, the first that is not zero at ${hex(fileOffset + stray)}`;
}

/** The value of a field in words. */
export function valueText({ value, note, fileOffset }: Pick<TreeNode, 'value' | 'note' | 'fileOffset'>): string {
  const words = note === undefined ? '' : ` (${note})`;
  if (value === undefined) return note === undefined ? '' : note;
  if (value instanceof Uint8Array) return `${bytesText(value, fileOffset)}${words}`;
  if (typeof value === 'string')
    return `${/^[0-9a-f-]{36}$/.test(value) ? value : JSON.stringify(excerpt(value))}${words}`;
  if (typeof value === 'boolean') return `${value}${words}`;
  return `${value < 10 ? value : `${value} (0x${value.toString(16)})`}${words}`;
}

/** The rows of a long field, those that repeat the one before left out as `*`. */
function* restRows(fileOffset: number, bytes: Uint8Array): Generator<Harmless> {
  let last = hexBytes(bytes.subarray(0, ROW));
  let repeats = false;
  for (let at = ROW; at < bytes.length; at += ROW) {
    const row = bytes.subarray(at, at + ROW);
    const text = hexBytes(row);
    const isLast = at + ROW >= bytes.length;
    if (text === last && !isLast) {
      if (!repeats) yield shown`*\n`;
      repeats = true;
      continue;
    }
    repeats = false;
    last = text;
    yield shown`${columns(fileOffset + at, row).trimEnd()}\n`;
  }
}

/** The lines of a node. `whole`: all of its bytes are wanted. */
export function* nodeLines(node: TreeNode, whole: boolean, paint: Paint): Generator<Harmless> {
  const { path, fileOffset, length, kind, bytes = new Uint8Array(0) } = node;
  if (kind === 'structure') {
    const note = node.note === undefined ? '' : shown`: ${node.note}`;
    yield shown`${paint('bold', path)} at ${hex(fileOffset)}, ${countText(length, 'byte')}${note}\n`;
    return;
  }
  if (kind === 'omitted') {
    yield shown`… ${node.note ?? ''} (${path})\n`;
    return;
  }
  yield shown`${columns(fileOffset, bytes.subarray(0, ROW * ROWS))}  ${path}: ${valueText(node)}\n`;
  if (whole && kind === 'field') yield* restRows(fileOffset, bytes);
}

/** A finding under what it is about. */
export function markLine({ severity, rule, code, message }: Finding, paint: Paint): Harmless {
  return shown`${paint(STYLES[severity], `^^ ${severity} ${rule} ${code}: ${message}`)}\n`;
}
