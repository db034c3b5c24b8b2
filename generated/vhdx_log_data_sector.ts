// @generated from vhdx_log_data_sector.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, bytesIn, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * The contents of a 4 KiB update, but for the 12 bytes that its data
 * descriptor keeps. 4096 bytes. The sequence number is split over the two
 * ends, so that a torn write shows.
 *
 * `Data Sector`
 *
 * @see [MS-VHDX] 2.3.1.4
 */
export class VhdxLogDataSector extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 4096;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'data_signature', name: 'dataSignature', offset: 0, size: 4, type: 'contents' },
    { id: 'sequence_high', name: 'sequenceHigh', offset: 4, size: 4, type: 'u4' },
    { id: 'data', name: 'data', offset: 8, size: 4084, type: 'bytes' },
    { id: 'sequence_low', name: 'sequenceLow', offset: 4092, size: 4, type: 'u4' },
  ] as const;
  declare _root: VhdxLogDataSector;
  protected override _start: number = 0;
  declare protected _m_dataSignature: Uint8Array | undefined;
  /**
   * The upper 32 bits of the entry's sequence number.
   *
   * `SequenceHigh`
   *
   * @see [MS-VHDX] 2.3.1.4
   */
  sequenceHigh!: number;
  declare protected _m_data: Uint8Array | undefined;
  /**
   * The lower 32 bits of the entry's sequence number.
   *
   * `SequenceLow`
   *
   * @see [MS-VHDX] 2.3.1.4
   */
  sequenceLow!: number;
  declare protected readonly _types: { readonly init: VhdxLogDataSectorInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * 0x61746164 when it is read as a little-endian number.
   *
   * `DataSignature`
   *
   * @see [MS-VHDX] 2.3.1.4
   */
  get dataSignature(): Uint8Array {
    return (this._m_dataSignature ??= this._source === undefined ? Uint8Array.of(100, 97, 116, 97) : bytesIn(this, 0, 4));
  }

  set dataSignature(value: Uint8Array) {
    this._m_dataSignature = value;
  }

  /**
   * Bytes 8 to 4091 of the update.
   *
   * `Data`
   *
   * @see [MS-VHDX] 2.3.1.4
   */
  get data(): Uint8Array {
    return (this._m_data ??= bytesIn(this, 8, 4084));
  }

  set data(value: Uint8Array) {
    this._m_data = value;
  }

  /**
   * Both halves together; equals the sequence number of the entry's header.
   *
   * `SequenceNumber`
   *
   * @see [MS-VHDX] 2.3.1.4
   */
  get sequenceNumber(): bigint {
    return BigInt(this.sequenceHigh) * 0x100000000n + BigInt(this.sequenceLow);
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxLogDataSector {
    const memory = memoryOf(bytes, 4096, options);
    if (memory !== undefined) {
      const value = new VhdxLogDataSector(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxLogDataSector.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxLogDataSector {
    return readStruct(new VhdxLogDataSector(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    if (canReadFixed(io, 4096) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 4096;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this._m_dataSignature = io.readBytes(4);
      if (!(this._m_dataSignature[0] === 100 && this._m_dataSignature[1] === 97 && this._m_dataSignature[2] === 116 && this._m_dataSignature[3] === 97)) {
        this._violate({ id: 'data_signature', kind: 'contents', rule: 'D16', severity: 'error', section: '[MS-VHDX] 2.3.1.4' }, at, io.pos - at, Uint8Array.of(100, 97, 116, 97), this._m_dataSignature);
      }
      field = 1;
      this.sequenceHigh = readU4le(io);
      field = 2;
      this._m_data = io.readBytes(4084);
      field = 3;
      this.sequenceLow = readU4le(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.sequenceHigh = view.getUint32(at + 4, true);
    this.sequenceLow = view.getUint32(at + 4092, true);
    return view.getUint32(at) === 0x64617461;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogDataSectorInit): VhdxLogDataSector {
    return new VhdxLogDataSector(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxLogDataSectorInit): this {
    this._m_dataSignature = init.dataSignature;
    this.sequenceHigh = init.sequenceHigh;
    this.sequenceLow = init.sequenceLow;
    this.data = init.data ?? new Uint8Array(4084);
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (!((this.sequenceHigh >>> 0) === this.sequenceHigh && (this.sequenceLow >>> 0) === this.sequenceLow)) this._refuseNumbers();
    if (this._m_dataSignature !== undefined) this._contents('data_signature', this._m_dataSignature, Uint8Array.of(100, 97, 116, 97), true, options);
    this._checkFit('data', this.data, 4084);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, 0x64617461);
    if (this._m_dataSignature !== undefined) bytes.set(this._m_dataSignature, at);
    view.setUint32(at + 4, this.sequenceHigh, true);
    bytes.set(this.data, at + 8);
    view.setUint32(at + 4092, this.sequenceLow, true);
  }
}

/** What `create` takes. */
export interface VhdxLogDataSectorInit extends InitOf<VhdxLogDataSector, 'sequenceHigh' | 'sequenceLow', 'dataSignature' | 'data'> {
}
