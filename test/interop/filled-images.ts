/** Images that qemu-img makes and qemu-io fills, from a seed. */
import { GIB, KIB, MIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { ask } from './peers.js';

export const BLOCK_SIZES: readonly number[] = Array.from({ length: 9 }, (_, power) => MIB * 2 ** power);

/** What one image is, and what is written to it in this order. */
export interface FilledImage {
  readonly seed: number;
  readonly subformat: 'dynamic' | 'fixed';
  readonly blockSize: number;
  readonly size: number;
  /** Commands of qemu-io. */
  readonly commands: readonly string[];
}

const SECTOR = 512;
/** Bytes of a chunk with sectors of 512 bytes, after which the BAT has the entry of a sector bitmap block. */
const CHUNK = 4 * GIB;

function nearly(random: Random, border: number): number {
  return border + random.pick([-3 * SECTOR, -SECTOR, 0, SECTOR, 64 * KIB]);
}

/** A size next to a border of a block or of a chunk; one in four is past 4 GiB. */
function sizeOf(random: Random, blockSize: number, subformat: FilledImage['subformat']): number {
  if (subformat === 'fixed')
    return Math.max(SECTOR, nearly(random, blockSize * (1 + random.below(blockSize > 32 * MIB ? 2 : 5))));
  if (random.below(4) === 0) return nearly(random, random.pick([CHUNK, CHUNK + blockSize, 2 * CHUNK, 5 * GIB]));
  return Math.max(SECTOR, nearly(random, blockSize * (1 + random.below(6))));
}

/** Where something is written: at the start or the end of the disk, next to the border of a block or chunk, anywhere. */
function positionOf(random: Random, blockSize: number, size: number): number {
  const block = blockSize * random.below(Math.ceil(size / blockSize));
  const places = [0, size - SECTOR, nearly(random, block), nearly(random, CHUNK), random.below(size)];
  const place = places[random.below(places.length)] ?? 0;
  return Math.floor(Math.min(Math.max(0, place), size - SECTOR) / SECTOR) * SECTOR;
}

function commandOf(random: Random, blockSize: number, size: number): string {
  const position = positionOf(random, blockSize, size);
  const wanted = random.pick([SECTOR, 4 * KIB, 64 * KIB + SECTOR, MIB, 3 * MIB - SECTOR]);
  const length = Math.min(wanted, size - position);
  switch (random.below(8)) {
    case 0:
      return `discard ${position} ${length}`;
    case 1:
      return `write -z ${position} ${length}`;
    default:
      return `write -P ${1 + random.below(255)} ${position} ${length}`;
  }
}

/** The image of a seed. Large blocks are touched less often: each of them is read whole by everybody. */
export function planImage(seed: number, blockSize: number): FilledImage {
  const random = new Random(seed);
  const subformat = random.below(4) === 0 ? 'fixed' : 'dynamic';
  const size = sizeOf(random, blockSize, subformat);
  const count = blockSize > 32 * MIB ? 4 + random.below(3) : 6 + random.below(14);
  const commands = Array.from({ length: count }, () => commandOf(random, blockSize, size));
  return { seed, subformat, blockSize, size, commands };
}

/** Makes the image `name` in `cwd`. */
export function makeImage({ subformat, blockSize, size, commands }: FilledImage, name: string, cwd: string): void {
  const options = `subformat=${subformat},block_size=${blockSize}`;
  const made = ask('qemu-img', ['create', '-q', '-f', 'vhdx', '-o', options, name, String(size)], cwd);
  const filled = ask('qemu-io', ['-f', 'vhdx', ...commands.flatMap((command) => ['-c', command]), name], cwd);
  if (made.exitCode !== 0 || filled.exitCode !== 0) throw new Error(`${made.stderr}${filled.stderr}`);
}
