/**
 * The stream that structures are read from.
 *
 * It has the methods of the stream of the npm package `kaitai-struct`, with exact 64-bit integers and wide bit fields in
 * addition, and without its faults (terminators with `include` and `consume`, clamping in `seek`, errors without
 * offsets). It does not need that package; `interop.ts` makes it an instance of that package's class.
 */
import { MAX_BITS_AT_ONCE, ensureBits, takeBitsBe, takeBitsLe, wideInteger } from './bits.js';
import { SHORT_TEXT, decodeString, indexOfTerminator, shortAscii, terminatorLength } from './bytes.js';
import { EofError, TerminatorError } from './errors.js';
import { Budget } from './limits.js';
export class KaitaiStream {
    /** A stream over all of `source`, or over `length` bytes of its memory from `base` on. */
    constructor(source, options, origin = 0, base = 0, length) {
        this.pos = 0;
        this.bits = 0;
        this.bitsLeft = 0;
        if (source instanceof KaitaiStream) {
            this.memory = source.memory;
            this.octets = source.octets;
        }
        else {
            const octets = source instanceof Uint8Array ? source : new Uint8Array(source);
            this.memory = new DataView(octets.buffer, octets.byteOffset, octets.length);
            this.octets = octets;
        }
        this.base = base;
        this.length = length ?? this.octets.length - base;
        this.origin = origin;
        this.onViolation = options?.onViolation;
        this.budget = options instanceof KaitaiStream ? options.budget : new Budget(options?.limits);
    }
    /** All bytes of the stream. */
    get bytes() {
        const { octets, base, length } = this;
        return base === 0 && length === octets.length ? octets : sliceOf(this.memory, base, length);
    }
    get size() {
        return this.length;
    }
    get buffer() {
        return this.memory.buffer;
    }
    get byteOffset() {
        return this.memory.byteOffset + this.base;
    }
    get dataView() {
        return new DataView(this.buffer, this.byteOffset, this.length);
    }
    /** A stream over `bytes`, which were read from this one at `position`. */
    substream(bytes, position) {
        const { memory } = this;
        const origin = this.origin + position;
        if (bytes.buffer !== memory.buffer || bytes.length === 0)
            return new KaitaiStream(bytes, this, origin);
        return new KaitaiStream(this, this, origin, bytes.byteOffset - memory.byteOffset, bytes.length);
    }
    /** The next `size` bytes, or all that are left, as a stream of their own. */
    readSubstream(size = Math.max(0, this.available)) {
        const start = this.pos;
        this.ensureBytesLeft(size);
        this._take(size);
        // Nothing can be read from an empty stream past the end: it may stand anywhere.
        return new KaitaiStream(this, this, this.origin + start, this.base + start, size);
    }
    /** Whether a structure of `size` bytes can be read at once: nobody collects violations, and it is all there. */
    canReadFixed(size) {
        return this.onViolation === undefined && this.bitsLeft === 0 && this.length - this.pos >= size;
    }
    /** The byte that the next bit field begins in. */
    get bitStart() {
        return this.bitsLeft > 0 ? this.pos - 1 : this.pos;
    }
    /** Bytes from the current position to the end; negative past the end. */
    get available() {
        return this.length - this.pos;
    }
    /** Moves to `position`, which may lie past the end: only a read there fails. */
    seek(position) {
        if (!Number.isSafeInteger(position) || position < 0) {
            throw new EofError(this.origin + this.pos, position, this.length);
        }
        this.pos = position;
        this.alignToByte();
    }
    /** The number of a list's elements, as the file gives it. @throws {LimitError} */
    countItems(count) {
        if (count > 0)
            this.budget.take('items', count, this.origin + this.pos);
        return count;
    }
    /** One more element of a list whose length is not known. @throws {LimitError} */
    nextItem() {
        if (--this.budget.items < 0)
            this.budget.exceed('items', this.origin + this.pos);
    }
    /** Where an element begins that may take no bytes, by what this said of the one before. @throws {LimitError} */
    movedFrom(before) {
        const at = this.pos * 8 - this.bitsLeft;
        if (at === before)
            this.budget.take('emptyItems', 1, this.origin + this.pos);
        return at;
    }
    /** `bytes`, which others are made of. @throws {LimitError} */
    spend(bytes) {
        this.budget.take('allocated', bytes.length, this.origin + this.pos);
        return bytes;
    }
    /** Leaves the rest of a byte that bit fields have begun. */
    alignToByte() {
        this.bits = 0;
        this.bitsLeft = 0;
    }
    isEof() {
        return this.pos >= this.length && this.bitsLeft === 0;
    }
    ensureBytesLeft(length) {
        if (!(length >= 0))
            throw new EofError(this.origin + this.pos, length, this.available);
        if (length > 0 && length > this.available) {
            throw new EofError(this.origin + this.pos, length, Math.max(0, this.available));
        }
    }
    /** Moves behind the next `size` bytes, which begin at a whole byte; where they begin in `memory`. */
    _take(size) {
        const start = this.pos;
        if (start + size > this.length)
            this.ensureBytesLeft(size);
        if (this.bitsLeft !== 0)
            this.alignToByte();
        this.pos = start + size;
        return this.base + start;
    }
    mapUint8Array(length) {
        this.ensureBytesLeft(length);
        return sliceOf(this.memory, this._take(length), length);
    }
    readBytes(length) {
        return this.mapUint8Array(length);
    }
    readBytesFull() {
        return this.mapUint8Array(Math.max(0, this.available));
    }
    /** `length` bytes at `position`, wherever the stream stands. */
    slice(position, length) {
        return sliceOf(this.memory, this.base + position, length);
    }
    /** Text of `length` bytes, as `decodeString`. */
    readText(length, encoding, owner, id, index) {
        this.ensureBytesLeft(length);
        return textAt(this, this._take(length), length, encoding, owner, id, index);
    }
    readU1() {
        return this.memory.getUint8(this._take(1));
    }
    readS1() {
        return this.memory.getInt8(this._take(1));
    }
    readU2le() {
        return this.memory.getUint16(this._take(2), true);
    }
    readU2be() {
        return this.memory.getUint16(this._take(2));
    }
    readU4le() {
        return this.memory.getUint32(this._take(4), true);
    }
    readU4be() {
        return this.memory.getUint32(this._take(4));
    }
    readS2le() {
        return this.memory.getInt16(this._take(2), true);
    }
    readS2be() {
        return this.memory.getInt16(this._take(2));
    }
    readS4le() {
        return this.memory.getInt32(this._take(4), true);
    }
    readS4be() {
        return this.memory.getInt32(this._take(4));
    }
    readU8leBigInt() {
        return this.memory.getBigUint64(this._take(8), true);
    }
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readU8le() {
        return Number(this.readU8leBigInt());
    }
    readU8beBigInt() {
        return this.memory.getBigUint64(this._take(8));
    }
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readU8be() {
        return Number(this.readU8beBigInt());
    }
    readS8leBigInt() {
        return this.memory.getBigInt64(this._take(8), true);
    }
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readS8le() {
        return Number(this.readS8leBigInt());
    }
    readS8beBigInt() {
        return this.memory.getBigInt64(this._take(8));
    }
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readS8be() {
        return Number(this.readS8beBigInt());
    }
    readF4le() {
        return this.memory.getFloat32(this._take(4), true);
    }
    readF4be() {
        return this.memory.getFloat32(this._take(4));
    }
    readF8le() {
        return this.memory.getFloat64(this._take(8), true);
    }
    readF8be() {
        return this.memory.getFloat64(this._take(8));
    }
    /** An unsigned bit field of up to 53 bits, most significant bit first. */
    readBitsBe(count) {
        ensureBits(this, count);
        if (count > MAX_BITS_AT_ONCE)
            return takeBitsBe(this, count - 32) * 2 ** 32 + takeBitsBe(this, 32);
        return takeBitsBe(this, count);
    }
    /** An unsigned bit field of up to 53 bits, least significant bit first. */
    readBitsLe(count) {
        ensureBits(this, count);
        if (count <= MAX_BITS_AT_ONCE)
            return takeBitsLe(this, count);
        const low = takeBitsLe(this, 32);
        return takeBitsLe(this, count - 32) * 2 ** 32 + low;
    }
    /** An unsigned bit field of any width, most significant bit first. */
    readBitsBeBigInt(count) {
        ensureBits(this, count);
        if (count > 64)
            return wideInteger(count, (part) => takeBitsBe(this, part), true);
        const high = count > 32 ? BigInt(takeBitsBe(this, count - 32)) << 32n : 0n;
        return high | BigInt(takeBitsBe(this, Math.min(count, 32)));
    }
    /** An unsigned bit field of any width, least significant bit first. */
    readBitsLeBigInt(count) {
        ensureBits(this, count);
        if (count > 64)
            return wideInteger(count, (part) => takeBitsLe(this, part), false);
        const low = BigInt(takeBitsLe(this, Math.min(count, 32)));
        return count > 32 ? (BigInt(takeBitsLe(this, count - 32)) << 32n) | low : low;
    }
    readBitsIntBe(count) {
        return this.readBitsBe(count);
    }
    readBitsIntLe(count) {
        return this.readBitsLe(count);
    }
    /** Bytes up to `terminator`, which is looked for at multiples of its own length. */
    readBytesUntil(terminator, include, consume, eosError) {
        const start = this.pos;
        return this.slice(start, skipUntil(this, terminator, include, consume, eosError));
    }
    /** Text up to `terminator`, as `readBytesUntil` finds it. */
    readTextUntil(terminator, include, consume, eosError, encoding, owner, id, index) {
        const start = this.pos;
        const length = skipUntil(this, terminator, include, consume, eosError);
        return textAt(this, this.base + start, length, encoding, owner, id, index);
    }
    readBytesTerm(terminator, include, consume, eosError) {
        return this.readBytesUntil(terminator, include, consume, eosError);
    }
    readBytesTermMulti(terminator, include, consume, eosError) {
        return this.readBytesUntil(terminator, include, consume, eosError);
    }
}
/** `length` bytes of `memory` from `at` on; none may be asked for anywhere. */
export function sliceOf(memory, at, length) {
    // Faster than `subarray`, which asks for the species, and than going by another array's buffer.
    return length > 0 ? new Uint8Array(memory.buffer, memory.byteOffset + at, length) : new Uint8Array(0);
}
/** Moves behind what `terminator` ends, and returns how much of it is the value. */
function skipUntil(io, terminator, include, consume, eosError) {
    const { octets, base, pos: start, length } = io;
    const found = indexOfTerminator(octets, base + start, terminator, base + length);
    if (found === -1) {
        if (eosError)
            throw new TerminatorError(io.origin + start, terminator);
        const rest = Math.max(0, io.available);
        io._take(rest);
        return rest;
    }
    const end = found - base;
    const after = end + terminatorLength(terminator);
    io._take((consume ? after : end) - start);
    return (include ? after : end) - start;
}
/** Text of `length` bytes at `start` of the memory. */
function textAt(io, start, length, encoding, owner, id, index) {
    const { memory, octets } = io;
    const isShort = length <= SHORT_TEXT && (encoding === 'UTF-8' || encoding === 'ASCII');
    const text = isShort ? shortAscii(octets, start, length) : undefined;
    if (text !== undefined)
        return text;
    const bytes = sliceOf(memory, start, length);
    return decodeString(length > SHORT_TEXT ? io.spend(bytes) : bytes, encoding, owner, id, index);
}
