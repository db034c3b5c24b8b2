// @generated from vhdx_physical_sector_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * The metadata item that gives the physical sector size which the virtual disk
 * reports. 4 bytes.
 *
 * `Physical Sector Size`
 *
 * @see [MS-VHDX] 2.6.2.5
 */
export class VhdxPhysicalSectorSize extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 4;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'physical_sector_size', name: 'physicalSectorSize', offset: 0, size: 4, type: 'u4' },
  ] as const;
  declare _root: VhdxPhysicalSectorSize;
  /**
   * Size in bytes.
   *
   * `PhysicalSectorSize`
   *
   * @see [MS-VHDX] 2.6.2.5
   */
  physicalSectorSize!: number;
  declare protected readonly _types: { readonly init: VhdxPhysicalSectorSizeInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxPhysicalSectorSize {
    const memory = memoryOf(bytes, 4, options);
    if (memory !== undefined) {
      const value = new VhdxPhysicalSectorSize(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxPhysicalSectorSize.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxPhysicalSectorSize {
    return readStruct(new VhdxPhysicalSectorSize(io), options);
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
      this.physicalSectorSize = readU4le(io);
      if (!(this.physicalSectorSize === 512 || this.physicalSectorSize === 4096)) {
        this._violate({ id: 'physical_sector_size', kind: 'any-of', rule: 'G12', severity: 'error', section: '[MS-VHDX] 2.6.2.5' }, at, io.pos - at, [512, 4096], this.physicalSectorSize);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.physicalSectorSize = view.getUint32(at, true);
    return this.physicalSectorSize === 512 || this.physicalSectorSize === 4096;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxPhysicalSectorSizeInit): VhdxPhysicalSectorSize {
    return new VhdxPhysicalSectorSize(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxPhysicalSectorSizeInit): this {
    this.physicalSectorSize = init.physicalSectorSize;
    return this;
  }

  override _check(options?: WriteOptions): void {
    if ((this.physicalSectorSize >>> 0) !== this.physicalSectorSize) this._refuseNumbers();
    if (!(this.physicalSectorSize === 512 || this.physicalSectorSize === 4096)) this._invalid('physical_sector_size', 'any-of', [512, 4096], this.physicalSectorSize, options);
  }

  protected override _store(_bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, this.physicalSectorSize, true);
  }
}

/** What `create` takes. */
export interface VhdxPhysicalSectorSizeInit extends InitOf<VhdxPhysicalSectorSize, 'physicalSectorSize'> {
}
