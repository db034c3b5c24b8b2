/**
 * Damaged files through generated readers: whatever a file says, reading it and asking for all that is in it, also for
 * what a reading that failed has left, ends in values or in errors of the readers' own, with path and offset.
 */
import type { KaitaiStream } from '../../generator/support/stream.js';
import type { KaitaiStruct } from '../../generator/support/struct.js';
import { Random } from '../support/random.js';
import { type ReaderBase, type Readers, makeReaders } from './reader-bases.js';
import type { Subject } from './subject.js';

/** Small enough for a case to be short. */
const LIMITS = { items: 1 << 16, emptyItems: 1 << 10, allocated: 1 << 22, inflated: 1 << 22 };
/** Values that are asked for in one case. */
const MAX_VALUES = 6000;
/** Numbers that lie at the edges of what fields, sizes and positions can be. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 2 ** 53, 2 ** 63];

/** A damaged copy of `original`. */
export function damage(original: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = original.slice();
  for (let left = 1 + random.below(4); left > 0; left -= 1) bytes = change(bytes, random);
  return bytes;
}

function change(bytes: Uint8Array, random: Random): Uint8Array {
  const { length } = bytes;
  if (length === 0) return Uint8Array.of(random.below(256));
  // What decides about the rest stands at the start of most files.
  const at = random.below(random.oneIn(2) ? Math.min(length, 64) : length);
  const part = (): Uint8Array => bytes.slice(at, at + 1 + random.below(64));
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, at);
    case 1: {
      const copied = part();
      return joined(bytes.subarray(0, at), copied, bytes.subarray(at));
    }
    case 2:
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16)));
    case 3:
      bytes.set(part().subarray(0, 1), random.below(length));
      return bytes;
    case 4:
    case 5: {
      const number = new DataView(new ArrayBuffer(8));
      const size = random.pick([1, 2, 4, 8]);
      const isLittle = random.oneIn(2);
      const value = BigInt.asUintN(size * 8, BigInt(random.pick(EDGES)) - (random.oneIn(4) ? 1n : 0n));
      number.setBigUint64(0, isLittle ? value : value << BigInt(64 - size * 8), isLittle);
      bytes.set(new Uint8Array(number.buffer, 0, Math.min(size, length - at)), at);
      return bytes;
    }
    default:
      bytes[at] = random.oneIn(2) ? (bytes[at] ?? 0) ^ (1 << random.below(8)) : random.below(256);
      return bytes;
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Asks for everything in a file, and notes the first error that is not the readers' own. */
class Asker {
  readonly #readers: Readers;
  readonly #seen = new Set<object>();
  readonly #open: KaitaiStruct[] = [];
  fault: string | undefined;
  values = 0;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  /** What `run` gives; undefined where it throws. */
  attempt<T>(what: string, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.#judge(what, error);
      return undefined;
    }
  }

  #judge(what: string, error: unknown): void {
    const { ReadError, WriteError } = this.#readers.support;
    if (what === 'toBytes' && (error instanceof WriteError || error instanceof ReadError)) return;
    const path: unknown = error instanceof ReadError ? Reflect.get(error, 'path') : undefined;
    const offset: unknown = error instanceof ReadError ? Reflect.get(error, 'offset') : undefined;
    if (typeof path === 'string' && Number.isSafeInteger(offset)) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.fault ??= `${what}: ${text.split('\n').slice(0, 4).join(' | ')}`;
  }

  all(struct: KaitaiStruct): void {
    this.#open.push(struct);
    for (let next = this.#open.pop(); next !== undefined && this.values < MAX_VALUES; next = this.#open.pop())
      this.#members(next);
  }

  #members(struct: KaitaiStruct): void {
    const { name: type } = struct.constructor;
    for (const name of membersOf(struct)) {
      this.values += 1;
      const value: unknown = this.attempt(`${type}.${name}`, () => Reflect.get(struct, name));
      this.#value(value, `${type}.${name}`);
    }
  }

  #value(value: unknown, what: string): void {
    if (Array.isArray(value)) for (const item of value.slice(0, 200)) this.#value(item, what);
    if (value instanceof this.#readers.support.KaitaiStruct && !this.#seen.has(value)) {
      this.#seen.add(value);
      this.#open.push(value);
    }
  }
}

/** Fields and instances: properties of the object, and getters of its class. */
function membersOf(struct: KaitaiStruct): string[] {
  const { prototype } = struct.constructor as { readonly prototype: object };
  const getters = Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, property]) =>
    property.get === undefined ? [] : [name],
  );
  return [...new Set([...Object.getOwnPropertyNames(struct), ...getters])].filter((name) => !name.startsWith('_'));
}

/** What went wrong with a file; undefined where nothing did. */
export function faultOf(readers: Readers, { type }: ReaderBase, bytes: Uint8Array, random: Random): string | undefined {
  const asker = new Asker(readers);
  const limits = LIMITS;
  if (random.oneIn(2)) {
    const struct = asker.attempt('fromBytes', () => type.fromBytes(bytes, random.oneIn(2) ? { limits } : {}));
    if (struct !== undefined) asker.all(struct);
    if (struct !== undefined && 'toBytes' in struct) asker.attempt('toBytes', () => (struct.toBytes as () => void)());
    return asker.fault;
  }
  // As a tree does it: what was read before the file broke is shown.
  const options = random.oneIn(2) ? { limits, onViolation: () => undefined } : { limits };
  const io: KaitaiStream = new readers.support.KaitaiStream(bytes, options);
  const struct = new type(io);
  asker.attempt('_read', () => struct._read(io));
  asker.all(struct);
  if ('toBytes' in struct && random.oneIn(4)) asker.attempt('toBytes', () => (struct.toBytes as () => void)());
  return asker.fault;
}

export async function makeSubject(): Promise<Subject> {
  const readers = await makeReaders();
  const { bases } = readers;
  console.log(`${bases.length} formats: ${bases.map(({ name }) => name).join(', ')}`);
  return {
    run: (seed, number) => {
      const random = new Random(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b));
      const base = random.pick(bases);
      const bytes = damage(base.bytes, random);
      const fault = faultOf(readers, base, bytes, random);
      if (fault === undefined) return Promise.resolve(undefined);
      const shown = `${Buffer.from(bytes.subarray(0, 256)).toString('hex')}${bytes.length > 256 ? '…' : ''}`;
      return Promise.resolve(`seed ${seed}, case ${number}, ${base.name}: ${fault}\n  ${bytes.length} bytes: ${shown}`);
    },
    end: () => readers.remove(),
  };
}
