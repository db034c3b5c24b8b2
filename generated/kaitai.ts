/**
 * What generated code stands on: a stream, a writer, the base class of structures, and the errors.
 *
 * The stream extends the one of the npm package `kaitai-struct`, so that opaque types and custom processes written for
 * Kaitai Struct's JavaScript keep working. It adds exact 64-bit integers and bit fields wider than 32 bits, and corrects
 * what that class gets wrong (terminators with `include` and `consume`, silent clamping in `seek`, errors without offsets).
 */
import runtime from 'kaitai-struct';
import type { default as BaseModule } from 'kaitai-struct/KaitaiStream.js';

type BaseStream = typeof BaseModule.default;

// The package is CommonJS whose types describe a default export that does not exist at run time.
const Base: BaseStream = runtime.KaitaiStream as unknown as BaseStream;

/** How bad a broken constraint is (`-severity` in the schema). Only `error` is thrown where nobody collects. */
export type Severity = 'error' | 'refuse-write' | 'warning' | 'info';

/** The kinds of constraint a schema can state. */
export type ConstraintKind = 'contents' | 'eq' | 'min' | 'max' | 'any-of' | 'in-enum' | 'expr' | 'checksum';

/** A constraint of the schema, as generated code describes it. */
export interface Constraint {
  /** The field's id in the schema; of an element, with its index. */
  readonly id: string;
  readonly kind: ConstraintKind;
  /** `-rule` of the schema. */
  readonly rule?: string;
  readonly severity: Severity;
  /** The field's first `doc-ref`, or its type's. */
  readonly section?: string;
}

/** A constraint of the schema that the bytes read do not meet. */
export interface Violation {
  /** Schema path from the structure that was read: `entries[3].required`. */
  readonly path: string;
  /** The field's first byte, counted from the start of the outermost stream. */
  readonly offset: number;
  /** The field's length in bytes; of a bit field, of the bytes it touches. */
  readonly length: number;
  readonly constraint: ConstraintKind;
  readonly rule: string | undefined;
  readonly severity: Severity;
  readonly section: string | undefined;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly message: string;
}

export interface ReadOptions {
  /** Takes every violated constraint; reading goes on. Without it the first one of severity `error` is thrown. */
  readonly onViolation?: ((violation: Violation) => void) | undefined;
}

/** One field of a structure, as the schema lays it out. */
export interface FieldLayout {
  /** The field's id in the schema. */
  readonly id: string;
  /** The property that holds it. */
  readonly name: string;
  /** Bytes from the structure's start; undefined behind a field of variable size. */
  readonly offset?: number;
  /** Bytes; of a bit field, of its whole byte-aligned group. Undefined where it varies. */
  readonly size?: number;
  /** First bit within the group, counted from the least significant one (little-endian) or most significant one. */
  readonly bitOffset?: number;
  readonly bits?: number;
  /** The type as the schema writes it. */
  readonly type: string;
  /** The specification's own spelling (`-orig-id`). */
  readonly origId?: string;
  /** The field's first `doc-ref`. */
  readonly section?: string;
}

/** A constraint of severity `error` is not met, and nobody collects. */
export class ValidationError extends Error {
  readonly violation: Violation;

  constructor(violation: Violation) {
    super(violation.message);
    this.name = 'ValidationError';
    this.violation = violation;
  }
}

/** The stream ends before the field does. */
export class EofError extends Error {
  /** Where the read began, in bytes from the start of the outermost stream. */
  readonly offset: number;
  readonly needed: number;
  readonly available: number;

  constructor(offset: number, needed: number, available: number) {
    super(`at ${hex(offset)}: requested ${needed} bytes, but only ${available} bytes available`);
    this.name = 'EofError';
    this.offset = offset;
    this.needed = needed;
    this.available = available;
  }
}

/** A terminator that must be there (`eos-error`) is not. */
export class TerminatorError extends Error {
  readonly offset: number;

  constructor(offset: number, terminator: Uint8Array) {
    super(`at ${hex(offset)}: the stream ends before the terminator ${show(terminator)}`);
    this.name = 'TerminatorError';
    this.offset = offset;
  }
}

