// @generated from vhdx_metadata_table.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { bytesStripRight } from './kaitai/bytes.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { agreed, filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { countItems } from './kaitai/lists.js';
import { readU2le } from './kaitai/numbers.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, failedIn, fitted, heldBy, readStruct, viewed } from './kaitai/struct.js';
import { StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxMetadataTableEntry } from './vhdx_metadata_table_entry.js';

/**
 * The first 64 KiB of the metadata region: a header of 32 bytes, then the
 * entries, in no particular order. The items that they describe follow the
 * table, packed freely.
 *
 * `Metadata Table`
 *
 * @see [MS-VHDX] 2.6.1
 */
export class VhdxMetadataTable extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'signature', name: 'signature', offset: 0, size: 8, type: 'contents' },
    { id: 'reserved', name: 'reserved', offset: 8, size: 2, type: 'u2' },
    { id: 'entry_count', name: 'entryCount', offset: 10, size: 2, type: 'u2' },
    { id: 'reserved2', name: 'reserved2', offset: 12, size: 20, type: 'bytes' },
    { id: 'entries', name: 'entries', offset: 32, type: 'vhdx_metadata_table_entry[]' },
    { id: 'unused', name: 'unused', type: 'bytes' },
  ] as const;
  declare _root: VhdxMetadataTable;
  protected _m_signature!: Uint8Array | number;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.6.1.1
   */
  reserved!: number;
  /**
   * Number of entries in use.
   *
   * `EntryCount`
   *
   * @see [MS-VHDX] 2.6.1.1
   */
  entryCount!: number;
  /**
   * All zero. The value is what is left without trailing zeros.
   *
   * `Reserved2`
   *
   * @see [MS-VHDX] 2.6.1.1
   */
  reserved2!: Uint8Array;
  /** @see [MS-VHDX] 2.6.1.2 */
  entries!: VhdxMetadataTableEntry[];
  protected _m_unused!: Uint8Array | number;
  protected _len_unused!: number;
  declare protected readonly _types: { readonly init: VhdxMetadataTableInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * 0x617461646174656d when it is read as a little-endian number.
   *
   * `Signature`
   *
   * @see [MS-VHDX] 2.6.1.1
   */
  get signature(): Uint8Array {
    return (this._m_signature = viewed(this, this._m_signature, 8));
  }

  set signature(value: Uint8Array) {
    this._m_signature = value;
  }

  /**
   * The rest of the 64 KiB. It may hold data, which a reader disregards.
   *
   * @see [MS-VHDX] 2.6.1.1
   */
  get unused(): Uint8Array {
    return (this._m_unused = viewed(this, this._m_unused, this._len_unused));
  }

  set unused(value: Uint8Array) {
    this._m_unused = value;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxMetadataTable {
    return VhdxMetadataTable.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxMetadataTable {
    return readStruct(new VhdxMetadataTable(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this._m_signature = io._take(8);
      if (!(io.memory.getUint32(this._m_signature) === 0x6d657461 && io.memory.getUint32(this._m_signature + 4) === 0x64617461)) {
        this._violate({ id: 'signature', kind: 'contents', rule: 'F1', severity: 'error', section: '[MS-VHDX] 2.6.1.1' }, at, io.pos - at, Uint8Array.of(109, 101, 116, 97, 100, 97, 116, 97), this.signature);
      }
      field = 1;
      at = io.pos;
      this.reserved = readU2le(io);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'F3', severity: 'warning', section: '[MS-VHDX] 2.6.1.1' }, at, io.pos - at, 0, this.reserved);
      }
      field = 2;
      at = io.pos;
      this.entryCount = readU2le(io);
      if (!(this.entryCount <= 2047)) {
        this._violate({ id: 'entry_count', kind: 'max', rule: 'F2', severity: 'error', section: '[MS-VHDX] 2.6.1.1' }, at, io.pos - at, 2047, this.entryCount);
      }
      field = 3;
      at = io.pos;
      this.reserved2 = bytesStripRight(io.readBytes(20), 0);
      if (this.reserved2.length !== 0) {
        this._violate({ id: 'reserved2', kind: 'expr', rule: 'F3', severity: 'warning', section: '[MS-VHDX] 2.6.1.1' }, at, io.pos - at, '_.length == 0', this.reserved2);
      }
      field = 4;
      this._read_entries(io);
      field = 5;
      this._m_unused = io._take(this._len_unused = 0x10000 - 32 - 32 * this.entryCount);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  protected _read_entries(io: KaitaiStream): void {
    this._filling = this.entries = [];
    for (let i = 0, count = countItems(io, this.entryCount); i < count; i++) {
      const item = heldBy(this, new VhdxMetadataTableEntry(io));
      item._read(io);
      this.entries.push(item);
    }
    this.entries = fitted(this, this.entries);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxMetadataTableInit): VhdxMetadataTable {
    return filled(new VhdxMetadataTable(undefined), init);
  }

  protected override _fill(init: VhdxMetadataTableInit): this {
    this.signature = init.signature ?? Uint8Array.of(109, 101, 116, 97, 100, 97, 116, 97);
    this.entryCount = agreed(this, 'entry_count', init.entryCount, init.entries.length);
    this.reserved = init.reserved ?? 0;
    this.reserved2 = init.reserved2 ?? new Uint8Array(0);
    this.unused = init.unused ?? new Uint8Array(0x10000 - 32 - 32 * this.entryCount);
    this.entries = init.entries.map((item) => made(this, VhdxMetadataTableEntry, item, [undefined, undefined]));
    return this;
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this.entryCount = this.entries.length;
    out.writeBytes(this._contents('signature', this.signature, Uint8Array.of(109, 101, 116, 97, 100, 97, 116, 97), true, out));
    out.writeU2le(this._int('reserved', this.reserved, 0, 65535));
    out.writeU2le(this._int('entry_count', this.entryCount, 0, 65535));
    if (!(this.entryCount <= 2047)) this._invalid('entry_count', 'max', 2047, this.entryCount, out);
    out.writeBytes(this._fit('reserved2', this.reserved2, 20, 0));
    for (const item of this.entries) {
      this._adopt(item, undefined, item);
      item._write(out);
    }
    out.writeBytes(this._fit('unused', this.unused, 0x10000 - 32 - 32 * this.entryCount));
  }
}

/** What `create` takes. */
export interface VhdxMetadataTableInit extends InitOf<VhdxMetadataTable, 'entries', 'signature' | 'reserved' | 'entryCount' | 'reserved2' | 'unused'> {
}
