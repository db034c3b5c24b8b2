// @generated from vhdx.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { readBitsLe, readFewBitsLe } from './kaitai/bits.js';
import { equalBytes } from './kaitai/bytes.js';
import type { Case } from './kaitai/cases.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { filled, made, madeCase } from './kaitai/create.js';
import type { InitOf, Within } from './kaitai/init.js';
import { countItems, movedFrom, nextItem } from './kaitai/lists.js';
import { readU4le } from './kaitai/numbers.js';
import { bytesAt, memoryOf, readSubstream } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type StructList, allMade, putOff } from './kaitai/struct-lists.js';
import { type KaitaiStruct, canReadFixed, failedIn, fitted, heldBy, located, parentOf, readStruct, rootOf } from './kaitai/struct.js';
import { as, floorDivBigInt, itemAt, last, need, toNumber } from './kaitai/values.js';
import type { WriteOptions } from './kaitai/write-error.js';
import { FixedStruct } from './kaitai/write-fixed.js';
import { type Fetched, StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxFileParameters } from './vhdx_file_parameters.js';
import { VhdxFileTypeIdentifier } from './vhdx_file_type_identifier.js';
import { VhdxHeader } from './vhdx_header.js';
import { VhdxLogEntry } from './vhdx_log_entry.js';
import { VhdxLogEntryHeader } from './vhdx_log_entry_header.js';
import { VhdxLogicalSectorSize } from './vhdx_logical_sector_size.js';
import { VhdxMetadataTable } from './vhdx_metadata_table.js';
import { VhdxMetadataTableEntry } from './vhdx_metadata_table_entry.js';
import { VhdxParentLocator } from './vhdx_parent_locator.js';
import type { VhdxPayloadBatEntry_PayloadState } from './vhdx_payload_bat_entry.js';
import { VhdxPhysicalSectorSize } from './vhdx_physical_sector_size.js';
import { VhdxRegionTable } from './vhdx_region_table.js';
import { VhdxRegionTableEntry } from './vhdx_region_table_entry.js';
import { VhdxSectorBitmapBatEntry_SectorBitmapState } from './vhdx_sector_bitmap_bat_entry.js';
import { VhdxVirtualDiskId } from './vhdx_virtual_disk_id.js';
import { VhdxVirtualDiskSize } from './vhdx_virtual_disk_size.js';

/**
 * A virtual disk in a file, as used by Hyper-V, WSL and Azure.
 *
 * The file begins with a header section of 1 MiB. What follows are a log,
 * regions (the block allocation table and the metadata region, both found
 * through the region table) and blocks, at multiples of 1 MiB and in any order.
 * The structures have types of their own, in files whose names begin with
 * `vhdx_`; the instances of this type lead to all of them.
 *
 * Checksums cannot be verified here: both headers and the first region table
 * are taken to be valid. If the log has entries to replay, the file is shown
 * as it is before the replay; everything but the headers and the log itself
 * has to be read as it is afterwards.
 *
 * `VHDX`
 *
 * @see https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-vhdx/83e061f8-f6e2-4de1-91bd-5d518a43d477 [MS-VHDX] 2.2
 */