/** `meta/endian` names no byte order for what was read. */
export class UndecidedEndianError extends Error {
  readonly offset: number;

  constructor(io: KaitaiStream) {
    super(`at ${hex(io.origin + io.pos)}: the byte order cannot be decided`);
    this.name = 'UndecidedEndianError';
    this.offset = io.origin + io.pos;
  }
}

/** Text that is no number, or a number that is no integer within ±2^53 (`to_i`). */
export class ConversionError extends Error {
  constructor(source: unknown) {
    super(`${show(source)} is not an integer within ±2^53`);
    this.name = 'ConversionError';
  }
}

/** A character encoding that nothing here can decode. */
export class EncodingError extends Error {
  readonly encoding: string;

  constructor(encoding: string) {
    super(`unknown encoding '${encoding}'`);
    this.name = 'EncodingError';
    this.encoding = encoding;
  }
}

/** Checksum of `bytes`, continued from `previous` (the checksum of what came before). */
export type ChecksumFunction = (bytes: Uint8Array, previous?: number) => number;

/** The algorithms a schema's `-checksum` may name. A faster implementation may be put in place of each. */
export const checksums: { crc32: ChecksumFunction; crc32c: ChecksumFunction } = {
  crc32: tableCrc(0xedb88320),
  crc32c: tableCrc(0x82f63b78),
};

