/** What structures are written to. */
import { BitCoverage, layOver } from './coverage.js';
import { Demands } from './demands.js';
import { writeMeasured, type Sizing } from './measured.js';
import { originOf, type Origin } from './origin.js';
import { ByteOutput } from './output.js';
import { show } from './show.js';
import type { KaitaiStream } from './stream.js';
import { KaitaiStruct, joinPath, pathOf } from './struct.js';
import { Verdict } from './verdict.js';
import { Waiting, type Placement as PlacementIn } from './waiting.js';
import { WriteError, type WriteOptions } from './write-error.js';
import { WrittenStream } from './written-stream.js';

/** What can append itself to a writer: generated structures, and opaque types that have `_write`. */
export interface Writable {
  _write(out: KaitaiWriter): void;
}

type Placement = PlacementIn<KaitaiWriter>;

/** Writes a whole stream. */
export function writeRoot(struct: Writable, options: WriteOptions | undefined): KaitaiWriter {
  const origin = originOf(struct);
  let verdict = new Verdict();
  let written: KaitaiWriter;
  try {
    written = writeMeasured(struct, (sizing) => {
      const root = KaitaiWriter.root(options, sizing, origin);
      ({ verdict } = root);
      return root;
    });
  } finally {
    verdict.tell(options ?? {});
  }
  verdict.uphold();
  return written;
}

/** Collects what structures write; numbers come in already checked. */
export class KaitaiWriter extends ByteOutput implements WriteOptions {
  readonly onViolation: WriteOptions['onViolation'];
  readonly #sizing: Sizing | undefined;
  readonly #outer: KaitaiWriter | undefined;
  /** Where `bytes` begin in their stream. */
  readonly #base: number;
  /** The writer of the whole stream that this one writes a piece of. */
  readonly #target: KaitaiWriter;
  #isClosed = false;
  #sizeWasAsked = false;
  #hasForgiven = false;
  #isSealed = false;
  #isExact = false;
  #finished: Uint8Array | undefined;
  readonly #demands = new Demands();
  /** Where instances end. */
  #length = 0;
  #origin: Origin | undefined;
  /** Where what fields describe ends. */
  #described = 0;
  readonly #coverage = new BitCoverage();
  /** Where the stream is said to stand, for expressions that depend on where it stood while reading. */
  #standing: number | undefined;
  /** The piece of this stream that is being written at a place of its own: the stream stands where it does. */
  #piece: KaitaiWriter | undefined;
  readonly #fixes: ((bytes: Uint8Array) => void)[] = [];
  readonly #placements = new Waiting<Placement>();
  /** Placements in other streams, which wait until all are there. */
  readonly #elsewhere = new Waiting<() => void>();
  #hasMoved = false;
  /** That of all streams that are written together. */
  readonly verdict: Verdict;
  /** Where the stream went, once it was complete. */
  #home:
    | {
        readonly writer: KaitaiWriter;
        readonly at: number;
        readonly length: number;
        readonly finish: (bytes: Uint8Array) => Uint8Array;
      }
    | undefined;

  constructor(options?: WriteOptions, sizing?: Sizing, outer?: KaitaiWriter, target?: KaitaiWriter, base = 0) {
    super();
    this.onViolation = options?.onViolation;
    this.#sizing = sizing;
    this.#outer = outer;
    this.#base = base;
    this.#target = target ?? this;
    this.verdict = (outer ?? target)?.verdict ?? new Verdict();
  }

  /** A writer of a whole stream, which was read from `origin`. */
  static root(options: WriteOptions | undefined, sizing: Sizing, origin: Origin | undefined): KaitaiWriter {
    const root = new KaitaiWriter(options, sizing);
    root.#origin = origin;
    return root;
  }

