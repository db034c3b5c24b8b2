// @generated from vhdx_log_zero_descriptor.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le, readU8leBigInt } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, bytesIn, canReadFixed, failedIn, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';

/**
 * A range of the file to fill with zeros. 32 bytes; it has no data sector.
 *
 * `Zero Descriptor`
 *
 * @see [MS-VHDX] 2.3.1.2
 */
export class VhdxLogZeroDescriptor extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 32;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'zero_signature', name: 'zeroSignature', offset: 0, size: 4, type: 'contents' },
    { id: 'reserved', name: 'reserved', offset: 4, size: 4, type: 'u4' },
    { id: 'zero_length', name: 'zeroLength', offset: 8, size: 8, type: 'u8' },
    { id: 'file_offset', name: 'fileOffset', offset: 16, size: 8, type: 'u8' },
    { id: 'sequence_number', name: 'sequenceNumber', offset: 24, size: 8, type: 'u8' },
  ] as const;
  declare _root: VhdxLogZeroDescriptor;
  protected override _start: number = 0;
  declare protected _m_zeroSignature: Uint8Array | undefined;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.3.1.2
   */
  reserved!: number;
  /**
   * Length of the range in bytes, a multiple of 4 KiB.
   *
   * `ZeroLength`
   *
   * @see [MS-VHDX] 2.3.1.2
   */
  zeroLength!: bigint;
  /**
   * Byte offset of the range in the file, a multiple of 4 KiB; may lie past
   * the end of the file, which is then extended.
   *
   * `FileOffset`
   *
   * @see [MS-VHDX] 2.3.1.2
   */
  fileOffset!: bigint;
  /**
   * The sequence number of the entry's header.
   *
   * `SequenceNumber`
   *
   * @see [MS-VHDX] 2.3.1.2
   */
  sequenceNumber!: bigint;
  declare protected readonly _types: { readonly init: VhdxLogZeroDescriptorInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * 0x6f72657a when it is read as a little-endian number.
   *
   * `ZeroSignature`
   *
   * @see [MS-VHDX] 2.3.1.2
   */
  get zeroSignature(): Uint8Array {
    return (this._m_zeroSignature ??= this._source === undefined ? Uint8Array.of(122, 101, 114, 111) : bytesIn(this, 0, 4));
  }

  set zeroSignature(value: Uint8Array) {
    this._m_zeroSignature = value;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxLogZeroDescriptor {
    const memory = memoryOf(bytes, 32, options);
    if (memory !== undefined) {
      const value = new VhdxLogZeroDescriptor(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxLogZeroDescriptor.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxLogZeroDescriptor {
    return readStruct(new VhdxLogZeroDescriptor(io), options);
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
      this._m_zeroSignature = io.readBytes(4);
      if (!(this._m_zeroSignature[0] === 122 && this._m_zeroSignature[1] === 101 && this._m_zeroSignature[2] === 114 && this._m_zeroSignature[3] === 111)) {
        this._violate({ id: 'zero_signature', kind: 'contents', rule: 'D13', severity: 'error', section: '[MS-VHDX] 2.3.1.2' }, at, io.pos - at, Uint8Array.of(122, 101, 114, 111), this._m_zeroSignature);
      }
      field = 1;
      at = io.pos;
      this.reserved = readU4le(io);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'VHDX_LOG_ZERO_RESERVED_NONZERO', severity: 'warning', section: '[MS-VHDX] 2.3.1.2' }, at, io.pos - at, 0, this.reserved);
      }
      field = 2;
      at = io.pos;
      this.zeroLength = readU8leBigInt(io);
      if (this.zeroLength % 4096n !== 0n) {
        this._violate({ id: 'zero_length', kind: 'expr', rule: 'VHDX_LOG_ZERO_LENGTH_UNALIGNED', severity: 'error', section: '[MS-VHDX] 2.3.1.2' }, at, io.pos - at, '_ % 4096 == 0', this.zeroLength);
      }
      field = 3;
      at = io.pos;
      this.fileOffset = readU8leBigInt(io);
      if (this.fileOffset % 4096n !== 0n) {
        this._violate({ id: 'file_offset', kind: 'expr', rule: 'D14', severity: 'error', section: '[MS-VHDX] 2.3.1.2' }, at, io.pos - at, '_ % 4096 == 0', this.fileOffset);
      }
      field = 4;
      this.sequenceNumber = readU8leBigInt(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.reserved = view.getUint32(at + 4, true);
    this.zeroLength = view.getBigUint64(at + 8, true);
    this.fileOffset = view.getBigUint64(at + 16, true);
    this.sequenceNumber = view.getBigUint64(at + 24, true);
    return view.getUint32(at) === 0x7a65726f && (view.getUint32(at + 8, true) & 4095) === 0 && (view.getUint32(at + 16, true) & 4095) === 0;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogZeroDescriptorInit): VhdxLogZeroDescriptor {
    return new VhdxLogZeroDescriptor(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxLogZeroDescriptorInit): this {
    this._m_zeroSignature = init.zeroSignature;
    this.zeroLength = init.zeroLength;
    this.fileOffset = init.fileOffset;
    this.sequenceNumber = init.sequenceNumber;
    this.reserved = init.reserved ?? 0;
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (!((this.reserved >>> 0) === this.reserved && BigInt.asUintN(64, this.zeroLength) === this.zeroLength && BigInt.asUintN(64, this.fileOffset) === this.fileOffset && BigInt.asUintN(64, this.sequenceNumber) === this.sequenceNumber)) this._refuseNumbers();
    if (this._m_zeroSignature !== undefined) this._contents('zero_signature', this._m_zeroSignature, Uint8Array.of(122, 101, 114, 111), true, options);
    if (this.zeroLength % 4096n !== 0n) this._invalid('zero_length', 'expr', '_ % 4096 == 0', this.zeroLength, options);
    if (this.fileOffset % 4096n !== 0n) this._invalid('file_offset', 'expr', '_ % 4096 == 0', this.fileOffset, options);
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, 0x7a65726f);
    if (this._m_zeroSignature !== undefined) bytes.set(this._m_zeroSignature, at);
    view.setUint32(at + 4, this.reserved, true);
    view.setBigUint64(at + 8, this.zeroLength, true);
    view.setBigUint64(at + 16, this.fileOffset, true);
    view.setBigUint64(at + 24, this.sequenceNumber, true);
  }
}

/** What `create` takes. */
export interface VhdxLogZeroDescriptorInit extends InitOf<VhdxLogZeroDescriptor, 'zeroLength' | 'fileOffset' | 'sequenceNumber', 'zeroSignature' | 'reserved'> {
}
