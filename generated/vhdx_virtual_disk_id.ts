// @generated from vhdx_virtual_disk_id.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import { filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, childOf, failedIn, heldBy, readStruct } from './kaitai/struct.js';
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
export class VhdxVirtualDiskId extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 16;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'virtual_disk_id', name: 'virtualDiskId', offset: 0, size: 16, type: 'vhdx_guid' },
  ] as const;
  declare _root: VhdxVirtualDiskId;
  protected override _start: number = 0;
  declare protected _m_virtualDiskId: VhdxGuid | undefined;
  declare protected readonly _types: { readonly init: VhdxVirtualDiskIdInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
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

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxVirtualDiskId {
    const memory = memoryOf(bytes, 16, options);
    if (memory !== undefined) {
      const value = new VhdxVirtualDiskId(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxVirtualDiskId.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxVirtualDiskId {
    return readStruct(new VhdxVirtualDiskId(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    if (canReadFixed(io, 16) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 16;
      return;
    }
    let field = 0;
    try {
      (this._m_virtualDiskId = heldBy(this, new VhdxGuid(io)))._read(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(_view: DataView, _at: number): boolean {
    return true;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxVirtualDiskIdInit): VhdxVirtualDiskId {
    return filled(new VhdxVirtualDiskId(undefined), init);
  }

  protected override _fill(init: VhdxVirtualDiskIdInit): this {
    this.virtualDiskId = made(this, VhdxGuid, init.virtualDiskId, [undefined, undefined]);
    return this;
  }

  override _check(options?: WriteOptions): void {
    this._adopt(this.virtualDiskId, undefined, this.virtualDiskId);
    this.virtualDiskId._check(options);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    this.virtualDiskId['_store'](bytes, view, at);
  }
}

/** What `create` takes. */
export interface VhdxVirtualDiskIdInit extends InitOf<VhdxVirtualDiskId, 'virtualDiskId'> {
}