export class Vhdx extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 0;
  /** The fields in order. */
  static readonly LAYOUT = [] as const;
  declare _root: Vhdx;
  declare protected _m_fileTypeIdentifier: VhdxFileTypeIdentifier | undefined;
  declare protected _m_header1: VhdxHeader | undefined;
  declare protected _m_header2: VhdxHeader | undefined;
  declare protected _m_regionTable1: VhdxRegionTable | undefined;
  declare protected _m_regionTable2: VhdxRegionTable | undefined;
  declare protected _m_header: VhdxHeader | undefined;
  declare protected _m_log: Vhdx_Log | undefined;
  declare protected _m_batRegionEntries: VhdxRegionTableEntry[] | undefined;
  declare protected _m_bat: Vhdx_Bat | undefined;
  declare protected _m_metadataRegionEntries: VhdxRegionTableEntry[] | undefined;
  declare protected _m_metadata: Vhdx_Metadata | undefined;
  declare protected readonly _types: { readonly init: VhdxInit } | undefined;
  declare protected _at_fileTypeIdentifier: number | undefined;
  declare protected _at_header1: number | undefined;
  declare protected _at_header2: number | undefined;
  declare protected _at_regionTable1: number | undefined;
  declare protected _at_regionTable2: number | undefined;
  declare protected _at_log: number | undefined;
  declare protected _at_batRegionEntries: number | undefined;
  declare protected _at_bat: number | undefined;
  declare protected _at_metadataRegionEntries: number | undefined;
  declare protected _at_metadata: number | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
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
   * Byte offset of the first entry from the start of a region table.
   *
   * @see [MS-VHDX] 2.2.3
   */
  get regionEntriesOffset(): number {
    return 16;
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
        const part = readSubstream(io, this.headerSlotSize);
        (this._m_fileTypeIdentifier = heldBy(this, new VhdxFileTypeIdentifier(part)))._read(part);
      }
      return need(this._m_fileTypeIdentifier);
    } catch (error) {
      this._m_fileTypeIdentifier = undefined;
      throw located(this, 'file_type_identifier', error);
    } finally {
      io.seek(back);
    }
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
        const part = readSubstream(io, this.headerSlotSize);
        (this._m_header1 = heldBy(this, new VhdxHeader(part)))._read(part);
      }
      return need(this._m_header1);
    } catch (error) {
      this._m_header1 = undefined;
      throw located(this, 'header_1', error);
    } finally {
      io.seek(back);
    }
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
        const part = readSubstream(io, this.headerSlotSize);
        (this._m_header2 = heldBy(this, new VhdxHeader(part)))._read(part);
      }
      return need(this._m_header2);
    } catch (error) {
      this._m_header2 = undefined;
      throw located(this, 'header_2', error);
    } finally {
      io.seek(back);
    }
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
        const part = readSubstream(io, this.headerSlotSize);
        (this._m_regionTable1 = heldBy(this, new VhdxRegionTable(part)))._read(part);
      }
      return need(this._m_regionTable1);
    } catch (error) {
      this._m_regionTable1 = undefined;
      throw located(this, 'region_table_1', error);
    } finally {
      io.seek(back);
    }
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
        const part = readSubstream(io, this.headerSlotSize);
        (this._m_regionTable2 = heldBy(this, new VhdxRegionTable(part)))._read(part);
      }
      return need(this._m_regionTable2);
    } catch (error) {
      this._m_regionTable2 = undefined;
      throw located(this, 'region_table_2', error);
    } finally {
      io.seek(back);
    }
  }

  set regionTable2(value: VhdxRegionTable | undefined) {
    this._m_regionTable2 = value;
    this._at_regionTable2 = -1;
  }

  /**
   * The current header, if both copies are valid.
   *
   * @see [MS-VHDX] 2.2.2
   */
  get header(): VhdxHeader {
    return (this._m_header ??= this.header2.sequenceNumber > this.header1.sequenceNumber ? this.header2 : this.header1);
  }

  /**
   * `Log`
   *
   * @see [MS-VHDX] 2.3
   */
  get log(): Vhdx_Log | undefined {
    if (this._m_log !== undefined) return this._m_log;
    if (this.header.logLength === 0) return undefined;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(toNumber(this.header.logOffset));
      this._at_log = io.pos;
      {
        const part = readSubstream(io, this.header.logLength);
        (this._m_log = new Vhdx_Log(part, this, this._top))._read(part);
      }
    } catch (error) {
      this._m_log = undefined;
      throw located(this, 'log', error);
    } finally {
      io.seek(back);
    }
    return this._m_log;
  }

  set log(value: Vhdx_Log | undefined) {
    this._m_log = value;
    this._at_log = -1;
  }

  /**
   * The entries of the region table up to that of the BAT.
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  get batRegionEntries(): VhdxRegionTableEntry[] {
    if (this._m_batRegionEntries !== undefined) return this._m_batRegionEntries;
    const io = this.regionTable1._io;
    const back = io.pos;
    try {
      io.seek(this.regionEntriesOffset);
      this._at_batRegionEntries = io.pos;
      this._m_batRegionEntries = this._read_batRegionEntries(io);
    } catch (error) {
      this._m_batRegionEntries = undefined;
      throw located(this, 'bat_region_entries', error);
    } finally {
      io.seek(back);
    }
    return this._m_batRegionEntries;
  }

  set batRegionEntries(value: VhdxRegionTableEntry[] | undefined) {
    this._m_batRegionEntries = value;
    this._at_batRegionEntries = -1;
  }

  /**
   * `BAT`
   *
   * @see [MS-VHDX] 2.5
   */
  get bat(): Vhdx_Bat {
    if (this._m_bat !== undefined) return this._m_bat;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(toNumber(last(this.batRegionEntries).fileOffset));
      this._at_bat = io.pos;
      {
        const part = readSubstream(io, last(this.batRegionEntries).length);
        (this._m_bat = new Vhdx_Bat(part, this, this._top))._read(part);
      }
      return need(this._m_bat);
    } catch (error) {
      this._m_bat = undefined;
      throw located(this, 'bat', error);
    } finally {
      io.seek(back);
    }
  }

  set bat(value: Vhdx_Bat | undefined) {
    this._m_bat = value;
    this._at_bat = -1;
  }

  /**
   * The entries of the region table up to that of the metadata region.
   *
   * @see [MS-VHDX] 2.2.3.2
   */
  get metadataRegionEntries(): VhdxRegionTableEntry[] {
    if (this._m_metadataRegionEntries !== undefined) return this._m_metadataRegionEntries;
    const io = this.regionTable1._io;
    const back = io.pos;
    try {
      io.seek(this.regionEntriesOffset);
      this._at_metadataRegionEntries = io.pos;
      this._m_metadataRegionEntries = this._read_metadataRegionEntries(io);
    } catch (error) {
      this._m_metadataRegionEntries = undefined;
      throw located(this, 'metadata_region_entries', error);
    } finally {
      io.seek(back);
    }
    return this._m_metadataRegionEntries;
  }

  set metadataRegionEntries(value: VhdxRegionTableEntry[] | undefined) {
    this._m_metadataRegionEntries = value;
    this._at_metadataRegionEntries = -1;
  }

  /**
   * `Metadata region`
   *
   * @see [MS-VHDX] 2.6
   */
  get metadata(): Vhdx_Metadata {
    if (this._m_metadata !== undefined) return this._m_metadata;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(toNumber(last(this.metadataRegionEntries).fileOffset));
      this._at_metadata = io.pos;
      {
        const part = readSubstream(io, last(this.metadataRegionEntries).length);
        (this._m_metadata = new Vhdx_Metadata(part, this))._read(part);
      }
      return need(this._m_metadata);
    } catch (error) {
      this._m_metadata = undefined;
      throw located(this, 'metadata', error);
    } finally {
      io.seek(back);
    }
  }

  set metadata(value: Vhdx_Metadata | undefined) {
    this._m_metadata = value;
    this._at_metadata = -1;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Vhdx {
    return Vhdx.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): Vhdx {
    return readStruct(new Vhdx(io), options);
  }

  override _read(_stream?: KaitaiStream): void {
  }

  protected _read_batRegionEntries(io: KaitaiStream): VhdxRegionTableEntry[] {
    this._filling = this._m_batRegionEntries = [];
    for (; ;) {
      nextItem(io);
      const item = heldBy(this, new VhdxRegionTableEntry(io));
      item._read(io);
      this._m_batRegionEntries.push(item);
      if (item.isBat) break;
    }
    this._m_batRegionEntries = fitted(this, this._m_batRegionEntries);
    return this._m_batRegionEntries;
  }

  protected _read_metadataRegionEntries(io: KaitaiStream): VhdxRegionTableEntry[] {
    this._filling = this._m_metadataRegionEntries = [];
    for (; ;) {
      nextItem(io);
      const item = heldBy(this, new VhdxRegionTableEntry(io));
      item._read(io);
      this._m_metadataRegionEntries.push(item);
      if (item.isMetadataRegion) break;
    }
    this._m_metadataRegionEntries = fitted(this, this._m_metadataRegionEntries);
    return this._m_metadataRegionEntries;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxInit = {}): Vhdx {
    return filled(new Vhdx(undefined), init);
  }

  protected override _fill(init: VhdxInit): this {
    if (init.fileTypeIdentifier !== undefined) {
      this.fileTypeIdentifier = made(this, VhdxFileTypeIdentifier, init.fileTypeIdentifier ?? {}, [undefined, undefined]);
    }
    if (init.header1 !== undefined) {
      this.header1 = made(this, VhdxHeader, init.header1, [undefined, undefined]);
    }
    if (init.header2 !== undefined) {
      this.header2 = made(this, VhdxHeader, init.header2, [undefined, undefined]);
    }
    if (init.regionTable1 !== undefined) {
      this.regionTable1 = made(this, VhdxRegionTable, init.regionTable1, [undefined, undefined]);
    }
    if (init.regionTable2 !== undefined) {
      this.regionTable2 = made(this, VhdxRegionTable, init.regionTable2, [undefined, undefined]);
    }
    if (init.log !== undefined) {
      this.log = made(this, Vhdx_Log, init.log);
    }
    if (init.batRegionEntries !== undefined) {
      this.batRegionEntries = init.batRegionEntries.map((item) => made(this, VhdxRegionTableEntry, item, [undefined, undefined]));
    }
    if (init.bat !== undefined) {
      this.bat = made(this, Vhdx_Bat, init.bat);
    }
    if (init.metadataRegionEntries !== undefined) {
      this.metadataRegionEntries = init.metadataRegionEntries.map((item) => made(this, VhdxRegionTableEntry, item, [undefined, undefined]));
    }
    if (init.metadata !== undefined) {
      this.metadata = made(this, Vhdx_Metadata, init.metadata);
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_fileTypeIdentifier === undefined) seen.try(() => this.fileTypeIdentifier);
      if (this._at_header1 === undefined) seen.try(() => this.header1);
      if (this._at_header2 === undefined) seen.try(() => this.header2);
      if (this._at_regionTable1 === undefined) seen.try(() => this.regionTable1);
      if (this._at_regionTable2 === undefined) seen.try(() => this.regionTable2);
      if (this._at_log === undefined) seen.try(() => this.log);
      if (this._at_batRegionEntries === undefined) seen.try(() => this.batRegionEntries);
      if (this._at_bat === undefined) seen.try(() => this.bat);
      if (this._at_metadataRegionEntries === undefined) seen.try(() => this.metadataRegionEntries);
      if (this._at_metadata === undefined) seen.try(() => this.metadata);
    }
    seen.instance(this._m_fileTypeIdentifier, this._at_fileTypeIdentifier);
    seen.instance(this._m_header1, this._at_header1);
    seen.instance(this._m_header2, this._at_header2);
    seen.instance(this._m_regionTable1, this._at_regionTable1);
    seen.instance(this._m_regionTable2, this._at_regionTable2);
    seen.instance(this._m_log, this._at_log);
    seen.instance(this._m_batRegionEntries, this._at_batRegionEntries);
    seen.instance(this._m_bat, this._at_bat);
    seen.instance(this._m_metadataRegionEntries, this._at_metadataRegionEntries);
    seen.instance(this._m_metadata, this._at_metadata);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_header = undefined;
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
    const logValue = this._m_log;
    if (logValue !== undefined && this._given('log', this.header.logLength !== 0, logValue)) {
      out.place(this, 'log', () => toNumber(this.header.logOffset), (out) => {
        this._adopt(logValue, this, this._root);
        out.embed(out.inner(logValue, this.header.logLength), (bytes) => this._room('log', bytes, this.header.logLength));
      }, this._yields(this._at_log, logValue));
    }
    if (logValue === undefined && this._at_log === -1) out.forget();
    const batRegionEntriesValue = this._m_batRegionEntries;
    if (batRegionEntriesValue !== undefined) {
      out.placeIn(() => this.regionTable1._io, this, 'bat_region_entries', () => this.regionEntriesOffset, (out) => {
        if (batRegionEntriesValue.length === 0) this._expect('bat_region_entries.length', 1, 0);
        const batRegionEntriesItems = batRegionEntriesValue;
        this._filling = this._m_batRegionEntries = [];
        {
          let i = 0;
          try {
            for (const item of batRegionEntriesItems) {
              this._adopt(item, undefined, item);
              item._write(out);
              this._m_batRegionEntries.push(item);
              this._until('bat_region_entries', i, batRegionEntriesItems.length, item.isBat);
              i++;
            }
          } catch (error) {
            throw this._ofElement('bat_region_entries', i, error);
          } finally {
            this._m_batRegionEntries = batRegionEntriesItems;
            this._filling = undefined;
          }
        }
      }, this._yields(this._at_batRegionEntries, batRegionEntriesValue));
    }
    if (batRegionEntriesValue === undefined && this._at_batRegionEntries === -1) out.forget();
    const batValue = this._m_bat;
    if (batValue !== undefined) {
      out.place(this, 'bat', () => toNumber(last(this.batRegionEntries).fileOffset), (out) => {
        this._adopt(batValue, this, this._root);
        out.embed(out.inner(batValue, last(this.batRegionEntries).length), (bytes) => this._room('bat', bytes, last(this.batRegionEntries).length));
      }, this._yields(this._at_bat, batValue));
    }
    if (batValue === undefined && this._at_bat === -1) out.forget();
    const metadataRegionEntriesValue = this._m_metadataRegionEntries;
    if (metadataRegionEntriesValue !== undefined) {
      out.placeIn(() => this.regionTable1._io, this, 'metadata_region_entries', () => this.regionEntriesOffset, (out) => {
        if (metadataRegionEntriesValue.length === 0) this._expect('metadata_region_entries.length', 1, 0);
        const metadataRegionEntriesItems = metadataRegionEntriesValue;
        this._filling = this._m_metadataRegionEntries = [];
        {
          let i = 0;
          try {
            for (const item of metadataRegionEntriesItems) {
              this._adopt(item, undefined, item);
              item._write(out);
              this._m_metadataRegionEntries.push(item);
              this._until('metadata_region_entries', i, metadataRegionEntriesItems.length, item.isMetadataRegion);
              i++;
            }
          } catch (error) {
            throw this._ofElement('metadata_region_entries', i, error);
          } finally {
            this._m_metadataRegionEntries = metadataRegionEntriesItems;
            this._filling = undefined;
          }
        }
      }, this._yields(this._at_metadataRegionEntries, metadataRegionEntriesValue));
    }
    if (metadataRegionEntriesValue === undefined && this._at_metadataRegionEntries === -1) out.forget();
    const metadataValue = this._m_metadata;
    if (metadataValue !== undefined) {
      out.place(this, 'metadata', () => toNumber(last(this.metadataRegionEntries).fileOffset), (out) => {
        this._adopt(metadataValue, this, this._root);
        out.embed(out.inner(metadataValue, last(this.metadataRegionEntries).length), (bytes) => this._room('metadata', bytes, last(this.metadataRegionEntries).length));
      }, this._yields(this._at_metadata, metadataValue));
    }
    if (metadataValue === undefined && this._at_metadata === -1) out.forget();
  }
}

/** What `create` takes. */
export interface VhdxInit extends InitOf<Vhdx, never, 'fileTypeIdentifier' | 'header1' | 'header2' | 'regionTable1' | 'regionTable2' | 'log' | 'batRegionEntries' | 'bat' | 'metadataRegionEntries' | 'metadata'> {
}

export const Vhdx_LogSectorKind = {
  /**
   * The four characters `loge`.
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  ENTRY: 0x65676f6c,
  /**
   * The four characters `data`.
   *
   * @see [MS-VHDX] 2.3.1.4
   */
  DATA: 0x61746164,
} as const;

