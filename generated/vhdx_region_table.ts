// @generated from vhdx_region_table.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { checksumAround, checksums } from './kaitai/checksums.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { agreed, filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { countItems } from './kaitai/lists.js';
import { readU4le } from './kaitai/numbers.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, failedIn, fitted, heldBy, readStruct, viewed } from './kaitai/struct.js';
import { StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxRegionTableEntry } from './vhdx_region_table_entry.js';

/**
 * The identity and place of each region of the file: the BAT, the metadata
 * region, and any that a later version may add. Exactly 64 KiB; two equal
 * copies stand at 192 KiB and 256 KiB. Changes to it go through the log.
 *
 * `Region Table`
 *
 * @see [MS-VHDX] 2.2.3
 */
export class VhdxRegionTable extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'signature', name: 'signature', offset: 0, size: 4, type: 'contents' },
    { id: 'checksum', name: 'checksum', offset: 4, size: 4, type: 'u4' },
    { id: 'entry_count', name: 'entryCount', offset: 8, size: 4, type: 'u4' },
    { id: 'reserved', name: 'reserved', offset: 12, size: 4, type: 'u4' },
    { id: 'entries', name: 'entries', offset: 16, type: 'vhdx_region_table_entry[]' },
    { id: 'unused', name: 'unused', type: 'bytes' },
  ] as const;
  declare _root: VhdxRegionTable;
  protected override _start: number = 0;
  protected _m_signature!: Uint8Array | number;
  /**
   * CRC-32C (Castagnoli) over all 65536 bytes, with this field taken as zero.
   *
   * `Checksum`
   *
   * @see [MS-VHDX] 2.2.3.1
   */
  checksum!: number;
  /**
   * Number of entries in use. They follow the table's header of 16 bytes.
   *
   * `EntryCount`
   *
   * @see [MS-VHDX] 2.2.3.1
   */
  entryCount!: number;
  /**
   * Zero; a reader ignores it.
   *
   * `Reserved`
   *
   * @see [MS-VHDX] 2.2.3.1
   */
  reserved!: number;
  /** @see [MS-VHDX] 2.2.3.2 */
  entries!: VhdxRegionTableEntry[];
  protected _m_unused!: Uint8Array | number;
  protected _len_unused!: number;
  declare protected readonly _types: { readonly init: VhdxRegionTableInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * 0x69676572 when it is read as a little-endian number.
   *
   * `Signature`
   *
   * @see [MS-VHDX] 2.2.3.1
   */
  get signature(): Uint8Array {
    return (this._m_signature = viewed(this, this._m_signature, 4));
  }

  set signature(value: Uint8Array) {
    this._m_signature = value;
  }

  /**
   * The rest of the 64 KiB, which is reserved. A writer may set it to zero;
   * the checksum covers it.
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  get unused(): Uint8Array {
    return (this._m_unused = viewed(this, this._m_unused, this._len_unused));
  }

  set unused(value: Uint8Array) {
    this._m_unused = value;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxRegionTable {
    return VhdxRegionTable.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxRegionTable {
    return readStruct(new VhdxRegionTable(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this._m_signature = io._take(4);
      if (io.memory.getUint32(this._m_signature) !== 0x72656769) {
        this._violate({ id: 'signature', kind: 'contents', rule: 'VHDX_REGION_TABLE_SIGNATURE_MISMATCH', severity: 'error', section: '[MS-VHDX] 2.2.3.1' }, at, io.pos - at, Uint8Array.of(114, 101, 103, 105), this.signature);
      }
      field = 1;
      this.checksum = readU4le(io);
      field = 2;
      at = io.pos;
      this.entryCount = readU4le(io);
      if (!(this.entryCount <= 2047)) {
        this._violate({ id: 'entry_count', kind: 'max', rule: 'C3', severity: 'error', section: '[MS-VHDX] 2.2.3.1' }, at, io.pos - at, 2047, this.entryCount);
      }
      field = 3;
      at = io.pos;
      this.reserved = readU4le(io);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'C4', severity: 'warning', section: '[MS-VHDX] 2.2.3.1' }, at, io.pos - at, 0, this.reserved);
      }
      field = 4;
      this._read_entries(io);
      field = 5;
      this._m_unused = io._take(this._len_unused = 0x10000 - 16 - 32 * this.entryCount);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  protected _read_entries(io: KaitaiStream): void {
    this._filling = this.entries = [];
    for (let i = 0, count = countItems(io, this.entryCount); i < count; i++) {
      const item = heldBy(this, new VhdxRegionTableEntry(io));
      item._read(io);
      this.entries.push(item);
    }
    this.entries = fitted(this, this.entries);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxRegionTableInit): VhdxRegionTable {
    return filled(new VhdxRegionTable(undefined), init);
  }

  protected override _fill(init: VhdxRegionTableInit): this {
    this.signature = init.signature ?? Uint8Array.of(114, 101, 103, 105);
    this.entryCount = agreed(this, 'entry_count', init.entryCount, init.entries.length);
    this.checksum = init.checksum ?? 0;
    this.reserved = init.reserved ?? 0;
    this.unused = init.unused ?? new Uint8Array(0x10000 - 16 - 32 * this.entryCount);
    this.entries = init.entries.map((item) => made(this, VhdxRegionTableEntry, item, [undefined, undefined]));
    return this;
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    const start = out.pos;
    this.entryCount = this.entries.length;
    out.writeBytes(this._contents('signature', this.signature, Uint8Array.of(114, 101, 103, 105), true, out));
    out.writeU4le(this._int('checksum', this.checksum, 0, 0xffffffff));
    out.writeU4le(this._int('entry_count', this.entryCount, 0, 0xffffffff));
    if (!(this.entryCount <= 2047)) this._invalid('entry_count', 'max', 2047, this.entryCount, out);
    out.writeU4le(this._int('reserved', this.reserved, 0, 0xffffffff));
    for (const item of this.entries) {
      this._adopt(item, undefined, item);
      item._write(out);
    }
    out.writeBytes(this._fit('unused', this.unused, 0x10000 - 16 - 32 * this.entryCount));
    const size = 0x10000;
    out.defer((bytes) => this._writeChecksum(bytes, start, size));
  }

  /**
   * Whether the checksum fits the bytes that the structure was read from; false where they end before the checksum does.
   *
   * @param options takes the broken constraint, if it is one
   */
  verifyChecksum(options?: ReadOptions): boolean {
    const start = this._start;
    const bytes = this._bytes ?? this.toBytes();
    const size = 0x10000;
    const expected = start + size <= bytes.length ? checksumAround(checksums.crc32c, bytes, start, size, { offset: 4, size: 4 }) : undefined;
    if (expected === this.checksum) return true;
    options?.onViolation?.(this._violation({ id: 'checksum', kind: 'checksum', rule: 'VHDX_REGION_TABLE_CHECKSUM_MISMATCH', severity: 'error', section: '[MS-VHDX] 2.2.3.1' }, start + 4, 4, expected, this.checksum));
    return false;
  }

  /** Where not all of what it covers is in `bytes`, the checksum stays as it is. */
  protected _writeChecksum(bytes: Uint8Array, start: number, size: number, view: DataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)): void {
    if (start + size > bytes.length) return;
    view.setUint32(start + 4, 0, true);
    this.checksum = checksums.crc32c(bytes.subarray(start, start + size));
    view.setUint32(start + 4, this.checksum, true);
  }
}

/** What `create` takes. */
export interface VhdxRegionTableInit extends InitOf<VhdxRegionTable, 'entries', 'signature' | 'checksum' | 'entryCount' | 'reserved' | 'unused'> {
}
