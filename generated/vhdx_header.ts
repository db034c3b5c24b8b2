// @generated from vhdx_header.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { bytesStripRight } from './kaitai/bytes.js';
import { checksumAround, checksums } from './kaitai/checksums.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { readU2le, readU4le, readU8leBigInt } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, bytesIn, canReadFixed, childOf, failedIn, heldBy, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';
import { storeBytes, viewOf } from './kaitai/write.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxGuid } from './vhdx_guid.js';

/**
 * The root of the file's structures: its version, the log and the identities
 * of the contents. 4096 bytes; two copies stand at 64 KiB and 128 KiB.
 *
 * A copy is valid if its signature and checksum are right. The current header
 * is the valid copy with the greater sequence number; only its fields count.
 *
 * `Header`
 *
 * @see [MS-VHDX] 2.2.2
 */
export class VhdxHeader extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 4096;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'signature', name: 'signature', offset: 0, size: 4, type: 'contents' },
    { id: 'checksum', name: 'checksum', offset: 4, size: 4, type: 'u4' },
    { id: 'sequence_number', name: 'sequenceNumber', offset: 8, size: 8, type: 'u8' },
    { id: 'file_write_guid', name: 'fileWriteGuid', offset: 16, size: 16, type: 'vhdx_guid' },
    { id: 'data_write_guid', name: 'dataWriteGuid', offset: 32, size: 16, type: 'vhdx_guid' },
    { id: 'log_guid', name: 'logGuid', offset: 48, size: 16, type: 'vhdx_guid' },
    { id: 'log_version', name: 'logVersion', offset: 64, size: 2, type: 'u2' },
    { id: 'version', name: 'version', offset: 66, size: 2, type: 'u2' },
    { id: 'log_length', name: 'logLength', offset: 68, size: 4, type: 'u4' },
    { id: 'log_offset', name: 'logOffset', offset: 72, size: 8, type: 'u8' },
    { id: 'reserved', name: 'reserved', offset: 80, size: 4016, type: 'bytes' },
  ] as const;
  declare _root: VhdxHeader;
  protected override _start: number = 0;
  declare protected _m_signature: Uint8Array | undefined;
  /**
   * CRC-32C (Castagnoli) over all 4096 bytes, with this field taken as zero.
   *
   * `Checksum`
   *
   * @see [MS-VHDX] 2.2.2
   */
  checksum!: number;
  /**
   * Unsigned over all 64 bits. An update gives the copy that it writes the
   * current header's number plus one.
   *
   * `SequenceNumber`
   *
   * @see [MS-VHDX] 2.2.2
   */
  sequenceNumber!: bigint;
  declare protected _m_fileWriteGuid: VhdxGuid | undefined;
  declare protected _m_dataWriteGuid: VhdxGuid | undefined;
  declare protected _m_logGuid: VhdxGuid | undefined;
  /**
   * Must be zero. With another value the file must not be processed, unless
   * `log_guid` is zero, so that there is no log to replay.
   *
   * `LogVersion`
   *
   * @see [MS-VHDX] 2.2.2
   */
  logVersion!: number;
  /**
   * 1 stands for VHDX version 2, the only one specified.
   *
   * `Version`
   *
   * @see [MS-VHDX] 2.2.2
   * @see [MS-VHDX] 1.6
   */
  version!: number;
  /**
   * Size of the log in bytes, a multiple of 1 MiB.
   *
   * `LogLength`
   *
   * @see [MS-VHDX] 2.2.2
   */
  logLength!: number;
  /**
   * Byte offset of the log in the file, a multiple of 1 MiB. A log that is
   * there begins after the header section, at 1 MiB or later.
   *
   * `LogOffset`
   *
   * @see [MS-VHDX] 2.2.2
   * @see [MS-VHDX] 2.3
   */
  logOffset!: bigint;
  declare protected _m_reserved: Uint8Array | undefined;
  declare protected readonly _types: { readonly init: VhdxHeaderInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * 0x64616568 when it is read as a little-endian number.
   *
   * `Signature`
   *
   * @see [MS-VHDX] 2.2.2
   */
  get signature(): Uint8Array {
    return (this._m_signature ??= this._source === undefined ? Uint8Array.of(104, 101, 97, 100) : bytesIn(this, 0, 4));
  }

  set signature(value: Uint8Array) {
    this._m_signature = value;
  }

  /**
   * Identifies the contents of the file. Changed once per session, before
   * the first modification of any kind, log replay included.
   *
   * `FileWriteGuid`
   *
   * @see [MS-VHDX] 2.2.2
   */
  get fileWriteGuid(): VhdxGuid {
    return (this._m_fileWriteGuid ??= childOf(this, VhdxGuid, 16, true));
  }

  set fileWriteGuid(value: VhdxGuid) {
    this._m_fileWriteGuid = value;
  }

  /**
   * Identifies the contents that a user of the virtual disk sees. Changed
   * once per session, before the first change that such a user can observe;
   * moving blocks within the file is none. A differencing file refers to its
   * parent by this value.
   *
   * `DataWriteGuid`
   *
   * @see [MS-VHDX] 2.2.2
   */
  get dataWriteGuid(): VhdxGuid {
    return (this._m_dataWriteGuid ??= childOf(this, VhdxGuid, 32, true));
  }

  set dataWriteGuid(value: VhdxGuid) {
    this._m_dataWriteGuid = value;
  }

  /**
   * Zero: the log is empty and must not be replayed. Otherwise only log
   * entries that carry this value are valid.
   *
   * `LogGuid`
   *
   * @see [MS-VHDX] 2.2.2
   */
  get logGuid(): VhdxGuid {
    return (this._m_logGuid ??= childOf(this, VhdxGuid, 48, true));
  }

  set logGuid(value: VhdxGuid) {
    this._m_logGuid = value;
  }

  /**
   * All zero; a reader ignores it. The value is what is left without trailing
   * zeros.
   *
   * `Reserved`
   *
   * @see [MS-VHDX] 2.2.2
   */
  get reserved(): Uint8Array {
    return (this._m_reserved ??= bytesStripRight(bytesIn(this, 80, 4016), 0));
  }

  set reserved(value: Uint8Array) {
    this._m_reserved = value;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxHeader {
    const memory = memoryOf(bytes, 4096, options);
    if (memory !== undefined) {
      const value = new VhdxHeader(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxHeader.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxHeader {
    return readStruct(new VhdxHeader(io), options);
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
      this._m_signature = io.readBytes(4);
      if (!(this._m_signature[0] === 104 && this._m_signature[1] === 101 && this._m_signature[2] === 97 && this._m_signature[3] === 100)) {
        this._violate({ id: 'signature', kind: 'contents', rule: 'B1', severity: 'error', section: '[MS-VHDX] 2.2.2' }, at, io.pos - at, Uint8Array.of(104, 101, 97, 100), this._m_signature);
      }
      field = 1;
      this.checksum = readU4le(io);
      field = 2;
      this.sequenceNumber = readU8leBigInt(io);
      field = 3;
      (this._m_fileWriteGuid = heldBy(this, new VhdxGuid(io)))._read(io);
      field = 4;
      (this._m_dataWriteGuid = heldBy(this, new VhdxGuid(io)))._read(io);
      field = 5;
      (this._m_logGuid = heldBy(this, new VhdxGuid(io)))._read(io);
      field = 6;
      at = io.pos;
      this.logVersion = readU2le(io);
      if (!(this.logVersion === 0 || this.logGuid.isZero)) {
        this._violate({ id: 'log_version', kind: 'expr', rule: 'B9', severity: 'error', section: '[MS-VHDX] 2.2.2' }, at, io.pos - at, '_ == 0 or log_guid.is_zero', this.logVersion);
      }
      field = 7;
      at = io.pos;
      this.version = readU2le(io);
      if (this.version !== 1) {
        this._violate({ id: 'version', kind: 'eq', rule: 'B8', severity: 'error', section: '[MS-VHDX] 2.2.2' }, at, io.pos - at, 1, this.version);
      }
      field = 8;
      at = io.pos;
      this.logLength = readU4le(io);
      if (this.logLength % 0x100000 !== 0) {
        this._violate({ id: 'log_length', kind: 'expr', rule: 'B11', severity: 'error', section: '[MS-VHDX] 2.2.2' }, at, io.pos - at, '_ % 0x100000 == 0', this.logLength);
      }
      field = 9;
      at = io.pos;
      this.logOffset = readU8leBigInt(io);
      if (!(this.logOffset % 0x100000n === 0n && (this.logOffset !== 0n || this.logLength === 0))) {
        this._violate({ id: 'log_offset', kind: 'expr', rule: 'B12', severity: 'error', section: '[MS-VHDX] 2.2.2' }, at, io.pos - at, '_ % 0x100000 == 0 and (_ != 0 or log_length == 0)', this.logOffset);
      }
      field = 10;
      at = io.pos;
      this._m_reserved = bytesStripRight(io.readBytes(4016), 0);
      if (this._m_reserved.length !== 0) {
        this._violate({ id: 'reserved', kind: 'expr', rule: 'B17', severity: 'warning', section: '[MS-VHDX] 2.2.2' }, at, io.pos - at, '_.length == 0', this._m_reserved);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.checksum = view.getUint32(at + 4, true);
    this.sequenceNumber = view.getBigUint64(at + 8, true);
    this.logVersion = view.getUint16(at + 64, true);
    this.version = view.getUint16(at + 66, true);
    this.logLength = view.getUint32(at + 68, true);
    this.logOffset = view.getBigUint64(at + 72, true);
    return view.getUint32(at) === 0x68656164 && (this.logVersion === 0 || this.logGuid.isZero) && this.version === 1 && this.logLength % 0x100000 === 0 && ((view.getUint32(at + 72, true) & 0xfffff) === 0 && (this.logOffset !== 0n || this.logLength === 0));
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxHeaderInit): VhdxHeader {
    return filled(new VhdxHeader(undefined), init);
  }

  protected override _fill(init: VhdxHeaderInit): this {
    this._m_signature = init.signature;
    this.sequenceNumber = init.sequenceNumber;
    this.logVersion = init.logVersion;
    this.logLength = init.logLength;
    this.logOffset = init.logOffset;
    this.checksum = init.checksum ?? 0;
    this.version = init.version ?? 1;
    this.reserved = init.reserved ?? new Uint8Array(0);
    this.fileWriteGuid = made(this, VhdxGuid, init.fileWriteGuid, [undefined, undefined]);
    this.dataWriteGuid = made(this, VhdxGuid, init.dataWriteGuid, [undefined, undefined]);
    this.logGuid = made(this, VhdxGuid, init.logGuid, [undefined, undefined]);
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (!((this.checksum >>> 0) === this.checksum && BigInt.asUintN(64, this.sequenceNumber) === this.sequenceNumber && (this.logVersion & 65535) === this.logVersion && (this.version & 65535) === this.version && (this.logLength >>> 0) === this.logLength && BigInt.asUintN(64, this.logOffset) === this.logOffset)) this._refuseNumbers();
    if (this._m_signature !== undefined) this._contents('signature', this._m_signature, Uint8Array.of(104, 101, 97, 100), true, options);
    this._adopt(this.fileWriteGuid, undefined, this.fileWriteGuid);
    this.fileWriteGuid._check(options);
    this._adopt(this.dataWriteGuid, undefined, this.dataWriteGuid);
    this.dataWriteGuid._check(options);
    this._adopt(this.logGuid, undefined, this.logGuid);
    this.logGuid._check(options);
    this._checkFit('reserved', this.reserved, 4016, 0);
    if (!(this.logVersion === 0 || this.logGuid.isZero)) this._invalid('log_version', 'expr', '_ == 0 or log_guid.is_zero', this.logVersion, options);
    if (this.version !== 1) this._invalid('version', 'eq', 1, this.version, options);
    if (this.logLength % 0x100000 !== 0) this._invalid('log_length', 'expr', '_ % 0x100000 == 0', this.logLength, options);
    if (!(this.logOffset % 0x100000n === 0n && (this.logOffset !== 0n || this.logLength === 0))) this._invalid('log_offset', 'expr', '_ % 0x100000 == 0 and (_ != 0 or log_length == 0)', this.logOffset, options);
  }

  override writeTo(bytes: Uint8Array, offset: number = 0, options?: WriteOptions): void {
    this._check(options);
    const view = viewOf(bytes, offset, 4096);
    this._store(bytes, view, offset);
    this._writeChecksum(bytes, offset, 4096, view);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._check(out);
    const start = out.reserve(4096);
    this._store(out.bytes, out.view, start);
    out.defer((bytes) => this._writeChecksum(bytes, start, 4096));
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, 0x68656164);
    if (this._m_signature !== undefined) bytes.set(this._m_signature, at);
    view.setUint32(at + 4, this.checksum, true);
    view.setBigUint64(at + 8, this.sequenceNumber, true);
    this.fileWriteGuid['_store'](bytes, view, at + 16);
    this.dataWriteGuid['_store'](bytes, view, at + 32);
    this.logGuid['_store'](bytes, view, at + 48);
    view.setUint16(at + 64, this.logVersion, true);
    view.setUint16(at + 66, this.version, true);
    view.setUint32(at + 68, this.logLength, true);
    view.setBigUint64(at + 72, this.logOffset, true);
    storeBytes(bytes, at + 80, 4016, this.reserved, 0);
  }

  /**
   * Whether the checksum fits the bytes that the structure was read from; false where they end before the checksum does.
   *
   * @param options takes the broken constraint, if it is one
   */
  verifyChecksum(options?: ReadOptions): boolean {
    const start = this._start;
    const bytes = this._bytes ?? this.toBytes();
    const size = 4096;
    const expected = start + size <= bytes.length ? checksumAround(checksums.crc32c, bytes, start, size, { offset: 4, size: 4 }) : undefined;
    if (expected === this.checksum) return true;
    options?.onViolation?.(this._violation({ id: 'checksum', kind: 'checksum', rule: 'B2', severity: 'error', section: '[MS-VHDX] 2.2.2' }, start + 4, 4, expected, this.checksum));
    return false;
  }

  /** Where not all of what it covers is in `bytes`, the checksum stays as it is. */
  protected _writeChecksum(bytes: Uint8Array, start: number, size: number, view: DataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)): void {
    if (start + size > bytes.length) return;
    view.setUint32(start + 4, 0, true);
    this.checksum = checksums.crc32c(bytes.subarray(start, start + size));
    view.setUint32(start + 4, this.checksum, true);
  }
}

/** What `create` takes. */
export interface VhdxHeaderInit extends InitOf<VhdxHeader, 'sequenceNumber' | 'fileWriteGuid' | 'dataWriteGuid' | 'logGuid' | 'logVersion' | 'logLength' | 'logOffset', 'signature' | 'checksum' | 'version' | 'reserved'> {
}