/** A declared value, or any other as it was read. */
export type Vhdx_LogSectorKind = (typeof Vhdx_LogSectorKind)[keyof typeof Vhdx_LogSectorKind] | (number & {});
export const Vhdx_MetadataItemKind = {
  /**
   * User metadata, or system metadata of a later version.
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  UNKNOWN: 0,
  /** @see [MS-VHDX] 2.6.2.1 */
  FILE_PARAMETERS: 1,
  /** @see [MS-VHDX] 2.6.2.2 */
  VIRTUAL_DISK_SIZE: 2,
  /** @see [MS-VHDX] 2.6.2.3 */
  VIRTUAL_DISK_ID: 3,
  /** @see [MS-VHDX] 2.6.2.4 */
  LOGICAL_SECTOR_SIZE: 4,
  /** @see [MS-VHDX] 2.6.2.5 */
  PHYSICAL_SECTOR_SIZE: 5,
  /** @see [MS-VHDX] 2.6.2.6 */
  PARENT_LOCATOR: 6,
} as const;

/** A declared value, or any other as it was read. */
export type Vhdx_MetadataItemKind = (typeof Vhdx_MetadataItemKind)[keyof typeof Vhdx_MetadataItemKind] | (number & {});

/**
 * A ring of entries that is read in sectors of 4 KiB, since any sector may
 * be the first of an entry. Which entries are to be replayed follows from
 * their checksums and sequence numbers.
 *
 * `Log`
 *
 * @see [MS-VHDX] 2.3
 */
