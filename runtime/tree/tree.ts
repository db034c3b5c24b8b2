/** Every structure of an image as a tree. */
import type { SignalOptions } from '../base/options.js';
import {
  VhdxFileParameters,
  VhdxFileParametersSchema,
  VhdxFileTypeIdentifier,
  VhdxFileTypeIdentifierSchema,
  VhdxHeader,
  VhdxHeaderSchema,
  VhdxLogicalSectorSize,
  VhdxLogicalSectorSizeSchema,
  VhdxMetadataTable,
  VhdxMetadataTableSchema,
  VhdxParentLocator,
  VhdxParentLocatorSchema,
  VhdxPhysicalSectorSize,
  VhdxPhysicalSectorSizeSchema,
  VhdxRegionTable,
  VhdxRegionTableSchema,
  VhdxVirtualDiskId,
  VhdxVirtualDiskIdSchema,
  VhdxVirtualDiskSize,
  VhdxVirtualDiskSizeSchema,
} from '../../generated/index.js';
import type { StructSchema } from '../../generated/kaitai/reflect.js';
import type { KaitaiStruct } from '../../generated/kaitai/struct.js';
import { requireOffset, requireOptions, requireString } from '../base/arguments.js';
import { withJsonForm } from '../base/json-form.js';
import { HEADER_OFFSETS, HEADER_SLOT_SIZE, METADATA_TABLE_SIZE, REGION_TABLE_OFFSETS } from '../base/limits.js';
import { itemPath } from '../format/metadata-items.js';
import { itemTitle, type KnownItemName } from '../format/metadata-table.js';
import { type ByteSource, readAvailable, type SourceReadOptions } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { type Walk, walkImage } from '../image/walk.js';
import { batNodes } from './bat-nodes.js';
import { logNodes } from './log-nodes.js';
import { readPartly, type StructClass, structNodes } from './struct-nodes.js';
import { nodeForm, Selection, type TreeNode } from './tree-node.js';

/** Part of an image to list. */
export interface TreeOptions extends SignalOptions {
  /**
   * `headers[1]`, `metadata_table.entries[0].offset`, `bat[5]`, `bat[100..200]` (both inclusive), `log[0x1000]` (the old
   * entry at that byte of the log); everything if left out.
   */
  readonly path?: string | undefined;
  /** A byte of the file: only the structures and fields that it belongs to, outermost first. */
  readonly at?: number | undefined;
  /** Of BAT entries only those with storage in use: FULLY_PRESENT, PARTIALLY_PRESENT, and PRESENT sector bitmap blocks. */
  readonly allocated?: boolean | undefined;
}

/** A kind of structure: its class, and what the schema says of it. */
interface Kind {
  readonly reader: StructClass<KaitaiStruct>;
  readonly schema: StructSchema;
}

/** A structure that lies at one place and is read whole: 64 KiB at most, apart from metadata items (1 MiB). */
interface Part extends Kind {
  readonly path: string;
  readonly source: ByteSource;
  readonly fileOffset: number;
  readonly length: number;
  readonly note?: string;
}

const ITEMS: Readonly<Record<KnownItemName, Kind>> = {
  file_parameters: { reader: VhdxFileParameters, schema: VhdxFileParametersSchema },
  virtual_disk_size: { reader: VhdxVirtualDiskSize, schema: VhdxVirtualDiskSizeSchema },
  virtual_disk_id: { reader: VhdxVirtualDiskId, schema: VhdxVirtualDiskIdSchema },
  logical_sector_size: { reader: VhdxLogicalSectorSize, schema: VhdxLogicalSectorSizeSchema },
  physical_sector_size: { reader: VhdxPhysicalSectorSize, schema: VhdxPhysicalSectorSizeSchema },
  parent_locator: { reader: VhdxParentLocator, schema: VhdxParentLocatorSchema },
};

function headerParts({ source, view, header, regions }: Walk): Part[] {
  const identifier = { reader: VhdxFileTypeIdentifier, schema: VhdxFileTypeIdentifierSchema, length: 520 };
  const headers = HEADER_OFFSETS.map((fileOffset, index): Part => {
    const common = { path: `headers[${index}]`, reader: VhdxHeader, schema: VhdxHeaderSchema, source, fileOffset };
    const note = header?.index === index ? { note: 'current' } : {};
    return { ...common, length: VhdxHeader.SIZE, ...note };
  });
  const tables = REGION_TABLE_OFFSETS.map((fileOffset, index): Part => {
    const common = {
      path: `region_tables[${index}]`,
      reader: VhdxRegionTable,
      schema: VhdxRegionTableSchema,
      source: view,
    };
    const note = regions?.copy === index ? { note: 'in use' } : {};
    return { ...common, fileOffset, length: HEADER_SLOT_SIZE, ...note };
  });
  return [{ path: 'file_type_identifier', source, fileOffset: 0, ...identifier }, ...headers, ...tables];
}

