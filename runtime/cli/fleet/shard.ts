/** A part of the images, for one of several machines. */
import { stat } from 'node:fs/promises';
import { crc32c } from '../../base/crc32c.js';
import type { CheckInput } from '../inputs/find-inputs.js';
import { systemPath } from '../../node.js';
import { bareUrl, isUrl } from '../sources/image-name.js';
import { UsageError } from '../usage-error.js';

/** One of several shares of the images. */
export interface Shard {
  /** Counts from 1. */
  readonly number: number;
  readonly count: number;
}

/** How images come to a share: by their names, or so that the shares have as many bytes. */
export type ShardBy = 'name' | 'size';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that tell a process which one of several it is. */
interface Scheduler {
  readonly index: string;
  readonly count: readonly string[];
  /** The least index, or the variable that has it. */
  readonly first: number | string;
  /** The variable with the distance of two indices, if there is one. */
  readonly step?: string;
}

/**
 * GitLab ("Predefined CI/CD variables": CI_NODE_INDEX counts from 1), AWS Batch ("Array jobs": from 0), Kubernetes
 * ("Indexed Job": JOB_COMPLETION_INDEX from 0; it does not tell the number of completions, which the manifest has to
 * repeat), Slurm (sbatch(1), "--array": any range, also with steps).
 */
const SCHEDULERS: readonly Scheduler[] = [
  { index: 'CI_NODE_INDEX', count: ['CI_NODE_TOTAL'], first: 1 },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: ['AWS_BATCH_JOB_ARRAY_SIZE', 'VHDX_SHARD_COUNT'], first: 0 },
  { index: 'JOB_COMPLETION_INDEX', count: ['VHDX_SHARD_COUNT'], first: 0 },
  {
    index: 'SLURM_ARRAY_TASK_ID',
    count: ['SLURM_ARRAY_TASK_COUNT'],
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
  },
];

function numberIn(env: Environment, name: string): number | undefined {
  const text = env[name] ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function shardOf(number: number, count: number, from: string): Shard {
  if (number >= 1 && number <= count) return { number, count };
  throw new UsageError(`${from}: there is no share ${number} of ${count}; shares count from 1`);
}

function automatic(env: Environment): Shard {
  const found = SCHEDULERS.find(({ index }) => env[index] !== undefined);
  if (found === undefined) {
    const names = SCHEDULERS.map(({ index }) => index).join(', ');
    throw new UsageError(`--shard auto: none of ${names} is set; --shard K/N says it`);
  }
  const index = numberIn(env, found.index);
  const count = found.count.map((name) => numberIn(env, name)).find((value) => value !== undefined);
  const first = typeof found.first === 'number' ? found.first : numberIn(env, found.first);
  const step = found.step === undefined ? 1 : (numberIn(env, found.step) ?? 1);
  if (index === undefined || count === undefined || first === undefined) {
    throw new UsageError(`--shard auto: ${found.index} is set, and ${found.count.join(' or ')} has to say of how many`);
  }
  return shardOf((index - first) / step + 1, count, found.index);
}

/**
 * The share that `text` names: `2/8`, or `auto` for what the scheduler's variables say.
 *
 * @throws UsageError
 */
export function parseShard(text: string, env: Environment): Shard {
  if (text === 'auto') return automatic(env);
  const [, number, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (number === undefined || count === undefined) {
    throw new UsageError('--shard has to be K/N, such as 2/8, or auto');
  }
  return shardOf(Number(number), Number(count), '--shard');
}

/** An image with its place among those of all shares. */
export interface PlacedInput extends CheckInput {
  /** Counts from 0. */
  readonly position: number;
}

async function sizeOf({ image }: CheckInput): Promise<number> {
  if (isUrl(image)) return 0;
  return stat(systemPath(image)).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Gives each image, the largest first, to the share with the fewest bytes; the lower one of two. */
async function sharesBySize(inputs: readonly PlacedInput[], count: number): Promise<ReadonlyMap<PlacedInput, number>> {
  const sized = await Promise.all(inputs.map(async (input) => ({ input, size: await sizeOf(input) })));
  sized.sort((one, other) => other.size - one.size || one.input.position - other.input.position);
  const shares = Array.from({ length: count }, (_, index) => ({ number: index + 1, bytes: 0, images: 0 }));
  const result = new Map<PlacedInput, number>();
  for (const { input, size } of sized) {
    const least = shares.reduce((best, each) =>
      each.bytes < best.bytes || (each.bytes === best.bytes && each.images < best.images) ? each : best,
    );
    least.bytes += size;
    least.images += 1;
    result.set(input, least.number);
  }
  return result;
}

/** The share of a name: the same for the same name, whatever other images there are. A signature in a URL does not count. */
function shareByName(name: string, count: number): number {
  const stable = isUrl(name) ? bareUrl(name) : name.replaceAll('\\', '/');
  return (crc32c(new TextEncoder().encode(stable)) % count) + 1;
}

/** The images of a share, in their order. Every image is in one share. */
export async function inputsOf(
  inputs: readonly CheckInput[],
  { number, count }: Shard,
  by: ShardBy,
): Promise<readonly PlacedInput[]> {
  const placed = inputs.map((input, position): PlacedInput => ({ ...input, position }));
  const shares = by === 'size' ? await sharesBySize(placed, count) : undefined;
  return placed.filter((input) => (shares?.get(input) ?? shareByName(input.image, count)) === number);
}
