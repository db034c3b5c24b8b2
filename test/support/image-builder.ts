import {
  VhdxFileTypeIdentifier,
  VhdxHeader,
  VhdxMetadataTable,
  VhdxMetadataTableEntry,
  VhdxPayloadBatEntryView,
  VhdxRegionTable,
  VhdxRegionTableEntry,
} from '../../generated/index.js';
import { installChecksums } from '../../runtime/format/checksum.js';
import { GUIDS } from '../../runtime/base/guid.js';
import { encodeUtf16 } from '../../runtime/base/utf16.js';
import { ANYTHING } from './anything.js';
import { guid, IDS, type ImageSpec, type ItemSpec, itemsOf, type RegionSpec } from './image-items.js';
import { type LogEntrySpec, logEntryBytes, refixChecksum } from './log-entries.js';
import { SparseSource } from './sparse-source.js';
import { KIB, MIB } from './units.js';

export { IDS, type ImageSpec, parentLocatorBytes } from './image-items.js';
export { GIB, KIB, MIB, TIB } from './units.js';

const HEADER_OFFSETS = [64 * KIB, 128 * KIB] as const;
const REGION_TABLE_OFFSETS = [192 * KIB, 256 * KIB] as const;
const LOG_OFFSET = MIB;
const METADATA_TABLE_SIZE = 64 * KIB;

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/**
 * An image in memory, laid out by the generated writers: header section, log, BAT, metadata, further regions, blocks.
 * Its methods change it afterwards; `edit…` write a structure anew with right checksums, `poke` changes bytes as they are.
 */
export class TestImage {
  readonly source: SparseSource;
  readonly spec: ImageSpec;
  readonly logOffset: number = LOG_OFFSET;
  readonly logLength: number;
  readonly batOffset: number;
  readonly batLength: number;
  readonly metadataOffset: number;
  readonly metadataLength: number;
  readonly blockSize: number;
  readonly chunkRatio: number;
  readonly payloadBlocks: number;
  /** Where each item lies in the file, by ID. */
  readonly itemOffsets: ReadonlyMap<string, number>;
  /** Where the storage of the blocks begins. */
  readonly dataOffset: number;
  #end: number;

  constructor(spec: ImageSpec = {}) {
    installChecksums();
    this.spec = spec;
    this.blockSize = spec.blockSize ?? MIB;
    this.chunkRatio = (2 ** 23 * (spec.logicalSectorSize ?? 512)) / this.blockSize;
    this.payloadBlocks = Math.ceil((spec.virtualSize ?? 16 * MIB) / this.blockSize);
    const chunks = Math.ceil(this.payloadBlocks / this.chunkRatio);
    const entries = chunks * (this.chunkRatio + 1);
    this.logLength = spec.logLength ?? MIB;
    this.batOffset = LOG_OFFSET + this.logLength;
    this.batLength = spec.batLength ?? Math.max(MIB, roundUp(entries * 8, MIB));
    this.metadataOffset = this.batOffset + this.batLength;
    const items = itemsOf(spec);
    this.metadataLength = Math.max(
      MIB,
      roundUp(METADATA_TABLE_SIZE + items.reduce((sum, { bytes }) => sum + bytes.length, 0), MIB),
    );
    this.dataOffset = this.metadataOffset + this.metadataLength;
    this.#end = this.dataOffset;
    this.source = new SparseSource(this.dataOffset);
    this.#writeHeaders();
    this.#writeRegionTables();
    this.itemOffsets = this.#writeMetadata(items);
    this.#writeBlocks();
  }

  /** Length of the file. */
  get size(): number {
    return this.source.size;
  }

  set size(value: number) {
    this.source.size = value;
  }

  copy(): TestImage {
    const copy = Object.create(TestImage.prototype) as TestImage;
    return Object.assign(copy, this, { source: this.source.copy() });
  }

  /** Writes bytes as they are, without making a checksum right. */
  poke(position: number, ...bytes: number[]): void {
    this.source.write(Uint8Array.from(bytes), position);
  }

  /** Turns over one bit of the byte at `position`. */
  flip(position: number, bit = 0): void {
    const [byte = 0] = this.source.bytes(position, 1);
    this.poke(position, byte ^ (1 << bit));
  }