/** Byte-wise CRC of a reflected 32-bit polynomial. */
function tableCrc(polynomial: number): ChecksumFunction {
  let table: Int32Array | undefined;
  return (bytes, previous = 0) => {
    table ??= Int32Array.from({ length: 256 }, (_, index) => {
      let value = index;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
      return value;
    });
    let crc = ~previous;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}

export class KaitaiStream extends Base {
  readonly bytes: Uint8Array;
  /** Where this stream begins within the outermost one, in bytes. */
  readonly origin: number;
  /** Takes violations of what is read from here on; undefined: they are thrown. */
  onViolation: ((violation: Violation) => void) | undefined;

  constructor(source: Uint8Array | ArrayBuffer, options?: ReadOptions, origin = 0) {
    const bytes = source instanceof Uint8Array ? source : new Uint8Array(source);
    // The base class takes whatever has buffer, byteOffset and byteLength for a view.
    super(bytes as unknown as DataView<ArrayBuffer>);
    this.bytes = bytes;
    this.origin = origin;
    this.onViolation = options?.onViolation;
  }

  /** A stream over `bytes`, which were read from this one at `position`. */
  substream(bytes: Uint8Array, position: number): KaitaiStream {
    return new KaitaiStream(bytes, this, this.origin + position);
  }

  /** The next `size` bytes as a stream of their own. */
  readSubstream(size: number): KaitaiStream {
    const position = this.pos;
    return this.substream(this.readBytes(size), position);
  }

  /** Whether a structure of `size` bytes can be read at once: nobody collects violations, and it is all there. */
  canReadFixed(size: number): boolean {
    return this.onViolation === undefined && this.bitsLeft === 0 && this.bytes.length - this.pos >= size;
  }

  /** The byte that the next bit field begins in. */
  get bitStart(): number {
    return this.bitsLeft > 0 ? this.pos - 1 : this.pos;
  }

  /** Bytes from the current position to the end; negative past the end. */
  get available(): number {
    return this.bytes.length - this.pos;
  }

  /** Moves to `position`, which may lie past the end: only a read there fails. */
  override seek(position: number): void {
    if (!Number.isSafeInteger(position) || position < 0) {
      throw new EofError(this.origin + this.pos, position, this.bytes.length);
    }
    this.pos = position;
    this.alignToByte();
  }

  override isEof(): boolean {
    return this.pos >= this.bytes.length && this.bitsLeft === 0;
  }

  override ensureBytesLeft(length: number): void {
    if (!(length >= 0)) throw new EofError(this.origin + this.pos, length, this.available);
    if (length > 0 && length > this.bytes.length - this.pos) {
      throw new EofError(this.origin + this.pos, length, Math.max(0, this.available));
    }
  }

  override mapUint8Array(length: number): Uint8Array {
    this.ensureBytesLeft(length);
    const { bytes, pos } = this;
    this.pos = pos + length;
    // Faster than `subarray`, which has to ask for the species of the array.
    return pos + length <= bytes.length
      ? new Uint8Array(bytes.buffer, bytes.byteOffset + pos, length)
      : new Uint8Array(0);
  }

  readU8leBigInt(): bigint {
    this.ensureBytesLeft(8);
    const value = this.dataView.getBigUint64(this.pos, true);
    this.pos += 8;
    return value;
  }

  readU8beBigInt(): bigint {
    this.ensureBytesLeft(8);
    const value = this.dataView.getBigUint64(this.pos);
    this.pos += 8;
    return value;
  }

  readS8leBigInt(): bigint {
    return BigInt.asIntN(64, this.readU8leBigInt());
  }

  readS8beBigInt(): bigint {
    return BigInt.asIntN(64, this.readU8beBigInt());
  }

  /** An unsigned bit field of up to 64 bits, most significant bit first. */
  readBitsBeBigInt(bits: number): bigint {
    if (bits <= 32) return BigInt(this.readBitsIntBe(bits));
    this.#ensureBits(bits);
    const high = BigInt(this.readBitsIntBe(bits - 32));
    return (high << 32n) | BigInt(this.readBitsIntBe(32));
  }

  /** An unsigned bit field of up to 64 bits, least significant bit first. */
  readBitsLeBigInt(bits: number): bigint {
    if (bits <= 32) return BigInt(this.readBitsIntLe(bits));
    this.#ensureBits(bits);
    const low = BigInt(this.readBitsIntLe(32));
    return (BigInt(this.readBitsIntLe(bits - 32)) << 32n) | low;
  }

  /** An unsigned bit field of up to 53 bits, most significant bit first. */
  readBitsBe(bits: number): number {
    return bits <= 32 ? this.readBitsIntBe(bits) : Number(this.readBitsBeBigInt(bits));
  }

  /** An unsigned bit field of up to 53 bits, least significant bit first. */
  readBitsLe(bits: number): number {
    return bits <= 32 ? this.readBitsIntLe(bits) : Number(this.readBitsLeBigInt(bits));
  }

  /** A wide field is read in two parts: it must not fail between them. */
  #ensureBits(bits: number): void {
    this.ensureBytesLeft(Math.ceil((bits - this.bitsLeft) / 8));
  }

  /** Bytes up to `terminator`, which is looked for at multiples of its own length. */
  readBytesUntil(terminator: Uint8Array, include: boolean, consume: boolean, eosError: boolean): Uint8Array {
    const start = this.pos;
    const end = indexOfTerminator(this.bytes, start, terminator);
    if (end === -1) {
      if (eosError) throw new TerminatorError(this.origin + start, terminator);
      return this.mapUint8Array(Math.max(0, this.bytes.length - start));
    }
    const after = end + terminator.length;
    this.pos = consume ? after : end;
    return this.bytes.subarray(start, include ? after : end);
  }

  override readBytesTerm(terminator: number, include: boolean, consume: boolean, eosError: boolean): Uint8Array {
    return this.readBytesUntil(Uint8Array.of(terminator), include, consume, eosError);
  }

  override readBytesTermMulti(
    terminator: Uint8Array,
    include: boolean,
    consume: boolean,
    eosError: boolean,
  ): Uint8Array {
    return this.readBytesUntil(terminator, include, consume, eosError);
  }
}

/** Where `terminator` begins, at a multiple of its length from `start`; -1 where it does not occur. */
export function indexOfTerminator(bytes: Uint8Array, start: number, terminator: Uint8Array): number {
  const unit = terminator.length;
  const first = terminator[0];
  if (first === undefined) return -1;
  if (unit === 1) return bytes.indexOf(first, start);
  for (let at = start; at + unit <= bytes.length; at += unit) {
    let matched = 0;
    while (matched < unit && bytes[at + matched] === terminator[matched]) matched++;
    if (matched === unit) return at;
  }
  return -1;
}

