/** Runs cases by their number, and makes those that fail smaller. */
import { Random } from '../support/random.js';
import { apply } from './apply.js';
import { type Base, makeBases } from './bases.js';
import { mutate, type Mutation } from './mutator.js';
import { type Depth, faultOf } from './oracles.js';
import type { Subject } from './subject.js';

/** A case that failed. */
export interface Failure {
  readonly seed: number;
  readonly number: number;
  readonly base: string;
  readonly fault: string;
  /** As small as it still fails. */
  readonly mutation: Mutation;
}

const BASES: readonly Base[] = makeBases();

/** The case with this number: the same one for the same seed, whatever ran before. */
export function makeCase(seed: number, number: number): { base: Base; mutation: Mutation } {
  const random = new Random(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b));
  const base = random.pick(BASES);
  return { base, mutation: mutate(random, base.image) };
}

/** The first line of a fault without its numbers: what makes two failures the same one. */
function kindOf(fault: string): string {
  return (fault.split('\n')[0] ?? '').replaceAll(/\d+/g, 'n');
}

/**
 * How closely the case of this number is looked at: by the checker always, in each `every`th case by opener and reader,
 * and in one of four of these by the rest, which takes longest.
 */
export function depthOf(number: number, every = 1): Depth {
  if (number % every !== 0) return 'check';
  return (number / every) % 4 === 0 ? 'all' : 'read';
}

/** Runs one case; undefined if nothing is wrong. */
export async function runCase(
  seed: number,
  number: number,
  depth: Depth = depthOf(number),
): Promise<Failure | undefined> {
  const { base, mutation } = makeCase(seed, number);
  const fault = await faultOf(apply(base, mutation), depth);
  if (fault === undefined) return undefined;
  return { seed, number, base: base.name, fault, mutation: await shrink(base, mutation, kindOf(fault), depth) };
}

/** Leaves out what is not needed for the same fault: writes, then the change of size. */
async function shrink(base: Base, mutation: Mutation, kind: string, depth: Depth): Promise<Mutation> {
  const fails = async (candidate: Mutation): Promise<boolean> => {
    const fault = await faultOf(apply(base, candidate), depth);
    return fault !== undefined && kindOf(fault) === kind;
  };
  let smallest = mutation;
  for (let index = 0; index < smallest.writes.length;) {
    const candidate = { ...smallest, writes: smallest.writes.toSpliced(index, 1) };
    if (await fails(candidate)) smallest = candidate;
    else index += 1;
  }
  const unchanged = { ...smallest, size: base.image.size };
  return (await fails(unchanged)) ? unchanged : smallest;
}

/** A failure as a recipe that can be carried out by hand. */
export function describe({ seed, number, base, fault, mutation }: Failure): string {
  const writes = mutation.writes.map(
    ({ at, bytes }) =>
      `  write 0x${at.toString(16)}: ${Buffer.from(bytes.subarray(0, 64)).toString('hex')}${bytes.length > 64 ? ` … (${bytes.length} bytes)` : ''}`,
  );
  const repair = JSON.stringify(mutation.repair);
  return [
    `seed ${seed}, case ${number}, base "${base}": ${fault}`,
    `  size ${mutation.size}, repair ${repair}`,
    ...writes,
  ].join('\n');
}

/** Mutated images, through checker, opener and reader. */
export const subject: Subject = {
  run: async (seed, number, every) => {
    const failure = await runCase(seed, number, depthOf(number, every));
    return failure === undefined ? undefined : describe(failure);
  },
  end: () => undefined,
};
