// @generated from vhdx_virtual_disk_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, located, readStruct } from './kaitai/struct.js';
import { as } from './kaitai/values.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { WritableStruct, viewOf } from './kaitai/write.js';
import type { KaitaiWriter } from './kaitai/writer.js';

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
  static readonly LAYOUT = [
    { id: 'virtual_disk_size', name: 'virtualDiskSize', offset: 0, size: 8, type: 'u8', origId: 'VirtualDiskSize', section: '[MS-VHDX] 2.6.2.2' },
  ] as const;
  declare _root: VhdxVirtualDiskSize;
  /**
   * Size in bytes, a multiple of the logical sector size and at most 64 TiB.
   *
   * `VirtualDiskSize`
   *
   * @see [MS-VHDX] 2.6.2.2
   */
  virtualDiskSize!: bigint;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._source = source;
    this._parent = parent;
    this._root = as(root ?? this);
  }

  /**
   * Reads the structure at the start of `bytes`. Byte fields are views of `bytes`: leave it unchanged for as long as they are used.
   *
   * @throws {ValidationError} the first broken constraint of severity `error`, unless `options.onViolation` takes them all
   * @throws {EofError} where `bytes` ends early
   */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxVirtualDiskSize {
    if (options === undefined && bytes.length >= 8) {
      const memory = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const value = new VhdxVirtualDiskSize(memory);
      if (value._readFixed(memory, 0)) return value;
    }
    return VhdxVirtualDiskSize.read(new KaitaiStream(bytes, options));
  }

  /**
   * Reads the structure at the current position of `io`; errors as for `fromBytes`.
   */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxVirtualDiskSize {
    return readStruct(new VhdxVirtualDiskSize(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    if (io.canReadFixed(8) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 8;
      return;
    }
    let field = 'virtual_disk_size';
    try {
      let at: number;
      at = io.pos;
      this.virtualDiskSize = io.readU8leBigInt();
      if (!(this.virtualDiskSize <= 0x400000000000n)) {
        this._violate({ id: 'virtual_disk_size', kind: 'max', rule: 'G9', severity: 'error', section: '[MS-VHDX] 2.6.2.2' }, at, io.pos - at, 0x400000000000n, this.virtualDiskSize);
      }
    } catch (error) {
      throw located(this, field, error);
    }
  }

  /** False where a constraint is broken: `_read` finds out which. */
  _readFixed(view: DataView, at: number): boolean {
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
   * Finds out whether the structure can be written.
   *
   * @throws {WriteError} where a value does not fit its field or breaks a constraint
   */
  override _check(options?: WriteOptions): void {
    if (BigInt.asUintN(64, this.virtualDiskSize) !== this.virtualDiskSize) this._refuseNumbers();
    if (!(this.virtualDiskSize <= 0x400000000000n)) this._invalid('virtual_disk_size', 'max', 0x400000000000n, this.virtualDiskSize, options);
  }

  /**
   * Writes 8 bytes at `offset`, or nothing at all; contents and checksums are filled in.
   *
   * @throws {WriteError} as `_check`
   * @throws {RangeError} where the structure does not fit into `bytes`
   */
  override writeTo(bytes: Uint8Array, offset: number = 0, options?: WriteOptions): void {
    this._check(options);
    const view = viewOf(bytes, offset, 8);
    this._store(bytes, view, offset);
  }

  /** The structure as bytes, with what stood behind it where it was read from bytes of its own; errors as for `writeTo`. */
  override toBytes(options?: WriteOptions): Uint8Array {
    const bytes = new Uint8Array(8);
    this.writeTo(bytes, 0, options);
    return this._withRest(bytes);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._check(out);
    const start = out.reserve(8);
    this._store(out.bytes, out.view, start);
  }

  /** Stores what `_check` has found right. */
  _store(_bytes: Uint8Array, view: DataView, at: number): void {
    view.setBigUint64(at, this.virtualDiskSize, true);
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
