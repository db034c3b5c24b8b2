/** The tree of a file as text: an outline of names and values, or a hex view with the bytes of each field. */
import type { SchemaNode } from 'ksy-ts/runtime';
import { printable } from '../diagnostics.js';
import type { HexView } from './runtime.js';

/** Bytes and characters of a value that are shown in its line. */
const SHOWN_BYTES = 16;
const SHOWN_TEXT = 60;
const HEX_OFFSET = 8;
/** What is in front of a path in the hex view: offset, bytes, ASCII. */
const HEX_COLUMNS = 10 + 2 + 47 + 2 + 16 + 2;

/** A node in the outline: its offset, and what it is, indented by how deep it is in others. */
export function outlineLines(node: SchemaNode, isWhole: boolean): string[] {
  const { label, depth, offset, isProcessed = false, fault } = node;
  const place = offset === undefined ? '' : `${isProcessed ? '~' : ''}${hexOf(offset)}`;
  const line = `${place.padStart(HEX_OFFSET + 3)}  ${'  '.repeat(depth)}${label}${tailOf(node, isWhole)}`;
  return [printable(line), ...(fault === undefined ? [] : [outlineMark(depth, 'error', fault.message)])];
}

export function outlineMark(depth: number, severity: string, message: string): string {
  return printable(`${' '.repeat(HEX_OFFSET + 5)}${'  '.repeat(depth)}! ${severity}: ${message}`);
}

/** A node in the hex view: structures and lists have a line above what is in them. */
export function hexLines(node: SchemaNode, isWhole: boolean, view: HexView): string[] {
  const { path, kind, offset, isProcessed = false, bytes, length, enumName: note, fault } = node;
  const faults = fault === undefined ? [] : [hexMark('error', fault.message)];
  if (kind === 'more') return [printable(`… ${node.count ?? 0} more are not listed: ask for them by a path (${path})`)];
  if (kind === 'structure' || kind === 'list') {
    const place = offset === undefined ? '' : ` at ${isProcessed ? '~' : ''}0x${offset.toString(16)}`;
    const size = length === undefined ? '' : `, ${length} ${length === 1 ? 'byte' : 'bytes'}`;
    return [printable(`${path}${place}${size}${tailOf(node, isWhole)}`), ...faults];
  }
  if (offset === undefined || bytes === undefined)
    return [printable(`${' '.repeat(HEX_COLUMNS)}${path}${tailOf(node, isWhole)}`), ...faults];
  const words = { quoted: (text: string) => quoted(text, isWhole), ascii: view.asciiText };
  const row = view.fieldRow({ path, offset, bytes, value: node.value, note }, words);
  return [row, ...(isWhole ? view.furtherRows(offset, bytes, words) : []), ...faults].map(printable);
}

export function hexMark(severity: string, message: string): string {
  return printable(`^^ ${severity}: ${message}`);
}

function tailOf({ kind, type, value, count, enumName, sameAs }: SchemaNode, isWhole: boolean): string {
  if (kind === 'more') return ` ${count} more: ask for them by a path`;
  if (kind === 'list') return `: ${count} × ${type.replace(/\[\]$/, '')}`;
  if (kind === 'structure')
    return `: ${type}${sameAs === undefined ? '' : `, see ${sameAs === '' ? 'the top' : sameAs}`}`;
  if (value === undefined) return `: ${type}`;
  if (enumName === undefined) return ` = ${valueText(value, isWhole)}`;
  return ` = ${enumName} (${valueText(value, isWhole).replace(' (', ', ').replace(')', '')})`;
}

function valueText(value: unknown, isWhole: boolean): string {
  if (value instanceof Uint8Array) {
    const most = isWhole ? value.length : SHOWN_BYTES;
    const shown = Array.from(value.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return value.length > most ? `[${shown} …] (${value.length} bytes)` : `[${shown}]`;
  }
  if (typeof value === 'string') return quoted(value, isWhole);
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)))
    return value < 10 ? String(value) : `${value} (0x${value.toString(16)})`;
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value);
}

function quoted(text: string, isWhole: boolean): string {
  const most = isWhole ? text.length : SHOWN_TEXT;
  return text.length > most
    ? `${JSON.stringify(text.slice(0, most))}… (${text.length} characters)`
    : JSON.stringify(text);
}

const hexOf = (offset: number): string => `0x${offset.toString(16).padStart(HEX_OFFSET, '0')}`;
