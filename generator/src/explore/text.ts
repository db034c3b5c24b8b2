/** The tree of a file as text, a node a line. */
import { printable } from '../diagnostics.js';
import type { TreeNode } from './walk.js';

/** Bytes and characters of a value that are shown in its line. */
const SHOWN_BYTES = 16;
const SHOWN_TEXT = 60;
/** Bytes of a field that `--hex` shows, unless the field is asked for by its path. */
const DUMPED_BYTES = 64;
const HEX_OFFSET = 8;

export function nodeLines(
  node: TreeNode,
  { hex, isWhole }: { readonly hex: boolean; readonly isWhole: boolean },
): string[] {
  const { label, depth, offset, isProcessed = false, fault, bytes } = node;
  const place = offset === undefined ? '' : `${isProcessed ? '~' : ''}${hexOf(offset)}`;
  const indent = '  '.repeat(depth);
  const line = `${place.padStart(HEX_OFFSET + 3)}  ${indent}${label}${tailOf(node, isWhole)}`;
  const faults = fault === undefined ? [] : [markLine(depth, 'error', fault.message)];
  const dump =
    hex && bytes !== undefined && (node.kind === 'field' || isWhole) ? dumpLines(bytes, offset ?? 0, isWhole) : [];
  return [printable(line), ...faults, ...dump];
}

function tailOf({ kind, type, value, count, enumName, sameAs }: TreeNode, isWhole: boolean): string {
  if (kind === 'more') return ` ${count} more: ask for them by a path`;
  if (kind === 'list') return `: ${count} × ${type.replace(/\[\]$/, '')}`;
  if (kind === 'structure')
    return `: ${type}${sameAs === undefined ? '' : `, see ${sameAs === '' ? 'the top' : sameAs}`}`;
  if (value === undefined) return `: ${type}`;
  if (enumName === undefined) return ` = ${valueText(value, isWhole)}`;
  return ` = ${enumName} (${valueText(value, isWhole).replace(' (', ', ').replace(')', '')})`;
}

export function markLine(depth: number, severity: string, message: string): string {
  return printable(`${' '.repeat(HEX_OFFSET + 5)}${'  '.repeat(depth)}! ${severity}: ${message}`);
}

function valueText(value: unknown, isWhole: boolean): string {
  if (value instanceof Uint8Array) {
    const most = isWhole ? value.length : SHOWN_BYTES;
    const shown = Array.from(value.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return value.length > most ? `[${shown} …] (${value.length} bytes)` : `[${shown}]`;
  }
  if (typeof value === 'string') {
    const most = isWhole ? value.length : SHOWN_TEXT;
    return value.length > most
      ? `${JSON.stringify(value.slice(0, most))}… (${value.length} characters)`
      : JSON.stringify(value);
  }
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)))
    return value < 10 ? String(value) : `${value} (0x${value.toString(16)})`;
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value);
}

/** `00000010  01 02 …  |..|`, sixteen bytes a line. */
function dumpLines(bytes: Uint8Array, offset: number, isWhole: boolean): string[] {
  const most = isWhole ? bytes.length : Math.min(bytes.length, DUMPED_BYTES);
  const lines: string[] = [];
  for (let at = 0; at < most; at += 16) {
    const row = bytes.subarray(at, Math.min(at + 16, most));
    const digits = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`    ${(offset + at).toString(16).padStart(HEX_OFFSET, '0')}  ${digits.padEnd(47)}  |${text}|`);
  }
  return bytes.length > most ? [...lines, `    … ${bytes.length - most} more bytes`] : lines;
}

const hexOf = (offset: number): string => `0x${offset.toString(16).padStart(HEX_OFFSET, '0')}`;
