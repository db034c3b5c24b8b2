// @generated from vhdx_file_type_identifier.ksy by ksy-ts. Do not edit: change the schema and generate again.
import { type FieldLayout, type KaitaiWriter, type ReadOptions, KaitaiStream, WritableStruct, bytesTerminate, decodeString, equalBytes, need, readStruct } from './kaitai.js';

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
export class VhdxFileTypeIdentifier extends WritableStruct {
  /** Size in bytes. */
  static readonly SIZE = 520;
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT: readonly FieldLayout[] = [
    { id: 'signature', name: 'signature', offset: 0, size: 8, type: 'contents', origId: 'Signature', section: '[MS-VHDX] 2.2.1' },
    { id: 'creator', name: 'creator', offset: 8, size: 512, type: 'bytes', origId: 'Creator', section: '[MS-VHDX] 2.2.1' },
  ];
  declare _root: VhdxFileTypeIdentifier;
  declare _m_signature: Uint8Array | undefined;
  declare _m_creator: Uint8Array | undefined;
  declare _m_creatorText: string | undefined;

  /**
   * `Signature`
   *
   * @see [MS-VHDX] 2.2.1
   */
  get signature(): Uint8Array {
    return (this._m_signature ??= this._slice(0, 8));
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
    return (this._m_creator ??= this._slice(8, 512));
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
    const io = this._io;
    const back = io.pos;
    try {
      io.seek(8);
      this._m_creatorText = decodeString(bytesTerminate(io.readBytes(512), Uint8Array.of(0, 0), false), 'UTF-16LE');
    } catch (error) {
      this._m_creatorText = undefined;
      throw error;
    } finally {
      io.seek(back);
    }
    return need(this._m_creatorText);
  }

  /**
   * Reads the structure at the start of `bytes`. Byte fields are views of `bytes`: leave it unchanged for as long as they are used.
   *
   * @throws {ValidationError} the first broken constraint of severity `error`, unless `options.onViolation` takes them all
   * @throws {EofError} where `bytes` ends early
   */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): VhdxFileTypeIdentifier {
    if (options === undefined && bytes.length >= 520) {
      const value = new VhdxFileTypeIdentifier(undefined);
      if (value._readFixed(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)) return value;
    }
    return VhdxFileTypeIdentifier.read(new KaitaiStream(bytes, options));
  }

  /**
   * Reads the structure at the current position of `io`; errors as for `fromBytes`.
   */
  static read(io: KaitaiStream, options?: ReadOptions): VhdxFileTypeIdentifier {
    return readStruct(new VhdxFileTypeIdentifier(io), options);
  }

  override _read(): void {
    if (this._io.canReadFixed(520) && this._readFixed(this._io.bytes, this._io.dataView, this._io.pos)) {
      this._io.pos += 520;
      return;
    }
    this._start = this._io.pos;
    const io = this._io;
    let at: number;
    at = io.pos;
    this.signature = io.readBytes(8);
    if (!(equalBytes(this.signature, Uint8Array.of(118, 104, 100, 120, 102, 105, 108, 101)))) {
      this._violate({ id: 'signature', kind: 'contents', rule: 'A2', severity: 'error', section: '[MS-VHDX] 2.2.1' }, at, io.pos - at, Uint8Array.of(118, 104, 100, 120, 102, 105, 108, 101), this.signature);
    }
    this.creator = io.readBytes(512);
  }

  /** False where a constraint is broken: `_read` finds out which. */
  _readFixed(bytes: Uint8Array, view: DataView, at: number): boolean {
    this._bytes = bytes;
    this._start = at;
    return view.getUint32(at) === 0x76686478 && view.getUint32(at + 4) === 0x66696c65;
  }

  /** A new structure: contents, reserved bytes, counts and checksums are filled in. */
  static create(init: VhdxFileTypeIdentifierInit = {}): VhdxFileTypeIdentifier {
    const value = new VhdxFileTypeIdentifier(undefined);
    value.signature = Uint8Array.of(118, 104, 100, 120, 102, 105, 108, 101);
    value.creator = init.creator ?? new Uint8Array(512);
    return value;
  }

  /**
   * Writes 520 bytes at `offset`; contents and checksums are filled in.
   *
   * @throws {WriteError} where a value does not fit its field
   * @throws {RangeError} where the structure does not fit into `bytes`
   */
  override writeTo(bytes: Uint8Array, offset: number = 0): void {
    this._store(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset);
  }

  /** The structure as bytes; errors as for `writeTo`. */
  override toBytes(): Uint8Array {
    const bytes = new Uint8Array(520);
    this.writeTo(bytes);
    return bytes;
  }

  override _write(out: KaitaiWriter): void {
    const start = out.reserve(520);
    this._store(out.bytes, out.view, start);
  }

  _store(bytes: Uint8Array, _view: DataView, at: number): void {
    bytes.set(Uint8Array.of(118, 104, 100, 120, 102, 105, 108, 101), at);
    bytes.set(this._fit('creator', this.creator, 512), at + 8);
  }
}

/** What `VhdxFileTypeIdentifier.create` takes: whatever the schema does not determine. */
export interface VhdxFileTypeIdentifierInit {
  /**
   * The 512 bytes as they are stored; see `creator_text` for their reading.
   * Diagnostic only: a reader must not let it influence its behaviour.
   *
   * `Creator`
   *
   * @see [MS-VHDX] 2.2.1
   */
  readonly creator?: Uint8Array | undefined;
}
