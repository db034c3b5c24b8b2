// @generated from vhdx_log_entry_header.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { checksumAround, checksums } from './kaitai/checksums.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { readU4le, readU8leBigInt } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, bytesIn, canReadFixed, childOf, failedIn, heldBy, readStruct } from './kaitai/struct.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';
import { viewOf } from './kaitai/write.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxGuid } from './vhdx_guid.js';

/**
 * The first 64 bytes of a log entry. A breach of one of its constraints makes
 * the entry invalid, not the file: the search for the active sequence passes
 * over it.
 *
 * `Entry Header`
 *
 * @see [MS-VHDX] 2.3.1.1
 */
export class VhdxLogEntryHeader extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 64;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'signature', name: 'signature', offset: 0, size: 4, type: 'contents' },
    { id: 'checksum', name: 'checksum', offset: 4, size: 4, type: 'u4' },
    { id: 'entry_length', name: 'entryLength', offset: 8, size: 4, type: 'u4' },
    { id: 'tail', name: 'tail', offset: 12, size: 4, type: 'u4' },
    { id: 'sequence_number', name: 'sequenceNumber', offset: 16, size: 8, type: 'u8' },
    { id: 'descriptor_count', name: 'descriptorCount', offset: 24, size: 4, type: 'u4' },
    { id: 'reserved', name: 'reserved', offset: 28, size: 4, type: 'u4' },
    { id: 'log_guid', name: 'logGuid', offset: 32, size: 16, type: 'vhdx_guid' },
    { id: 'flushed_file_offset', name: 'flushedFileOffset', offset: 48, size: 8, type: 'u8' },
    { id: 'last_file_offset', name: 'lastFileOffset', offset: 56, size: 8, type: 'u8' },
  ] as const;
  declare _root: VhdxLogEntryHeader;
  protected override _start: number = 0;
  declare protected _m_signature: Uint8Array | undefined;
  /**
   * CRC-32C (Castagnoli) over the `entry_length` bytes of the entry, which
   * begin with this header, with this field taken as zero.
   *
   * `Checksum`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  checksum!: number;
  /**
   * Size of the whole entry in bytes, a multiple of 4 KiB.
   *
   * `EntryLength`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  entryLength!: number;
  /**
   * Byte offset from the start of the log to the oldest entry of the
   * sequence that ends with this one; a multiple of 4 KiB. An entry may point
   * to itself.
   *
   * `Tail`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  tail!: number;
  /**
   * Unsigned over all 64 bits; one more than that of the entry before.
   *
   * `SequenceNumber`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  sequenceNumber!: bigint;
  /**
   * Number of descriptors; may be zero. The specification's text gives this
   * field 8 bytes, its figure and every implementation 4.
   *
   * The bound here is that the descriptors fit into the entry. That they and
   * their data sectors fill it exactly depends on the kinds of descriptors.
   *
   * `DescriptorCount`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  descriptorCount!: number;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  reserved!: number;
  declare protected _m_logGuid: VhdxGuid | undefined;
  /**
   * A file size in bytes, a multiple of 1 MiB, that was stable on the host
   * disk when the entry was written. A shorter file has been truncated.
   *
   * `FlushedFileOffset`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  flushedFileOffset!: bigint;
  /**
   * A file size in bytes, a multiple of 1 MiB, that held every allocated
   * structure when the entry was written. After a replay the file is at
   * least this long.
   *
   * `LastFileOffset`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  lastFileOffset!: bigint;
  declare protected readonly _types: { readonly init: VhdxLogEntryHeaderInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * 0x65676f6c when it is read as a little-endian number.
   *
   * `Signature`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  get signature(): Uint8Array {
    return (this._m_signature ??= this._source === undefined ? Uint8Array.of(108, 111, 103, 101) : bytesIn(this, 0, 4));
  }

  set signature(value: Uint8Array) {
    this._m_signature = value;
  }

  /**
   * The LogGuid of the file's header at the time the entry was written.
   *
   * `LogGuid`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  get logGuid(): VhdxGuid {
    return (this._m_logGuid ??= childOf(this, VhdxGuid, 32, true));
  }

  set logGuid(value: VhdxGuid) {
    this._m_logGuid = value;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxLogEntryHeader {
    const memory = memoryOf(bytes, 64, options);
    if (memory !== undefined) {
      const value = new VhdxLogEntryHeader(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxLogEntryHeader.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxLogEntryHeader {
    return readStruct(new VhdxLogEntryHeader(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    if (canReadFixed(io, 64) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 64;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this._m_signature = io.readBytes(4);
      if (!(this._m_signature[0] === 108 && this._m_signature[1] === 111 && this._m_signature[2] === 103 && this._m_signature[3] === 101)) {
        this._violate({ id: 'signature', kind: 'contents', rule: 'D2', severity: 'error', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, Uint8Array.of(108, 111, 103, 101), this._m_signature);
      }
      field = 1;
      this.checksum = readU4le(io);
      field = 2;
      at = io.pos;
      this.entryLength = readU4le(io);
      if (!(this.entryLength >= 4096 && this.entryLength % 4096 === 0)) {
        this._violate({ id: 'entry_length', kind: 'expr', rule: 'D3', severity: 'error', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, '_ >= 4096 and _ % 4096 == 0', this.entryLength);
      }
      field = 3;
      at = io.pos;
      this.tail = readU4le(io);
      if (this.tail % 4096 !== 0) {
        this._violate({ id: 'tail', kind: 'expr', rule: 'D7', severity: 'error', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, '_ % 4096 == 0', this.tail);
      }
      field = 4;
      at = io.pos;
      this.sequenceNumber = readU8leBigInt(io);
      if (!(this.sequenceNumber >= 1n)) {
        this._violate({ id: 'sequence_number', kind: 'min', rule: 'D6', severity: 'error', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, 1n, this.sequenceNumber);
      }
      field = 5;
      at = io.pos;
      this.descriptorCount = readU4le(io);
      if (!(this.descriptorCount <= Math.floor((this.entryLength - 64) / 32))) {
        this._violate({ id: 'descriptor_count', kind: 'max', rule: 'D8', severity: 'error', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, Math.floor((this.entryLength - 64) / 32), this.descriptorCount);
      }
      field = 6;
      at = io.pos;
      this.reserved = readU4le(io);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'D10', severity: 'warning', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, 0, this.reserved);
      }
      field = 7;
      (this._m_logGuid = heldBy(this, new VhdxGuid(io)))._read(io);
      field = 8;
      at = io.pos;
      this.flushedFileOffset = readU8leBigInt(io);
      if (this.flushedFileOffset % 0x100000n !== 0n) {
        this._violate({ id: 'flushed_file_offset', kind: 'expr', rule: 'D11', severity: 'warning', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, '_ % 0x100000 == 0', this.flushedFileOffset);
      }
      field = 9;
      at = io.pos;
      this.lastFileOffset = readU8leBigInt(io);
      if (this.lastFileOffset % 0x100000n !== 0n) {
        this._violate({ id: 'last_file_offset', kind: 'expr', rule: 'D11', severity: 'warning', section: '[MS-VHDX] 2.3.1.1' }, at, io.pos - at, '_ % 0x100000 == 0', this.lastFileOffset);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.checksum = view.getUint32(at + 4, true);
    this.entryLength = view.getUint32(at + 8, true);
    this.tail = view.getUint32(at + 12, true);
    this.sequenceNumber = view.getBigUint64(at + 16, true);
    this.descriptorCount = view.getUint32(at + 24, true);
    this.reserved = view.getUint32(at + 28, true);
    this.flushedFileOffset = view.getBigUint64(at + 48, true);
    this.lastFileOffset = view.getBigUint64(at + 56, true);
    return view.getUint32(at) === 0x6c6f6765 && (this.entryLength >= 4096 && this.entryLength % 4096 === 0) && this.tail % 4096 === 0 && this.sequenceNumber >= 1n && this.descriptorCount <= Math.floor((this.entryLength - 64) / 32);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogEntryHeaderInit): VhdxLogEntryHeader {
    return filled(new VhdxLogEntryHeader(undefined), init);
  }

  protected override _fill(init: VhdxLogEntryHeaderInit): this {
    this._m_signature = init.signature;
    this.entryLength = init.entryLength;
    this.tail = init.tail;
    this.sequenceNumber = init.sequenceNumber;
    this.descriptorCount = init.descriptorCount;
    this.flushedFileOffset = init.flushedFileOffset;
    this.lastFileOffset = init.lastFileOffset;
    this.checksum = init.checksum ?? 0;
    this.reserved = init.reserved ?? 0;
    this.logGuid = made(this, VhdxGuid, init.logGuid, [undefined, undefined]);
    return this;
  }

  override _check(options?: WriteOptions): void {
    if (!((this.checksum >>> 0) === this.checksum && (this.entryLength >>> 0) === this.entryLength && (this.tail >>> 0) === this.tail && BigInt.asUintN(64, this.sequenceNumber) === this.sequenceNumber && (this.descriptorCount >>> 0) === this.descriptorCount && (this.reserved >>> 0) === this.reserved && BigInt.asUintN(64, this.flushedFileOffset) === this.flushedFileOffset && BigInt.asUintN(64, this.lastFileOffset) === this.lastFileOffset)) this._refuseNumbers();
    if (this._m_signature !== undefined) this._contents('signature', this._m_signature, Uint8Array.of(108, 111, 103, 101), true, options);
    this._adopt(this.logGuid, undefined, this.logGuid);
    this.logGuid._check(options);
    if (!(this.entryLength >= 4096 && this.entryLength % 4096 === 0)) this._invalid('entry_length', 'expr', '_ >= 4096 and _ % 4096 == 0', this.entryLength, options);
    if (this.tail % 4096 !== 0) this._invalid('tail', 'expr', '_ % 4096 == 0', this.tail, options);
    if (!(this.sequenceNumber >= 1n)) this._invalid('sequence_number', 'min', 1n, this.sequenceNumber, options);
    if (!(this.descriptorCount <= Math.floor((this.entryLength - 64) / 32))) this._invalid('descriptor_count', 'max', Math.floor((this.entryLength - 64) / 32), this.descriptorCount, options);
  }

  override writeTo(bytes: Uint8Array, offset: number = 0, options?: WriteOptions): void {
    this._check(options);
    const view = viewOf(bytes, offset, 64);
    this._store(bytes, view, offset);
    this._writeChecksum(bytes, offset, this.entryLength, view);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._check(out);
    const start = out.reserve(64);
    this._store(out.bytes, out.view, start);
    out.defer((bytes) => this._writeChecksum(bytes, start, this.entryLength));
  }

  protected override _store(bytes: Uint8Array, view: DataView, at: number): void {
    view.setUint32(at, 0x6c6f6765);
    if (this._m_signature !== undefined) bytes.set(this._m_signature, at);
    view.setUint32(at + 4, this.checksum, true);
    view.setUint32(at + 8, this.entryLength, true);
    view.setUint32(at + 12, this.tail, true);
    view.setBigUint64(at + 16, this.sequenceNumber, true);
    view.setUint32(at + 24, this.descriptorCount, true);
    view.setUint32(at + 28, this.reserved, true);
    this.logGuid['_store'](bytes, view, at + 32);
    view.setBigUint64(at + 48, this.flushedFileOffset, true);
    view.setBigUint64(at + 56, this.lastFileOffset, true);
  }

  /**
   * Whether the checksum fits the bytes that the structure was read from; false where they end before the checksum does.
   *
   * @param options takes the broken constraint, if it is one
   */
  verifyChecksum(options?: ReadOptions): boolean {
    const start = this._start;
    const bytes = this._bytes ?? this.toBytes();
    const size = this.entryLength;
    const expected = start + size <= bytes.length ? checksumAround(checksums.crc32c, bytes, start, size, { offset: 4, size: 4 }) : undefined;
    if (expected === this.checksum) return true;
    options?.onViolation?.(this._violation({ id: 'checksum', kind: 'checksum', rule: 'D4', severity: 'error', section: '[MS-VHDX] 2.3.1.1' }, start + 4, 4, expected, this.checksum));
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
export interface VhdxLogEntryHeaderInit extends InitOf<VhdxLogEntryHeader, 'entryLength' | 'tail' | 'sequenceNumber' | 'descriptorCount' | 'logGuid' | 'flushedFileOffset' | 'lastFileOffset', 'signature' | 'checksum' | 'reserved'> {
}
