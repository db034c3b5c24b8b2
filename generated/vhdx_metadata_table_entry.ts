// @generated from vhdx_metadata_table_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { bitStart, readBitsLe, readFewBitsLe } from './kaitai/bits.js';
import { equalBytes } from './kaitai/bytes.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, childOf, failedIn, heldBy, located, readStruct } from './kaitai/struct.js';
import { as } from './kaitai/values.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';
import { VhdxGuid } from './vhdx_guid.js';

/**
 * One metadata item: its identifier, its location and its flags.
 * 32 bytes. Items do not overlap each other.
 *
 * `Metadata Table Entry`
 *
 * @see [MS-VHDX] 2.6.1.2
 */
export class VhdxMetadataTableEntry extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 32;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'item_id', name: 'itemId', offset: 0, size: 16, type: 'vhdx_guid' },
    { id: 'offset', name: 'offset', offset: 16, size: 4, type: 'u4' },
    { id: 'length', name: 'length', offset: 20, size: 4, type: 'u4' },
    { id: 'is_user', name: 'isUser', offset: 24, size: 4, bitOffset: 0, bits: 1, type: 'b1' },
    { id: 'is_virtual_disk', name: 'isVirtualDisk', offset: 24, size: 4, bitOffset: 1, bits: 1, type: 'b1' },
    { id: 'is_required', name: 'isRequired', offset: 24, size: 4, bitOffset: 2, bits: 1, type: 'b1' },
    { id: 'reserved', name: 'reserved', offset: 24, size: 4, bitOffset: 3, bits: 29, type: 'b29' },
    { id: 'reserved2', name: 'reserved2', offset: 28, size: 4, type: 'u4' },
  ] as const;
  declare _root: VhdxMetadataTableEntry;
  protected override _start: number = 0;
  declare protected _m_itemId: VhdxGuid | undefined;
  /**
   * Byte offset of the item from the start of the metadata region, at least
   * 64 KiB. Zero only if `length` is zero.
   *
   * `Offset`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  offset!: number;
  /**
   * Size of the item in bytes, at most 1 MiB. An item of length zero is
   * present but empty, and its `offset` is zero.
   *
   * `Length`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  length!: number;
  /**
   * User metadata if set, otherwise system metadata.
   *
   * `IsUser`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  isUser!: boolean;
  /**
   * The item belongs to the virtual disk rather than to the file: it is
   * copied into a new differencing file, and into the parent when the two
   * are merged.
   *
   * `IsVirtualDisk`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  isVirtualDisk!: boolean;
  /**
   * A reader that does not know the item must refuse the file.
   *
   * `IsRequired`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  isRequired!: boolean;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  reserved!: number;
  /**
   * The specification's text gives this field 2 bits; it fills the last 4 bytes
   * of the entry.
   *
   * `Reserved2`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  reserved2!: number;
  declare protected _m_isFileParameters: boolean | undefined;
  declare protected _m_isVirtualDiskSize: boolean | undefined;
  declare protected _m_isVirtualDiskId: boolean | undefined;
  declare protected _m_isLogicalSectorSize: boolean | undefined;
  declare protected _m_isPhysicalSectorSize: boolean | undefined;
  declare protected _m_isParentLocator: boolean | undefined;
  declare protected readonly _types: { readonly init: VhdxMetadataTableEntryInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * What the item is; unique within the table together with `is_user`. The
   * known system items are:
   *
   * * File Parameters: caa16737-fa36-4d43-b3b6-33f0aa44e76b
   * * Virtual Disk Size: 2fa54224-cd1b-4876-b211-5dbed83bf4b8
   * * Virtual Disk ID: beca12ab-b2e6-4523-93ef-c309e000c746
   * * Logical Sector Size: 8141bf1d-a96f-4709-ba47-f233a8faab5f
   * * Physical Sector Size: cda348c7-445d-4471-9cc9-e9885251c556
   * * Parent Locator: a8d35f2d-b30b-454d-abf7-d3d84834ab0c
   *
   * `ItemID`
   *
   * @see [MS-VHDX] 2.6.1.2
   * @see [MS-VHDX] 2.6.2
   */
  get itemId(): VhdxGuid {
    return (this._m_itemId ??= childOf(this, VhdxGuid, 0, true));
  }

  set itemId(value: VhdxGuid) {
    this._m_itemId = value;
  }

  /**
   * The item is a `vhdx_file_parameters`.
   *
   * `File Parameters`
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  get isFileParameters(): boolean {
    try {
      return (this._m_isFileParameters ??= !this.isUser && this.itemId.data1 === 0xcaa16737 && this.itemId.data2 === 64054 && this.itemId.data3 === 19779 && equalBytes(this.itemId.data4, Uint8Array.of(179, 182, 51, 240, 170, 68, 231, 107)));
    } catch (error) {
      throw located(this, 'is_file_parameters', error);
    }
  }

  /**
   * The item is a `vhdx_virtual_disk_size`.
   *
   * `Virtual Disk Size`
   *
   * @see [MS-VHDX] 2.6.2.2
   */
  get isVirtualDiskSize(): boolean {
    try {
      return (this._m_isVirtualDiskSize ??= !this.isUser && this.itemId.data1 === 0x2fa54224 && this.itemId.data2 === 52507 && this.itemId.data3 === 18550 && equalBytes(this.itemId.data4, Uint8Array.of(178, 17, 93, 190, 216, 59, 244, 184)));
    } catch (error) {
      throw located(this, 'is_virtual_disk_size', error);
    }
  }

  /**
   * The item is a `vhdx_virtual_disk_id`.
   *
   * `Virtual Disk ID`
   *
   * @see [MS-VHDX] 2.6.2.3
   */
  get isVirtualDiskId(): boolean {
    try {
      return (this._m_isVirtualDiskId ??= !this.isUser && this.itemId.data1 === 0xbeca12ab && this.itemId.data2 === 45798 && this.itemId.data3 === 17699 && equalBytes(this.itemId.data4, Uint8Array.of(147, 239, 195, 9, 224, 0, 199, 70)));
    } catch (error) {
      throw located(this, 'is_virtual_disk_id', error);
    }
  }

  /**
   * The item is a `vhdx_logical_sector_size`.
   *
   * `Logical Sector Size`
   *
   * @see [MS-VHDX] 2.6.2.4
   */
  get isLogicalSectorSize(): boolean {
    try {
      return (this._m_isLogicalSectorSize ??= !this.isUser && this.itemId.data1 === 0x8141bf1d && this.itemId.data2 === 43375 && this.itemId.data3 === 18185 && equalBytes(this.itemId.data4, Uint8Array.of(186, 71, 242, 51, 168, 250, 171, 95)));
    } catch (error) {
      throw located(this, 'is_logical_sector_size', error);
    }
  }

  /**
   * The item is a `vhdx_physical_sector_size`.
   *
   * `Physical Sector Size`
   *
   * @see [MS-VHDX] 2.6.2.5
   */
  get isPhysicalSectorSize(): boolean {
    try {
      return (this._m_isPhysicalSectorSize ??= !this.isUser && this.itemId.data1 === 0xcda348c7 && this.itemId.data2 === 17501 && this.itemId.data3 === 17521 && equalBytes(this.itemId.data4, Uint8Array.of(156, 201, 233, 136, 82, 81, 197, 86)));
    } catch (error) {
      throw located(this, 'is_physical_sector_size', error);
    }
  }

  /**
   * The item is a `vhdx_parent_locator`.
   *
   * `Parent Locator`
   *
   * @see [MS-VHDX] 2.6.2.6
   */
  get isParentLocator(): boolean {
    try {
      return (this._m_isParentLocator ??= !this.isUser && this.itemId.data1 === 0xa8d35f2d && this.itemId.data2 === 45835 && this.itemId.data3 === 17741 && equalBytes(this.itemId.data4, Uint8Array.of(171, 247, 211, 216, 72, 52, 171, 12)));
    } catch (error) {
      throw located(this, 'is_parent_locator', error);
    }
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxMetadataTableEntry {
    const memory = memoryOf(bytes, 32, options);
    if (memory !== undefined) {
      const value = new VhdxMetadataTableEntry(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxMetadataTableEntry.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxMetadataTableEntry {
    return readStruct(new VhdxMetadataTableEntry(io), options);
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
      (this._m_itemId = heldBy(this, new VhdxGuid(io)))._read(io);
      field = 1;
      at = io.pos;
      this.offset = readU4le(io);
      if (!(this.offset === 0 || as<number>(this.offset) >= 0x10000)) {
        this._violate({ id: 'offset', kind: 'expr', rule: 'F5', severity: 'error', section: '[MS-VHDX] 2.6.1.2' }, at, io.pos - at, '_ == 0 or _ >= 0x10000', this.offset);
      }
      field = 2;
      at = io.pos;
      this.length = readU4le(io);
      if (!(this.length <= 0x100000)) {
        this._violate({ id: 'length', kind: 'max', rule: 'F8', severity: 'error', section: '[MS-VHDX] 2.6.1.2' }, at, io.pos - at, 0x100000, this.length);
      }
      field = 3;
      this.isUser = readFewBitsLe(io, 1) !== 0;
      field = 4;
      this.isVirtualDisk = readFewBitsLe(io, 1) !== 0;
      field = 5;
      this.isRequired = readFewBitsLe(io, 1) !== 0;
      field = 6;
      at = bitStart(io);
      this.reserved = readBitsLe(io, 29);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'F11', severity: 'warning', section: '[MS-VHDX] 2.6.1.2' }, at, io.pos - at, 0, this.reserved);
      }
      field = 7;
      io.alignToByte();
      at = io.pos;
      this.reserved2 = readU4le(io);
      if (this.reserved2 !== 0) {
        this._violate({ id: 'reserved2', kind: 'eq', rule: 'F11', severity: 'warning', section: '[MS-VHDX] 2.6.1.2' }, at, io.pos - at, 0, this.reserved2);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.offset = view.getUint32(at + 16, true);
    this.length = view.getUint32(at + 20, true);
    const word24 = view.getUint32(at + 24, true);
    this.isUser = (word24 & 0x1) !== 0;
    this.isVirtualDisk = ((word24 >>> 1) & 0x1) !== 0;
    this.isRequired = ((word24 >>> 2) & 0x1) !== 0;
    this.reserved = word24 >>> 3;
    this.reserved2 = view.getUint32(at + 28, true);
    return (this.offset === 0 || as<number>(this.offset) >= 0x10000) && this.length <= 0x100000;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxMetadataTableEntryInit): VhdxMetadataTableEntry {
    return filled(new VhdxMetadataTableEntry(undefined), init);
  }

  protected override _fill(init: VhdxMetadataTableEntryInit): this {
    this.offset = init.offset;
    this.length = init.length;
    this.isUser = init.isUser;
    this.isVirtualDisk = init.isVirtualDisk;
    this.isRequired = init.isRequired;
    this.reserved = init.reserved ?? 0;
    this.reserved2 = init.reserved2 ?? 0;
    this.itemId = made(this, VhdxGuid, init.itemId, [undefined, undefined]);
    return this;
  }

  override _check(options?: WriteOptions): void {
    this._m_isFileParameters = undefined;
    this._m_isVirtualDiskSize = undefined;
    this._m_isVirtualDiskId = undefined;
    this._m_isLogicalSectorSize = undefined;
    this._m_isPhysicalSectorSize = undefined;
    this._m_isParentLocator = undefined;
    if (!((this.offset >>> 0) === this.offset && (this.length >>> 0) === this.length && (this.reserved & 0x1fffffff) === this.reserved && (this.reserved2 >>> 0) === this.reserved2)) this._refuseNumbers();
    this._adopt(this.itemId, undefined, this.itemId);
    this.itemId._check(options);
    if (!(this.offset === 0 || as<number>(this.offset) >= 0x10000)) this._invalid('offset', 'expr', '_ == 0 or _ >= 0x10000', this.offset, options);
    if (!(this.length <= 0x100000)) this._invalid('length', 'max', 0x100000, this.length, options);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    this.itemId['_store'](bytes, view, at);
    view.setUint32(at + 16, this.offset, true);
    view.setUint32(at + 20, this.length, true);
    const isUserBits = Number(this.isUser);
    const isVirtualDiskBits = Number(this.isVirtualDisk);
    const isRequiredBits = Number(this.isRequired);
    const reservedBits = this.reserved;
    view.setUint32(at + 24, (isUserBits | (isVirtualDiskBits << 1) | (isRequiredBits << 2) | (reservedBits << 3)) >>> 0, true);
    view.setUint32(at + 28, this.reserved2, true);
  }
}

/** What `create` takes. */
export interface VhdxMetadataTableEntryInit extends InitOf<VhdxMetadataTableEntry, 'itemId' | 'offset' | 'length' | 'isUser' | 'isVirtualDisk' | 'isRequired', 'reserved' | 'reserved2'> {
}
