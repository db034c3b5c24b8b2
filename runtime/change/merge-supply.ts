/** The runs of sectors that the images of a chain supply to a merge. */
import type { SignalOptions } from '../base/options.js';
import type { VhdxDisk } from '../disk/disk.js';
import type { ByteSource } from '../io/byte-source.js';
import { blockParts } from '../format/bat-geometry.js';

/** Where bytes come from. */
export interface Origin {
  /** A file after the replay of its log, and the first byte in it. */
  readonly view: ByteSource;
  readonly fileOffset: number;
}

/** Bytes that children supply. */
export interface SuppliedRun {
  /** First byte, inclusive, and last byte, exclusive: of the disk, or of a block where that is said. */
  readonly start: number;
  readonly end: number;
  /** Left out: they are zeros. */
  readonly origin?: Origin;
}

/**
 * What the images of `levels`, the child first and each the parent of the one before it, supply of the disk from `start`
 * to `end`, in ascending order. What they leave to the parent of the last one is not among it.
 */
export async function* suppliedRuns(
  levels: readonly VhdxDisk[],
  start: number,
  end: number,
  options: SignalOptions,
): AsyncGenerator<SuppliedRun> {
  const [top, ...below] = levels;
  if (top === undefined || start >= end) return;
  const { view } = top.image;
  for await (const extent of top.ranges({ start, end, ...options })) {
    const from = extent.virtualOffset;
    const to = from + extent.length;
    if (extent.kind === 'data') yield { start: from, end: to, origin: { view, fileOffset: extent.fileOffset } };
    else if (extent.kind === 'zero') yield { start: from, end: to };
    else {
      const [next] = below;
      if (next === undefined) continue;
      // Past its end a parent reads as zeros. [MS-VHDX] 2.6.2.2
      const inside = Math.max(from, Math.min(to, next.size));
      yield* suppliedRuns(below, from, inside, options);
      if (inside < to) yield { start: inside, end: to };
    }
  }
}

/** What is supplied of one block. */
export interface BlockSupply {
  readonly block: number;
  /** In ascending order; bytes from the start of the block. */
  readonly runs: readonly SuppliedRun[];
}

function part({ start, origin }: SuppliedRun, at: number, inBlock: number, length: number): SuppliedRun {
  const range = { start: inBlock, end: inBlock + length };
  if (origin === undefined) return range;
  return { ...range, origin: { view: origin.view, fileOffset: origin.fileOffset + at - start } };
}

/** The same runs, block by block. */
export async function* byBlock(runs: AsyncIterable<SuppliedRun>, blockSize: number): AsyncGenerator<BlockSupply> {
  let current: { block: number; runs: SuppliedRun[] } | undefined;
  for await (const run of runs) {
    for (const { block, inBlock, length } of blockParts(run.start, run.end - run.start, blockSize)) {
      if (current !== undefined && current.block !== block) yield current;
      if (current?.block !== block) current = { block, runs: [] };
      current.runs.push(part(run, block * blockSize + inBlock, inBlock, length));
    }
  }
  if (current !== undefined) yield current;
}
