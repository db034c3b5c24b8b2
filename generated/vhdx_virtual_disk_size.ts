// @generated from vhdx_virtual_disk_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { type FieldLayout, type KaitaiWriter, type ReadOptions, KaitaiStream, WritableStruct, readStruct } from './kaitai.js';

/**
 * The metadata item that gives the size of the virtual disk. 8 bytes.
 *
 * `Virtual Disk Size`
 *
 * @see [MS-VHDX] 2.6.2.2
 */
export class VhdxVirtualDiskSize extends WritableStruct {
  /** Size in bytes. */
  static readonly SIZE = 8;
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT: readonly FieldLayout[] = [
    { id: 'virtual_disk_size', name: 'virtualDiskSize', offset: 0, size: 8, type: 'u8', origId: 'VirtualDiskSize', section: '[MS-VHDX] 2.6.2.2' },
  ];
  declare _root: VhdxVirtualDiskSize;
  /**
   * Size in bytes, a multiple of the logical sector size and at most 64 TiB.
   *
   * `VirtualDiskSize`
   *
   * @see [MS-VHDX] 2.6.2.2
   */
  declare virtualDiskSize: bigint;

  /**
   * Reads the structure at the start of `bytes`. Byte fields are views of `bytes`: leave it unchanged for as long as they are used.
   *
   * @throws {ValidationError} the first broken constraint of severity `error`, unless `options.onViolation` takes them all
   * @throws {EofError} where `bytes` ends early
   */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxVirtualDiskSize {
    if (options === undefined && bytes.length >= 8) {
      const value = new VhdxVirtualDiskSize(undefined);
      if (value._readFixed(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)) return value;
    }
    return VhdxVirtualDiskSize.read(new KaitaiStream(bytes, options));
  }

  /**
   * Reads the structure at the current position of `io`; errors as for `fromBytes`.
   */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxVirtualDiskSize {
    return readStruct(new VhdxVirtualDiskSize(io), options);
  }

  override _read(): void {
    if (this._io.canReadFixed(8) && this._readFixed(this._io.bytes, this._io.dataView, this._io.pos)) {
      this._io.pos += 8;
      return;
    }
    this._start = this._io.pos;
    const io = this._io;
    let at: number;
    at = io.pos;
    this.virtualDiskSize = io.readU8leBigInt();
    if (!(this.virtualDiskSize <= 0x400000000000n)) {
      this._violate({ id: 'virtual_disk_size', kind: 'max', rule: 'G9', severity: 'error', section: '[MS-VHDX] 2.6.2.2' }, at, io.pos - at, 0x400000000000n, this.virtualDiskSize);
    }
  }

  /** False where a constraint is broken: `_read` finds out which. */
  _readFixed(bytes: Uint8Array, view: DataView, at: number): boolean {
    this._bytes = bytes;
    this._start = at;
    this.virtualDiskSize = view.getBigUint64(at, true);
    return this.virtualDiskSize <= 0x400000000000n;
  }

  /** A new structure: contents, reserved bytes, counts and checksums are filled in. */
  static create(init: VhdxVirtualDiskSizeInit): VhdxVirtualDiskSize {
    const value = new VhdxVirtualDiskSize(undefined);
    value.virtualDiskSize = init.virtualDiskSize;
    return value;
  }

  /**
   * Writes 8 bytes at `offset`; contents and checksums are filled in.
   *
   * @throws {WriteError} where a value does not fit its field
   * @throws {RangeError} where the structure does not fit into `bytes`
   */
  override writeTo(bytes: Uint8Array, offset: number = 0): void {
    this._store(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset);
  }

  /** The structure as bytes; errors as for `writeTo`. */
  override toBytes(): Uint8Array {
    const bytes = new Uint8Array(8);
    this.writeTo(bytes);
    return bytes;
  }

  override _write(out: KaitaiWriter): void {
    const start = out.reserve(8);
    this._store(out.bytes, out.view, start);
  }

  _store(_bytes: Uint8Array, view: DataView, at: number): void {
    view.setBigUint64(at, this._bigInt('virtual_disk_size', this.virtualDiskSize, 0n, 0xffffffffffffffffn), true);
  }
}

/** What `VhdxVirtualDiskSize.create` takes: whatever the schema does not determine. */
export interface VhdxVirtualDiskSizeInit {
  /**
   * Size in bytes, a multiple of the logical sector size and at most 64 TiB.
   *
   * `VirtualDiskSize`
   *
   * @see [MS-VHDX] 2.6.2.2
   */
  readonly virtualDiskSize: bigint;
}
