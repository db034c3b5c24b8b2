// @generated from vhdx_file_parameters.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { bitStart, readBitsLe, readFewBitsLe } from './kaitai/bits.js';
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * The metadata item that gives the size of the payload blocks and the kind of
 * file: fixed, dynamic or differencing. 8 bytes.
 *
 * `File Parameters`
 *
 * @see [MS-VHDX] 2.6.2.1
 */
export class VhdxFileParameters extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 8;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'block_size', name: 'blockSize', offset: 0, size: 4, type: 'u4' },
    { id: 'leave_block_allocated', name: 'leaveBlockAllocated', offset: 4, size: 4, bitOffset: 0, bits: 1, type: 'b1' },
    { id: 'has_parent', name: 'hasParent', offset: 4, size: 4, bitOffset: 1, bits: 1, type: 'b1' },
    { id: 'reserved', name: 'reserved', offset: 4, size: 4, bitOffset: 2, bits: 30, type: 'b30' },
  ] as const;
  declare _root: VhdxFileParameters;
  /**
   * Size of a payload block in bytes, a power of two from 1 MiB to 256 MiB.
   *
   * `BlockSize`
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  blockSize!: number;
  /**
   * Blocks stay allocated, and the file stays long enough to hold all of
   * them. Set in a fixed file.
   *
   * `LeaveBlockAllocated`
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  leaveBlockAllocated!: boolean;
  /**
   * The file is a differencing file, and there is a parent locator item.
   *
   * `HasParent`
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  hasParent!: boolean;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  reserved!: number;
  declare protected readonly _types: { readonly init: VhdxFileParametersInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxFileParameters {
    const memory = memoryOf(bytes, 8, options);
    if (memory !== undefined) {
      const value = new VhdxFileParameters(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxFileParameters.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxFileParameters {
    return readStruct(new VhdxFileParameters(io), options);
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
      this.blockSize = readU4le(io);
      if (!(this.blockSize === 0x100000 || this.blockSize === 0x200000 || this.blockSize === 0x400000 || this.blockSize === 0x800000 || this.blockSize === 0x1000000 || this.blockSize === 0x2000000 || this.blockSize === 0x4000000 || this.blockSize === 0x8000000 || this.blockSize === 0x10000000)) {
        this._violate({ id: 'block_size', kind: 'any-of', rule: 'G3', severity: 'error', section: '[MS-VHDX] 2.6.2.1' }, at, io.pos - at, [0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000, 0x4000000, 0x8000000, 0x10000000], this.blockSize);
      }
      field = 1;
      this.leaveBlockAllocated = readFewBitsLe(io, 1) !== 0;
      field = 2;
      this.hasParent = readFewBitsLe(io, 1) !== 0;
      field = 3;
      at = bitStart(io);
      this.reserved = readBitsLe(io, 30);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'G4', severity: 'warning', section: '[MS-VHDX] 2.6.2.1' }, at, io.pos - at, 0, this.reserved);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.blockSize = view.getUint32(at, true);
    const word4 = view.getUint32(at + 4, true);
    this.leaveBlockAllocated = (word4 & 0x1) !== 0;
    this.hasParent = ((word4 >>> 1) & 0x1) !== 0;
    this.reserved = word4 >>> 2;
    return this.blockSize === 0x100000 || this.blockSize === 0x200000 || this.blockSize === 0x400000 || this.blockSize === 0x800000 || this.blockSize === 0x1000000 || this.blockSize === 0x2000000 || this.blockSize === 0x4000000 || this.blockSize === 0x8000000 || this.blockSize === 0x10000000;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxFileParametersInit): VhdxFileParameters {
    return new VhdxFileParameters(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxFileParametersInit): this {
    this.blockSize = init.blockSize;
    this.leaveBlockAllocated = init.leaveBlockAllocated;
    this.hasParent = init.hasParent;
    this.reserved = init.reserved ?? 0;
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (!((this.blockSize >>> 0) === this.blockSize && (this.reserved & 0x3fffffff) === this.reserved)) this._refuseNumbers();
    if (!(this.blockSize === 0x100000 || this.blockSize === 0x200000 || this.blockSize === 0x400000 || this.blockSize === 0x800000 || this.blockSize === 0x1000000 || this.blockSize === 0x2000000 || this.blockSize === 0x4000000 || this.blockSize === 0x8000000 || this.blockSize === 0x10000000)) this._invalid('block_size', 'any-of', [0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000, 0x4000000, 0x8000000, 0x10000000], this.blockSize, options);
  }

  protected override _store(_bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, this.blockSize, true);
    const leaveBlockAllocatedBits = Number(this.leaveBlockAllocated);
    const hasParentBits = Number(this.hasParent);
    const reservedBits = this.reserved;
    view.setUint32(at + 4, (leaveBlockAllocatedBits | (hasParentBits << 1) | (reservedBits << 2)) >>> 0, true);
  }
}

/** What `create` takes. */
export interface VhdxFileParametersInit extends InitOf<VhdxFileParameters, 'blockSize' | 'leaveBlockAllocated' | 'hasParent', 'reserved'> {
}