  /** The stream's bytes up to the last one that a field describes. */
  get described(): Uint8Array {
    return this.finish().subarray(0, this.#described);
  }

  /** Position in the stream, a byte that bits have begun counted as full. */
  get streamPos(): number {
    return this.#base + this.pos + (this.hasBits ? 1 : 0);
  }

  /** Position in the stream, as expressions see it. */
  get statedPos(): number {
    return this.#standing ?? this.#target.#piece?.streamPos ?? this.streamPos;
  }

  /** Position in the stream behind the next `size` bytes. */
  behind(size: number): number {
    return this.streamPos + size;
  }

  /** Evaluates as if the stream stood at `position`; as it is, where `out` writes to the same stream. */
  standingAt<T>(position: number, evaluate: () => T, out?: KaitaiWriter): T {
    if (out !== undefined && out.#target === this.#target) return evaluate();
    const before = this.#standing;
    this.#standing = position;
    try {
      return evaluate();
    } finally {
      this.#standing = before;
    }
  }

  /** Size of the stream: given, found out before, or what there is so far, if this is the first attempt. */
  get size(): number {
    if (this.#target !== this) return this.#target.size;
    this.#sizeWasAsked = true;
    if (this.#sizing === undefined)
      throw new WriteError('_io.size', 'known: write with `toBytes` or `writeTo`', undefined);
    return this.#sizing.size ?? this.pos;
  }

  get sizeWasAsked(): boolean {
    return this.#sizeWasAsked;
  }

  /** What expressions see of the stream. */
  get stream(): KaitaiStream {
    return new WrittenStream(this);
  }

  /** Whether the stream is still being written, or another one that it is part of. */
  get isOpen(): boolean {
    if (this.#target !== this) return this.#target.isOpen;
    return this.#outer === undefined ? !this.#isClosed : this.#outer.isOpen;
  }

  close(): void {
    this.#isClosed = true;
  }

  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  get hasForgiven(): boolean {
    return this.#hasForgiven;
  }

  /** Whether a contradiction may come from a wrong guess at a size: it will be checked again. */
  forgive(): boolean {
    if (this.#sizeWasAsked && this.#sizing?.isFinal === false) return (this.#hasForgiven = true);
    return this.#target === this ? this.#outer?.forgive() === true : this.#target.forgive();
  }

  /** Runs once everything is written, what was deferred last first: inner checksums before outer ones. */
  defer(fix: (bytes: Uint8Array) => void): void {
    this.#fixes.push(fix);
  }

  protected override filledInPart(at: number, mask: number): void {
    this.#coverage.leave(at, at + 1, mask);
  }

  /** Nothing may follow in this stream: what is read here takes all there is. */
  mustEnd(struct: KaitaiStruct, id: string): void {
    this.#target.#demands.end(() => joinPath(pathOf(struct), id), this.streamPos);
  }

  /** A terminator must stand `ahead` bytes from here, written by whatever comes next. */
  follow(path: () => string, ahead: number, terminator: Uint8Array, eosError: boolean): void {
    this.#target.#demands.follow({ path, at: this.streamPos + ahead, terminator, eosError });
  }

  /** Writes an instance at `position` of this stream once the stream is complete. */
  place(
    struct: KaitaiStruct,
    id: string,
    position: () => number,
    write: (out: KaitaiWriter) => void,
    yields: boolean,
    moveTo?: Placement['moveTo'],
  ): void {
    const path = (): string => joinPath(pathOf(struct), id);
    this.#target.#placements.add({ path, position, write, yields, moveTo }, moveTo !== undefined);
  }

  /** Writes an instance in the stream `io`, once all streams are there. A stream that is not written is left alone. */
  placeIn(
    io: () => KaitaiStream,
    struct: KaitaiStruct,
    id: string,
    position: () => number,
    write: (out: KaitaiWriter) => void,
    yields: boolean,
    moveTo?: Placement['moveTo'],
  ): void {
    const path = (): string => joinPath(pathOf(struct), id);
    this.#target.#elsewhere.add(() => {
      const stream = io();
      const writer = stream instanceof WrittenStream ? stream.writer : undefined;
      if (!(writer instanceof KaitaiWriter)) return;
      const target = writer.#target;
      target.#put({ path, position, write, yields, moveTo });
      target.#putAll();
      target.#renew();
      if (target.#outer !== undefined) target.#elsewhere.goTo(this.#root.#elsewhere);
    }, moveTo !== undefined);
  }

  get #root(): KaitaiWriter {
    return this.#outer === undefined ? this.#target : this.#outer.#root;
  }

  /** Keeps nothing of what the stream held when it was read: what a field described then is taken away. */
  forget(): void {
    this.#target.#origin = undefined;
  }

  /** Writes the instances that are waiting; they may bring instances of their own. */
  #putAll(): void {
    this.#placements.each((placement) => this.#put(placement));
  }

  /** A stream of its own for `struct`; its size, where it is known before; whether the structure must fill it. */
  inner(struct: Writable, size?: number, isExact = false): KaitaiWriter {
    const origin = originOf(struct);
    const told = this.verdict.count;
    const make = (sizing: Sizing): KaitaiWriter => {
      this.verdict.keep(told);
      const made = new KaitaiWriter(this, sizing, this);
      made.#origin = origin;
      return made;
    };
    let out: KaitaiWriter;
    if (size === undefined) {
      out = writeMeasured(struct, make);
    } else {
      out = make({ size, isFinal: true });
      if (origin?.bytes.length !== size) out.#origin = undefined;
      struct._write(out);
      out.finish();
    }
    out.#isExact = isExact;
    out.#elsewhere.goTo(this.#target.#elsewhere);
    return out;
  }

  /** A stream that holds `bytes` and nothing else. */
  raw(bytes: Uint8Array): KaitaiWriter {
    const out = new KaitaiWriter(this, undefined, this);
    out.writeBytes(bytes);
    out.finish();
    out.#isExact = true;
    return out;
  }

  /** Size of a field for this stream: what it needs, or what was given where it may be longer. */
  sizeWithin(given: number | bigint | undefined): number {
    const size = Number(given ?? 0);
    return !this.#isExact && size > this.length ? size : this.length;
  }

  /** Bytes written so far, instances included. */
  get length(): number {
    return Math.max(this.pos, this.#length);
  }

  /** Appends a complete stream; `finish` makes its bytes what they are here. */
  collapse(inner: KaitaiWriter, finish: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): void {
    this.alignToByte();
    const bytes = finish(inner.finish());
    inner.#home = { writer: this, at: this.pos, length: bytes.length, finish };
    this.writeBytes(bytes);
  }

  /** As `collapse`, for a structure that stands there as it is and may leave room behind it. */
  embed(inner: KaitaiWriter, finish?: (bytes: Uint8Array) => Uint8Array): void {
    this.collapse(inner, finish);
    const home = inner.#home;
    if (home === undefined) return;
    // Where a process has the bits of a byte is not known.
    this.#coverage.embed(inner.#coverage, home.at, finish === undefined);
    if (home.length > inner.length) this.#coverage.leave(home.at + inner.length, home.at + home.length);
  }

  /** Carries a change of a complete stream into those around it. */
  #renew(): void {
    const home = this.#home;
    if (home === undefined) return;
    const { writer, at, length, finish } = home;
    const { pos } = writer;
    writer.pos = at;
    this.#finished = undefined;
    const bytes = finish(this.finish());
    writer.pos = pos;
    if (bytes.length !== length)
      throw new WriteError('', `of ${length} bytes, as before an instance was written into it`, bytes.length);
    writer.bytes.set(bytes, at);
    writer.#renew();
  }

  /** The stream's bytes, with instances, checks and checksums done. */
  finish(): Uint8Array {
    this.alignToByte();
    if (!this.#isSealed) {
      this.#isSealed = true;
      this.#keepOrigin();
      this.#putAll();
      // What is put in place may bring more of its kind.
      if (this.#outer === undefined) this.#elsewhere.each((write) => write());
      if (this.#target === this) this.#demands.check(this.bytes.subarray(0, this.length), () => this.forgive());
    }
    if (this.#finished !== undefined) return this.#finished;
    const bytes = this.bytes.subarray(0, this.length);
    for (let last = this.#fixes.length - 1; last >= 0; last -= 1) this.#fixes[last]?.(bytes);
    return (this.#finished = bytes);
  }

  /** What nothing described when the structure was read stays as it was, if the structure is still as long. */
  #keepOrigin(): void {
    const origin = this.#origin;
    this.#described = this.pos;
    if (origin === undefined) return;
    const { end, bytes } = origin;
    if (end === this.pos) this.#coverage.fill(this.bytes, bytes);
    else if (this.#outer !== undefined) return;
    // Of a root that became longer or shorter, places that are counted from its start stay where they are.
    const staysInPlace = end !== this.pos && this.#placements.hasAny;
    const from = staysInPlace ? Math.max(end, this.pos) : end;
    const to = staysInPlace ? from : this.pos;
    const rest = bytes.subarray(from);
    if (rest.length === 0) return;
    if (to + rest.length > this.bytes.length) this.grow(to + rest.length);
    this.bytes.set(rest, to);
    this.#length = to + rest.length;
    this.#coverage.leave(Math.min(this.pos, to), this.#length);
  }

  /** Writes an instance in its place. */
  #put({ path, position, write, yields, moveTo }: Placement): void {
    if (moveTo?.(this.length) === true) this.#root.#hasMoved = true;
    const from = position();
    if (!Number.isSafeInteger(from) || from < 0) throw new WriteError(path(), 'at a position within its stream', from);
    const piece = pieceOf(this, this.#outer, from);
    this.#piece = piece;
    try {
      write(piece);
    } catch (error) {
      // Text that was decoded with a loss cannot be encoded; where it only repeats a field, that has the bytes.
      if (yields && error instanceof WriteError && this.#coverage.masks(from + 1, this.pos)[from] !== 0) return;
      throw error;
    } finally {
      this.#piece = undefined;
    }
    const bytes = piece.finish();
    // What is empty may stand anywhere, also past the end.
    if (bytes.length === 0) return;
    const to = from + bytes.length;
    if (to > this.bytes.length) this.grow(to);
    const here = { bytes: this.bytes, masks: this.#coverage.masks(to, this.pos) };
    const masks = piece.#coverage.isWhole ? undefined : piece.#coverage.masks(bytes.length, bytes.length);
    layOver(here, from, { bytes, masks }, yields, (at, before, byte) => {
      if (!this.forgive()) throw new WriteError(path(), `what another field has at ${at}: ${show(before)}`, byte);
    });
    piece.#home = { writer: this, at: from, length: bytes.length, finish: (all) => all };
    this.#length = Math.max(this.#length, to);
    this.#described = Math.max(this.#described, to);
  }
}

/**
 * A writer of what stands at `origin` of the stream that `target` writes. Within a private method TypeScript 7 would name
 * the class in a way that keeps it in bundles that do not use it.
 */
function pieceOf(target: KaitaiWriter, outer: KaitaiWriter | undefined, origin: number): KaitaiWriter {
  return new KaitaiWriter(target, undefined, outer, target, origin);
}
