// @generated from vhdx_log_ring.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from './kaitai/constraints.js';
import type { InitOf, Within } from './kaitai/init.js';
import { KaitaiStream } from './kaitai/stream.js';
import { type KaitaiStruct, readStruct } from './kaitai/struct.js';
import { StreamedStruct } from './kaitai/write-streamed.js';
import type { KaitaiWriter } from './kaitai/writer.js';

/**
 * The log as a reader or writer keeps it in memory. It reads no bytes: the
 * place of the log comes from the header, the positions of the oldest and the
 * newest entry from the active sequence.
 *
 * `head` and `tail` are equal both when the ring is empty and when its
 * entries fill it exactly; `is_empty` tells the two apart. An active sequence
 * has at least one entry, so its ring is never empty.
 *
 * `Log`
 *
 * @see [MS-VHDX] 2.3
 */
export class VhdxLogRing extends StreamedStruct {
  /** Size in bytes. */
  static readonly SIZE = 0;
  /** The fields in order. */
  static readonly LAYOUT = [] as const;
  declare _root: VhdxLogRing;
  /**
   * Byte offset of the log in the file.
   *
   * `LogOffset`
   *
   * @see [MS-VHDX] 2.2.2
   */
  offset: bigint;
  /**
   * Size of the log in bytes.
   *
   * `LogLength`
   *
   * @see [MS-VHDX] 2.2.2
   */
  length: number;
  /**
   * Byte offset in the log of the first byte after the newest entry, where
   * the next one goes. Less than `length`: the end of the ring is its start.
   *
   * @see [MS-VHDX] 2.3.3
   */
  head: number;
  /**
   * Byte offset in the log of the oldest entry. Less than `length`.
   *
   * `Tail`
   *
   * @see [MS-VHDX] 2.3.1.1
   * @see [MS-VHDX] 2.3.2
   */
  tail: number;
  /**
   * No entry is in use. Then `head` and `tail` are equal.
   *
   * @see [MS-VHDX] 2.3.2
   */
  isEmpty: boolean;
  declare protected _m_used: number | undefined;
  declare protected _m_free: number | undefined;
  declare protected _m_isWrapped: boolean | undefined;
  declare protected readonly _types: { readonly init: Within<VhdxLogRingInit, 'offset' | 'length' | 'head' | 'tail' | 'isEmpty'> } | undefined;

  constructor(source: KaitaiStream | DataView | undefined, parent: KaitaiStruct | undefined, root: KaitaiStruct | undefined, offset: bigint, length: number, head: number, tail: number, isEmpty: boolean) {
    super();
    this._from = source ?? null;
    if (parent !== undefined) this._parent = parent;
    this._top = root ?? this;
    this.offset = offset;
    this.length = length;
    this.head = head;
    this.tail = tail;
    this.isEmpty = isEmpty;
  }

  /**
   * Smallest log, in bytes: its length is a multiple of 1 MiB, and a file
   * without a log cannot be updated safely.
   *
   * @see [MS-VHDX] 2.2.2
   */
  get minLogLength(): number {
    return 0x100000;
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
   * Number of bytes in use, from `tail` up to `head`.
   *
   * @see [MS-VHDX] 2.3.2
   */
  get used(): number {
    return (this._m_used ??= this.isEmpty ? 0 : (this.head > this.tail ? this.head - this.tail : this.length - this.tail + this.head));
  }

  /**
   * Number of bytes that new entries can take. Space is free once its
   * entries are no part of the active sequence.
   *
   * @see [MS-VHDX] 2.3.1
   */
  get free(): number {
    return (this._m_free ??= this.length - this.used);
  }

  /**
   * The entries fill the ring exactly.
   *
   * @see [MS-VHDX] 2.3.3
   */
  get isFull(): boolean {
    return !this.isEmpty && this.head === this.tail;
  }

  /**
   * The bytes in use run past the end of the ring and go on at its start. A
   * sequence that ends exactly at the end of the ring does not.
   *
   * @see [MS-VHDX] 2.3.3
   */
  get isWrapped(): boolean {
    return (this._m_isWrapped ??= !this.isEmpty && this.head !== 0 && this.head <= this.tail);
  }

  /**
   * Byte offset of `head` in the file.
   *
   * @see [MS-VHDX] 2.3
   */
  get headFileOffset(): bigint {
    return this.offset + BigInt(this.head);
  }

  /**
   * Byte offset of `tail` in the file.
   *
   * @see [MS-VHDX] 2.3
   */
  get tailFileOffset(): bigint {
    return this.offset + BigInt(this.tail);
  }

  /**
   * Byte offset in the file of the first byte after the log.
   *
   * @see [MS-VHDX] 2.3
   */
  get endFileOffset(): bigint {
    return this.offset + BigInt(this.length);
  }

  /** Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError} */
  static fromBytes(bytes: Uint8Array, offset: bigint, length: number, head: number, tail: number, isEmpty: boolean, options?: ReadOptions): VhdxLogRing {
    return VhdxLogRing.read(new KaitaiStream(bytes, options), offset, length, head, tail, isEmpty);
  }

  /** Reads from where `io` stands. @throws {ReadError} */
  static read(io: KaitaiStream, offset: bigint, length: number, head: number, tail: number, isEmpty: boolean, options?: ReadOptions): VhdxLogRing {
    return readStruct(new VhdxLogRing(io, undefined, undefined, offset, length, head, tail, isEmpty), options);
  }

  override _read(_stream?: KaitaiStream): void {
  }

  /** A new one: what the schema determines is filled in. */
  static create(init: VhdxLogRingInit): VhdxLogRing {
    return new VhdxLogRing(undefined, undefined, undefined, init.offset, init.length, init.head, init.tail, init.isEmpty)['_fill'](init);
  }

  protected override _fill(init: VhdxLogRingInit): this {
    this.offset = init.offset ?? this.offset;
    this.length = init.length ?? this.length;
    this.head = init.head ?? this.head;
    this.tail = init.tail ?? this.tail;
    this.isEmpty = init.isEmpty ?? this.isEmpty;
    return this;
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._m_used = undefined;
    this._m_free = undefined;
    this._m_isWrapped = undefined;
  }
}

/** What `create` takes. */
export interface VhdxLogRingInit extends InitOf<VhdxLogRing, 'offset' | 'length' | 'head' | 'tail' | 'isEmpty'> {
}
