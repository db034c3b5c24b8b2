// @generated from vhdx_guid.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { equalBytes } from './kaitai/bytes.js';
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, bytesIn, located, readStruct, takeFixed } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * A globally unique identifier in the byte order of Windows: the first three
 * parts are little-endian numbers, the last eight bytes stand as they are
 * written.
 *
 * The text form `{d1d1d1d1-d2d2-d3d3-d4d4-d4d4d4d4d4d4}` has the hexadecimal
 * digits of `data1`, `data2` and `data3`, then those of the bytes of `data4`,
 * with a dash after the second byte.
 *
 * `GUID`
 *
 * @see [MS-DTYP] 2.3.4.2
 */
export class VhdxGuid extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 16;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'data1', name: 'data1', offset: 0, size: 4, type: 'u4' },
    { id: 'data2', name: 'data2', offset: 4, size: 2, type: 'u2' },
    { id: 'data3', name: 'data3', offset: 6, size: 2, type: 'u2' },
    { id: 'data4', name: 'data4', offset: 8, size: 8, type: 'bytes' },
  ] as const;
  declare _root: VhdxGuid;
  protected override _start: number = 0;
  /**
   * `Data1`
   *
   * @see [MS-DTYP] 2.3.4.2
   */
  data1!: number;
  /**
   * `Data2`
   *
   * @see [MS-DTYP] 2.3.4.2
   */
  data2!: number;
  /**
   * `Data3`
   *
   * @see [MS-DTYP] 2.3.4.2
   */
  data3!: number;
  declare protected _m_data4: Uint8Array | undefined;
  declare protected _m_isZero: boolean | undefined;
  declare protected readonly _types: { readonly init: VhdxGuidInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * `Data4`
   *
   * @see [MS-DTYP] 2.3.4.2
   */
  get data4(): Uint8Array {
    return (this._m_data4 ??= bytesIn(this, 8, 8));
  }

  set data4(value: Uint8Array) {
    this._m_data4 = value;
  }

  /**
   * True for the all-zero GUID, which VHDX uses as "none": a zero LogGuid says
   * that there is nothing to replay.
   *
   * @see [MS-VHDX] 2.2.2
   */
  get isZero(): boolean {
    try {
      return (this._m_isZero ??= this.data1 === 0 && this.data2 === 0 && this.data3 === 0 && equalBytes(this.data4, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0)));
    } catch (error) {
      throw located(this, 'is_zero', error);
    }
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxGuid {
    const memory = memoryOf(bytes, 16, options);
    if (memory !== undefined) {
      const value = new VhdxGuid(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxGuid.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxGuid {
    return readStruct(new VhdxGuid(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    this._readFixed(io.memory, takeFixed(this, io, 16));
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.data1 = view.getUint32(at, true);
    this.data2 = view.getUint16(at + 4, true);
    this.data3 = view.getUint16(at + 6, true);
    return true;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxGuidInit): VhdxGuid {
    return new VhdxGuid(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxGuidInit): this {
    this.data1 = init.data1;
    this.data2 = init.data2;
    this.data3 = init.data3;
    this.data4 = init.data4 ?? new Uint8Array(8);
    return this;
  }

  override _check(_options?: WriteOptions): void {
    this._m_isZero = undefined;
    if (!((this.data1 >>> 0) === this.data1 && (this.data2 & 65535) === this.data2 && (this.data3 & 65535) === this.data3)) this._refuseNumbers();
    this._checkFit('data4', this.data4, 8);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, this.data1, true);
    view.setUint16(at + 4, this.data2, true);
    view.setUint16(at + 6, this.data3, true);
    bytes.set(this.data4, at + 8);
  }
}

/** What `create` takes. */
export interface VhdxGuidInit extends InitOf<VhdxGuid, 'data1' | 'data2' | 'data3', 'data4'> {
}