  /** Changes one header, or both; the checksum is made right. */
  editHeader(which: 0 | 1 | 'both', edit: (header: VhdxHeader) => void): this {
    for (const [index, offset] of HEADER_OFFSETS.entries()) {
      if (which !== 'both' && which !== index) continue;
      const header = VhdxHeader.fromBytes(this.source.bytes(offset, VhdxHeader.SIZE), { onViolation: () => undefined });
      edit(header);
      this.source.write(header.toBytes(ANYTHING), offset);
    }
    return this;
  }

  /** Changes one copy of the region table, or both; the checksum is made right. */
  editRegionTable(which: 0 | 1 | 'both', edit: (table: VhdxRegionTable) => void): this {
    for (const [index, offset] of REGION_TABLE_OFFSETS.entries()) {
      if (which !== 'both' && which !== index) continue;
      const table = VhdxRegionTable.fromBytes(this.source.bytes(offset, 64 * KIB), { onViolation: () => undefined });
      edit(table);
      table.entryCount = table.entries.length;
      const unused = new Uint8Array(64 * KIB - 16 - 32 * table.entries.length);
      unused.set(table.unused.subarray(0, unused.length));
      table.unused = unused;
      this.source.write(padTo(table, 64 * KIB), offset);
    }
    return this;
  }

  /** Changes the bytes of one copy of the region table, or of both; the checksum is made right. */
  editRegionTableBytes(which: 0 | 1 | 'both', edit: (bytes: Uint8Array) => void): this {
    for (const [index, offset] of REGION_TABLE_OFFSETS.entries()) {
      if (which !== 'both' && which !== index) continue;
      const bytes = this.source.bytes(offset, 64 * KIB);
      edit(bytes);
      refixChecksum(bytes, 4);
      this.source.write(bytes, offset);
    }
    return this;
  }

  editMetadataTable(edit: (table: VhdxMetadataTable) => void): this {
    const bytes = this.source.bytes(this.metadataOffset, METADATA_TABLE_SIZE);
    const table = VhdxMetadataTable.fromBytes(bytes, { onViolation: () => undefined });
    edit(table);
    table.entryCount = table.entries.length;
    table.unused = new Uint8Array(METADATA_TABLE_SIZE - 32 - 32 * table.entries.length);
    this.source.write(table.toBytes(ANYTHING), this.metadataOffset);
    return this;
  }

  /** The entry of the item with this ID, to be changed. */
  editMetadataEntry(id: string, edit: (entry: VhdxMetadataTableEntry) => void): this {
    const wanted = guid(id).toBytes();
    return this.editMetadataTable((table) => {
      const entry = table.entries.find(({ itemId }) => Buffer.compare(itemId.toBytes(), wanted) === 0);
      if (entry === undefined) throw new Error(`no item ${id}`);
      edit(entry);
    });
  }

  /** Overwrites the bytes of an item. */
  setItem(id: string, bytes: Uint8Array): this {
    const offset = this.itemOffsets.get(id);
    if (offset === undefined) throw new Error(`no item ${id}`);
    this.source.write(bytes, offset);
    return this;
  }

  /** Where the BAT entry `index` stands in the file. */
  batEntryOffset(index: number): number {
    return this.batOffset + index * 8;
  }

  /** Index of the BAT entry of a payload block. */
  payloadIndex(block: number): number {
    return block + Math.floor(block / this.chunkRatio);
  }

  /** Index of the BAT entry of the sector bitmap block of a chunk. */
  bitmapIndex(chunk: number): number {
    return chunk * (this.chunkRatio + 1) + this.chunkRatio;
  }

  setBat(index: number, entry: { state: number; fileOffsetMb?: number; reserved?: number }): this {
    const bytes = new Uint8Array(8);
    new VhdxPayloadBatEntryView(bytes).set(0, { fileOffsetMb: 0, ...entry });
    this.source.write(bytes, this.batEntryOffset(index));
    return this;
  }

