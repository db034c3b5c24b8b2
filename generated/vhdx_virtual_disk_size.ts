// @generated from vhdx_virtual_disk_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { readU8leBigInt } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * The metadata item that gives the size of the virtual disk. 8 bytes.
 *
 * `Virtual Disk Size`
 *
 * @see [MS-VHDX] 2.6.2.2
 */
export class VhdxVirtualDiskSize extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 8;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'virtual_disk_size', name: 'virtualDiskSize', offset: 0, size: 8, type: 'u8' },
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
  declare protected readonly _types: { readonly init: VhdxVirtualDiskSizeInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxVirtualDiskSize {
    const memory = memoryOf(bytes, 8, options);
    if (memory !== undefined) {
      const value = new VhdxVirtualDiskSize(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxVirtualDiskSize.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxVirtualDiskSize {
    return readStruct(new VhdxVirtualDiskSize(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    if (canReadFixed(io, 8) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 8;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this.virtualDiskSize = readU8leBigInt(io);
      if (!(this.virtualDiskSize <= 0x400000000000n)) {
        this._violate({ id: 'virtual_disk_size', kind: 'max', rule: 'G9', severity: 'error', section: '[MS-VHDX] 2.6.2.2' }, at, io.pos - at, 0x400000000000n, this.virtualDiskSize);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.virtualDiskSize = view.getBigUint64(at, true);
    return this.virtualDiskSize <= 0x400000000000n;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxVirtualDiskSizeInit): VhdxVirtualDiskSize {
    return new VhdxVirtualDiskSize(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxVirtualDiskSizeInit): this {
    this.virtualDiskSize = init.virtualDiskSize;
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (BigInt.asUintN(64, this.virtualDiskSize) !== this.virtualDiskSize) this._refuseNumbers();
    if (!(this.virtualDiskSize <= 0x400000000000n)) this._invalid('virtual_disk_size', 'max', 0x400000000000n, this.virtualDiskSize, options);
  }

  protected override _store(_bytes: Uint8Array, view: DataView, at: number): void {
    view.setBigUint64(at, this.virtualDiskSize, true);
  }
}

/** What `create` takes. */
export interface VhdxVirtualDiskSizeInit extends InitOf<VhdxVirtualDiskSize, 'virtualDiskSize'> {
}