/** `bytes` up to the first `terminator`; all of them where there is none. */
export function bytesTerminate(bytes: Uint8Array, terminator: Uint8Array, include: boolean): Uint8Array {
  const end = indexOfTerminator(bytes, 0, terminator);
  return end === -1 ? bytes : bytes.subarray(0, include ? end + terminator.length : end);
}

/** `bytes` without the run of `pad` at its end. */
export function bytesStripRight(bytes: Uint8Array, pad: number): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === pad) end--;
  return bytes.subarray(0, end);
}

/** Negative, zero or positive, as `a` sorts before, with or after `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Base of every generated class. */
export abstract class KaitaiStruct {
  declare _stream: KaitaiStream | undefined;
  declare _parent: KaitaiStruct | undefined;
  declare _root: KaitaiStruct;
  /** The bytes this structure was read from begin at `_start` of `_bytes`. */
  declare _bytes: Uint8Array | undefined;
  declare _start: number;
  /** A view of `_bytes`, kept where nested structures are read later. */
  declare _view?: DataView;
  /** The array whose elements are being read: the one that is, is not in it yet. */
  declare _filling?: readonly unknown[];
  /** What this structure was last written to. */
  declare _out: { readonly isOpen: boolean; readonly stream: KaitaiStream } | undefined;

  constructor(stream: KaitaiStream | undefined, parent?: KaitaiStruct, root?: KaitaiStruct) {
    this._stream = stream;
    this._bytes = stream?.bytes;
    this._start = 0;
    this._parent = parent;
    this._root = root ?? this;
  }

  /** The stream that this structure is read from or, while it is written, the one it is written to. */
  get _io(): KaitaiStream {
    if (this._out?.isOpen === true) return this._out.stream;
    return (this._stream ??= this._streamBehind());
  }

  abstract _read(): void;

  /** What was read at once has no stream yet; one that had been read from would stand behind it. */
  _streamBehind(): KaitaiStream {
    const stream = new KaitaiStream(this._bytes ?? new Uint8Array(0));
    stream.pos = this._start + ((this.constructor as StructClass).SIZE ?? 0);
    return stream;
  }

