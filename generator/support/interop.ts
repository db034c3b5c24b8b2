/**
 * Streams and errors for code written against the npm package `kaitai-struct`. Only this module imports that package; the
 * output of schemas with opaque types, or with custom processes that take structures or streams, imports it, and any
 * output has it where that is asked for (`ksy-ts --interop`).
 */
import runtime from 'kaitai-struct';
import { readBitsBe, readBitsLe } from './bits.js';
import type { ConstraintKind } from './constraints.js';
import { EofError, UndecidedEndianError, ValidationError } from './errors.js';
import * as numbers from './numbers.js';
import { readBytesFull } from './parts.js';
import { KaitaiStream } from './stream.js';
import { readBytesUntil } from './text.js';

/** The class of the package, whose types put a `default` around it that is not there at run time. */
type OfficialStream = InstanceType<(typeof runtime)['KaitaiStream']['default']>;
const Official = runtime.KaitaiStream as unknown as { readonly prototype: OfficialStream };

// From here on every stream is an instance of that class too, those included that exist already. The methods of
// `KaitaiStream` come before the inherited ones, so that none of these sees fields that are not there.
Object.setPrototypeOf(KaitaiStream.prototype, Official.prototype);

/** What reads a number, as a method. */
type NumberMethods = { readonly [K in keyof typeof numbers]: () => ReturnType<(typeof numbers)[K]> };
declare module './stream.js' {
  interface KaitaiStream extends NumberMethods {
    readBytesFull(): Uint8Array;
  }
}

/** Methods of the package's stream that reading itself has no use for, without the faults that the package has. */
const METHODS = {
  /** Rounded beyond 2^53, as are the three after it. */
  readU8le(this: KaitaiStream): number {
    return Number(numbers.readU8leBigInt(this));
  },
  readU8be(this: KaitaiStream): number {
    return Number(numbers.readU8beBigInt(this));
  },
  readS8le(this: KaitaiStream): number {
    return Number(numbers.readS8leBigInt(this));
  },
  readS8be(this: KaitaiStream): number {
    return Number(numbers.readS8beBigInt(this));
  },
  readBytesFull(this: KaitaiStream): Uint8Array {
    return readBytesFull(this);
  },
  readBitsIntBe(this: KaitaiStream, count: number): number {
    return readBitsBe(this, count);
  },
  readBitsIntLe(this: KaitaiStream, count: number): number {
    return readBitsLe(this, count);
  },
  mapUint8Array(this: KaitaiStream, length: number): Uint8Array {
    return this.readBytes(length);
  },
  readBytesTerm(
    this: KaitaiStream,
    terminator: number,
    include: boolean,
    consume: boolean,
    eosError: boolean,
  ): Uint8Array {
    return readBytesUntil(this, terminator, include, consume, eosError);
  },
  readBytesTermMulti(
    this: KaitaiStream,
    terminator: Uint8Array,
    include: boolean,
    consume: boolean,
    eosError: boolean,
  ): Uint8Array {
    return readBytesUntil(this, terminator, include, consume, eosError);
  },
};
Object.defineProperties(KaitaiStream.prototype, {
  ...Object.getOwnPropertyDescriptors(METHODS),
  ...Object.fromEntries(Object.entries(numbers).map(([name, read]) => [name, numberMethod(read)])),
  buffer: accessor(({ store }) => store),
  byteOffset: accessor(({ start }) => start),
  dataView: accessor(({ store, start, length }) => new DataView(store, start, length)),
});

function accessor(get: (io: KaitaiStream) => unknown): PropertyDescriptor & ThisType<KaitaiStream> {
  return {
    get() {
      return get(this);
    },
  };
}

function numberMethod(read: (io: KaitaiStream) => number | bigint): PropertyDescriptor {
  return {
    value(this: KaitaiStream) {
      return read(this);
    },
    configurable: true,
    writable: true,
  };
}

/** The package's error for a constraint of each kind. */
const VALIDATION_ERRORS: Readonly<Partial<Record<ConstraintKind, string>>> = {
  contents: 'ValidationNotEqualError',
  eq: 'ValidationNotEqualError',
  min: 'ValidationLessThanError',
  max: 'ValidationGreaterThanError',
  'any-of': 'ValidationNotAnyOfError',
  'in-enum': 'ValidationNotInEnumError',
  expr: 'ValidationExprError',
};

// `instanceof` of the package's errors holds for the errors of generated code that say the same.
countAs('EOFError', (error) => error instanceof EofError);
countAs('UndecidedEndiannessError', (error) => error instanceof UndecidedEndianError);
for (const name of new Set(Object.values(VALIDATION_ERRORS)))
  countAs(name, (error) => error instanceof ValidationError && VALIDATION_ERRORS[error.violation.constraint] === name);

/** Has what `is` accepts count as an instance of an error of the package, if its version has that. */
function countAs(name: string, is: (error: unknown) => boolean): void {
  const type: unknown = Reflect.get(Official, name);
  if (typeof type !== 'function') return;
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, error: unknown): boolean {
      // Classes that someone has derived from it inherit this.
      if (this === type && is(error)) return true;
      return Reflect.apply(Function.prototype[Symbol.hasInstance], this, [error]);
    },
    configurable: true,
    writable: true,
  });
}

/** `value` for a class that nothing was generated from: a stream is one of the package's own. */
export function forKaitaiStruct(value: KaitaiStream): KaitaiStream & OfficialStream;
export function forKaitaiStruct<T>(value: T): T;
export function forKaitaiStruct(value: unknown): unknown {
  return value;
}
