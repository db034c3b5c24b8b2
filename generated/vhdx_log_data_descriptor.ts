// @generated from vhdx_log_data_descriptor.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { readU8leBigInt } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, bytesIn, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * A 4 KiB update of the file. 32 bytes. The update's bytes 8 to 4091 are in
 * the data sector that belongs to this descriptor; the others are kept here,
 * as the data sector has its signature and sequence number in their place.
 *
 * `Data Descriptor`
 *
 * @see [MS-VHDX] 2.3.1.3
 */
export class VhdxLogDataDescriptor extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 32;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'data_signature', name: 'dataSignature', offset: 0, size: 4, type: 'contents' },
    { id: 'trailing_bytes', name: 'trailingBytes', offset: 4, size: 4, type: 'bytes' },
    { id: 'leading_bytes', name: 'leadingBytes', offset: 8, size: 8, type: 'bytes' },
    { id: 'file_offset', name: 'fileOffset', offset: 16, size: 8, type: 'u8' },
    { id: 'sequence_number', name: 'sequenceNumber', offset: 24, size: 8, type: 'u8' },
  ] as const;
  declare _root: VhdxLogDataDescriptor;
  protected override _start: number = 0;
  declare protected _m_dataSignature: Uint8Array | undefined;
  declare protected _m_trailingBytes: Uint8Array | undefined;
  declare protected _m_leadingBytes: Uint8Array | undefined;
  /**
   * Byte offset of the update in the file, a multiple of 4 KiB; may lie past
   * the end of the file, which is then extended.
   *
   * `FileOffset`
   *
   * @see [MS-VHDX] 2.3.1.3
   */
  fileOffset!: bigint;
  /**
   * The sequence number of the entry's header.
   *
   * `SequenceNumber`
   *
   * @see [MS-VHDX] 2.3.1.3
   */
  sequenceNumber!: bigint;
  declare protected readonly _types: { readonly init: VhdxLogDataDescriptorInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * 0x63736564 when it is read as a little-endian number.
   *
   * `DataSignature`
   *
   * @see [MS-VHDX] 2.3.1.3
   */
  get dataSignature(): Uint8Array {
    return (this._m_dataSignature ??= this._source === undefined ? Uint8Array.of(100, 101, 115, 99) : bytesIn(this, 0, 4));
  }

  set dataSignature(value: Uint8Array) {
    this._m_dataSignature = value;
  }

  /**
   * Bytes 4092 to 4095 of the update.
   *
   * `TrailingBytes`
   *
   * @see [MS-VHDX] 2.3.1.3
   */
  get trailingBytes(): Uint8Array {
    return (this._m_trailingBytes ??= bytesIn(this, 4, 4));
  }

  set trailingBytes(value: Uint8Array) {
    this._m_trailingBytes = value;
  }

  /**
   * Bytes 0 to 7 of the update.
   *
   * `LeadingBytes`
   *
   * @see [MS-VHDX] 2.3.1.3
   */
  get leadingBytes(): Uint8Array {
    return (this._m_leadingBytes ??= bytesIn(this, 8, 8));
  }

  set leadingBytes(value: Uint8Array) {
    this._m_leadingBytes = value;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxLogDataDescriptor {
    const memory = memoryOf(bytes, 32, options);
    if (memory !== undefined) {
      const value = new VhdxLogDataDescriptor(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxLogDataDescriptor.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxLogDataDescriptor {
    return readStruct(new VhdxLogDataDescriptor(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    if (canReadFixed(io, 32) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 32;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this._m_dataSignature = io.readBytes(4);
      if (!(this._m_dataSignature[0] === 100 && this._m_dataSignature[1] === 101 && this._m_dataSignature[2] === 115 && this._m_dataSignature[3] === 99)) {
        this._violate({ id: 'data_signature', kind: 'contents', rule: 'D13', severity: 'error', section: '[MS-VHDX] 2.3.1.3' }, at, io.pos - at, Uint8Array.of(100, 101, 115, 99), this._m_dataSignature);
      }
      field = 1;
      this._m_trailingBytes = io.readBytes(4);
      field = 2;
      this._m_leadingBytes = io.readBytes(8);
      field = 3;
      at = io.pos;
      this.fileOffset = readU8leBigInt(io);
      if (this.fileOffset % 4096n !== 0n) {
        this._violate({ id: 'file_offset', kind: 'expr', rule: 'D14', severity: 'error', section: '[MS-VHDX] 2.3.1.3' }, at, io.pos - at, '_ % 4096 == 0', this.fileOffset);
      }
      field = 4;
      this.sequenceNumber = readU8leBigInt(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.fileOffset = view.getBigUint64(at + 16, true);
    this.sequenceNumber = view.getBigUint64(at + 24, true);
    return view.getUint32(at) === 0x64657363 && (view.getUint32(at + 16, true) & 4095) === 0;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogDataDescriptorInit): VhdxLogDataDescriptor {
    return new VhdxLogDataDescriptor(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxLogDataDescriptorInit): this {
    this._m_dataSignature = init.dataSignature;
    this.fileOffset = init.fileOffset;
    this.sequenceNumber = init.sequenceNumber;
    this.trailingBytes = init.trailingBytes ?? new Uint8Array(4);
    this.leadingBytes = init.leadingBytes ?? new Uint8Array(8);
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (!(BigInt.asUintN(64, this.fileOffset) === this.fileOffset && BigInt.asUintN(64, this.sequenceNumber) === this.sequenceNumber)) this._refuseNumbers();
    if (this._m_dataSignature !== undefined) this._contents('data_signature', this._m_dataSignature, Uint8Array.of(100, 101, 115, 99), true, options);
    this._checkFit('trailing_bytes', this.trailingBytes, 4);
    this._checkFit('leading_bytes', this.leadingBytes, 8);
    if (this.fileOffset % 4096n !== 0n) this._invalid('file_offset', 'expr', '_ % 4096 == 0', this.fileOffset, options);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, 0x64657363);
    if (this._m_dataSignature !== undefined) bytes.set(this._m_dataSignature, at);
    bytes.set(this.trailingBytes, at + 4);
    bytes.set(this.leadingBytes, at + 8);
    view.setBigUint64(at + 16, this.fileOffset, true);
    view.setBigUint64(at + 24, this.sequenceNumber, true);
  }
}

/** What `create` takes. */
export interface VhdxLogDataDescriptorInit extends InitOf<VhdxLogDataDescriptor, 'fileOffset' | 'sequenceNumber', 'dataSignature' | 'trailingBytes' | 'leadingBytes'> {
}