  /** A fixed structure at `offset` of this one, read when it is first asked for. */
  _child<T extends FixedStruct>(
    type: new (stream: KaitaiStream | undefined, parent: KaitaiStruct, root?: KaitaiStruct) => T,
    offset: number,
    root?: KaitaiStruct,
  ): T {
    const bytes = need(this._bytes);
    const child = new type(undefined, this, root);
    const view = (this._view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    child._readFixed(bytes, view, this._start + offset);
    return child;
  }

  /** `length` bytes at `offset` of this structure: what a lazily read field is made of. */
  _slice(offset: number, length: number): Uint8Array {
    const start = this._start + offset;
    return need(this._bytes).subarray(start, start + length);
  }

  /** Reports a broken constraint, or throws it where nobody collects and its severity is `error`. */
  _violate(constraint: Constraint, offset: number, length: number, expected: unknown, actual: unknown): void {
    const { onViolation } = this._io;
    if (onViolation === undefined && constraint.severity !== 'error') return;
    const violation = this._violation(constraint, offset, length, expected, actual);
    if (onViolation === undefined) throw new ValidationError(violation);
    onViolation(violation);
  }

  /** `offset` counts from the start of this structure's stream. */
  _violation(constraint: Constraint, offset: number, length: number, expected: unknown, actual: unknown): Violation {
    const path = joinPath(pathOf(this), constraint.id);
    const absolute = this._io.origin + offset;
    return {
      path,
      offset: absolute,
      length,
      constraint: constraint.kind,
      rule: constraint.rule,
      severity: constraint.severity,
      section: constraint.section,
      expected,
      actual,
      message: `${path} at ${hex(absolute)}: ${describeConstraint(constraint.kind, expected)}, found ${show(actual)}`,
    };
  }
}

/** Reads a structure that was just made from its stream. */
export function readStruct<T extends KaitaiStruct>(struct: T, options: ReadOptions | undefined): T {
  if (options?.onViolation !== undefined) struct._io.onViolation = options.onViolation;
  struct._read();
  return struct;
}

/** Reads an object of a class that no schema describes. One written for Kaitai's JavaScript reads itself when it is made. */
export function readOpaque(value: object): void {
  if (value instanceof KaitaiStruct) value._read();
}

/** Classes of fixed layout, which are read at once. */
interface FixedStruct extends KaitaiStruct {
  _readFixed(bytes: Uint8Array, view: DataView, at: number): boolean;
}

/** What the constructors of generated classes have in common. */
interface StructClass {
  readonly SIZE?: number;
  readonly LAYOUT?: readonly FieldLayout[];
}

/** Path of a structure from the one that was read: `entries[3]`; empty for that one itself. */
export function pathOf(struct: KaitaiStruct): string {
  const parent = struct._parent;
  if (parent === undefined) return '';
  const layout = (parent.constructor as StructClass).LAYOUT ?? [];
  const members = Object.entries(parent).filter(([name]) => !name.startsWith('_') || name.startsWith('_m_'));
  const isKnown = members.some(([, value]) => value === struct || (Array.isArray(value) && value.includes(struct)));
  for (const [name, value] of members) {
    const isBeingRead = !isKnown && value !== undefined && value === parent._filling;
    const index = !Array.isArray(value) ? -1 : isBeingRead ? value.length : value.lastIndexOf(struct);
    if (value !== struct && index === -1) continue;
    const property = name.startsWith('_m_') ? name.slice(3) : name;
    const id = layout.find((field) => field.name === property)?.id ?? property;
    return joinPath(pathOf(parent), index === -1 ? id : `${id}[${index}]`);
  }
  return pathOf(parent);
}

export function joinPath(path: string, id: string): string {
  return path === '' ? id : `${path}.${id}`;
}

/** What a constraint asks for. */
export function describeConstraint(kind: ConstraintKind, expected: unknown): string {
  switch (kind) {
    case 'contents':
    case 'eq':
      return `must be ${show(expected)}`;
    case 'min':
      return `must be at least ${show(expected)}`;
    case 'max':
      return `must be at most ${show(expected)}`;
    case 'any-of':
      return `must be one of ${show(expected)}`;
    case 'in-enum':
      return 'must be a declared value';
    case 'expr':
      return `must satisfy ${String(expected)}`;
    case 'checksum':
      return `checksum must be ${show(expected)}`;
  }
}

/** A value in a message: numbers in decimal and hex, bytes in hex, long ones shortened. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    const head = Array.from(value.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return value.length > 16 ? `[${head} … ${value.length} bytes]` : `[${head}]`;
  }
  if (Array.isArray(value)) return value.map(show).join(', ');
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    return value < 10 ? String(value) : `${value} (0x${value.toString(16)})`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  return String(value);
}

function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}

/** A value that the schema makes optional, where an expression cannot do without it. */
export function need<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('an expression uses a field that is not present');
  return value;
}

/** What `convert` makes of a value; nothing of an absent one. */
export function present<T, U>(value: T | undefined, convert: (value: T) => U): U | undefined {
  return value === undefined ? undefined : convert(value);
}

/** `value` as `T`: the schema's author says what it is (`.as<T>`). */
export function as<T>(value: unknown): T {
  return value as T;
}

/** An object whose fields only its own class sets. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An element of an array; past its end is an error, as in other languages. */
export function itemAt<T>(items: ArrayLike<T>, index: number): T {
  if (!(index >= 0 && index < items.length)) {
    throw new RangeError(`index ${index} is outside of an array of ${items.length}`);
  }
  return items[index] as T;
}

/** The last element of a non-empty array. */
export function last<T>(items: ArrayLike<T>): T {
  return itemAt(items, items.length - 1);
}

export function minOf<T>(items: ArrayLike<T>): T {
  return Array.from(items).reduce((least, item) => (item < least ? item : least));
}

export function maxOf<T>(items: ArrayLike<T>): T {
  return Array.from(items).reduce((greatest, item) => (item > greatest ? item : greatest));
}

