// @generated from vhdx_region_table_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { bitStart, readBitsLe, readFewBitsLe } from './kaitai/bits.js';
import { equalBytes } from './kaitai/bytes.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le, readU8leBigInt } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, childOf, failedIn, heldBy, located, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';
import { VhdxGuid } from './vhdx_guid.js';

/**
 * One region: what it is and where it lies. 32 bytes. Regions overlap neither
 * each other nor the log nor any block.
 *
 * `Region Table Entry`
 *
 * @see [MS-VHDX] 2.2.3.2
 */
export class VhdxRegionTableEntry extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 32;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'guid', name: 'guid', offset: 0, size: 16, type: 'vhdx_guid' },
    { id: 'file_offset', name: 'fileOffset', offset: 16, size: 8, type: 'u8' },
    { id: 'length', name: 'length', offset: 24, size: 4, type: 'u4' },
    { id: 'required', name: 'required', offset: 28, size: 4, bitOffset: 0, bits: 1, type: 'b1' },
    { id: 'reserved', name: 'reserved', offset: 28, size: 4, bitOffset: 1, bits: 31, type: 'b31' },
  ] as const;
  declare _root: VhdxRegionTableEntry;
  protected override _start: number = 0;
  declare protected _m_guid: VhdxGuid | undefined;
  /**
   * Byte offset of the region in the file, a multiple of 1 MiB and at least
   * 1 MiB.
   *
   * `FileOffset`
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  fileOffset!: bigint;
  /**
   * Size of the region in bytes, a multiple of 1 MiB.
   *
   * `Length`
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  length!: number;
  /**
   * The low bit of the 32-bit field Required. If it is set, a reader that
   * does not know the region must refuse the file.
   *
   * `Required`
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  required!: boolean;
  /**
   * The only values that the field Required is given are 0 and 1.
   *
   * `Required (bits 1 to 31)`
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  reserved!: number;
  declare protected _m_isBat: boolean | undefined;
  declare protected _m_isMetadataRegion: boolean | undefined;
  declare protected readonly _types: { readonly init: VhdxRegionTableEntryInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * What the region is; unique within the table. The known ones are
   * 2dc27766-f623-4200-9d64-115e9bfd4a08 (`is_bat`) and
   * 8b7ca206-4790-4b9a-b8fe-575f050f886e (`is_metadata_region`).
   *
   * `Guid`
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  get guid(): VhdxGuid {
    return (this._m_guid ??= childOf(this, VhdxGuid, 0, true));
  }

  set guid(value: VhdxGuid) {
    this._m_guid = value;
  }

  /**
   * The region is the block allocation table.
   *
   * `BAT`
   *
   * @see [MS-VHDX] 2.2.3.2
   * @see [MS-VHDX] 2.5
   */
  get isBat(): boolean {
    try {
      return (this._m_isBat ??= this.guid.data1 === 0x2dc27766 && this.guid.data2 === 63011 && this.guid.data3 === 16896 && equalBytes(this.guid.data4, Uint8Array.of(157, 100, 17, 94, 155, 253, 74, 8)));
    } catch (error) {
      throw located(this, 'is_bat', error);
    }
  }

  /**
   * The region is the metadata region, which begins with the metadata table.
   *
   * `Metadata region`
   *
   * @see [MS-VHDX] 2.2.3.2
   * @see [MS-VHDX] 2.6
   */
  get isMetadataRegion(): boolean {
    try {
      return (this._m_isMetadataRegion ??= this.guid.data1 === 0x8b7ca206 && this.guid.data2 === 18320 && this.guid.data3 === 19354 && equalBytes(this.guid.data4, Uint8Array.of(184, 254, 87, 95, 5, 15, 136, 110)));
    } catch (error) {
      throw located(this, 'is_metadata_region', error);
    }
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxRegionTableEntry {
    const memory = memoryOf(bytes, 32, options);
    if (memory !== undefined) {
      const value = new VhdxRegionTableEntry(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxRegionTableEntry.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxRegionTableEntry {
    return readStruct(new VhdxRegionTableEntry(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    if (canReadFixed(io, 32) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 32;
      return;
    }
    let field = 0;
    try {
      let at: number;
      (this._m_guid = heldBy(this, new VhdxGuid(io)))._read(io);
      field = 1;
      at = io.pos;
      this.fileOffset = readU8leBigInt(io);
      if (!(this.fileOffset >= 0x100000n && this.fileOffset % 0x100000n === 0n)) {
        this._violate({ id: 'file_offset', kind: 'expr', rule: 'C6', severity: 'error', section: '[MS-VHDX] 2.2.3.2' }, at, io.pos - at, '_ >= 0x100000 and _ % 0x100000 == 0', this.fileOffset);
      }
      field = 2;
      at = io.pos;
      this.length = readU4le(io);
      if (this.length % 0x100000 !== 0) {
        this._violate({ id: 'length', kind: 'expr', rule: 'C7', severity: 'error', section: '[MS-VHDX] 2.2.3.2' }, at, io.pos - at, '_ % 0x100000 == 0', this.length);
      }
      field = 3;
      this.required = readFewBitsLe(io, 1) !== 0;
      field = 4;
      at = bitStart(io);
      this.reserved = readBitsLe(io, 31);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'C14', severity: 'warning', section: '[MS-VHDX] 2.2.3.2' }, at, io.pos - at, 0, this.reserved);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.fileOffset = view.getBigUint64(at + 16, true);
    this.length = view.getUint32(at + 24, true);
    const word28 = view.getUint32(at + 28, true);
    this.required = (word28 & 0x1) !== 0;
    this.reserved = word28 >>> 1;
    return this.fileOffset >= 0x100000n && (view.getUint32(at + 16, true) & 0xfffff) === 0 && this.length % 0x100000 === 0;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxRegionTableEntryInit): VhdxRegionTableEntry {
    return filled(new VhdxRegionTableEntry(undefined), init);
  }

  protected override _fill(init: VhdxRegionTableEntryInit): this {
    this.fileOffset = init.fileOffset;
    this.length = init.length;
    this.required = init.required;
    this.reserved = init.reserved ?? 0;
    this.guid = made(this, VhdxGuid, init.guid, [undefined, undefined]);
    return this;
  }

  override _check(options?: WriteOptions): void {
    this._m_isBat = undefined;
    this._m_isMetadataRegion = undefined;
    if (!(BigInt.asUintN(64, this.fileOffset) === this.fileOffset && (this.length >>> 0) === this.length && (this.reserved & 0x7fffffff) === this.reserved)) this._refuseNumbers();
    this._adopt(this.guid, undefined, this.guid);
    this.guid._check(options);
    if (!(this.fileOffset >= 0x100000n && this.fileOffset % 0x100000n === 0n)) this._invalid('file_offset', 'expr', '_ >= 0x100000 and _ % 0x100000 == 0', this.fileOffset, options);
    if (this.length % 0x100000 !== 0) this._invalid('length', 'expr', '_ % 0x100000 == 0', this.length, options);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    this.guid['_store'](bytes, view, at);
    view.setBigUint64(at + 16, this.fileOffset, true);
    view.setUint32(at + 24, this.length, true);
    const requiredBits = Number(this.required);
    const reservedBits = this.reserved;
    view.setUint32(at + 28, (requiredBits | (reservedBits << 1)) >>> 0, true);
  }
}

/** What `create` takes. */
export interface VhdxRegionTableEntryInit extends InitOf<VhdxRegionTableEntry, 'guid' | 'fileOffset' | 'length' | 'required', 'reserved'> {
}
