// @generated from vhdx_virtual_disk_id.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { made } from './kaitai/create.js';
import { canReadFixed, childOf } from './kaitai/fixed.js';
import type { InitOf } from './kaitai/init.js';
import type { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, type StructSource, failedIn, heldBy } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';
import { VhdxGuid } from './vhdx_guid.js';

/**
 * The metadata item that identifies the virtual disk. 16 bytes.
 *
 * `Virtual Disk ID`
 *
 * @see [MS-VHDX] 2.6.2.3
 */
export class VhdxVirtualDiskId extends FixedStruct<VhdxVirtualDiskId, KaitaiStruct, { readonly init: VhdxVirtualDiskIdInit }> {
  static readonly SIZE = 16;
  static readonly LAYOUT = [
    { id: 'virtual_disk_id', offset: 0, size: 16, type: 'vhdx_guid' },
  ] as const;
  declare _root: VhdxVirtualDiskId;
  protected override _start: number = 0;
  declare protected _m_virtualDiskId: VhdxGuid | undefined;

  constructor(source?: StructSource, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * The same in every file of a chain, as the item belongs to the virtual
   * disk and is copied into each new differencing file.
   *
   * `VirtualDiskId`
   *
   * @see [MS-VHDX] 2.6.2.3
   */
  get virtualDiskId(): VhdxGuid {
    return (this._m_virtualDiskId ??= childOf(this, VhdxGuid, 0, true));
  }

  set virtualDiskId(value: VhdxGuid) {
    this._m_virtualDiskId = value;
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    if (canReadFixed(io, 16) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 16;
      return;
    }
    try {
      (this._m_virtualDiskId = heldBy(this, new VhdxGuid(io)))._read(io);
    } catch (error) {
      throw failedIn(this, 0, error);
    }
  }

  protected _readFixed(_view: DataView, _at: number): boolean {
    return true;
  }

  protected override _fill(init: VhdxVirtualDiskIdInit): void {
    this.virtualDiskId = made(this, VhdxGuid, init.virtualDiskId, [undefined, undefined]);
  }

  override _check(options?: WriteOptions): void {
    this._adopt(this.virtualDiskId, undefined, this.virtualDiskId);
    this.virtualDiskId._check(options);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    this.virtualDiskId['_store'](bytes, view, at);
  }
}

export interface VhdxVirtualDiskIdInit extends InitOf<VhdxVirtualDiskId, 'virtualDiskId'> {
}
