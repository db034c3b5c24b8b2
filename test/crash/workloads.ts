/** What is done to disks while they crash: by seed, so that each can be done again. */
import { type ImageSpec, KIB, MIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import type { Step } from '../support/disk-steps.js';
import { PARENT_LOCATOR } from '../support/stamped-images.js';
import type { Workload } from './record.js';

/** A disk, and what is wont to happen to it. */
interface Kind {
  readonly name: string;
  readonly spec: ImageSpec;
  readonly garbage?: number;
  readonly staleBits?: boolean;
  /** How often of a hundred steps each of these comes. */
  readonly discards: number;
  readonly together: number;
  readonly mayOverlap?: boolean;
  /** Commits before the crash states of interest, each of a log entry of 8 KiB. */
  readonly commits?: number;
  /** The blocks that are used; all if left out. */
  readonly blocks?: readonly number[];
}

const KINDS: readonly Kind[] = [
  { name: 'dynamic', spec: { virtualSize: 8 * MIB, allocate: [0, 2] }, discards: 15, together: 10 },
  { name: 'dynamic, much at once', spec: { virtualSize: 8 * MIB, allocate: [1] }, discards: 20, together: 60 },
  {
    name: 'dynamic with garbage in its free space',
    spec: { virtualSize: 8 * MIB, allocate: [0] },
    garbage: 4,
    discards: 25,
    together: 20,
  },
  {
    name: 'dynamic, space used again',
    spec: { virtualSize: 6 * MIB, allocate: [0, 1, 2, 3, 4, 5] },
    discards: 45,
    together: 50,
  },
  {
    name: 'dynamic, sectors of 4096',
    spec: { virtualSize: 8 * MIB, allocate: [3], logicalSectorSize: 4096 },
    discards: 20,
    together: 20,
  },
  {
    name: 'dynamic, blocks of 2 MiB, not a whole number of them',
    spec: { virtualSize: 7 * MIB, allocate: [3, 0], blockSize: 2 * MIB },
    discards: 25,
    together: 20,
  },
  {
    name: 'dynamic, the same sectors at once',
    spec: { virtualSize: 2 * MIB, allocate: [1] },
    discards: 25,
    together: 70,
    mayOverlap: true,
  },
  {
    name: 'dynamic, two sectors of the BAT',
    spec: { virtualSize: 516 * MIB, allocate: [1] },
    blocks: [0, 1, 2, 511, 512, 513, 514, 515],
    discards: 15,
    together: 20,
  },
  {
    name: 'dynamic, a log that becomes full',
    spec: { virtualSize: 6 * MIB, allocate: [0] },
    commits: 126,
    discards: 40,
    together: 10,
  },
  { name: 'fixed', spec: { type: 'fixed', virtualSize: 4 * MIB }, discards: 15, together: 25 },
  {
    name: 'differencing',
    spec: { type: 'differencing', virtualSize: 8 * MIB, parent: PARENT_LOCATOR },
    discards: 15,
    together: 20,
  },
  {
    name: 'differencing with garbage in its free space',
    spec: { type: 'differencing', virtualSize: 6 * MIB, parent: PARENT_LOCATOR, allocate: [1] },
    garbage: 4,
    discards: 35,
    together: 30,
  },
  {
    name: 'differencing with stale bits in its sector bitmap',
    spec: { type: 'differencing', virtualSize: 6 * MIB, parent: PARENT_LOCATOR, bitmaps: [0] },
    staleBits: true,
    discards: 15,
    together: 30,
  },
  {
    name: 'differencing, sectors of 4096',
    spec: { type: 'differencing', virtualSize: 8 * MIB, parent: PARENT_LOCATOR, logicalSectorSize: 4096 },
    discards: 20,
    together: 20,
  },
];

/** A range to be written or discarded: small or a whole block, anywhere or next to a border of a block. */
function rangeOf(random: Random, { spec, blocks }: Kind, whole: boolean): { position: number; length: number } {
  const { virtualSize = 16 * MIB, blockSize = MIB, logicalSectorSize: sector = 512 } = spec;
  const block =
    (blocks === undefined ? random.below(Math.ceil(virtualSize / blockSize)) : random.pick(blocks)) * blockSize;
  if (whole) return { position: block, length: Math.min(blockSize, virtualSize - block) };
  const length = sector * random.pick([1, 1, 2, 3, 8, 16, 20]);
  const places = [block, block + blockSize - length, block - sector, block + random.below(16 * KIB)];
  const position = Math.floor(Math.max(0, random.pick(places)) / sector) * sector;
  return { position: Math.min(position, virtualSize - length), length };
}

/** A step that may wait until others are in the middle of what they do: a commit takes some 50 turns. */
function staggered(random: Random, step: Step): Step {
  return random.oneIn(3) ? step : { kind: 'later', turns: random.below(70), step };
}

/** Steps at once; half of the time a flush is among them from the start on. */
function togetherOf(random: Random, kind: Kind): Step {
  const steps = Array.from({ length: 2 + random.below(4) }, () => plainStepOf(random, kind));
  const apart = kind.mayOverlap === true ? steps : steps.filter(isApart);
  const late = apart.map((step) => staggered(random, step));
  return { kind: 'together', steps: random.oneIn(2) ? [{ kind: 'flush' }, ...late] : late };
}

function plainStepOf(random: Random, kind: Kind): Step {
  const what = random.below(100);
  if (what < 20) return { kind: 'flush' };
  if (what < 20 + kind.discards) return { kind: 'discard', ...rangeOf(random, kind, !random.oneIn(4)) };
  return { kind: 'write', ...rangeOf(random, kind, random.oneIn(12)) };
}

function stepOf(random: Random, kind: Kind): Step {
  return random.below(100) < kind.together ? togetherOf(random, kind) : plainStepOf(random, kind);
}

/** Whether a step touches no sector that one before it does. */
function isApart(step: Step, index: number, steps: readonly Step[]): boolean {
  if (!('position' in step)) return true;
  return steps.slice(0, index).every((other) => {
    if (!('position' in other)) return true;
    return other.position + other.length <= step.position || step.position + step.length <= other.position;
  });
}

/** Block 0 written and given up in turns, each time for good. */
function commitsOf(count: number): Step[] {
  return Array.from({ length: count }, (_, commit): Step[] => [
    commit % 2 === 0 ? { kind: 'discard', position: 0, length: MIB } : { kind: 'write', position: 0, length: 512 },
    { kind: 'flush' },
  ]).flat();
}

/** The workload of a number: the same one for the same seed, whatever ran before. */
export function workloadOf(seed: number, number: number): Workload {
  const random = new Random(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b));
  const kind = KINDS[number % KINDS.length];
  if (kind === undefined) throw new RangeError('there is no such kind');
  const steps = Array.from({ length: 6 + random.below(8) }, () => stepOf(random, kind));
  const { name, spec, garbage = 0, staleBits = false, mayOverlap = false, commits } = kind;
  const workload = { name, spec, garbage, staleBits, mayOverlap, steps };
  return commits === undefined ? workload : { ...workload, warmUp: commitsOf(commits) };
}
