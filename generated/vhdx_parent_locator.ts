// @generated from vhdx_parent_locator.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { equalBytes } from './kaitai/bytes.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { agreed, filled, made } from './kaitai/create.js';
import type { InitOf } from './kaitai/init.js';
import { countItems } from './kaitai/lists.js';
import { readU2le } from './kaitai/numbers.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, failedIn, fitted, heldBy, located, readStruct, viewed } from './kaitai/struct.js';
import { type Fetched, StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';
import { VhdxGuid } from './vhdx_guid.js';
import { VhdxParentLocatorEntry } from './vhdx_parent_locator_entry.js';

/**
 * The metadata item of a differencing file that says what its parent is and
 * where it may be found, as a set of keys and values. A header of 20 bytes,
 * entries of 12 bytes, then the strings.
 *
 * Offsets in the entries count from the start of the item, so the item is to
 * be read from a stream of its own. A key is then `entries[i].key`, and its
 * value is `entries[i].value`.
 *
 * `Parent Locator`
 *
 * @see [MS-VHDX] 2.6.2.6
 */
export class VhdxParentLocator extends StreamedStruct {
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'locator_type', name: 'locatorType', offset: 0, size: 16, type: 'vhdx_guid' },
    { id: 'reserved', name: 'reserved', offset: 16, size: 2, type: 'u2' },
    { id: 'key_value_count', name: 'keyValueCount', offset: 18, size: 2, type: 'u2' },
    { id: 'entries', name: 'entries', offset: 20, type: 'vhdx_parent_locator_entry[]' },
    { id: 'data', name: 'data', type: 'bytes' },
  ] as const;
  declare _root: VhdxParentLocator;
  /**
   * How the entries are to be understood; a reader must know the type. The
   * one specified is b04aefb7-d19e-4a81-b789-25b8e9445913
   * (`is_vhdx_parent_locator`).
   *
   * `LocatorType`
   *
   * @see [MS-VHDX] 2.6.2.6.1
   * @see [MS-VHDX] 2.6.2.6.3
   */
  locatorType!: VhdxGuid;
  /**
   * `Reserved`
   *
   * @see [MS-VHDX] 2.6.2.6.1
   */
  reserved!: number;
  /**
   * Number of entries.
   *
   * `KeyValueCount`
   *
   * @see [MS-VHDX] 2.6.2.6.1
   */
  keyValueCount!: number;
  /**
   * In no particular order. Keys are unique.
   *
   * @see [MS-VHDX] 2.6.2.6.2
   */
  entries!: VhdxParentLocatorEntry[];
  protected _m_data!: Uint8Array | number;
  protected _len_data!: number;
  declare protected _m_isVhdxParentLocator: boolean | undefined;
  declare protected readonly _types: { readonly init: VhdxParentLocatorInit } | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * The rest of the item, where the keys and values are.
   *
   * @see [MS-VHDX] 2.6.2.6.2
   */
  get data(): Uint8Array {
    return (this._m_data = viewed(this, this._m_data, this._len_data));
  }

  set data(value: Uint8Array) {
    this._m_data = value;
  }

  /**
   * The parent is a VHDX file. The keys are `parent_linkage`,
   * `parent_linkage2`, `relative_path`, `volume_path` and
   * `absolute_win32_path`.
   *
   * `VHDX Parent Locator`
   *
   * @see [MS-VHDX] 2.6.2.6.3
   */
  get isVhdxParentLocator(): boolean {
    try {
      return (this._m_isVhdxParentLocator ??= this.locatorType.data1 === 0xb04aefb7 && this.locatorType.data2 === 53662 && this.locatorType.data3 === 19073 && equalBytes(this.locatorType.data4, Uint8Array.of(183, 137, 37, 184, 233, 68, 89, 19)));
    } catch (error) {
      throw located(this, 'is_vhdx_parent_locator', error);
    }
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxParentLocator {
    return VhdxParentLocator.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxParentLocator {
    return readStruct(new VhdxParentLocator(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    let field = 0;
    try {
      let at: number;
      (this.locatorType = heldBy(this, new VhdxGuid(io)))._read(io);
      field = 1;
      at = io.pos;
      this.reserved = readU2le(io);
      if (this.reserved !== 0) {
        this._violate({ id: 'reserved', kind: 'eq', rule: 'H3', severity: 'warning', section: '[MS-VHDX] 2.6.2.6.1' }, at, io.pos - at, 0, this.reserved);
      }
      field = 2;
      this.keyValueCount = readU2le(io);
      field = 3;
      this._read_entries(io);
      field = 4;
      this._m_data = io._take(this._len_data = Math.max(0, io.available));
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  protected _read_entries(io: KaitaiStream): void {
    this._filling = this.entries = [];
    for (let i = 0, count = countItems(io, this.keyValueCount); i < count; i++) {
      const item = heldBy(this, new VhdxParentLocatorEntry(io));
      item._read(io);
      this.entries.push(item);
    }
    this.entries = fitted(this, this.entries);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxParentLocatorInit): VhdxParentLocator {
    return filled(new VhdxParentLocator(undefined), init);
  }

  protected override _fill(init: VhdxParentLocatorInit): this {
    this.keyValueCount = agreed(this, 'key_value_count', init.keyValueCount, init.entries.length);
    this.reserved = init.reserved ?? 0;
    this.data = init.data ?? new Uint8Array(0);
    this.locatorType = made(this, VhdxGuid, init.locatorType, [undefined, undefined]);
    this.entries = init.entries.map((item) => made(this, VhdxParentLocatorEntry, item, [undefined, undefined]));
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    seen.all(this.entries);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_isVhdxParentLocator = undefined;
    this.keyValueCount = this.entries.length;
    this._adopt(this.locatorType, undefined, this.locatorType);
    this.locatorType._write(out);
    out.writeU2le(this._int('reserved', this.reserved, 0, 65535));
    out.writeU2le(this._int('key_value_count', this.keyValueCount, 0, 65535));
    for (const item of this.entries) {
      this._adopt(item, undefined, item);
      item._write(out);
    }
    out.writeBytes(this.data);
  }
}

/** What `create` takes. */
export interface VhdxParentLocatorInit extends InitOf<VhdxParentLocator, 'locatorType' | 'entries', 'reserved' | 'keyValueCount' | 'data'> {
}
