// @generated from vhdx_file_type_identifier.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { trimText } from './kaitai/bytes.js';
import type { ReadOptions } from './kaitai/constraints.js';
import { encodeField } from './kaitai/encode.js';
import type { InitOf } from './kaitai/init.js';
import { bytesAt, memoryOf } from './kaitai/parts.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, bytesIn, canReadFixed, failedIn, located, readStruct } from './kaitai/struct.js';
import { type Fetched, StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';

/**
 * The first structure of the file: 520 bytes at offset 0, in a slot of 64 KiB.
 * It is written once, when the file is created; nothing in the first 64 KiB is
 * overwritten afterwards. The rest of the slot is reserved and is not a part
 * of this structure.
 *
 * `File Type Identifier`
 *
 * @see [MS-VHDX] 2.2.1
 */
export class VhdxFileTypeIdentifier extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 520;
  /** The fields in order. */
  static readonly LAYOUT = [
    { id: 'signature', name: 'signature', offset: 0, size: 8, type: 'contents' },
    { id: 'creator', name: 'creator', offset: 8, size: 512, type: 'bytes' },
  ] as const;
  declare _root: VhdxFileTypeIdentifier;
  protected override _start: number = 0;
  declare protected _m_signature: Uint8Array | undefined;
  declare protected _m_creator: Uint8Array | undefined;
  declare protected _m_creatorText: string | undefined;
  declare protected readonly _types: { readonly init: VhdxFileTypeIdentifierInit } | undefined;
  declare protected _at_creatorText: number | undefined;

  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
  }

  /**
   * `Signature`
   *
   * @see [MS-VHDX] 2.2.1
   */
  get signature(): Uint8Array {
    return (this._m_signature ??= this._source === undefined ? Uint8Array.of(118, 104, 100, 120, 102, 105, 108, 101) : bytesIn(this, 0, 8));
  }

  set signature(value: Uint8Array) {
    this._m_signature = value;
  }

  /**
   * The 512 bytes as they are stored; see `creator_text` for their reading.
   * Diagnostic only: a reader must not let it influence its behaviour.
   *
   * `Creator`
   *
   * @see [MS-VHDX] 2.2.1
   */
  get creator(): Uint8Array {
    return (this._m_creator ??= bytesIn(this, 8, 512));
  }

  set creator(value: Uint8Array) {
    this._m_creator = value;
  }

  /**
   * The name of the program that created the file, up to the first NUL or
   * 256 UTF-16 code units. The position counts from the start of the
   * stream, as the structure stands at offset 0.
   *
   * `Creator`
   *
   * @see [MS-VHDX] 2.2.1
   */
  get creatorText(): string {
    if (this._m_creatorText !== undefined) return this._m_creatorText;
    try {
      const io = this._io;
      const at = 8;
      const value = trimText(bytesAt(io, at, 512), 'UTF-16LE', undefined, Uint8Array.of(0, 0), false, this, 'creator_text');
      this._at_creatorText = at;
      return (this._m_creatorText = value);
    } catch (error) {
      throw located(this, 'creator_text', error);
    }
  }

  set creatorText(value: string | undefined) {
    this._m_creatorText = value;
    this._at_creatorText = -1;
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxFileTypeIdentifier {
    const memory = memoryOf(bytes, 520, options);
    if (memory !== undefined) {
      const value = new VhdxFileTypeIdentifier(memory);
      if (value['_readFixed'](memory, 0)) return value;
    }
    return VhdxFileTypeIdentifier.read(new KaitaiStream(bytes, options));
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxFileTypeIdentifier {
    return readStruct(new VhdxFileTypeIdentifier(io), options);
  }

  override _read(io: KaitaiStream = this._io): void {
    this._from = io;
    this._start = io.pos;
    if (canReadFixed(io, 520) && this._readFixed(io.memory, io.base + io.pos)) {
      io.pos += 520;
      return;
    }
    let field = 0;
    try {
      let at: number;
      at = io.pos;
      this._m_signature = io.readBytes(8);
      if (!(this._m_signature[0] === 118 && this._m_signature[1] === 104 && this._m_signature[2] === 100 && this._m_signature[3] === 120 && this._m_signature[4] === 102 && this._m_signature[5] === 105 && this._m_signature[6] === 108 && this._m_signature[7] === 101)) {
        this._violate({ id: 'signature', kind: 'contents', rule: 'A2', severity: 'error', section: '[MS-VHDX] 2.2.1' }, at, io.pos - at, Uint8Array.of(118, 104, 100, 120, 102, 105, 108, 101), this._m_signature);
      }
      field = 1;
      this._m_creator = io.readBytes(512);
    } catch (error) {
      throw failedIn(this, field, error);
    }
  }

  /** False where a constraint is broken. */
  protected _readFixed(view: DataView, at: number): boolean {
    return view.getUint32(at) === 0x76686478 && view.getUint32(at + 4) === 0x66696c65;
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxFileTypeIdentifierInit = {}): VhdxFileTypeIdentifier {
    return new VhdxFileTypeIdentifier(undefined)['_fill'](init);
  }

  protected override _fill(init: VhdxFileTypeIdentifierInit): this {
    this._m_signature = init.signature;
    this.creator = init.creator ?? new Uint8Array(512);
    if (init.creatorText !== undefined) {
      this.creatorText = init.creatorText;
    }
    return this;
  }

  protected override _fetch(seen: Fetched): void {
    if (this._wasRead) {
      if (this._at_creatorText === undefined) seen.try(() => this.creatorText);
    }
    seen.instance(this._m_creatorText, this._at_creatorText);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    out.writeBytes(this._contents('signature', this.signature, Uint8Array.of(118, 104, 100, 120, 102, 105, 108, 101), true, out));
    out.writeBytes(this._fit('creator', this.creator, 512));
    const creatorTextValue = this._m_creatorText;
    if (creatorTextValue !== undefined) {
      out.place(this, 'creator_text', () => 8, (out) => {
        out.writeBytes(this._fit('creator_text', encodeField(this, 'creator_text', creatorTextValue, 'UTF-16LE'), 512, undefined, Uint8Array.of(0, 0)));
      }, this._yields(this._at_creatorText, creatorTextValue));
    }
    if (creatorTextValue === undefined && this._at_creatorText === -1) out.forget();
  }
}

/** What `create` takes. */
export interface VhdxFileTypeIdentifierInit extends InitOf<VhdxFileTypeIdentifier, never, 'signature' | 'creator' | 'creatorText'> {
}