  /** Reserves whole MiBs at the end of the file and says where, in MiB. */
  append(length: number): number {
    const start = this.#end;
    this.#end += roundUp(length, MIB);
    this.source.size = Math.max(this.source.size, this.#end);
    return start / MIB;
  }

  /** Puts an entry into the log at `start` bytes from its beginning; it wraps if it has to. Returns its length. */
  addLogEntry(start: number, spec: Partial<LogEntrySpec> & { sequenceNumber: bigint }): number {
    const bytes = logEntryBytes({
      guid: this.spec.logGuid ?? IDS.log,
      tail: start,
      flushedFileOffset: this.size,
      lastFileOffset: this.size,
      ...spec,
    });
    const first = Math.min(bytes.length, this.logLength - start);
    this.source.write(bytes.subarray(0, first), this.logOffset + start);
    this.source.write(bytes.subarray(first), this.logOffset);
    return bytes.length;
  }

  /** All bytes of the file. */
  toBytes(): Uint8Array {
    return this.source.bytes(0, this.size);
  }

  #writeHeaders(): void {
    const { spec } = this;
    const identifier = VhdxFileTypeIdentifier.create({ creator: padBytes(encodeUtf16(spec.creator ?? 'test'), 512) });
    this.source.write(identifier.toBytes(ANYTHING), 0);
    for (const [index, offset] of HEADER_OFFSETS.entries()) {
      const header = VhdxHeader.create({
        sequenceNumber: (spec.sequenceNumbers ?? [7n, 8n])[index] ?? 0n,
        fileWriteGuid: guid(IDS.fileWrite),
        dataWriteGuid: guid(IDS.dataWrite),
        logGuid: guid(spec.logGuid ?? GUIDS.zero),
        logVersion: 0,
        version: 1,
        logLength: this.logLength,
        logOffset: BigInt(this.logLength === 0 ? 0 : this.logOffset),
      });
      this.source.write(header.toBytes(ANYTHING), offset);
    }
  }

  #writeRegionTables(): void {
    const regions: RegionSpec[] = [
      { guid: GUIDS.batRegion, fileOffset: this.batOffset, length: this.batLength, required: true },
      { guid: GUIDS.metadataRegion, fileOffset: this.metadataOffset, length: this.metadataLength, required: true },
      ...(this.spec.regions ?? []),
    ];
    const unused = new Uint8Array(64 * KIB - 16 - 32 * regions.length);
    const table = VhdxRegionTable.create({ entries: regions.map(regionEntry), unused });
    for (const offset of REGION_TABLE_OFFSETS) this.source.write(padTo(table, 64 * KIB), offset);
  }

  #writeMetadata(items: readonly ItemSpec[]): Map<string, number> {
    const offsets = new Map<string, number>();
    let offset = METADATA_TABLE_SIZE;
    const entries = items.map(({ id, bytes, isUser = false, isVirtualDisk = false, isRequired = false }) => {
      const entry = VhdxMetadataTableEntry.create({
        itemId: guid(id),
        offset: bytes.length === 0 ? 0 : offset,
        length: bytes.length,
        isUser,
        isVirtualDisk,
        isRequired,
      });
      offsets.set(id, this.metadataOffset + offset);
      this.source.write(bytes, this.metadataOffset + offset);
      offset += bytes.length;
      return entry;
    });
    const unused = new Uint8Array(METADATA_TABLE_SIZE - 32 - 32 * entries.length);
    this.source.write(padTo(VhdxMetadataTable.create({ entries, unused }), METADATA_TABLE_SIZE), this.metadataOffset);
    return offsets;
  }

  #writeBlocks(): void {
    const { spec } = this;
    const all = spec.type === 'fixed' ? Array.from({ length: this.payloadBlocks }, (_, block) => block) : [];
    for (const block of spec.allocate ?? all) {
      this.setBat(this.payloadIndex(block), { state: spec.allocateAs ?? 6, fileOffsetMb: this.append(this.blockSize) });
    }
    for (const chunk of spec.bitmaps ?? []) {
      this.setBat(this.bitmapIndex(chunk), { state: 6, fileOffsetMb: this.append(MIB) });
    }
  }
}

function padBytes(bytes: Uint8Array, length: number): Uint8Array {
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

function padTo(structure: { toBytes(options: typeof ANYTHING): Uint8Array }, length: number): Uint8Array {
  const bytes = structure.toBytes(ANYTHING);
  if (bytes.length !== length) throw new Error(`${bytes.length} bytes were written, not ${length}`);
  return bytes;
}

export function regionEntry({ guid: id, fileOffset, length, required = false }: RegionSpec): VhdxRegionTableEntry {
  return VhdxRegionTableEntry.create({ guid: guid(id), fileOffset: BigInt(fileOffset), length, required });
}
