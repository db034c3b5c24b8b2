/** Generated structures in the tree: fields with offset, bytes and value. */
import { VhdxGuid } from '../../generated/index.js';
import { ReadError } from '../../generated/kaitai/errors.js';
import { KaitaiStream } from '../../generated/kaitai/stream.js';
import type { FieldSchema, StructSchema } from '../../generated/kaitai/reflect.js';
import type { KaitaiStruct } from '../../generated/kaitai/struct.js';
import { type SchemaNode, schemaTree } from '../../generated/kaitai/tree.js';
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
function leafValue(field: FieldSchema, value: unknown, bytes: Uint8Array): { value: TreeValue; note?: string } {
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
  readonly schema: StructSchema;
  readonly struct: KaitaiStruct;
  /** Where the structure stands. */
  readonly place: Place;
}

/**
 * The fields of a generated structure in order, nested structures and arrays included, from what its schema says. Long
 * arrays are cut, unless one of their elements is asked for.
 */
export function* structNodes({ schema, struct, place }: StructSource, selection: Selection): Generator<TreeNode> {
  const { path, fileOffset } = place;
  const nodes = schemaTree(schema, struct, {
    path,
    select: selection.from(fileOffset),
    instances: false,
    mostItems: (list) => (selection.isCut && selection.has(list) ? LIMITS.listedTreeElements : Infinity),
    isLeaf: (value) => value instanceof VhdxGuid,
  });
  for (const node of nodes) {
    const found = treeNode(node, fileOffset);
    if (found !== undefined) yield found;
  }
}

/** A node of the tree of an image; undefined for lists, for structures that are a field, and for what is not there. */
function treeNode(node: SchemaNode, base: number): TreeNode | undefined {
  const { path, label, kind, type, field, value, bytes, offset, length, count = 0 } = node;
  if (offset === undefined || length === undefined) return undefined;
  const at = { path, fileOffset: base + offset };
  // Of fields, the first that are not listed are named by the first alone.
  if (kind === 'more') return omitted({ ...at, path: path.replace(/\.\.\d+\]$/, ']') }, count, length);
  if (kind === 'structure') return label.startsWith('[') ? { ...at, length, kind, type, ...origin(field) } : undefined;
  if (kind !== 'field' || value === undefined || bytes === undefined) return undefined;
  return { ...at, length, kind, type, ...leafValue(field, value, bytes), bytes, ...origin(field) };
}

function origin({ origId, section }: FieldSchema): Pick<TreeNode, 'origId' | 'section'> {
  return { ...(origId === undefined ? {} : { origId }), ...(section === undefined ? {} : { section }) };
}

/** Stands for `count` elements from `place` on that are not listed. */
export function omitted(place: Place, count: number, length: number): TreeNode {
  const note = `${count} more ${count === 1 ? 'is' : 'are'} not listed: ask for one of them by its path`;
  return { ...place, length, kind: 'omitted', type: '', note };
}