export class Vhdx_Log extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'sectors', name: 'sectors', offset: 0, type: 'log_sector[]' },
  ] as const;
  declare _parent: Vhdx | undefined;
  declare _root: Vhdx | undefined;
  /** @see [MS-VHDX] 2.3.1 */
  sectors!: Vhdx_LogSector[];
  declare protected readonly _types: { readonly init: Vhdx_LogInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._top = root;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Vhdx_Log {
    return Vhdx_Log.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): Vhdx_Log {
    return readStruct(new Vhdx_Log(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    let field = 0;
    try {
      this._read_sectors(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  protected _read_sectors(io: KaitaiStream): void {
    this._filling = this.sectors = [];
    for (let i = 0; !io.isEof(); i++) {
      nextItem(io);
      const part = readSubstream(io, 4096);
      const item = new Vhdx_LogSector(part, this, this._top, i);
      item._read(part);
      this.sectors.push(item);
    }
    this.sectors = fitted(this, this.sectors);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_LogInit): Vhdx_Log {
    return filled(new Vhdx_Log(undefined), init);
  }

  protected override _fill(init: Vhdx_LogInit): this {
    this.sectors = init.sectors.map((item, i) => made(this, Vhdx_LogSector, item, undefined, i));
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    seen.all(this.sectors);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    {
      let i = 0;
      try {
        for (const item of this.sectors) {
          this._adopt(item, this, this._root);
          item.index = i;
          out.embed(out.inner(item, 4096), (bytes) => this._room('sectors', bytes, 4096));
          i++;
        }
      } catch (error) {
        throw this._ofElement('sectors', i, error);
      }
    }
    out.mustEnd(this, 'sectors');
  }
}

/** What `create` takes. */
export interface Vhdx_LogInit extends InitOf<Vhdx_Log, 'sectors'> {
}

/**
 * The first sector of an entry, another sector of one, or one that was
 * never written.
 *
 * @see [MS-VHDX] 2.3.1
 */
export class Vhdx_LogSector extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 4;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'signature', name: 'signature', offset: 0, size: 4, type: 'u4' },
  ] as const;
  declare _parent: Vhdx_Log | undefined;
  declare _root: Vhdx | undefined;
  /**
   * Number of the sector in the log, from 0.
   *
   * @see [MS-VHDX] 2.3.1
   */
  index: number;
  /**
   * The first four bytes. In a sector that holds neither an entry's header
   * nor data they are a descriptor's, or anything.
   *
   * @see [MS-VHDX] 2.3.1.1
   * @see [MS-VHDX] 2.3.1.4
   */
  signature!: Vhdx_LogSectorKind;
  declare protected _m_entryHeader: VhdxLogEntryHeader | undefined;
  declare protected _m_isWhole: boolean | undefined;
  declare protected _m_isCurrent: boolean | undefined;
  declare protected _m_entry: VhdxLogEntry | undefined;
  declare protected readonly _types: { readonly init: Within<Vhdx_LogSectorInit, 'index'> } | undefined;
  declare protected _at_entryHeader: number | undefined;
  declare protected _at_entry: number | undefined;

  constructor(source: KaitaiStream | DataView | undefined, parent: KaitaiStruct | undefined, root: KaitaiStruct | undefined, index: number) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._top = root;
    this.index = index;
  }

  /**
   * Byte offset of the sector in the log.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get offset(): number {
    return this.index * 4096;
  }

  /**
   * `Entry Header`
   *
   * @see [MS-VHDX] 2.3.1.1
   */
  get entryHeader(): VhdxLogEntryHeader | undefined {
    if (this._m_entryHeader !== undefined) return this._m_entryHeader;
    if (this.signature !== Vhdx_LogSectorKind.ENTRY) return undefined;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(0);
      this._at_entryHeader = io.pos;
      (this._m_entryHeader = heldBy(this, new VhdxLogEntryHeader(io)))._read(io);
    } catch (error) {
      this._m_entryHeader = undefined;
      throw located(this, 'entry_header', error);
    } finally {
      io.seek(back);
    }
    return this._m_entryHeader;
  }

  set entryHeader(value: VhdxLogEntryHeader | undefined) {
    this._m_entryHeader = value;
    this._at_entryHeader = -1;
  }

  /**
   * An entry begins here that does not run past the end of the log. The
   * others go on at its start.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get isWhole(): boolean {
    try {
      return (this._m_isWhole ??= this.signature === Vhdx_LogSectorKind.ENTRY && this.offset + need(this.entryHeader).entryLength <= parentOf(this)._io.size);
    } catch (error) {
      throw located(this, 'is_whole', error);
    }
  }

  /**
   * An entry begins here that carries the LogGuid of the header. The
   * others are left over, and are not replayed.
   *
   * @see [MS-VHDX] 2.2.2
   */
  get isCurrent(): boolean {
    try {
      return (this._m_isCurrent ??= this.signature === Vhdx_LogSectorKind.ENTRY && !rootOf(this).header.logGuid.isZero && need(this.entryHeader).logGuid.data1 === rootOf(this).header.logGuid.data1 && need(this.entryHeader).logGuid.data2 === rootOf(this).header.logGuid.data2 && need(this.entryHeader).logGuid.data3 === rootOf(this).header.logGuid.data3 && equalBytes(need(this.entryHeader).logGuid.data4, rootOf(this).header.logGuid.data4));
    } catch (error) {
      throw located(this, 'is_current', error);
    }
  }

  /**
   * `Log Entry`
   *
   * @see [MS-VHDX] 2.3.1
   */
  get entry(): VhdxLogEntry | undefined {
    if (this._m_entry !== undefined) return this._m_entry;
    try {
      if (!this.isWhole) return undefined;
      const io = parentOf(this)._io;
      const back = io.pos;
      try {
        io.seek(this.offset);
        this._at_entry = io.pos;
        {
          const part = readSubstream(io, need(this.entryHeader).entryLength);
          (this._m_entry = heldBy(this, new VhdxLogEntry(part)))._read(part);
        }
      } catch (error) {
        this._m_entry = undefined;
        throw located(this, 'entry', error);
      } finally {
        io.seek(back);
      }
      return this._m_entry;
    } catch (error) {
      throw located(this, 'entry', error);
    }
  }

  set entry(value: VhdxLogEntry | undefined) {
    this._m_entry = value;
    this._at_entry = -1;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, index: number, options?: ReadOptions): Vhdx_LogSector {
    return Vhdx_LogSector.read(new KaitaiStream(bytes, options), index);
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, index: number, options?: ReadOptions): Vhdx_LogSector {
    return readStruct(new Vhdx_LogSector(io, undefined, undefined, index), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    let field = 0;
    try {
      this.signature = readU4le(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_LogSectorInit): Vhdx_LogSector {
    return filled(new Vhdx_LogSector(undefined, undefined, undefined, init.index), init);
  }

  protected override _fill(init: Vhdx_LogSectorInit): this {
    this.index = init.index ?? this.index;
    this.signature = init.signature;
    if (init.entryHeader !== undefined) {
      this.entryHeader = made(this, VhdxLogEntryHeader, init.entryHeader, [undefined, undefined]);
    }
    if (init.entry !== undefined) {
      this.entry = made(this, VhdxLogEntry, init.entry, [undefined, undefined]);
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_entryHeader === undefined) seen.try(() => this.entryHeader);
      if (this._at_entry === undefined) seen.try(() => this.entry);
    }
    seen.instance(this._m_entryHeader, this._at_entryHeader);
    seen.instance(this._m_entry, this._at_entry);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_isWhole = undefined;
    this._m_isCurrent = undefined;
    out.writeU4le(this._int('signature', this.signature, 0, 0xffffffff));
    const entryHeaderValue = this._m_entryHeader;
    if (entryHeaderValue !== undefined && this._given('entry_header', this.signature === Vhdx_LogSectorKind.ENTRY, entryHeaderValue)) {
      out.place(this, 'entry_header', () => 0, (out) => {
        this._adopt(entryHeaderValue, undefined, entryHeaderValue);
        entryHeaderValue._write(out);
      }, this._yields(this._at_entryHeader, entryHeaderValue));
    }
    if (entryHeaderValue === undefined && this._at_entryHeader === -1) out.forget();
    const entryValue = this._m_entry;
    if (entryValue !== undefined && this._given('entry', this.isWhole, entryValue)) {
      out.placeIn(() => parentOf(this)._io, this, 'entry', () => this.offset, (out) => {
        this._adopt(entryValue, undefined, entryValue);
        out.embed(out.inner(entryValue, need(this.entryHeader).entryLength), (bytes) => this._room('entry', bytes, need(this.entryHeader).entryLength));
      }, this._yields(this._at_entry, entryValue));
    }
    if (entryValue === undefined && this._at_entry === -1) out.forget();
  }
}

/** What `create` takes. */
export interface Vhdx_LogSectorInit extends InitOf<Vhdx_LogSector, 'index' | 'signature', 'entryHeader' | 'entry'> {
}

/**
 * For each chunk of the virtual disk, the entries of its payload blocks, and
 * then that of its sector bitmap block. The rest of the region is unused.
 *
 * `BAT`
 *
 * @see [MS-VHDX] 2.5
 */
export class Vhdx_Bat extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'chunks', name: 'chunks', offset: 0, type: 'chunk[]' },
  ] as const;
  declare _parent: Vhdx | undefined;
  declare _root: Vhdx | undefined;
  /** @see [MS-VHDX] 2.4 */
  chunks!: Vhdx_Chunk[];
  declare protected _m_numPayloadBlocks: bigint | undefined;
  declare protected _m_chunkRatio: bigint | undefined;
  declare protected _m_numChunks: bigint | undefined;
  declare protected readonly _types: { readonly init: Vhdx_BatInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._top = root;
  }

  /**
   * Number of payload blocks; the last may be used in part.
   *
   * @see [MS-VHDX] 2.5
   */
  get numPayloadBlocks(): bigint {
    try {
      return (this._m_numPayloadBlocks ??= floorDivBigInt(rootOf(this).metadata.virtualDiskSize.virtualDiskSize + BigInt(rootOf(this).metadata.fileParameters.blockSize) - 1n, BigInt(rootOf(this).metadata.fileParameters.blockSize)));
    } catch (error) {
      throw located(this, 'num_payload_blocks', error);
    }
  }

  /**
   * Number of payload blocks in a chunk.
   *
   * `Chunk Ratio`
   *
   * @see [MS-VHDX] 2.4
   */
  get chunkRatio(): bigint {
    try {
      return (this._m_chunkRatio ??= floorDivBigInt(BigInt(rootOf(this).metadata.logicalSectorSize.maxSectorsPerChunk) * BigInt(rootOf(this).metadata.logicalSectorSize.logicalSectorSize), BigInt(rootOf(this).metadata.fileParameters.blockSize)));
    } catch (error) {
      throw located(this, 'chunk_ratio', error);
    }
  }

  /**
   * Number of chunks of the virtual disk; the last may be used in part.
   *
   * @see [MS-VHDX] 2.5
   */
  get numChunks(): bigint {
    try {
      return (this._m_numChunks ??= floorDivBigInt(this.numPayloadBlocks + this.chunkRatio - 1n, this.chunkRatio));
    } catch (error) {
      throw located(this, 'num_chunks', error);
    }
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Vhdx_Bat {
    return Vhdx_Bat.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): Vhdx_Bat {
    return readStruct(new Vhdx_Bat(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    let field = 0;
    try {
      this._read_chunks(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  protected _read_chunks(io: KaitaiStream): void {
    this._filling = this.chunks = [];
    for (let i = 0, count = countItems(io, toNumber(this.numChunks)), place = -1; i < count; i++) {
      place = movedFrom(io, place);
      const item = new Vhdx_Chunk(io, this, this._top, i);
      item._read(io);
      this.chunks.push(item);
    }
    this.chunks = fitted(this, this.chunks);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_BatInit): Vhdx_Bat {
    return filled(new Vhdx_Bat(undefined), init);
  }

  protected override _fill(init: Vhdx_BatInit): this {
    this.chunks = init.chunks.map((item, i) => made(this, Vhdx_Chunk, item, undefined, i));
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    seen.all(this.chunks);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_numPayloadBlocks = undefined;
    this._m_chunkRatio = undefined;
    this._m_numChunks = undefined;
    this._expect('chunks.length', toNumber(this.numChunks), this.chunks.length);
    {
      let i = 0;
      for (const item of this.chunks) {
        this._adopt(item, this, this._root);
        item.index = i;
        item._write(out);
        i++;
      }
    }
  }
}

/** What `create` takes. */
export interface Vhdx_BatInit extends InitOf<Vhdx_Bat, 'chunks'> {
}

/**
 * The BAT entries of one chunk. In a file without a parent the last chunk has
 * entries for the payload blocks of the disk only, and none for a sector
 * bitmap block; in a differencing file all chunks have all entries.
 *
 * `Chunk`
 *
 * @see [MS-VHDX] 2.5
 */
export class Vhdx_Chunk extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'payload_blocks', name: 'payloadBlocks', offset: 0, type: 'payload_block[]' },
    { id: 'sector_bitmap_block', name: 'sectorBitmapBlock', type: 'sector_bitmap_block' },
    { id: 'unused', name: 'unused', type: 'bytes' },
  ] as const;
  declare _parent: Vhdx_Bat | undefined;
  declare _root: Vhdx | undefined;
  /**
   * Number of the chunk, from 0.
   *
   * @see [MS-VHDX] 2.5
   */
  index: number;
  protected _m_payloadBlocks!: Vhdx_PayloadBlock[] | StructList;
  /** @see [MS-VHDX] 2.5.1.2 */
  sectorBitmapBlock: Vhdx_SectorBitmapBlock | undefined;
  /**
   * The entry of a sector bitmap block, which a file without a parent does
   * not have. Older versions of QEMU do not clear it.
   *
   * @see [MS-VHDX] 2.5.1.2
   */
  unused: Uint8Array | undefined;
  declare protected _m_hasParent: boolean | undefined;
  declare protected _m_isLast: boolean | undefined;
  declare protected _m_numPayloadBlocks: bigint | undefined;
  declare protected readonly _types: { readonly init: Within<Vhdx_ChunkInit, 'index'> } | undefined;

  constructor(source: KaitaiStream | DataView | undefined, parent: KaitaiStruct | undefined, root: KaitaiStruct | undefined, index: number) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._top = root;
    this.index = index;
  }

  /** @see [MS-VHDX] 2.5.1.1 */
  get payloadBlocks(): Vhdx_PayloadBlock[] {
    return (this._m_payloadBlocks = allMade(this._m_payloadBlocks, 8, (io, at) => {
      const item = new Vhdx_PayloadBlock(undefined, this);
      item['_readFixed'](io.memory, at);
      return item;
    }));
  }

  set payloadBlocks(value: Vhdx_PayloadBlock[]) {
    this._m_payloadBlocks = value;
  }

  /**
   * The file is a differencing file.
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  get hasParent(): boolean {
    try {
      return (this._m_hasParent ??= rootOf(this).metadata.fileParameters.hasParent);
    } catch (error) {
      throw located(this, 'has_parent', error);
    }
  }

  /**
   * No chunk follows.
   *
   * @see [MS-VHDX] 2.5
   */
  get isLast(): boolean {
    try {
      return (this._m_isLast ??= BigInt(this.index) === parentOf(this).numChunks - 1n);
    } catch (error) {
      throw located(this, 'is_last', error);
    }
  }

  /**
   * Number of payload blocks that have an entry here.
   *
   * @see [MS-VHDX] 2.5
   */
  get numPayloadBlocks(): bigint {
    try {
      return (this._m_numPayloadBlocks ??= this.isLast && !this.hasParent ? parentOf(this).numPayloadBlocks - BigInt(this.index) * parentOf(this).chunkRatio : parentOf(this).chunkRatio);
    } catch (error) {
      throw located(this, 'num_payload_blocks', error);
    }
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, index: number, options?: ReadOptions): Vhdx_Chunk {
    return Vhdx_Chunk.read(new KaitaiStream(bytes, options), index);
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, index: number, options?: ReadOptions): Vhdx_Chunk {
    return readStruct(new Vhdx_Chunk(io, undefined, undefined, index), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    let field = 0;
    try {
      this._m_payloadBlocks = putOff(this, 'payloadBlocks', io, Vhdx_PayloadBlock, 8, countItems(io, toNumber(this.numPayloadBlocks)));
      field = 1;
      if (this.hasParent) {
        (this.sectorBitmapBlock = new Vhdx_SectorBitmapBlock(io, this, this._top))._read(io);
      }
      field = 2;
      if (!this.hasParent && !this.isLast) {
        this.unused = io.readBytes(8);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_ChunkInit): Vhdx_Chunk {
    return filled(new Vhdx_Chunk(undefined, undefined, undefined, init.index), init);
  }

  protected override _fill(init: Vhdx_ChunkInit): this {
    this.index = init.index ?? this.index;
    this.unused = init.unused;
    this.payloadBlocks = init.payloadBlocks.map((item) => made(this, Vhdx_PayloadBlock, item));
    this.sectorBitmapBlock = made(this, Vhdx_SectorBitmapBlock, init.sectorBitmapBlock);
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    seen.all(this.sectorBitmapBlock);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_hasParent = undefined;
    this._m_isLast = undefined;
    this._m_numPayloadBlocks = undefined;
    this._expect('payload_blocks.length', toNumber(this.numPayloadBlocks), this.payloadBlocks.length);
    for (const item of this.payloadBlocks) {
      this._adopt(item, this, this._root);
      item._write(out);
    }
    if (this._given('sector_bitmap_block', this.hasParent, this.sectorBitmapBlock)) {
      this._adopt(this.sectorBitmapBlock, this, this._root);
      this.sectorBitmapBlock._write(out);
    }
    if (this._given('unused', !this.hasParent && !this.isLast, this.unused)) {
      out.writeBytes(this._fit('unused', this.unused, 8));
    }
  }
}

/** What `create` takes. */
export interface Vhdx_ChunkInit extends InitOf<Vhdx_Chunk, 'index' | 'payloadBlocks', 'sectorBitmapBlock' | 'unused'> {
}

/**
 * What a `vhdx_payload_bat_entry` is, with the last field in two parts: the
 * JavaScript that the Web IDE of Kaitai Struct runs reads up to 32 bits.
 *
 * `BAT Entry`
 *
 * @see [MS-VHDX] 2.5.1
 */
export class Vhdx_PayloadBlock extends FixedStruct {
  /** Size in bytes. */
  static readonly SIZE = 8;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'state', name: 'state', offset: 0, size: 8, bitOffset: 0, bits: 3, type: 'b3' },
    { id: 'reserved', name: 'reserved', offset: 0, size: 8, bitOffset: 3, bits: 17, type: 'b17' },
    { id: 'file_offset_mb_low', name: 'fileOffsetMbLow', offset: 0, size: 8, bitOffset: 20, bits: 12, type: 'b12' },
    { id: 'file_offset_mb_high', name: 'fileOffsetMbHigh', offset: 0, size: 8, bitOffset: 32, bits: 32, type: 'b32' },
  ] as const;
  declare _parent: Vhdx_Chunk | undefined;
  declare _root: Vhdx | undefined;
  /**
   * `State`
   *
   * @see [MS-VHDX] 2.5.1.1
   */
  state!: VhdxPayloadBatEntry_PayloadState;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.5.1
   */
  reserved!: number;
  /**
   * `FileOffsetMB (bits 0 to 11)`
   *
   * @see [MS-VHDX] 2.5.1
   */
  fileOffsetMbLow!: number;
  /**
   * `FileOffsetMB (bits 12 to 43)`
   *
   * @see [MS-VHDX] 2.5.1
   */
  fileOffsetMbHigh!: number;
  declare protected readonly _types: { readonly init: Vhdx_PayloadBlockInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    if (source !== undefined) this._from = source;
    this._parent = as(parent);
    this._root = as(root);
  }

  /**
   * Place of the block in the file, in MiB.
   *
   * `FileOffsetMB`
   *
   * @see [MS-VHDX] 2.5.1
   */
  get fileOffsetMb(): number {
    return this.fileOffsetMbHigh * 4096 + this.fileOffsetMbLow;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Vhdx_PayloadBlock {
    const memory = memoryOf(bytes, 8, options);
    if (memory !== undefined) {
      const value = new Vhdx_PayloadBlock(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return Vhdx_PayloadBlock.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): Vhdx_PayloadBlock {
    return readStruct(new Vhdx_PayloadBlock(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    if (canReadFixed(io, 8) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 8;
      return;
    }
    let field = 0;
    try {
      this.state = readFewBitsLe(io, 3);
      field = 1;
      this.reserved = readFewBitsLe(io, 17);
      field = 2;
      this.fileOffsetMbLow = readFewBitsLe(io, 12);
      field = 3;
      this.fileOffsetMbHigh = readBitsLe(io, 32);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    const word0 = view.getUint32(at, true);
    const word4 = view.getUint32(at + 4, true);
    this.state = word0 & 0x7;
    this.reserved = (word0 >>> 3) & 0x1ffff;
    this.fileOffsetMbLow = word0 >>> 20;
    this.fileOffsetMbHigh = word4;
    return true;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_PayloadBlockInit): Vhdx_PayloadBlock {
    return new Vhdx_PayloadBlock(undefined)['_fill'](init);
  }

  protected override _fill(init: Vhdx_PayloadBlockInit): this {
    this.state = init.state;
    this.reserved = init.reserved;
    this.fileOffsetMbLow = init.fileOffsetMbLow;
    this.fileOffsetMbHigh = init.fileOffsetMbHigh;
    return this;
  }

  override _check(_options?: WriteOptions): void {
    if (!((this.state & 7) === this.state && (this.reserved & 0x1ffff) === this.reserved && (this.fileOffsetMbLow & 4095) === this.fileOffsetMbLow && (this.fileOffsetMbHigh >>> 0) === this.fileOffsetMbHigh)) this._refuseNumbers();
  }

  protected override _store(_bytes: Uint8Array, view: DataView, at: number): void {
    const stateBits = this.state;
    const reservedBits = this.reserved;
    const fileOffsetMbLowBits = this.fileOffsetMbLow;
    const fileOffsetMbHighBits = this.fileOffsetMbHigh;
    view.setUint32(at, (stateBits | (reservedBits << 3) | (fileOffsetMbLowBits << 20)) >>> 0, true);
    view.setUint32(at + 4, fileOffsetMbHighBits, true);
  }
}

/** What `create` takes. */
export interface Vhdx_PayloadBlockInit extends InitOf<Vhdx_PayloadBlock, 'state' | 'reserved' | 'fileOffsetMbLow' | 'fileOffsetMbHigh'> {
}

/**
 * What a `vhdx_sector_bitmap_bat_entry` is, in parts as a `payload_block` is,
 * and the block that it leads to.
 *
 * `BAT Entry`
 *
 * @see [MS-VHDX] 2.5.1
 */
export class Vhdx_SectorBitmapBlock extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 8;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'state', name: 'state', offset: 0, size: 8, bitOffset: 0, bits: 3, type: 'b3' },
    { id: 'reserved', name: 'reserved', offset: 0, size: 8, bitOffset: 3, bits: 17, type: 'b17' },
    { id: 'file_offset_mb_low', name: 'fileOffsetMbLow', offset: 0, size: 8, bitOffset: 20, bits: 12, type: 'b12' },
    { id: 'file_offset_mb_high', name: 'fileOffsetMbHigh', offset: 0, size: 8, bitOffset: 32, bits: 32, type: 'b32' },
  ] as const;
  declare _parent: Vhdx_Chunk | undefined;
  declare _root: Vhdx | undefined;
  /**
   * `State`
   *
   * @see [MS-VHDX] 2.5.1.2
   */
  state!: VhdxSectorBitmapBatEntry_SectorBitmapState;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.5.1
   */
  reserved!: number;
  /**
   * `FileOffsetMB (bits 0 to 11)`
   *
   * @see [MS-VHDX] 2.5.1
   */
  fileOffsetMbLow!: number;
  /**
   * `FileOffsetMB (bits 12 to 43)`
   *
   * @see [MS-VHDX] 2.5.1
   */
  fileOffsetMbHigh!: number;
  declare protected _m_bitmap: Uint8Array | undefined;
  declare protected readonly _types: { readonly init: Vhdx_SectorBitmapBlockInit } | undefined;
  declare protected _at_bitmap: number | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._top = root;
  }

  /**
   * Place of the block in the file, in MiB.
   *
   * `FileOffsetMB`
   *
   * @see [MS-VHDX] 2.5.1
   */
  get fileOffsetMb(): number {
    return this.fileOffsetMbHigh * 4096 + this.fileOffsetMbLow;
  }

  /**
   * A bit for each sector of the chunk, from the least significant bit of
   * the first byte on: set if the sector is in this file, where its block
   * is partially present.
   *
   * `Sector Bitmap Block`
   *
   * @see [MS-VHDX] 2.4
   */
  get bitmap(): Uint8Array | undefined {
    if (this._m_bitmap !== undefined) return this._m_bitmap;
    try {
      if (this.state !== VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT) return undefined;
      const io = rootOf(this)._io;
      const at = toNumber(BigInt(this.fileOffsetMb) * 0x100000n);
      const value = bytesAt(io, at, rootOf(this).metadata.logicalSectorSize.sectorBitmapBlockSize);
      this._at_bitmap = at;
      return (this._m_bitmap = value);
    } catch (error) {
      throw located(this, 'bitmap', error);
    }
  }

  set bitmap(value: Uint8Array | undefined) {
    this._m_bitmap = value;
    this._at_bitmap = -1;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Vhdx_SectorBitmapBlock {
    const memory = memoryOf(bytes, 8, options);
    if (memory !== undefined) {
      const value = new Vhdx_SectorBitmapBlock(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return Vhdx_SectorBitmapBlock.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): Vhdx_SectorBitmapBlock {
    return readStruct(new Vhdx_SectorBitmapBlock(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    if (canReadFixed(io, 8) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 8;
      return;
    }
    let field = 0;
    try {
      this.state = readFewBitsLe(io, 3);
      field = 1;
      this.reserved = readFewBitsLe(io, 17);
      field = 2;
      this.fileOffsetMbLow = readFewBitsLe(io, 12);
      field = 3;
      this.fileOffsetMbHigh = readBitsLe(io, 32);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    const word0 = view.getUint32(at, true);
    const word4 = view.getUint32(at + 4, true);
    this.state = word0 & 0x7;
    this.reserved = (word0 >>> 3) & 0x1ffff;
    this.fileOffsetMbLow = word0 >>> 20;
    this.fileOffsetMbHigh = word4;
    return true;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_SectorBitmapBlockInit): Vhdx_SectorBitmapBlock {
    return new Vhdx_SectorBitmapBlock(undefined)['_fill'](init);
  }

  protected override _fill(init: Vhdx_SectorBitmapBlockInit): this {
    this.state = init.state;
    this.reserved = init.reserved;
    this.fileOffsetMbLow = init.fileOffsetMbLow;
    this.fileOffsetMbHigh = init.fileOffsetMbHigh;
    if (init.bitmap !== undefined) {
      this.bitmap = init.bitmap;
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_bitmap === undefined) seen.try(() => this.bitmap);
    }
    seen.instance(this._m_bitmap, this._at_bitmap);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    out.writeBitsLe(3, this._int('state', this.state, 0, 7));
    out.writeBitsLe(17, this._int('reserved', this.reserved, 0, 0x1ffff));
    out.writeBitsLe(12, this._int('file_offset_mb_low', this.fileOffsetMbLow, 0, 4095));
    out.writeBitsLe(32, this._int('file_offset_mb_high', this.fileOffsetMbHigh, 0, 0xffffffff));
    const bitmapValue = this._m_bitmap;
    if (bitmapValue !== undefined && this._given('bitmap', this.state === VhdxSectorBitmapBatEntry_SectorBitmapState.PRESENT, bitmapValue)) {
      out.placeIn(() => rootOf(this)._io, this, 'bitmap', () => toNumber(BigInt(this.fileOffsetMb) * 0x100000n), (out) => {
        out.writeBytes(this._fit('bitmap', bitmapValue, rootOf(this).metadata.logicalSectorSize.sectorBitmapBlockSize));
      }, this._yields(this._at_bitmap, bitmapValue));
    }
    if (bitmapValue === undefined && this._at_bitmap === -1) out.forget();
  }
}

/** What `create` takes. */
export interface Vhdx_SectorBitmapBlockInit extends InitOf<Vhdx_SectorBitmapBlock, 'state' | 'reserved' | 'fileOffsetMbLow' | 'fileOffsetMbHigh', 'bitmap'> {
}

/**
 * The metadata table, and the items that its entries lead to.
 *
 * `Metadata region`
 *
 * @see [MS-VHDX] 2.6
 */
export class Vhdx_Metadata extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'table', name: 'table', offset: 0, type: 'vhdx_metadata_table' },
    { id: 'items', name: 'items', type: 'metadata_item[]' },
  ] as const;
  declare _parent: Vhdx | undefined;
  declare _root: Vhdx | undefined;
  /**
   * `Metadata Table`
   *
   * @see [MS-VHDX] 2.6.1
   */
  table!: VhdxMetadataTable;
  /**
   * In the order of the table.
   *
   * @see [MS-VHDX] 2.6.2
   */
  items!: Vhdx_MetadataItem[];
  declare protected _m_fileParametersEntries: VhdxMetadataTableEntry[] | undefined;
  declare protected _m_fileParameters: VhdxFileParameters | undefined;
  declare protected _m_virtualDiskSizeEntries: VhdxMetadataTableEntry[] | undefined;
  declare protected _m_virtualDiskSize: VhdxVirtualDiskSize | undefined;
  declare protected _m_logicalSectorSizeEntries: VhdxMetadataTableEntry[] | undefined;
  declare protected _m_logicalSectorSize: VhdxLogicalSectorSize | undefined;
  declare protected readonly _types: { readonly init: Vhdx_MetadataInit } | undefined;
  declare protected _at_fileParametersEntries: number | undefined;
  declare protected _at_fileParameters: number | undefined;
  declare protected _at_virtualDiskSizeEntries: number | undefined;
  declare protected _at_virtualDiskSize: number | undefined;
  declare protected _at_logicalSectorSizeEntries: number | undefined;
  declare protected _at_logicalSectorSize: number | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._root = as(root);
  }

  /**
   * Size of the metadata table in bytes.
   *
   * @see [MS-VHDX] 2.6.1
   */
  get lenTable(): number {
    return 0x10000;
  }

  /**
   * Byte offset of the first entry from the start of the table.
   *
   * @see [MS-VHDX] 2.6.1
   */
  get entriesOffset(): number {
    return 32;
  }

  /**
   * The entries up to that of the file parameters.
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  get fileParametersEntries(): VhdxMetadataTableEntry[] {
    if (this._m_fileParametersEntries !== undefined) return this._m_fileParametersEntries;
    const io = this.table._io;
    const back = io.pos;
    try {
      io.seek(this.entriesOffset);
      this._at_fileParametersEntries = io.pos;
      this._m_fileParametersEntries = this._read_fileParametersEntries(io);
    } catch (error) {
      this._m_fileParametersEntries = undefined;
      throw located(this, 'file_parameters_entries', error);
    } finally {
      io.seek(back);
    }
    return this._m_fileParametersEntries;
  }

  set fileParametersEntries(value: VhdxMetadataTableEntry[] | undefined) {
    this._m_fileParametersEntries = value;
    this._at_fileParametersEntries = -1;
  }

  /**
   * `File Parameters`
   *
   * @see [MS-VHDX] 2.6.2.1
   */
  get fileParameters(): VhdxFileParameters {
    if (this._m_fileParameters !== undefined) return this._m_fileParameters;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(last(this.fileParametersEntries).offset);
      this._at_fileParameters = io.pos;
      {
        const part = readSubstream(io, last(this.fileParametersEntries).length);
        (this._m_fileParameters = heldBy(this, new VhdxFileParameters(part)))._read(part);
      }
      return need(this._m_fileParameters);
    } catch (error) {
      this._m_fileParameters = undefined;
      throw located(this, 'file_parameters', error);
    } finally {
      io.seek(back);
    }
  }

  set fileParameters(value: VhdxFileParameters | undefined) {
    this._m_fileParameters = value;
    this._at_fileParameters = -1;
  }

  /**
   * The entries up to that of the virtual disk size.
   *
   * @see [MS-VHDX] 2.6.2.2
   */
  get virtualDiskSizeEntries(): VhdxMetadataTableEntry[] {
    if (this._m_virtualDiskSizeEntries !== undefined) return this._m_virtualDiskSizeEntries;
    const io = this.table._io;
    const back = io.pos;
    try {
      io.seek(this.entriesOffset);
      this._at_virtualDiskSizeEntries = io.pos;
      this._m_virtualDiskSizeEntries = this._read_virtualDiskSizeEntries(io);
    } catch (error) {
      this._m_virtualDiskSizeEntries = undefined;
      throw located(this, 'virtual_disk_size_entries', error);
    } finally {
      io.seek(back);
    }
    return this._m_virtualDiskSizeEntries;
  }

  set virtualDiskSizeEntries(value: VhdxMetadataTableEntry[] | undefined) {
    this._m_virtualDiskSizeEntries = value;
    this._at_virtualDiskSizeEntries = -1;
  }

  /**
   * `Virtual Disk Size`
   *
   * @see [MS-VHDX] 2.6.2.2
   */
  get virtualDiskSize(): VhdxVirtualDiskSize {
    if (this._m_virtualDiskSize !== undefined) return this._m_virtualDiskSize;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(last(this.virtualDiskSizeEntries).offset);
      this._at_virtualDiskSize = io.pos;
      {
        const part = readSubstream(io, last(this.virtualDiskSizeEntries).length);
        (this._m_virtualDiskSize = heldBy(this, new VhdxVirtualDiskSize(part)))._read(part);
      }
      return need(this._m_virtualDiskSize);
    } catch (error) {
      this._m_virtualDiskSize = undefined;
      throw located(this, 'virtual_disk_size', error);
    } finally {
      io.seek(back);
    }
  }

  set virtualDiskSize(value: VhdxVirtualDiskSize | undefined) {
    this._m_virtualDiskSize = value;
    this._at_virtualDiskSize = -1;
  }

  /**
   * The entries up to that of the logical sector size.
   *
   * @see [MS-VHDX] 2.6.2.4
   */
  get logicalSectorSizeEntries(): VhdxMetadataTableEntry[] {
    if (this._m_logicalSectorSizeEntries !== undefined) return this._m_logicalSectorSizeEntries;
    const io = this.table._io;
    const back = io.pos;
    try {
      io.seek(this.entriesOffset);
      this._at_logicalSectorSizeEntries = io.pos;
      this._m_logicalSectorSizeEntries = this._read_logicalSectorSizeEntries(io);
    } catch (error) {
      this._m_logicalSectorSizeEntries = undefined;
      throw located(this, 'logical_sector_size_entries', error);
    } finally {
      io.seek(back);
    }
    return this._m_logicalSectorSizeEntries;
  }

  set logicalSectorSizeEntries(value: VhdxMetadataTableEntry[] | undefined) {
    this._m_logicalSectorSizeEntries = value;
    this._at_logicalSectorSizeEntries = -1;
  }

  /**
   * `Logical Sector Size`
   *
   * @see [MS-VHDX] 2.6.2.4
   */
  get logicalSectorSize(): VhdxLogicalSectorSize {
    if (this._m_logicalSectorSize !== undefined) return this._m_logicalSectorSize;
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(last(this.logicalSectorSizeEntries).offset);
      this._at_logicalSectorSize = io.pos;
      {
        const part = readSubstream(io, last(this.logicalSectorSizeEntries).length);
        (this._m_logicalSectorSize = heldBy(this, new VhdxLogicalSectorSize(part)))._read(part);
      }
      return need(this._m_logicalSectorSize);
    } catch (error) {
      this._m_logicalSectorSize = undefined;
      throw located(this, 'logical_sector_size', error);
    } finally {
      io.seek(back);
    }
  }

  set logicalSectorSize(value: VhdxLogicalSectorSize | undefined) {
    this._m_logicalSectorSize = value;
    this._at_logicalSectorSize = -1;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Vhdx_Metadata {
    return Vhdx_Metadata.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): Vhdx_Metadata {
    return readStruct(new Vhdx_Metadata(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    let field = 0;
    try {
      {
        const part = readSubstream(io, this.lenTable);
        (this.table = heldBy(this, new VhdxMetadataTable(part)))._read(part);
      }
      field = 1;
      this._read_items(io);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  protected _read_items(io: KaitaiStream): void {
    this._filling = this.items = [];
    for (let i = 0, count = countItems(io, this.table.entryCount), place = -1; i < count; i++) {
      place = movedFrom(io, place);
      const item = new Vhdx_MetadataItem(io, this, undefined, i);
      item._read(io);
      this.items.push(item);
    }
    this.items = fitted(this, this.items);
  }

  protected _read_fileParametersEntries(io: KaitaiStream): VhdxMetadataTableEntry[] {
    this._filling = this._m_fileParametersEntries = [];
    for (; ;) {
      nextItem(io);
      const item = heldBy(this, new VhdxMetadataTableEntry(io));
      item._read(io);
      this._m_fileParametersEntries.push(item);
      if (item.isFileParameters) break;
    }
    this._m_fileParametersEntries = fitted(this, this._m_fileParametersEntries);
    return this._m_fileParametersEntries;
  }

  protected _read_virtualDiskSizeEntries(io: KaitaiStream): VhdxMetadataTableEntry[] {
    this._filling = this._m_virtualDiskSizeEntries = [];
    for (; ;) {
      nextItem(io);
      const item = heldBy(this, new VhdxMetadataTableEntry(io));
      item._read(io);
      this._m_virtualDiskSizeEntries.push(item);
      if (item.isVirtualDiskSize) break;
    }
    this._m_virtualDiskSizeEntries = fitted(this, this._m_virtualDiskSizeEntries);
    return this._m_virtualDiskSizeEntries;
  }

  protected _read_logicalSectorSizeEntries(io: KaitaiStream): VhdxMetadataTableEntry[] {
    this._filling = this._m_logicalSectorSizeEntries = [];
    for (; ;) {
      nextItem(io);
      const item = heldBy(this, new VhdxMetadataTableEntry(io));
      item._read(io);
      this._m_logicalSectorSizeEntries.push(item);
      if (item.isLogicalSectorSize) break;
    }
    this._m_logicalSectorSizeEntries = fitted(this, this._m_logicalSectorSizeEntries);
    return this._m_logicalSectorSizeEntries;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_MetadataInit): Vhdx_Metadata {
    return filled(new Vhdx_Metadata(undefined), init);
  }

  protected override _fill(init: Vhdx_MetadataInit): this {
    this.table = made(this, VhdxMetadataTable, init.table, [undefined, undefined]);
    this.items = init.items.map((item, i) => made(this, Vhdx_MetadataItem, item, undefined, i));
    if (init.fileParametersEntries !== undefined) {
      this.fileParametersEntries = init.fileParametersEntries.map((item) => made(this, VhdxMetadataTableEntry, item, [undefined, undefined]));
    }
    if (init.fileParameters !== undefined) {
      this.fileParameters = made(this, VhdxFileParameters, init.fileParameters, [undefined, undefined]);
    }
    if (init.virtualDiskSizeEntries !== undefined) {
      this.virtualDiskSizeEntries = init.virtualDiskSizeEntries.map((item) => made(this, VhdxMetadataTableEntry, item, [undefined, undefined]));
    }
    if (init.virtualDiskSize !== undefined) {
      this.virtualDiskSize = made(this, VhdxVirtualDiskSize, init.virtualDiskSize, [undefined, undefined]);
    }
    if (init.logicalSectorSizeEntries !== undefined) {
      this.logicalSectorSizeEntries = init.logicalSectorSizeEntries.map((item) => made(this, VhdxMetadataTableEntry, item, [undefined, undefined]));
    }
    if (init.logicalSectorSize !== undefined) {
      this.logicalSectorSize = made(this, VhdxLogicalSectorSize, init.logicalSectorSize, [undefined, undefined]);
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_fileParametersEntries === undefined) seen.try(() => this.fileParametersEntries);
      if (this._at_fileParameters === undefined) seen.try(() => this.fileParameters);
      if (this._at_virtualDiskSizeEntries === undefined) seen.try(() => this.virtualDiskSizeEntries);
      if (this._at_virtualDiskSize === undefined) seen.try(() => this.virtualDiskSize);
      if (this._at_logicalSectorSizeEntries === undefined) seen.try(() => this.logicalSectorSizeEntries);
      if (this._at_logicalSectorSize === undefined) seen.try(() => this.logicalSectorSize);
    }
    seen.all(this.items);
    seen.instance(this._m_fileParametersEntries, this._at_fileParametersEntries);
    seen.instance(this._m_fileParameters, this._at_fileParameters);
    seen.instance(this._m_virtualDiskSizeEntries, this._at_virtualDiskSizeEntries);
    seen.instance(this._m_virtualDiskSize, this._at_virtualDiskSize);
    seen.instance(this._m_logicalSectorSizeEntries, this._at_logicalSectorSizeEntries);
    seen.instance(this._m_logicalSectorSize, this._at_logicalSectorSize);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._adopt(this.table, undefined, this.table);
    out.embed(out.inner(this.table, this.lenTable), (bytes) => this._room('table', bytes, this.lenTable));
    this._expect('items.length', this.table.entryCount, this.items.length);
    {
      let i = 0;
      for (const item of this.items) {
        this._adopt(item, this, this._root);
        item.index = i;
        item._write(out);
        i++;
      }
    }
    const fileParametersEntriesValue = this._m_fileParametersEntries;
    if (fileParametersEntriesValue !== undefined) {
      out.placeIn(() => this.table._io, this, 'file_parameters_entries', () => this.entriesOffset, (out) => {
        if (fileParametersEntriesValue.length === 0) this._expect('file_parameters_entries.length', 1, 0);
        const fileParametersEntriesItems = fileParametersEntriesValue;
        this._filling = this._m_fileParametersEntries = [];
        {
          let i = 0;
          try {
            for (const item of fileParametersEntriesItems) {
              this._adopt(item, undefined, item);
              item._write(out);
              this._m_fileParametersEntries.push(item);
              this._until('file_parameters_entries', i, fileParametersEntriesItems.length, item.isFileParameters);
              i++;
            }
          } catch (error) {
            throw this._ofElement('file_parameters_entries', i, error);
          } finally {
            this._m_fileParametersEntries = fileParametersEntriesItems;
            this._filling = undefined;
          }
        }
      }, this._yields(this._at_fileParametersEntries, fileParametersEntriesValue));
    }
    if (fileParametersEntriesValue === undefined && this._at_fileParametersEntries === -1) out.forget();
    const fileParametersValue = this._m_fileParameters;
    if (fileParametersValue !== undefined) {
      out.place(this, 'file_parameters', () => last(this.fileParametersEntries).offset, (out) => {
        this._adopt(fileParametersValue, undefined, fileParametersValue);
        out.embed(out.inner(fileParametersValue, last(this.fileParametersEntries).length), (bytes) => this._room('file_parameters', bytes, last(this.fileParametersEntries).length));
      }, this._yields(this._at_fileParameters, fileParametersValue));
    }
    if (fileParametersValue === undefined && this._at_fileParameters === -1) out.forget();
    const virtualDiskSizeEntriesValue = this._m_virtualDiskSizeEntries;
    if (virtualDiskSizeEntriesValue !== undefined) {
      out.placeIn(() => this.table._io, this, 'virtual_disk_size_entries', () => this.entriesOffset, (out) => {
        if (virtualDiskSizeEntriesValue.length === 0) this._expect('virtual_disk_size_entries.length', 1, 0);
        const virtualDiskSizeEntriesItems = virtualDiskSizeEntriesValue;
        this._filling = this._m_virtualDiskSizeEntries = [];
        {
          let i = 0;
          try {
            for (const item of virtualDiskSizeEntriesItems) {
              this._adopt(item, undefined, item);
              item._write(out);
              this._m_virtualDiskSizeEntries.push(item);
              this._until('virtual_disk_size_entries', i, virtualDiskSizeEntriesItems.length, item.isVirtualDiskSize);
              i++;
            }
          } catch (error) {
            throw this._ofElement('virtual_disk_size_entries', i, error);
          } finally {
            this._m_virtualDiskSizeEntries = virtualDiskSizeEntriesItems;
            this._filling = undefined;
          }
        }
      }, this._yields(this._at_virtualDiskSizeEntries, virtualDiskSizeEntriesValue));
    }
    if (virtualDiskSizeEntriesValue === undefined && this._at_virtualDiskSizeEntries === -1) out.forget();
    const virtualDiskSizeValue = this._m_virtualDiskSize;
    if (virtualDiskSizeValue !== undefined) {
      out.place(this, 'virtual_disk_size', () => last(this.virtualDiskSizeEntries).offset, (out) => {
        this._adopt(virtualDiskSizeValue, undefined, virtualDiskSizeValue);
        out.embed(out.inner(virtualDiskSizeValue, last(this.virtualDiskSizeEntries).length), (bytes) => this._room('virtual_disk_size', bytes, last(this.virtualDiskSizeEntries).length));
      }, this._yields(this._at_virtualDiskSize, virtualDiskSizeValue));
    }
    if (virtualDiskSizeValue === undefined && this._at_virtualDiskSize === -1) out.forget();
    const logicalSectorSizeEntriesValue = this._m_logicalSectorSizeEntries;
    if (logicalSectorSizeEntriesValue !== undefined) {
      out.placeIn(() => this.table._io, this, 'logical_sector_size_entries', () => this.entriesOffset, (out) => {
        if (logicalSectorSizeEntriesValue.length === 0) this._expect('logical_sector_size_entries.length', 1, 0);
        const logicalSectorSizeEntriesItems = logicalSectorSizeEntriesValue;
        this._filling = this._m_logicalSectorSizeEntries = [];
        {
          let i = 0;
          try {
            for (const item of logicalSectorSizeEntriesItems) {
              this._adopt(item, undefined, item);
              item._write(out);
              this._m_logicalSectorSizeEntries.push(item);
              this._until('logical_sector_size_entries', i, logicalSectorSizeEntriesItems.length, item.isLogicalSectorSize);
              i++;
            }
          } catch (error) {
            throw this._ofElement('logical_sector_size_entries', i, error);
          } finally {
            this._m_logicalSectorSizeEntries = logicalSectorSizeEntriesItems;
            this._filling = undefined;
          }
        }
      }, this._yields(this._at_logicalSectorSizeEntries, logicalSectorSizeEntriesValue));
    }
    if (logicalSectorSizeEntriesValue === undefined && this._at_logicalSectorSizeEntries === -1) out.forget();
    const logicalSectorSizeValue = this._m_logicalSectorSize;
    if (logicalSectorSizeValue !== undefined) {
      out.place(this, 'logical_sector_size', () => last(this.logicalSectorSizeEntries).offset, (out) => {
        this._adopt(logicalSectorSizeValue, undefined, logicalSectorSizeValue);
        out.embed(out.inner(logicalSectorSizeValue, last(this.logicalSectorSizeEntries).length), (bytes) => this._room('logical_sector_size', bytes, last(this.logicalSectorSizeEntries).length));
      }, this._yields(this._at_logicalSectorSize, logicalSectorSizeValue));
    }
    if (logicalSectorSizeValue === undefined && this._at_logicalSectorSize === -1) out.forget();
  }
}

/** What `create` takes. */
export interface Vhdx_MetadataInit extends InitOf<Vhdx_Metadata, 'table' | 'items', 'fileParametersEntries' | 'fileParameters' | 'virtualDiskSizeEntries' | 'virtualDiskSize' | 'logicalSectorSizeEntries' | 'logicalSectorSize'> {
}

/**
 * One entry of the metadata table with its item.
 *
 * @see [MS-VHDX] 2.6.2
 */
export class Vhdx_MetadataItem extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 0;
  /** The fields in order. */
  static readonly LAYOUT = [] as const;
  declare _parent: Vhdx_Metadata | undefined;
  declare _root: Vhdx | undefined;
  /**
   * Number of the item's entry in the table, from 0.
   *
   * @see [MS-VHDX] 2.6.1.1
   */
  index: number;
  declare protected _m_entry: VhdxMetadataTableEntry | undefined;
  declare protected _m_kind: Vhdx_MetadataItemKind | undefined;
  declare protected _m_item: VhdxFileParameters | VhdxVirtualDiskSize | VhdxVirtualDiskId | VhdxLogicalSectorSize | VhdxPhysicalSectorSize | VhdxParentLocator | Uint8Array | undefined;
  declare protected readonly _types: { readonly cases: Case<'kind', 1, { readonly item: VhdxFileParameters }> | Case<'kind', 2, { readonly item: VhdxVirtualDiskSize }> | Case<'kind', 3, { readonly item: VhdxVirtualDiskId }> | Case<'kind', 4, { readonly item: VhdxLogicalSectorSize }> | Case<'kind', 5, { readonly item: VhdxPhysicalSectorSize }> | Case<'kind', 6, { readonly item: VhdxParentLocator }>; readonly init: Within<Vhdx_MetadataItemInit, 'index'> } | undefined;
  declare protected _at_item: number | undefined;

  constructor(source: KaitaiStream | DataView | undefined, parent: KaitaiStruct | undefined, root: KaitaiStruct | undefined, index: number) {
    super();
    this._from = source ?? null;
    this._parent = as(parent);
    this._root = as(root);
    this.index = index;
  }

  /**
   * `Metadata Table Entry`
   *
   * @see [MS-VHDX] 2.6.1.2
   */
  get entry(): VhdxMetadataTableEntry {
    try {
      return (this._m_entry ??= itemAt(parentOf(this).table.entries, this.index));
    } catch (error) {
      throw located(this, 'entry', error);
    }
  }

  /** @see [MS-VHDX] 2.6.2 */
  get kind(): Vhdx_MetadataItemKind {
    return (this._m_kind ??= this.entry.isFileParameters ? 1 : (this.entry.isVirtualDiskSize ? 2 : (this.entry.isVirtualDiskId ? 3 : (this.entry.isLogicalSectorSize ? 4 : (this.entry.isPhysicalSectorSize ? 5 : (this.entry.isParentLocator ? 6 : 0))))));
  }

  /**
   * Its bytes as they are, if the item is not a known one.
   *
   * @see [MS-VHDX] 2.6.2
   */
  get item(): VhdxFileParameters | VhdxVirtualDiskSize | VhdxVirtualDiskId | VhdxLogicalSectorSize | VhdxPhysicalSectorSize | VhdxParentLocator | Uint8Array {
    if (this._m_item !== undefined) return this._m_item;
    try {
      const io = parentOf(this)._io;
      const back = io.pos;
      try {
        io.seek(this.entry.offset);
        this._at_item = io.pos;
        switch (this.kind) {
          case Vhdx_MetadataItemKind.FILE_PARAMETERS: {
            const part = readSubstream(io, this.entry.length);
            (this._m_item = heldBy(this, new VhdxFileParameters(part)))._read(part);
            break;
          }
          case Vhdx_MetadataItemKind.VIRTUAL_DISK_SIZE: {
            const part = readSubstream(io, this.entry.length);
            (this._m_item = heldBy(this, new VhdxVirtualDiskSize(part)))._read(part);
            break;
          }
          case Vhdx_MetadataItemKind.VIRTUAL_DISK_ID: {
            const part = readSubstream(io, this.entry.length);
            (this._m_item = heldBy(this, new VhdxVirtualDiskId(part)))._read(part);
            break;
          }
          case Vhdx_MetadataItemKind.LOGICAL_SECTOR_SIZE: {
            const part = readSubstream(io, this.entry.length);
            (this._m_item = heldBy(this, new VhdxLogicalSectorSize(part)))._read(part);
            break;
          }
          case Vhdx_MetadataItemKind.PHYSICAL_SECTOR_SIZE: {
            const part = readSubstream(io, this.entry.length);
            (this._m_item = heldBy(this, new VhdxPhysicalSectorSize(part)))._read(part);
            break;
          }
          case Vhdx_MetadataItemKind.PARENT_LOCATOR: {
            const part = readSubstream(io, this.entry.length);
            (this._m_item = heldBy(this, new VhdxParentLocator(part)))._read(part);
            break;
          }
          default: {
            this._m_item = io.readBytes(this.entry.length);
          }
        }
        return need(this._m_item);
      } catch (error) {
        this._m_item = undefined;
        throw located(this, 'item', error);
      } finally {
        io.seek(back);
      }
    } catch (error) {
      throw located(this, 'item', error);
    }
  }

  set item(value: VhdxFileParameters | VhdxVirtualDiskSize | VhdxVirtualDiskId | VhdxLogicalSectorSize | VhdxPhysicalSectorSize | VhdxParentLocator | Uint8Array | undefined) {
    this._m_item = value;
    this._at_item = -1;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, index: number, options?: ReadOptions): Vhdx_MetadataItem {
    return Vhdx_MetadataItem.read(new KaitaiStream(bytes, options), index);
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, index: number, options?: ReadOptions): Vhdx_MetadataItem {
    return readStruct(new Vhdx_MetadataItem(io, undefined, undefined, index), options);
  }

  override _read(_stream?: KaitaiStream): void {
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: Vhdx_MetadataItemInit): Vhdx_MetadataItem {
    return filled(new Vhdx_MetadataItem(undefined, undefined, undefined, init.index), init);
  }

  protected override _fill(init: Vhdx_MetadataItemInit): this {
    this.index = init.index ?? this.index;
    if (init.item !== undefined) {
      this.item = madeCase<VhdxFileParameters | VhdxVirtualDiskSize | VhdxVirtualDiskId | VhdxLogicalSectorSize | VhdxPhysicalSectorSize | VhdxParentLocator | Uint8Array>(this, 'item', () => this.kind, [[Vhdx_MetadataItemKind.FILE_PARAMETERS, VhdxFileParameters, [undefined, undefined]], [Vhdx_MetadataItemKind.VIRTUAL_DISK_SIZE, VhdxVirtualDiskSize, [undefined, undefined]], [Vhdx_MetadataItemKind.VIRTUAL_DISK_ID, VhdxVirtualDiskId, [undefined, undefined]], [Vhdx_MetadataItemKind.LOGICAL_SECTOR_SIZE, VhdxLogicalSectorSize, [undefined, undefined]], [Vhdx_MetadataItemKind.PHYSICAL_SECTOR_SIZE, VhdxPhysicalSectorSize, [undefined, undefined]], [Vhdx_MetadataItemKind.PARENT_LOCATOR, VhdxParentLocator, [undefined, undefined]]], init.item);
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_item === undefined) seen.try(() => this.item);
    }
    seen.instance(this._m_item, this._at_item);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_entry = undefined;
    this._m_kind = undefined;
    const itemValue = this._m_item;
    if (itemValue !== undefined) {
      out.placeIn(() => parentOf(this)._io, this, 'item', () => this.entry.offset, (out) => {
        switch (this.kind) {
          case Vhdx_MetadataItemKind.FILE_PARAMETERS: {
            const value = this._of('item', itemValue, VhdxFileParameters);
            this._adopt(value, undefined, value);
            out.embed(out.inner(value, this.entry.length), (bytes) => this._room('item', bytes, this.entry.length));
            break;
          }
          case Vhdx_MetadataItemKind.VIRTUAL_DISK_SIZE: {
            const value = this._of('item', itemValue, VhdxVirtualDiskSize);
            this._adopt(value, undefined, value);
            out.embed(out.inner(value, this.entry.length), (bytes) => this._room('item', bytes, this.entry.length));
            break;
          }
          case Vhdx_MetadataItemKind.VIRTUAL_DISK_ID: {
            const value = this._of('item', itemValue, VhdxVirtualDiskId);
            this._adopt(value, undefined, value);
            out.embed(out.inner(value, this.entry.length), (bytes) => this._room('item', bytes, this.entry.length));
            break;
          }
          case Vhdx_MetadataItemKind.LOGICAL_SECTOR_SIZE: {
            const value = this._of('item', itemValue, VhdxLogicalSectorSize);
            this._adopt(value, undefined, value);
            out.embed(out.inner(value, this.entry.length), (bytes) => this._room('item', bytes, this.entry.length));
            break;
          }
          case Vhdx_MetadataItemKind.PHYSICAL_SECTOR_SIZE: {
            const value = this._of('item', itemValue, VhdxPhysicalSectorSize);
            this._adopt(value, undefined, value);
            out.embed(out.inner(value, this.entry.length), (bytes) => this._room('item', bytes, this.entry.length));
            break;
          }
          case Vhdx_MetadataItemKind.PARENT_LOCATOR: {
            const value = this._of('item', itemValue, VhdxParentLocator);
            this._adopt(value, undefined, value);
            out.embed(out.inner(value, this.entry.length), (bytes) => this._room('item', bytes, this.entry.length));
            break;
          }
          default: {
            const value = this._of('item', itemValue, Uint8Array);
            out.writeBytes(this._fit('item', value, this.entry.length));
          }
        }
      }, this._yields(this._at_item, itemValue));
    }
    if (itemValue === undefined && this._at_item === -1) out.forget();
  }
}

/** What `create` takes. */
export interface Vhdx_MetadataItemInit extends InitOf<Vhdx_MetadataItem, 'index', 'item'> {
}