/** A float cut to an integer, towards zero. @throws {ConversionError} beyond ±2^53 */
export function truncate(value: number): number {
  const integer = Math.trunc(value);
  if (!Number.isSafeInteger(integer)) throw new ConversionError(value);
  // Minus zero is no integer.
  return integer === 0 ? 0 : integer;
}

/** An integer written in `radix`, a sign before it and nothing behind. @throws {ConversionError} */
export function parseInteger(text: string, radix: number): number {
  const digits = /^[-+]?([0-9a-z]+)$/i.exec(text)?.[1];
  const isNumber = digits !== undefined && Array.from(digits).every((digit) => Number.parseInt(digit, 36) < radix);
  const value = isNumber ? Number.parseInt(text, radix) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new ConversionError(text);
  return value === 0 ? 0 : value;
}

export function reverseString(text: string): string {
  return Array.from(text).toReversed().join('');
}

const decoders = new Map<string, TextDecoder>();

/** Text of the encodings that TextDecoder knows, and ASCII; a byte order mark is kept. @throws {EncodingError} */
export function decodeString(bytes: Uint8Array, encoding: string): string {
  if (encoding === 'ASCII') return asciiText(bytes) ?? Array.from(bytes, asciiCharacter).join('');
  if (encoding === 'UTF-8' && bytes.length <= SHORT_TEXT) {
    const text = asciiText(bytes);
    if (text !== undefined) return text;
  }
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = decoderOf(encoding);
    decoders.set(encoding, decoder);
  }
  return decoder.decode(bytes);
}

/** Up to here a loop is faster than the call of a decoder. */
const SHORT_TEXT = 32;

/** The text of bytes below 0x80; undefined where one is not. */
function asciiText(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function asciiCharacter(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xfffd);
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch (error) {
    if (error instanceof RangeError) throw new EncodingError(encoding);
    throw error;
  }
}

export function processXor(bytes: Uint8Array, key: number | Uint8Array): Uint8Array {
  return typeof key === 'number' ? Base.processXorOne(bytes, key) : Base.processXorMany(bytes, key);
}

export function processRotateLeft(bytes: Uint8Array, amount: number): Uint8Array {
  return Base.processRotateLeft(bytes, floorMod(amount, 8), 1);
}

export function processZlib(bytes: Uint8Array): Uint8Array {
  return Base.processZlib(bytes);
}

/** An exact number out of a bigint: sizes, positions, indices. */
export function toNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond 2^53 and cannot be a size or position`);
  return number;
}

/** Division rounding down, as the expression language has it. */
export function floorDiv(a: number, b: number): number {
  if (b === 0) throw new RangeError('division by zero');
  return Math.floor(a / b);
}

export function floorDivBigInt(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Remainder of `floorDiv`: it has the divisor's sign. */
export function floorMod(a: number, b: number): number {
  if (b === 0) throw new RangeError('division by zero');
  return a - b * Math.floor(a / b);
}

export function floorModBigInt(a: bigint, b: bigint): bigint {
  const remainder = a % b;
  return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
}

/** The schema's name for an enum value (`FULLY_PRESENT`); undefined for a value it does not declare. */
export function enumName(
  values: Readonly<Record<string, number | bigint>>,
  value: number | bigint,
): string | undefined {
  return Object.keys(values).find((name) => values[name] === value);
}

export function isEnumValue(values: Readonly<Record<string, number | bigint>>, value: number | bigint): boolean {
  return enumName(values, value) !== undefined;
}

/** A checksum over `size` bytes at `start`, with the checksum field's own bytes taken as zero. */
export function checksumAround(
  algorithm: ChecksumFunction,
  bytes: Uint8Array,
  start: number,
  size: number,
  field: { readonly offset: number; readonly size: number },
): number {
  const own = start + field.offset;
  const before = algorithm(bytes.subarray(start, own));
  const zeros = algorithm(new Uint8Array(field.size), before);
  return algorithm(bytes.subarray(own + field.size, start + size), zeros);
}
