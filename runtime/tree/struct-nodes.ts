/** Generated structures in the tree: fields with offset, bytes and value. */
import { VhdxGuid } from '../../generated/index.js';
import { ReadError } from '../../generated/kaitai/errors.js';
import { KaitaiStream } from '../../generated/kaitai/stream.js';
import { type FieldLayout, KaitaiStruct } from '../../generated/kaitai/struct.js';
import { formatGuid, GUIDS } from '../base/guid.js';
import { LIMITS } from '../base/limits.js';
import type { Place } from '../errors/field-location.js';
import { decodeUtf16 } from '../base/utf16.js';
import type { Selection, TreeNode, TreeValue } from './tree-node.js';

/** A class of the generated structures. */
export type StructClass<T extends KaitaiStruct> = new (stream: KaitaiStream) => T;

/** The structure at the start of `bytes`, as far as they reach and whatever is wrong with it. */
export function readPartly<T extends KaitaiStruct>(type: StructClass<T>, bytes: Uint8Array): T {
  const struct = new type(new KaitaiStream(bytes, { onViolation: () => undefined }));
  try {
    struct._read();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
  }
  return struct;
}

function isLayout(value: unknown): value is readonly FieldLayout[] {
  return Array.isArray(value) && value.every((field) => typeof field === 'object' && field !== null && 'id' in field);
}

function layoutOf(struct: KaitaiStruct): readonly FieldLayout[] {
  const layout: unknown = Reflect.get(struct.constructor, 'LAYOUT');
  return isLayout(layout) ? layout : [];
}

/** A field's value; undefined where the structure ended before it, or in it. */
function fieldValue(struct: KaitaiStruct, { name }: FieldLayout): unknown {
  try {
    const value: unknown = Reflect.get(struct, name);
    return value;
  } catch (error) {
    if (error instanceof ReadError) return undefined;
    throw error;
  }
}

/** Bytes that a structure takes: its fields, one behind the other. */
function sizeOf(struct: KaitaiStruct): number {
  let end = 0;
  for (const field of layoutOf(struct)) {
    const value = fieldValue(struct, field);
    if (value !== undefined) end = (field.offset ?? end) + (field.size ?? sizeOfValue(value));
  }
  return end;
}

function sizeOfValue(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof KaitaiStruct) return sizeOf(value);
  if (!Array.isArray(value)) return 0;
  return value.reduce((sum: number, element: unknown) => sum + sizeOfValue(element), 0);
}

/** The names of GUIDs that have a meaning: `batRegion` as `BAT region`. */
const GUID_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(GUIDS).map(([name, guid]) => [
    guid,
    name
      .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      .replace(/^bat\b/, 'BAT')
      .replace(/^vhdx\b/, 'VHDX'),
  ]),
);

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** The value of a field that is no structure of several fields, and what it stands for. */
function leafValue(field: FieldLayout, value: unknown, bytes: Uint8Array): { value: TreeValue; note?: string } {
  if (value instanceof VhdxGuid) {
    const text = formatGuid(value);
    const note = GUID_NAMES.get(text);
    return note === undefined ? { value: text } : { value: text, note };
  }
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    const { bitOffset = 0, bits } = field;
    if (bits === undefined) return { value };
    return { value, note: bits === 1 ? `bit ${bitOffset}` : `bits ${bitOffset} to ${bitOffset + bits - 1}` };
  }
  if (!(value instanceof Uint8Array)) return { value: bytes };
  if (field.type === 'contents' && isAscii(value)) return { value: String.fromCodePoint(...value) };
  // The only text in a structure of fixed layout. [MS-VHDX] 2.2.1
  if (field.id === 'creator') return { value: decodeUtf16(value).replace(/\0.*$/s, '') };
  // What the schema strips from a field (the zeros of a reserved one) is part of it here.
  return { value: bytes };
}

/** What the nodes of a structure are made from. */
export interface StructSource {
  readonly struct: KaitaiStruct;
  /** Where the structure stands. */
  readonly place: Place;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/**
 * The fields of a generated structure in order, nested structures and arrays included, from the layout that its class
 * has. Long arrays are cut, unless one of their elements is asked for.
 */
export function* structNodes({ struct, place, bytes }: StructSource, selection: Selection): Generator<TreeNode> {
  let end = 0;
  for (const field of layoutOf(struct)) {
    const value = fieldValue(struct, field);
    if (value === undefined) continue;
    const offset = field.offset ?? end;
    const length = field.size ?? sizeOfValue(value);
    end = offset + length;
    if (end > bytes.length) continue;
    const path = `${place.path}.${field.id}`;
    if (!selection.touches(path) || !coversField(field, place.fileOffset + offset, length, selection)) continue;
    const at = { fileOffset: place.fileOffset + offset, path };
    const part = bytes.subarray(offset, end);
    if (Array.isArray(value)) yield* arrayNodes(value, { field, place: at, bytes: part }, selection);
    else if (value instanceof KaitaiStruct && !(value instanceof VhdxGuid)) {
      yield* structNodes({ struct: value, place: at, bytes: part }, selection);
    } else if (selection.has(path)) {
      yield {
        ...at,
        length,
        kind: 'field',
        type: field.type,
        ...leafValue(field, value, part),
        bytes: part,
        ...origin(field),
      };
    }
  }
}

/** Whether a field is asked for; of bits those bytes count that they lie in. */
function coversField(
  { bitOffset = 0, bits }: FieldLayout,
  fileOffset: number,
  length: number,
  selection: Selection,
): boolean {
  if (bits === undefined) return selection.covers(fileOffset, length);
  const first = Math.floor(bitOffset / 8);
  return selection.covers(fileOffset + first, Math.ceil((bitOffset + bits) / 8) - first);
}

function origin({ origId, section }: FieldLayout): Pick<TreeNode, 'origId' | 'section'> {
  return { ...(origId === undefined ? {} : { origId }), ...(section === undefined ? {} : { section }) };
}

function* arrayNodes(
  elements: readonly unknown[],
  { field, place, bytes }: { readonly field: FieldLayout; readonly place: Place; readonly bytes: Uint8Array },
  selection: Selection,
): Generator<TreeNode> {
  let offset = 0;
  for (const [index, element] of elements.entries()) {
    if (!(element instanceof KaitaiStruct)) return;
    const length = sizeOf(element);
    const at = { fileOffset: place.fileOffset + offset, path: `${place.path}[${index}]` };
    if (selection.isCut && selection.has(place.path) && index === LIMITS.listedTreeElements) {
      yield omitted(at, elements.length - index, bytes.length - offset);
      return;
    }
    if (selection.touches(at.path) && selection.covers(at.fileOffset, length)) {
      const type = field.type.replace(/\[\]$/, '');
      if (selection.has(at.path)) yield { ...at, length, kind: 'structure', type, ...origin(field) };
      yield* structNodes({ struct: element, place: at, bytes: bytes.subarray(offset, offset + length) }, selection);
    }
    offset += length;
  }
}

/** Stands for `count` elements from `place` on that are not listed. */
export function omitted(place: Place, count: number, length: number): TreeNode {
  const note = `${count} more ${count === 1 ? 'is' : 'are'} not listed: ask for one of them by its path`;
  return { ...place, length, kind: 'omitted', type: '', note };
}
