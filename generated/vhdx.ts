// @generated from vhdx.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, heldBy, located, readStruct } from './kaitai/struct.js';
import { type InitOf, as, need } from './kaitai/values.js';
import { type Fetched, StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxFileTypeIdentifier } from './vhdx_file_type_identifier.js';
import { VhdxHeader } from './vhdx_header.js';
import { VhdxRegionTable } from './vhdx_region_table.js';

/**
 * A virtual disk in a file, as used by Hyper-V, WSL and Azure.
 *
 * The file begins with a header section of 1 MiB, which this type reads. What
 * follows are a log, regions (the block allocation table and the metadata
 * region, both found through the region table) and blocks, at multiples of
 * 1 MiB and in any order. Each has a type of its own, in a file whose name
 * begins with `vhdx_`.
 *
 * If the log has entries to replay, everything but the headers and the log
 * itself must be read as it is after the replay.
 *
 * `VHDX`
 *
 * @see https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-vhdx/83e061f8-f6e2-4de1-91bd-5d518a43d477 [MS-VHDX] 2.2
 */
export class Vhdx extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 0;
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT = [] as const;
  declare _root: Vhdx;
  declare _m_fileTypeIdentifier: VhdxFileTypeIdentifier | undefined;
  declare _m_header1: VhdxHeader | undefined;
  declare _m_header2: VhdxHeader | undefined;
  declare _m_regionTable1: VhdxRegionTable | undefined;
  declare _m_regionTable2: VhdxRegionTable | undefined;
  declare _at_fileTypeIdentifier: number | undefined;
  declare _at_header1: number | undefined;
  declare _at_header2: number | undefined;
  declare _at_regionTable1: number | undefined;
  declare _at_regionTable2: number | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._source = source;
    this._parent = parent;
    this._root = as(root ?? this);
  }

  /**
   * Alignment in bytes of every object after the header section.
   *
   * @see [MS-VHDX] 2.1
   */
  get alignment(): number {
    return 0x100000;
  }

  /**
   * Size of the header section in bytes, and of the shortest file.
   *
   * @see [MS-VHDX] 2.2
   */
  get headerSectionSize(): number {
    return 0x100000;
  }

  /**
   * Size in bytes of each of the five items of the header section.
   *
   * @see [MS-VHDX] 2.2
   */
  get headerSlotSize(): number {
    return 0x10000;
  }

  /**
   * Byte offset of the file type identifier.
   *
   * @see [MS-VHDX] 2.2.1
   */
  get fileTypeIdentifierOffset(): number {
    return 0;
  }

  /**
   * Byte offset of the first header, 64 KiB.
   *
   * @see [MS-VHDX] 2.2.2
   */
  get header1Offset(): number {
    return 0x10000;
  }

  /**
   * Byte offset of the second header, 128 KiB.
   *
   * @see [MS-VHDX] 2.2.2
   */
  get header2Offset(): number {
    return 0x20000;
  }

  /**
   * Byte offset of the first copy of the region table, 192 KiB.
   *
   * @see [MS-VHDX] 2.2.3
   */
  get regionTable1Offset(): number {
    return 0x30000;
  }

  /**
   * Byte offset of the second copy of the region table, 256 KiB.
   *
   * @see [MS-VHDX] 2.2.3
   */
  get regionTable2Offset(): number {
    return 0x40000;
  }

  /**
   * `File Type Identifier`
   *
   * @see [MS-VHDX] 2.2.1
   */
  get fileTypeIdentifier(): VhdxFileTypeIdentifier {
    if (this._m_fileTypeIdentifier !== undefined) return this._m_fileTypeIdentifier;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(this.fileTypeIdentifierOffset);
      this._at_fileTypeIdentifier = io.pos;
      {
        const part = io.readSubstream(this.headerSlotSize);
        (this._m_fileTypeIdentifier = heldBy(this, new VhdxFileTypeIdentifier(part, undefined, undefined)))._read(part);
      }
    } catch (error) {
      this._m_fileTypeIdentifier = undefined;
      throw located(this, 'file_type_identifier', error);
    } finally {
      io.seek(back);
    }
    return need(this._m_fileTypeIdentifier);
  }

  set fileTypeIdentifier(value: VhdxFileTypeIdentifier | undefined) {
    this._m_fileTypeIdentifier = value;
    this._at_fileTypeIdentifier = -1;
  }

  /**
   * The rest of the slot, from 4 KiB to 64 KiB, is reserved.
   *
   * `Header`
   *
   * @see [MS-VHDX] 2.2.2
   */
  get header1(): VhdxHeader {
    if (this._m_header1 !== undefined) return this._m_header1;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(this.header1Offset);
      this._at_header1 = io.pos;
      {
        const part = io.readSubstream(this.headerSlotSize);
        (this._m_header1 = heldBy(this, new VhdxHeader(part, undefined, undefined)))._read(part);
      }
    } catch (error) {
      this._m_header1 = undefined;
      throw located(this, 'header_1', error);
    } finally {
      io.seek(back);
    }
    return need(this._m_header1);
  }

  set header1(value: VhdxHeader | undefined) {
    this._m_header1 = value;
    this._at_header1 = -1;
  }

  /**
   * Laid out as `header_1`. The valid one of the two with the greater sequence
   * number counts.
   *
   * `Header`
   *
   * @see [MS-VHDX] 2.2.2
   */
  get header2(): VhdxHeader {
    if (this._m_header2 !== undefined) return this._m_header2;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(this.header2Offset);
      this._at_header2 = io.pos;
      {
        const part = io.readSubstream(this.headerSlotSize);
        (this._m_header2 = heldBy(this, new VhdxHeader(part, undefined, undefined)))._read(part);
      }
    } catch (error) {
      this._m_header2 = undefined;
      throw located(this, 'header_2', error);
    } finally {
      io.seek(back);
    }
    return need(this._m_header2);
  }

  set header2(value: VhdxHeader | undefined) {
    this._m_header2 = value;
    this._at_header2 = -1;
  }

  /**
   * `Region Table`
   *
   * @see [MS-VHDX] 2.2.3
   */
  get regionTable1(): VhdxRegionTable {
    if (this._m_regionTable1 !== undefined) return this._m_regionTable1;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(this.regionTable1Offset);
      this._at_regionTable1 = io.pos;
      {
        const part = io.readSubstream(this.headerSlotSize);
        (this._m_regionTable1 = heldBy(this, new VhdxRegionTable(part, undefined, undefined)))._read(part);
      }
    } catch (error) {
      this._m_regionTable1 = undefined;
      throw located(this, 'region_table_1', error);
    } finally {
      io.seek(back);
    }
    return need(this._m_regionTable1);
  }

  set regionTable1(value: VhdxRegionTable | undefined) {
    this._m_regionTable1 = value;
    this._at_regionTable1 = -1;
  }

  /**
   * The same contents as `region_table_1`.
   *
   * `Region Table`
   *
   * @see [MS-VHDX] 2.2.3
   */
  get regionTable2(): VhdxRegionTable {
    if (this._m_regionTable2 !== undefined) return this._m_regionTable2;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(this.regionTable2Offset);
      this._at_regionTable2 = io.pos;
      {
        const part = io.readSubstream(this.headerSlotSize);
        (this._m_regionTable2 = heldBy(this, new VhdxRegionTable(part, undefined, undefined)))._read(part);
      }
    } catch (error) {
      this._m_regionTable2 = undefined;
      throw located(this, 'region_table_2', error);
    } finally {
      io.seek(back);
    }
    return need(this._m_regionTable2);
  }

  set regionTable2(value: VhdxRegionTable | undefined) {
    this._m_regionTable2 = value;
    this._at_regionTable2 = -1;
  }

  /** Reads the structure at the start of `bytes`, which must not change: byte fields are views of it. @throws {ValidationError | EofError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Vhdx {
    return Vhdx.read(new KaitaiStream(bytes, options));
  }

  /** Reads the structure at the current position of `io`; errors as for `fromBytes`. */
  static read(io: KaitaiStream, options?: ReadOptions): Vhdx {
    return readStruct(new Vhdx(io), options);
  }

  override _read(_stream?: KaitaiStream): void {
  }

  /** A new structure: contents, reserved bytes, counts and checksums are filled in. */
  static create(init: VhdxInit = {}): Vhdx {
    const value = new Vhdx(undefined);
    if (init.fileTypeIdentifier !== undefined) {
      value.fileTypeIdentifier = init.fileTypeIdentifier;
    }
    if (init.header1 !== undefined) {
      value.header1 = init.header1;
    }
    if (init.header2 !== undefined) {
      value.header2 = init.header2;
    }
    if (init.regionTable1 !== undefined) {
      value.regionTable1 = init.regionTable1;
    }
    if (init.regionTable2 !== undefined) {
      value.regionTable2 = init.regionTable2;
    }
    return value;
  }

  override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_fileTypeIdentifier === undefined) seen.try(() => this.fileTypeIdentifier);
      if (this._at_header1 === undefined) seen.try(() => this.header1);
      if (this._at_header2 === undefined) seen.try(() => this.header2);
      if (this._at_regionTable1 === undefined) seen.try(() => this.regionTable1);
      if (this._at_regionTable2 === undefined) seen.try(() => this.regionTable2);
    }
    seen.instance(this._m_fileTypeIdentifier, this._at_fileTypeIdentifier);
    seen.instance(this._m_header1, this._at_header1);
    seen.instance(this._m_header2, this._at_header2);
    seen.instance(this._m_regionTable1, this._at_regionTable1);
    seen.instance(this._m_regionTable2, this._at_regionTable2);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    const fileTypeIdentifierValue = this._m_fileTypeIdentifier;
    if (fileTypeIdentifierValue !== undefined) {
      out.place(this, 'file_type_identifier', () => this.fileTypeIdentifierOffset, (out) => {
        this._adopt(fileTypeIdentifierValue, undefined, fileTypeIdentifierValue);
        out.embed(out.inner(fileTypeIdentifierValue, this.headerSlotSize), (bytes) => this._room('file_type_identifier', bytes, this.headerSlotSize));
      }, this._yields(this._at_fileTypeIdentifier, fileTypeIdentifierValue));
    }
    if (fileTypeIdentifierValue === undefined && this._at_fileTypeIdentifier === -1) out.forget();
    const header1Value = this._m_header1;
    if (header1Value !== undefined) {
      out.place(this, 'header_1', () => this.header1Offset, (out) => {
        this._adopt(header1Value, undefined, header1Value);
        out.embed(out.inner(header1Value, this.headerSlotSize), (bytes) => this._room('header_1', bytes, this.headerSlotSize));
      }, this._yields(this._at_header1, header1Value));
    }
    if (header1Value === undefined && this._at_header1 === -1) out.forget();
    const header2Value = this._m_header2;
    if (header2Value !== undefined) {
      out.place(this, 'header_2', () => this.header2Offset, (out) => {
        this._adopt(header2Value, undefined, header2Value);
        out.embed(out.inner(header2Value, this.headerSlotSize), (bytes) => this._room('header_2', bytes, this.headerSlotSize));
      }, this._yields(this._at_header2, header2Value));
    }
    if (header2Value === undefined && this._at_header2 === -1) out.forget();
    const regionTable1Value = this._m_regionTable1;
    if (regionTable1Value !== undefined) {
      out.place(this, 'region_table_1', () => this.regionTable1Offset, (out) => {
        this._adopt(regionTable1Value, undefined, regionTable1Value);
        out.embed(out.inner(regionTable1Value, this.headerSlotSize), (bytes) => this._room('region_table_1', bytes, this.headerSlotSize));
      }, this._yields(this._at_regionTable1, regionTable1Value));
    }
    if (regionTable1Value === undefined && this._at_regionTable1 === -1) out.forget();
    const regionTable2Value = this._m_regionTable2;
    if (regionTable2Value !== undefined) {
      out.place(this, 'region_table_2', () => this.regionTable2Offset, (out) => {
        this._adopt(regionTable2Value, undefined, regionTable2Value);
        out.embed(out.inner(regionTable2Value, this.headerSlotSize), (bytes) => this._room('region_table_2', bytes, this.headerSlotSize));
      }, this._yields(this._at_regionTable2, regionTable2Value));
    }
    if (regionTable2Value === undefined && this._at_regionTable2 === -1) out.forget();
  }
}

/** What `Vhdx.create` takes: whatever the schema does not determine. */
export interface VhdxInit extends InitOf<Vhdx, never, 'fileTypeIdentifier' | 'header1' | 'header2' | 'regionTable1' | 'regionTable2'> {
}
