// @generated from vhdx_physical_sector_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { canReadFixed } from './kaitai/fixed.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le } from './kaitai/numbers.js';
import type { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, type StructSource, failedIn } from './kaitai/struct.js';
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
export class VhdxPhysicalSectorSize extends FixedStruct<VhdxPhysicalSectorSize, KaitaiStruct, { readonly init: VhdxPhysicalSectorSizeInit }> {
  static readonly SIZE = 4;
  static readonly LAYOUT = [
    { id: 'physical_sector_size', offset: 0, size: 4, type: 'u4' },
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

  constructor(source?: StructSource, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  override _read(io: KaitaiStream = this._io): void {
    if (canReadFixed(io, 4) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 4;
      return;
    }
    try {
      let at: number;
      at = io.pos;
      this.physicalSectorSize = readU4le(io);
      if (!(this.physicalSectorSize === 512 || this.physicalSectorSize === 4096)) {
        this._violate({ id: 'physical_sector_size', kind: 'any-of', rule: 'G12', severity: 'error', section: '[MS-VHDX] 2.6.2.5' }, at, io.pos - at, [512, 4096], this.physicalSectorSize);
      }
    } catch (error) {
      throw failedIn(this, 0, error);
    }
  }

  protected _readFixed(view: DataView, at: number): boolean {
    this.physicalSectorSize = view.getUint32(at, true);
    return this.physicalSectorSize === 512 || this.physicalSectorSize === 4096;
  }

  protected override _fill(init: VhdxPhysicalSectorSizeInit): void {
    this.physicalSectorSize = init.physicalSectorSize;
  }

  override _check(options?: WriteOptions): void {
    if ((this.physicalSectorSize >>> 0) !== this.physicalSectorSize) this._refuseNumbers();
    if (!(this.physicalSectorSize === 512 || this.physicalSectorSize === 4096)) this._invalid('physical_sector_size', 'any-of', [512, 4096], this.physicalSectorSize, options);
  }

  protected override _store(_bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, this.physicalSectorSize, true);
  }
}

export interface VhdxPhysicalSectorSizeInit extends InitOf<VhdxPhysicalSectorSize, 'physicalSectorSize'> {
}
