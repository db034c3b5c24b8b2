// @generated from vhdx_log_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { Case } from './kaitai/cases.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { countItems } from './kaitai/lists.js';
import { readU4le } from './kaitai/numbers.js';
import { readSubstream } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, failedIn, fitted, heldBy, located, readStruct, viewed } from './kaitai/struct.js';
import { as, need } from './kaitai/values.js';
import { type Fetched, StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxLogDataDescriptor } from './vhdx_log_data_descriptor.js';
import { VhdxLogDataSector } from './vhdx_log_data_sector.js';
import { VhdxLogEntryHeader } from './vhdx_log_entry_header.js';
import { VhdxLogZeroDescriptor } from './vhdx_log_zero_descriptor.js';

/**
 * One entry of the log: a set of 4 KiB updates that take effect together. It
 * is a row of 4 KiB sectors: first the descriptor sectors, which begin with
 * the entry's header, then one data sector for each data descriptor, in the
 * order of the descriptors.
 *
 * An entry may run past the end of the ring and go on at its start, so a
 * reader gives this type the entry's bytes in one piece.
 *
 * `Log Entry`
 *
 * @see [MS-VHDX] 2.3.1
 */
export class VhdxLogEntry extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'header', name: 'header', offset: 0, size: 64, type: 'vhdx_log_entry_header' },
    { id: 'descriptors', name: 'descriptors', offset: 64, type: 'descriptor[]' },
    { id: 'padding', name: 'padding', type: 'bytes' },
    { id: 'data_sectors', name: 'dataSectors', type: 'vhdx_log_data_sector[]' },
  ] as const;
  declare _root: VhdxLogEntry;
  /**
   * `Entry Header`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  header!: VhdxLogEntryHeader;
  /**
   * Up to 126 in the first sector, beside the header, and up to 128 in each
   * following one. They are replayed in this order.
   *
   * @see [MS-VHDX] 2.3.1
   */
  descriptors!: VhdxLogEntry_Descriptor[];
  protected _m_padding!: Uint8Array | number;
  protected _len_padding!: number;
  /**
   * `Data Sector`
   *
   * @see [MS-VHDX] 2.3.1.4
   */
  dataSectors!: VhdxLogDataSector[];
  declare protected _m_lenDescriptorSectors: number | undefined;
  declare protected _m_numDataSectors: number | undefined;
  declare protected readonly _types: { readonly init: VhdxLogEntryInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * Unused space between the last descriptor and the end of its sector.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get padding(): Uint8Array {
    return (this._m_padding = viewed(this, this._m_padding, this._len_padding));
  }

  set padding(value: Uint8Array) {
    this._m_padding = value;
  }

  /**
   * Size in bytes of a sector of the log, and the alignment of its entries.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get logSectorSize(): number {
    return 4096;
  }

  /**
   * Size of an entry's header in bytes.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get headerSize(): number {
    return 64;
  }

  /**
   * Size of a descriptor of either kind in bytes.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get descriptorSize(): number {
    return 32;
  }

  /**
   * Size in bytes of the header and the descriptors, in whole sectors.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get lenDescriptorSectors(): number {
    return (this._m_lenDescriptorSectors ??= Math.floor((this.headerSize + this.descriptorSize * this.header.descriptorCount + this.logSectorSize - 1) / this.logSectorSize) * this.logSectorSize);
  }

  /**
   * Number of sectors after the descriptor sectors. In a valid entry it is
   * the number of data descriptors.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get numDataSectors(): number {
    return (this._m_numDataSectors ??= Math.floor((this.header.entryLength - this.lenDescriptorSectors) / this.logSectorSize));
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxLogEntry {
    return VhdxLogEntry.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxLogEntry {
    return readStruct(new VhdxLogEntry(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    let field = 0;
    try {
      (this.header = heldBy(this, new VhdxLogEntryHeader(io)))._read(io);
      field = 1;
      this._read_descriptors(io);
      field = 2;
      this._m_padding = io._take(this._len_padding = this.lenDescriptorSectors - this.headerSize - this.descriptorSize * this.header.descriptorCount);
      field = 3;
      this._read_dataSectors(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  protected _read_descriptors(io: KaitaiStream): void {
    this._filling = this.descriptors = [];
    for (let i = 0, count = countItems(io, this.header.descriptorCount); i < count; i++) {
      const item = new VhdxLogEntry_Descriptor(io, this);
      item._read(io);
      this.descriptors.push(item);
    }
    this.descriptors = fitted(this, this.descriptors);
  }

  protected _read_dataSectors(io: KaitaiStream): void {
    this._filling = this.dataSectors = [];
    for (let i = 0, count = countItems(io, this.numDataSectors); i < count; i++) {
      const item = heldBy(this, new VhdxLogDataSector(io));
      item._read(io);
      this.dataSectors.push(item);
    }
    this.dataSectors = fitted(this, this.dataSectors);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogEntryInit): VhdxLogEntry {
    return filled(new VhdxLogEntry(undefined), init);
  }

  protected override _fill(init: VhdxLogEntryInit): this {
    this.header = made(this, VhdxLogEntryHeader, init.header, [undefined, undefined]);
    this.descriptors = init.descriptors.map((item) => made(this, VhdxLogEntry_Descriptor, item));
    this.dataSectors = init.dataSectors.map((item) => made(this, VhdxLogDataSector, item, [undefined, undefined]));
    this.padding = init.padding ?? new Uint8Array(this.lenDescriptorSectors - this.headerSize - this.descriptorSize * this.header.descriptorCount);
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    seen.all(this.descriptors);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_lenDescriptorSectors = undefined;
    this._m_numDataSectors = undefined;
    this._adopt(this.header, undefined, this.header);
    this.header._write(out);
    this._expect('descriptors.length', this.header.descriptorCount, this.descriptors.length);
    for (const item of this.descriptors) {
      this._adopt(item, this, this._root);
      item._write(out);
    }
    out.writeBytes(this._fit('padding', this.padding, this.lenDescriptorSectors - this.headerSize - this.descriptorSize * this.header.descriptorCount));
    this._expect('data_sectors.length', this.numDataSectors, this.dataSectors.length);
    for (const item of this.dataSectors) {
      this._adopt(item, undefined, item);
      item._write(out);
    }
  }
}

/** What `create` takes. */
export interface VhdxLogEntryInit extends InitOf<VhdxLogEntry, 'header' | 'descriptors' | 'dataSectors', 'padding'> {
}

export const VhdxLogEntry_DescriptorSignature = {
  /**
   * The four characters `zero`.
   *
   * `ZeroSignature`
   *
   * @see [MS-VHDX] 2.3.1.2
   */
  ZERO: 0x6f72657a,
  /**
   * The four characters `desc`.
   *
   * `DataSignature`
   *
   * @see [MS-VHDX] 2.3.1.3
   */
  DATA: 0x63736564,
} as const;

/** A declared value, or any other as it was read. */
export type VhdxLogEntry_DescriptorSignature = (typeof VhdxLogEntry_DescriptorSignature)[keyof typeof VhdxLogEntry_DescriptorSignature] | (number & {});

/**
 * One descriptor, of the kind that its first four bytes name.
 *
 * `Descriptor`
 *
 * @see [MS-VHDX] 2.3.1
 */
export class VhdxLogEntry_Descriptor extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 32;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'body', name: 'body', offset: 0, size: 32, type: 'vhdx_log_zero_descriptor | vhdx_log_data_descriptor' },
  ] as const;
  declare _parent: VhdxLogEntry | undefined;
  declare _root: VhdxLogEntry | undefined;
  /**
   * The 32 bytes as they are, if the signature is neither of the two.
   *
   * @see [MS-VHDX] 2.3.1.2
   * @see [MS-VHDX] 2.3.1.3
   */
  body!: VhdxLogZeroDescriptor | VhdxLogDataDescriptor | Uint8Array;
  declare protected _m_signature: VhdxLogEntry_DescriptorSignature | undefined;
  declare protected readonly _types: { readonly cases: Case<'signature', 1869768058, { readonly body: VhdxLogZeroDescriptor }> | Case<'signature', 1668506980, { readonly body: VhdxLogDataDescriptor }>; readonly init: VhdxLogEntry_DescriptorInit } | undefined;
  declare protected _at_signature: number | undefined;
  declare protected _from_signature: number | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._root = as(root);
  }

  /**
   * The descriptor's first four bytes, read ahead. Their position is
   * known only when `body` is about to be read, which is when they are
   * first asked for.
   *
   * `ZeroSignature`
   *
   * @see [MS-VHDX] 2.3.1.2
   * @see [MS-VHDX] 2.3.1.3
   */
  get signature(): VhdxLogEntry_DescriptorSignature {
    if (this._m_signature !== undefined) return this._m_signature;
    const io = this._io;
    let at: number;
    const back = io.pos;
    try {
      this._from_signature = this._io.pos;
      io.seek(this._io.pos);
      this._at_signature = io.pos;
      at = io.pos;
      this._m_signature = readU4le(io);
      if (!(this._m_signature === VhdxLogEntry_DescriptorSignature.ZERO || this._m_signature === VhdxLogEntry_DescriptorSignature.DATA)) {
        this._violate({ id: 'signature', kind: 'in-enum', rule: 'D13', severity: 'error', section: '[MS-VHDX] 2.3.1.2' }, at, io.pos - at, undefined, this._m_signature);
      }
      return need(this._m_signature);
    } catch (error) {
      this._m_signature = undefined;
      throw located(this, 'signature', error);
    } finally {
      io.seek(back);
    }
  }

  set signature(value: VhdxLogEntry_DescriptorSignature | undefined) {
    this._m_signature = value;
    this._at_signature = -1;
    this._from_signature = undefined;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxLogEntry_Descriptor {
    return VhdxLogEntry_Descriptor.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxLogEntry_Descriptor {
    return readStruct(new VhdxLogEntry_Descriptor(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    let field = 0;
    try {
      switch (this.signature) {
        case VhdxLogEntry_DescriptorSignature.ZERO: {
          const part = readSubstream(io, 32);
          (this.body = heldBy(this, new VhdxLogZeroDescriptor(part)))._read(part);
          break;
        }
        case VhdxLogEntry_DescriptorSignature.DATA: {
          const part = readSubstream(io, 32);
          (this.body = heldBy(this, new VhdxLogDataDescriptor(part)))._read(part);
          break;
        }
        default: {
          this.body = io.readBytes(32);
        }
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogEntry_DescriptorInit): VhdxLogEntry_Descriptor {
    return filled(new VhdxLogEntry_Descriptor(undefined), init);
  }

  protected override _fill(init: VhdxLogEntry_DescriptorInit): this {
    this.body = init.body;
    if (init.signature !== undefined) {
      this.signature = init.signature;
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_signature === undefined) seen.try(() => this.signature);
    }
    seen.instance(this._m_signature, this._at_signature);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    if (this._m_signature === undefined) {
      if (this.body instanceof VhdxLogZeroDescriptor) {
        const value = this._of('body', this.body, VhdxLogZeroDescriptor);
        this._adopt(value, undefined, value);
        out.embed(out.inner(value, 32), (bytes) => this._room('body', bytes, 32));
      } else if (this.body instanceof VhdxLogDataDescriptor) {
        const value = this._of('body', this.body, VhdxLogDataDescriptor);
        this._adopt(value, undefined, value);
        out.embed(out.inner(value, 32), (bytes) => this._room('body', bytes, 32));
      } else if (this.body instanceof Uint8Array) {
        const value = this._of('body', this.body, Uint8Array);
        out.writeBytes(this._fit('body', value, 32));
      }
    } else {
      switch (this.signature) {
        case VhdxLogEntry_DescriptorSignature.ZERO: {
          const value = this._of('body', this.body, VhdxLogZeroDescriptor);
          this._adopt(value, undefined, value);
          out.embed(out.inner(value, 32), (bytes) => this._room('body', bytes, 32));
          break;
        }
        case VhdxLogEntry_DescriptorSignature.DATA: {
          const value = this._of('body', this.body, VhdxLogDataDescriptor);
          this._adopt(value, undefined, value);
          out.embed(out.inner(value, 32), (bytes) => this._room('body', bytes, 32));
          break;
        }
        default: {
          const value = this._of('body', this.body, Uint8Array);
          out.writeBytes(this._fit('body', value, 32));
        }
      }
    }
    const signatureValue = this._m_signature;
    if (signatureValue !== undefined) {
      out.place(this, 'signature', () => this._asRead(this._from_signature, () => this._io.pos), (out) => {
        out.writeU4le(this._int('signature', signatureValue, 0, 0xffffffff));
        if (!(signatureValue === VhdxLogEntry_DescriptorSignature.ZERO || signatureValue === VhdxLogEntry_DescriptorSignature.DATA)) this._invalid('signature', 'in-enum', undefined, signatureValue, out);
      }, this._yields(this._at_signature, signatureValue));
    }
    if (signatureValue === undefined && this._at_signature === -1) out.forget();
  }
}

/** What `create` takes. */
export interface VhdxLogEntry_DescriptorInit extends InitOf<VhdxLogEntry_Descriptor, 'body', 'signature', 'body'> {
}
