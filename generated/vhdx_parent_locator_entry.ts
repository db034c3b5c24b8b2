// @generated from vhdx_parent_locator_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import { agreed } from './kaitai/create.js';
import { encodeField } from './kaitai/encode.js';
import { freeOffset, offsetSetter } from './kaitai/free-offsets.js';
import type { InitOf } from './kaitai/init.js';
import { readU2le, readU4le } from './kaitai/numbers.js';
import { memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, canReadFixed, failedIn, located, readStruct } from './kaitai/struct.js';
import { textAt } from './kaitai/text.js';
import { type Fetched, StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';

/**
 * The place of one key and its value within the parent locator item. 12 bytes.
 *
 * The strings are read, when they are asked for, from the stream that the
 * entry itself was read from. That stream has to be the whole item, as it is
 * for the entries of a `vhdx_parent_locator`; the fields can be read from the
 * 12 bytes alone.
 *
 * `Parent Locator Entry`
 *
 * @see [MS-VHDX] 2.6.2.6.2
 */
export class VhdxParentLocatorEntry extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 12;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'key_offset', name: 'keyOffset', offset: 0, size: 4, type: 'u4' },
    { id: 'value_offset', name: 'valueOffset', offset: 4, size: 4, type: 'u4' },
    { id: 'key_length', name: 'keyLength', offset: 8, size: 2, type: 'u2' },
    { id: 'value_length', name: 'valueLength', offset: 10, size: 2, type: 'u2' },
  ] as const;
  declare _root: VhdxParentLocatorEntry;
  /**
   * Byte offset of the key from the start of the item.
   *
   * `KeyOffset`
   *
   * @see [MS-VHDX] 2.6.2.6.2
   */
  keyOffset!: number;
  /**
   * Byte offset of the value from the start of the item.
   *
   * `ValueOffset`
   *
   * @see [MS-VHDX] 2.6.2.6.2
   */
  valueOffset!: number;
  /**
   * Size of the key in bytes, without a NUL; two for each UTF-16 code unit.
   *
   * `KeyLength`
   *
   * @see [MS-VHDX] 2.6.2.6.2
   */
  keyLength!: number;
  /**
   * Size of the value in bytes, without a NUL; two for each UTF-16 code unit.
   *
   * `ValueLength`
   *
   * @see [MS-VHDX] 2.6.2.6.2
   */
  valueLength!: number;
  declare protected _m_key: string | undefined;
  declare protected _m_value: string | undefined;
  declare protected readonly _types: { readonly init: VhdxParentLocatorEntryInit } | undefined;
  declare protected _at_key: number | undefined;
  declare protected _at_value: number | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * Case-sensitive.
   *
   * @see [MS-VHDX] 2.6.2.6.2
   */
  get key(): string {
    if (this._m_key !== undefined) return this._m_key;
    try {
      const io = this._io;
      const at = this.keyOffset;
      const value = textAt(io, at, this.keyLength, 'UTF-16LE', this, 'key');
      this._at_key = at;
      return (this._m_key = value);
    } catch (error) {
      throw located(this, 'key', error);
    }
  }

  set key(value: string | undefined) {
    this._m_key = value;
    this._at_key = -1;
  }

  /** @see [MS-VHDX] 2.6.2.6.2 */
  get value(): string {
    if (this._m_value !== undefined) return this._m_value;
    try {
      const io = this._io;
      const at = this.valueOffset;
      const value = textAt(io, at, this.valueLength, 'UTF-16LE', this, 'value');
      this._at_value = at;
      return (this._m_value = value);
    } catch (error) {
      throw located(this, 'value', error);
    }
  }

  set value(value: string | undefined) {
    this._m_value = value;
    this._at_value = -1;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxParentLocatorEntry {
    const memory = memoryOf(bytes, 12, options);
    if (memory !== undefined) {
      const value = new VhdxParentLocatorEntry(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxParentLocatorEntry.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxParentLocatorEntry {
    return readStruct(new VhdxParentLocatorEntry(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    if (canReadFixed(io, 12) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 12;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this.keyOffset = readU4le(io);
      if (!(this.keyOffset >= 1)) {
        this._violate({ id: 'key_offset', kind: 'min', rule: 'H4', severity: 'error', section: '[MS-VHDX] 2.6.2.6.2' }, at, io.pos - at, 1, this.keyOffset);
      }
      field = 1;
      at = io.pos;
      this.valueOffset = readU4le(io);
      if (!(this.valueOffset >= 1)) {
        this._violate({ id: 'value_offset', kind: 'min', rule: 'H4', severity: 'error', section: '[MS-VHDX] 2.6.2.6.2' }, at, io.pos - at, 1, this.valueOffset);
      }
      field = 2;
      at = io.pos;
      this.keyLength = readU2le(io);
      if (!(this.keyLength > 0 && this.keyLength % 2 === 0)) {
        this._violate({ id: 'key_length', kind: 'expr', rule: 'H4', severity: 'error', section: '[MS-VHDX] 2.6.2.6.2' }, at, io.pos - at, '_ > 0 and _ % 2 == 0', this.keyLength);
      }
      field = 3;
      at = io.pos;
      this.valueLength = readU2le(io);
      if (!(this.valueLength > 0 && this.valueLength % 2 === 0)) {
        this._violate({ id: 'value_length', kind: 'expr', rule: 'H4', severity: 'error', section: '[MS-VHDX] 2.6.2.6.2' }, at, io.pos - at, '_ > 0 and _ % 2 == 0', this.valueLength);
      }
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    this.keyOffset = view.getUint32(at, true);
    this.valueOffset = view.getUint32(at + 4, true);
    this.keyLength = view.getUint16(at + 8, true);
    this.valueLength = view.getUint16(at + 10, true);
    return this.keyOffset >= 1 && this.valueOffset >= 1 && (this.keyLength > 0 && this.keyLength % 2 === 0) && (this.valueLength > 0 && this.valueLength % 2 === 0);
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxParentLocatorEntryInit = {}): VhdxParentLocatorEntry {
    return new VhdxParentLocatorEntry(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxParentLocatorEntryInit): this {
    this.keyLength = init.key === undefined ? init.keyLength ?? 0 : agreed(this, 'key_length', init.keyLength, encodeField(this, 'key', init.key, 'UTF-16LE').length);
    this.keyOffset = init.keyOffset ?? freeOffset(this, 'keyOffset', 0);
    this.valueLength = init.value === undefined ? init.valueLength ?? 0 : agreed(this, 'value_length', init.valueLength, encodeField(this, 'value', init.value, 'UTF-16LE').length);
    this.valueOffset = init.valueOffset ?? freeOffset(this, 'valueOffset', 0);
    if (init.key !== undefined) {
      this.key = init.key;
    }
    if (init.value !== undefined) {
      this.value = init.value;
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_key === undefined) seen.try(() => this.key);
      if (this._at_value === undefined) seen.try(() => this.value);
    }
    seen.instance(this._m_key, this._at_key);
    seen.instance(this._m_value, this._at_value);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    let keyBytes: Uint8Array | undefined;
    if (this._at_key === -1 && this._m_key !== undefined) {
      keyBytes = encodeField(this, 'key', this._m_key, 'UTF-16LE');
      this.keyLength = keyBytes.length;
    }
    let valueBytes: Uint8Array | undefined;
    if (this._at_value === -1 && this._m_value !== undefined) {
      valueBytes = encodeField(this, 'value', this._m_value, 'UTF-16LE');
      this.valueLength = valueBytes.length;
    }
    out.writeU4le(this._int('key_offset', this.keyOffset, 0, 0xffffffff));
    if (!(this.keyOffset >= 1)) this._invalid('key_offset', 'min', 1, this.keyOffset, out);
    out.writeU4le(this._int('value_offset', this.valueOffset, 0, 0xffffffff));
    if (!(this.valueOffset >= 1)) this._invalid('value_offset', 'min', 1, this.valueOffset, out);
    out.writeU2le(this._int('key_length', this.keyLength, 0, 65535));
    if (!(this.keyLength > 0 && this.keyLength % 2 === 0)) this._invalid('key_length', 'expr', '_ > 0 and _ % 2 == 0', this.keyLength, out);
    out.writeU2le(this._int('value_length', this.valueLength, 0, 65535));
    if (!(this.valueLength > 0 && this.valueLength % 2 === 0)) this._invalid('value_length', 'expr', '_ > 0 and _ % 2 == 0', this.valueLength, out);
    const keyValue = this._m_key;
    if (keyValue !== undefined) {
      out.place(this, 'key', () => this.keyOffset, (out) => {
        if (keyBytes !== undefined) {
          out.writeBytes(this._fit('key', keyBytes, this.keyLength));
        } else {
          out.writeBytes(this._fit('key', encodeField(this, 'key', keyValue, 'UTF-16LE'), this.keyLength));
        }
      }, this._yields(this._at_key, keyValue), offsetSetter(this, 'keyOffset', (end) => end));
    }
    if (keyValue === undefined && this._at_key === -1) out.forget();
    const valueValue = this._m_value;
    if (valueValue !== undefined) {
      out.place(this, 'value', () => this.valueOffset, (out) => {
        if (valueBytes !== undefined) {
          out.writeBytes(this._fit('value', valueBytes, this.valueLength));
        } else {
          out.writeBytes(this._fit('value', encodeField(this, 'value', valueValue, 'UTF-16LE'), this.valueLength));
        }
      }, this._yields(this._at_value, valueValue), offsetSetter(this, 'valueOffset', (end) => end));
    }
    if (valueValue === undefined && this._at_value === -1) out.forget();
  }
}

/** What `create` takes. */
export interface VhdxParentLocatorEntryInit extends InitOf<VhdxParentLocatorEntry, never, 'keyOffset' | 'valueOffset' | 'keyLength' | 'valueLength' | 'key' | 'value'> {
}
