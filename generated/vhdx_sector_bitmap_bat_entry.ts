// @generated from vhdx_sector_bitmap_bat_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { bitStart, readBitsLe, readFewBitsLe } from './kaitai/bits.js';
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';
import { intInRange } from './kaitai/write.js';

/**
 * The state and place of one sector bitmap block, which is 1 MiB and has a bit
 * for each sector of a chunk. 64 bits. The entry follows those of the chunk's
 * payload blocks, in files of every kind.
 *
 * `BAT Entry`
 *
 * @see [MS-VHDX] 2.5.1
 * @see [MS-VHDX] 2.5.1.2
 */
export class VhdxSectorBitmapBatEntry extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 8;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'state', name: 'state', offset: 0, size: 8, bitOffset: 0, bits: 3, type: 'b3' },
    { id: 'reserved', name: 'reserved', offset: 0, size: 8, bitOffset: 3, bits: 17, type: 'b17' },
    { id: 'file_offset_mb', name: 'fileOffsetMb', offset: 0, size: 8, bitOffset: 20, bits: 44, type: 'b44' },
  ] as const;
  declare _root: VhdxSectorBitmapBatEntry;
  /**
   * Values 1 to 5 and 7 are reserved.
   *
   * `State`
   *
   * @see [MS-VHDX] 2.5.1.2
   */
  state!: VhdxSectorBitmapBatEntry_SectorBitmapState;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.5.1
   */
  reserved!: number;
  /**
   * Place of the block in the file, in MiB. A present block lies after the
   * header section. Reserved in the state `not_present`.
   *
   * `FileOffsetMB`
   *
   * @see [MS-VHDX] 2.5.1
   * @see [MS-VHDX] 2.5.1.2
   */
  fileOffsetMb!: number;
  declare protected readonly _types: { readonly init: VhdxSectorBitmapBatEntryInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * The same place in bytes; may need all 64 bits.
   *
   * @see [MS-VHDX] 2.5.1
   */
  get fileOffset(): bigint {
    return BigInt(this.fileOffsetMb) * 0x100000n;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxSectorBitmapBatEntry {
    const memory = memoryOf(bytes, 8, options);
    if (memory !== undefined) {
      const value = new VhdxSectorBitmapBatEntry(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxSectorBitmapBatEntry.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxSectorBitmapBatEntry {
    return readStruct(new VhdxSectorBitmapBatEntry(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    if (canReadFixed(io, 8) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 8;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = bitStart(io);
      this.state = readFewBitsLe(io, 3);
      if (!(this.state === VhdxSectorBitmapBatEntry_SectorBitmapState.NOT_PRESENT || this.state === VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT)) {
        this._violate({ id: 'state', kind: 'in-enum', rule: 'I18', severity: 'error', section: '[MS-VHDX] 2.5.1.2' }, at, io.pos - at, undefined, this.state);
      }
      field = 1;
      at = bitStart(io);
      this.reserved = readFewBitsLe(io, 17);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'I4', severity: 'warning', section: '[MS-VHDX] 2.5.1' }, at, io.pos - at, 0, this.reserved);
      }
      field = 2;
      at = bitStart(io);
      this.fileOffsetMb = readBitsLe(io, 44);
      if (!(this.fileOffsetMb !== 0 || this.state !== VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT)) {
        this._violate({ id: 'file_offset_mb', kind: 'expr', rule: 'I20', severity: 'error', section: '[MS-VHDX] 2.5.1' }, at, io.pos - at, '_ != 0 or state != sector_bitmap_state::present', this.fileOffsetMb);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    const word0 = view.getUint32(at, true);
    const word4 = view.getUint32(at + 4, true);
    this.state = word0 & 0x7;
    this.reserved = (word0 >>> 3) & 0x1ffff;
    this.fileOffsetMb = word4 * 0x1000 + (word0 >>> 20);
    return (this.state === VhdxSectorBitmapBatEntry_SectorBitmapState.NOT_PRESENT || this.state === VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT) && (this.fileOffsetMb !== 0 || this.state !== VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxSectorBitmapBatEntryInit): VhdxSectorBitmapBatEntry {
    return new VhdxSectorBitmapBatEntry(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxSectorBitmapBatEntryInit): this {
    this.state = init.state;
    this.fileOffsetMb = init.fileOffsetMb;
    this.reserved = init.reserved ?? 0;
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (!((this.state & 7) === this.state && (this.reserved & 0x1ffff) === this.reserved)) this._refuseNumbers();
    this._int('file_offset_mb', this.fileOffsetMb, 0, 0xfffffffffff);
    if (!(this.state === VhdxSectorBitmapBatEntry_SectorBitmapState.NOT_PRESENT || this.state === VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT)) this._invalid('state', 'in-enum', undefined, this.state, options);
    if (!(this.fileOffsetMb !== 0 || this.state !== VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT)) this._invalid('file_offset_mb', 'expr', '_ != 0 or state != sector_bitmap_state::present', this.fileOffsetMb, options);
  }

  protected override _store(_bytes: Uint8Array, view: DataView, at: number): void {
    const stateBits = this.state;
    const reservedBits = this.reserved;
    const fileOffsetMbBits = this.fileOffsetMb;
    view.setUint32(at, (stateBits | (reservedBits << 3) | ((fileOffsetMbBits % 0x1000) << 20)) >>> 0, true);
    view.setUint32(at + 4, Math.floor(fileOffsetMbBits / 0x1000), true);
  }
}

/** What `create` takes. */
export interface VhdxSectorBitmapBatEntryInit extends InitOf<VhdxSectorBitmapBatEntry, 'state' | 'fileOffsetMb', 'reserved'> {
}

/**
 * Many `VhdxSectorBitmapBatEntry` in one byte array, read and written in place.
 *
 * No object is made for an entry.
 */
export class VhdxSectorBitmapBatEntryView {
  declare readonly view: DataView;
  /** How many entries there are. */
  declare readonly length: number;

  /**
   * @param bytes holds the entries, 8 bytes each
   * @param byteOffset where the first one starts, in bytes
   * @param length how many there are; all that fit, if not given
   * @throws {RangeError} where they do not fit into `bytes`
   */
  constructor(bytes: Uint8Array, byteOffset: number = 0, length: number = Math.floor((bytes.length - byteOffset) / 8)) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset + byteOffset, length * 8);
    this.length = length;
  }

  /**
   * Values 1 to 5 and 7 are reserved.
   *
   * `State`
   *
   * @see [MS-VHDX] 2.5.1.2
   */
  state(index: number): VhdxSectorBitmapBatEntry_SectorBitmapState {
    return this.view.getUint32(index * 8, true) & 0x7;
  }

  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.5.1
   */
  reserved(index: number): number {
    return (this.view.getUint32(index * 8, true) >>> 3) & 0x1ffff;
  }

  /**
   * Place of the block in the file, in MiB. A present block lies after the
   * header section. Reserved in the state `not_present`.
   *
   * `FileOffsetMB`
   *
   * @see [MS-VHDX] 2.5.1
   * @see [MS-VHDX] 2.5.1.2
   */
  fileOffsetMb(index: number): number {
    return this.view.getUint32(index * 8 + 4, true) * 0x1000 + (this.view.getUint32(index * 8, true) >>> 20);
  }

  /**
   * The same place in bytes; may need all 64 bits.
   *
   * @see [MS-VHDX] 2.5.1
   */
  fileOffset(index: number): bigint {
    return BigInt(this.fileOffsetMb(index)) * 0x100000n;
  }

  /**
   * Writes a whole entry.
   *
   * @throws {WriteError} where a value does not fit its field
   */
  set(index: number, entry: { readonly state: VhdxSectorBitmapBatEntry_SectorBitmapState; readonly reserved?: number | undefined; readonly fileOffsetMb: number }): void {
    const { view } = this;
    const at = index * 8;
    const stateBits = intInRange('state', entry.state, 0, 7);
    const reservedBits = intInRange('reserved', entry.reserved ?? 0, 0, 0x1ffff);
    const fileOffsetMbBits = intInRange('file_offset_mb', entry.fileOffsetMb, 0, 0xfffffffffff);
    view.setUint32(at, (stateBits | (reservedBits << 3) | ((fileOffsetMbBits % 0x1000) << 20)) >>> 0, true);
    view.setUint32(at + 4, Math.floor(fileOffsetMbBits / 0x1000), true);
  }
}

export const VhdxSectorBitmapBatEntry_SectorBitmapState = {
  /**
   * Not allocated; the only state in a fixed or dynamic file.
   *
   * `SB_BLOCK_NOT_PRESENT`
   *
   * @see [MS-VHDX] 2.5.1.2
   */
  NOT_PRESENT: 0,
  /**
   * In this file at `file_offset`. Needed as soon as a payload block of the
   * chunk is partially present.
   *
   * `SB_BLOCK_PRESENT`
   *
   * @see [MS-VHDX] 2.5.1.2
   */
  PRESENT: 6,
} as const;

/** A declared value, or any other as it was read. */
export type VhdxSectorBitmapBatEntry_SectorBitmapState = (typeof VhdxSectorBitmapBatEntry_SectorBitmapState)[keyof typeof VhdxSectorBitmapBatEntry_SectorBitmapState] | (number & {});
