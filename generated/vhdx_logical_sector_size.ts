// @generated from vhdx_logical_sector_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * The metadata item that gives the sector size of the virtual disk. 4 bytes.
 * It also settles the size of a chunk: the part of the disk whose sectors one
 * sector bitmap block describes.
 *
 * `Logical Sector Size`
 *
 * @see [MS-VHDX] 2.6.2.4
 */
export class VhdxLogicalSectorSize extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 4;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'logical_sector_size', name: 'logicalSectorSize', offset: 0, size: 4, type: 'u4' },
  ] as const;
  declare _root: VhdxLogicalSectorSize;
  /**
   * Size in bytes. The same in a differencing file and its parent.
   *
   * `LogicalSectorSize`
   *
   * @see [MS-VHDX] 2.6.2.4
   */
  logicalSectorSize!: number;
  declare protected readonly _types: { readonly init: VhdxLogicalSectorSizeInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * Size of a sector bitmap block in bytes.
   *
   * @see [MS-VHDX] 2.4
   */
  get sectorBitmapBlockSize(): number {
    return 0x100000;
  }

  /**
   * Number of sectors in a chunk: 2^23, one for each bit of a sector bitmap
   * block. Times the logical sector size this is the chunk size, 4 GiB or
   * 32 GiB; that divided by the block size is the chunk ratio, the number of
   * payload blocks per sector bitmap block.
   *
   * @see [MS-VHDX] 2.4
   */
  get maxSectorsPerChunk(): number {
    return 0x800000;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxLogicalSectorSize {
    const memory = memoryOf(bytes, 4, options);
    if (memory !== undefined) {
      const value = new VhdxLogicalSectorSize(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxLogicalSectorSize.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxLogicalSectorSize {
    return readStruct(new VhdxLogicalSectorSize(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    if (canReadFixed(io, 4) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 4;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this.logicalSectorSize = readU4le(io);
      if (!(this.logicalSectorSize === 512 || this.logicalSectorSize === 4096)) {
        this._violate({ id: 'logical_sector_size', kind: 'any-of', rule: 'G11', severity: 'error', section: '[MS-VHDX] 2.6.2.4' }, at, io.pos - at, [512, 4096], this.logicalSectorSize);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.logicalSectorSize = view.getUint32(at, true);
    return this.logicalSectorSize === 512 || this.logicalSectorSize === 4096;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogicalSectorSizeInit): VhdxLogicalSectorSize {
    return new VhdxLogicalSectorSize(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxLogicalSectorSizeInit): this {
    this.logicalSectorSize = init.logicalSectorSize;
    return this;
  }

  override _check(options?: WriteOptions): void {
    if ((this.logicalSectorSize >>> 0) !== this.logicalSectorSize) this._refuseNumbers();
    if (!(this.logicalSectorSize === 512 || this.logicalSectorSize === 4096)) this._invalid('logical_sector_size', 'any-of', [512, 4096], this.logicalSectorSize, options);
  }

  protected override _store(_bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, this.logicalSectorSize, true);
  }
}

/** What `create` takes. */
export interface VhdxLogicalSectorSizeInit extends InitOf<VhdxLogicalSectorSize, 'logicalSectorSize'> {
}