function metadataParts({ view, regions, items }: Walk): Part[] {
  const parts: Part[] = [];
  if (regions?.metadata !== undefined) {
    const { fileOffset, length: available } = regions.metadata;
    const length = Math.min(available, METADATA_TABLE_SIZE);
    const common = { path: 'metadata_table', reader: VhdxMetadataTable, schema: VhdxMetadataTableSchema };
    parts.push({ ...common, source: view, fileOffset, length });
  }
  const seen = new Set<KnownItemName>();
  for (const { name, fileOffset, length, readable } of items ?? []) {
    if (name === undefined || !readable || length === 0 || seen.has(name)) continue;
    seen.add(name);
    parts.push({ path: itemPath(name), ...ITEMS[name], source: view, fileOffset, length });
  }
  return parts;
}

async function* partNodes(part: Part, selection: Selection, options?: SourceReadOptions): AsyncGenerator<TreeNode> {
  const { path, schema, source, fileOffset, length, note } = part;
  if (!selection.touches(path) || !selection.covers(fileOffset, length)) return;
  const bytes = await readAvailable(source, fileOffset, length, options);
  if (bytes.length === 0) return;
  if (selection.has(path)) {
    const words = note === undefined ? {} : { note };
    yield { path, fileOffset, length: bytes.length, kind: 'structure', type: schema.id, ...words };
  }
  yield* structNodes({ schema, struct: readPartly(part.reader, bytes), place: { path, fileOffset } }, selection);
}

/** Metadata items that no schema describes. */
async function* otherItems(
  { view, items }: Walk,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  for (const item of items ?? []) {
    const path = `metadata_items[${item.index}]`;
    if (item.name !== undefined || !item.readable || item.length === 0 || !selection.has(path)) continue;
    const { fileOffset, length } = item;
    if (!selection.covers(fileOffset, length)) continue;
    const bytes = await readAvailable(view, fileOffset, length, options);
    yield { path, fileOffset, length, kind: 'field', type: 'bytes', value: bytes, bytes, note: itemTitle(item) };
  }
}

/** The strings of the parent locator, which lie behind its entries. [MS-VHDX] 2.6.2.6.2 */
async function* locatorStrings(
  { view, parent }: Walk,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  for (const { key, value, strings } of parent?.entries ?? []) {
    for (const [text, { path, fileOffset, length }] of [
      [key, strings.key],
      [value, strings.value],
    ] as const) {
      if (!selection.has(path) || !selection.covers(fileOffset, length)) continue;
      const bytes = await readAvailable(view, fileOffset, length, options);
      yield { path, fileOffset, length, kind: 'field', type: 'str', value: text, bytes };
    }
  }
}

/**
 * Every structure of an image with its fields, in the order in which a reader comes to them: file type identifier,
 * headers, region tables, log (also the old entries in it), metadata, BAT. What follows the log is as it will be after the log's replay. Memory does
 * not grow with the image: long lists are cut, and their elements can be asked for by their paths. Nothing for a file
 * that is no VHDX. Damage does not hinder it: what can be read is there. The source stays open. `JSON.stringify` writes
 * bytes as hexadecimal digits, and 64-bit fields as decimal strings.
 *
 * @throws VhdxError VHDX_SOURCE_SHORT_READ or what else `source` throws, if its bytes cannot be read; TypeError if
 * `source` is none.
 */
export async function* imageTree(source: Bytes, options: TreeOptions = {}): AsyncGenerator<TreeNode> {
  requireOptions(options);
  const { path, at, signal } = options;
  requireString(path, 'path');
  if (at !== undefined) requireOffset(at, 'at');
  const walk = await walkImage(toByteSource(source), () => undefined, { signal });
  if (walk.kind === 'image') yield* treeOf(walk, options);
}

/** As `imageTree`, of an image that has been walked through. */
export async function* treeOf(walk: Walk, options: TreeOptions): AsyncGenerator<TreeNode> {
  for await (const node of nodesOf(walk, new Selection(options), options)) yield withJsonForm(node, nodeForm);
}

async function* nodesOf(walk: Walk, selection: Selection, options: SourceReadOptions): AsyncGenerator<TreeNode> {
  for (const part of headerParts(walk)) yield* partNodes(part, selection, options);
  if (walk.log !== undefined) yield* logNodes(walk.source, walk.log, selection, options);
  for (const part of metadataParts(walk)) yield* partNodes(part, selection, options);
  yield* otherItems(walk, selection, options);
  yield* locatorStrings(walk, selection, options);
  const { bat, regions } = walk;
  if (bat !== undefined) yield* batNodes(bat, regions?.bat?.length ?? bat.geometry.byteLength, selection, options);
}
