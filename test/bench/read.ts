/**
 * `npm run bench:read`: how fast disks are opened, listed, read and converted, beside qemu-img and beside bare Node.
 * Works in memory (/dev/shm) if there is room, so that no disk has a part in it; VHDX_BENCH_DIR names another folder.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type ByteSource, type Extent, openDisk } from '../../runtime/index.js';
import { readInto } from '../../runtime/io.js';
import { openFile } from '../../runtime/node.js';
import { GIB, MIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { floorPrograms, type Move } from './floor.js';
import { makeFolder } from './folder.js';
import { median } from './harness.js';
import { touchMemory } from './memory.js';
import { aboveNode, compareCosts, compareFloors, timePrograms } from './processes.js';
import { roundsOf } from './quick.js';
import { CONVERT_TO_RAW, result, section } from './results.js';
import { makeFilledDisk, makeLargeDisk, makePatchedDisks, PATCHED_BYTES } from './read-images.js';

const VHDX = fileURLToPath(new URL('../../runtime/command/main.cjs', import.meta.url));
const CHILD = fileURLToPath(new URL('./read-child.js', import.meta.url));
const { parent, folder } = makeFolder(6 * GIB);

/** Where the data of a disk lie in its file and in a raw image. */
async function movesOf(image: string): Promise<{ size: number; moves: Move[] }> {
  await using disk = await openDisk(await openFile(image));
  const moves: Move[] = [];
  for await (const extent of disk.extents()) {
    if (extent.kind === 'data') moves.push([extent.fileOffset, extent.virtualOffset, extent.length]);
  }
  return { size: disk.size, moves };
}

async function benchConvert(image: string): Promise<void> {
  section(CONVERT_TO_RAW);
  const [ours, theirs, floor] = ['ours.raw', 'theirs.raw', 'floor.raw'].map((name) => join(folder, name));
  if (ours === undefined || theirs === undefined || floor === undefined) return;
  const remove = (): void => {
    for (const path of [ours, theirs, floor]) rmSync(path, { force: true });
  };
  const before = (): void => {
    remove();
    touchMemory(folder);
  };
  const list = join(folder, 'moves.json');
  const [vhdx, qemu, copy, write] = timePrograms(
    [
      { name: 'vhdx', command: [process.execPath, VHDX, 'convert', image, ours], before },
      { name: 'qemu-img', command: ['qemu-img', 'convert', '-O', 'raw', image, theirs], before },
      ...floorPrograms(image, floor, list, { ...(await movesOf(image)), before }),
    ],
    9,
  );
  remove();
  if (vhdx === undefined || qemu === undefined || copy === undefined || write === undefined) return;
  compareCosts('vhdx / qemu-img', vhdx, qemu, { wall: 0.7, cpu: 0.7 });
  compareFloors(copy, write, qemu);
}

interface ChildFigures {
  readonly milliseconds: number;
  readonly count: number;
  readonly peakKib: number;
}

function child(what: string, image: string): ChildFigures {
  const { stdout, stderr } = spawnSync(process.execPath, [CHILD, what, image], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as ChildFigures;
}

function medians(runs: readonly ChildFigures[]): ChildFigures {
  return {
    milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
    count: median(runs.map(({ count }) => count)),
    peakKib: median(runs.map(({ peakKib }) => peakKib)),
  };
}

function benchLarge(image: string): void {
  section('a disk of 64 TiB with blocks of 1 MiB, in a new process each time');
  const kinds = ['nothing', 'import', 'open', 'list'];
  const runs = kinds.map((): ChildFigures[] => []);
  for (let round = 0; round < roundsOf(9); round += 1) {
    for (const [index, kind] of kinds.entries()) runs[index]?.push(child(kind, image));
  }
  const [bare, imported, opened, listed] = runs.map(medians);
  if (bare === undefined || imported === undefined || opened === undefined || listed === undefined) return;
  result('import of vhdx and vhdx/node, wall time', imported.milliseconds, 'ms');
  result('open', opened.milliseconds, 'ms', { goal: { atMost: 15 } });
  const mib = (opened.peakKib - bare.peakKib) / 1024;
  result('open, memory above the bare process', mib, 'MiB', { goal: { atMost: 20 } });
  result('open and list the extents', listed.milliseconds, 'ms', {
    goal: { atMost: 1500 },
    detail: `${listed.count} extents`,
  });
  result('list, memory above open', (listed.peakKib - opened.peakKib) / 1024, 'MiB');
}

/** Times `rounds` rounds of each, and returns the median milliseconds of each. */
async function alternate(rounds: number, runs: readonly (() => Promise<void>)[]): Promise<number[]> {
  const times = runs.map((): number[] => []);
  for (let round = 0; round <= roundsOf(rounds); round += 1) {
    for (const [index, run] of runs.entries()) {
      const start = performance.now();
      await run();
      if (round > 0) times[index]?.push(performance.now() - start);
    }
  }
  return times.map(median);
}

/** `each` for `count` numbers, `depth` of them at a time. */
async function inParallel(count: number, depth: number, each: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await each(index);
  };
  await Promise.all(Array.from({ length: depth }, worker));
}

async function benchRandom(image: string): Promise<void> {
  section('random reads of 4 KiB');
  const count = 20_000;
  const handle = await open(image, 'r');
  const disk = await openDisk(await openFile(image));
  // The same places of the file for both: inside of the runs of data.
  const random = new Random(3);
  const places: Extent[] = [];
  for await (const extent of disk.extents()) if (extent.kind === 'data') places.push(extent);
  const targets = Array.from({ length: count }, () => {
    const place = places[random.below(places.length)];
    if (place === undefined || place.kind !== 'data') throw new Error('the image has no data');
    const at = 4096 * random.below(place.length / 4096);
    return { virtualOffset: place.virtualOffset + at, fileOffset: place.fileOffset + at };
  });
  for (const depth of [1, 16]) {
    const buffers = Array.from({ length: depth }, () => new Uint8Array(4096));
    const buffer = (index: number): Uint8Array => buffers[index % depth] ?? new Uint8Array(4096);
    const [bare = NaN, ours = NaN] = await alternate(7, [
      () => inParallel(count, depth, (index) => handle.read(buffer(index), 0, 4096, targets[index]?.fileOffset ?? 0)),
      () => inParallel(count, depth, (index) => disk.read(buffer(index), targets[index]?.virtualOffset ?? 0)),
    ]);
    const rates = [ours, bare].map((time) => `${((count / time) * 1000).toFixed(0)}/s`).join(' / ');
    result(`${depth} at a time, rate of the disk / of a FileHandle`, bare / ours, '×', {
      goal: { atLeast: depth === 1 ? 1 : 0.9 },
      detail: rates,
    });
  }
  await handle.close();
  await disk.close();
}

async function readAll(source: ByteSource, length: number): Promise<void> {
  const bytes = new Uint8Array(MIB);
  for (let at = 0; at < length; at += MIB) await readInto(source, bytes, at);
}

async function benchOverlay(): Promise<void> {
  section('a pending log of 10,000 sectors: sequential reads of 512 MiB');
  const paths = makePatchedDisks(folder);
  const [clean, patched] = [await openDisk(await openFile(paths.clean)), await openDisk(await openFile(paths.patched))];
  const [without = NaN, with_ = NaN] = await alternate(11, [
    () => readAll(clean, PATCHED_BYTES),
    () => readAll(patched, PATCHED_BYTES),
  ]);
  result('with the log / without', with_ / without, '×', {
    goal: { atMost: 1.1 },
    detail: `${with_.toFixed(1)} ms / ${without.toFixed(1)} ms`,
  });
  await clean.close();
  await patched.close();
}

function benchStart(image: string): void {
  section('the command');
  const [bare, info] = timePrograms(
    [
      { name: 'node', command: [process.execPath, '-e', '0'] },
      { name: 'info', command: [process.execPath, VHDX, 'info', image] },
    ],
    21,
  );
  if (bare === undefined || info === undefined) return;
  aboveNode('vhdx info', info, bare, 30);
}

try {
  console.log(`node ${process.version}, in ${parent}; medians, each round runs all that are compared`);
  const filled = makeFilledDisk(folder);
  await benchConvert(filled);
  benchLarge(makeLargeDisk(folder));
  await benchRandom(filled);
  await benchOverlay();
  benchStart(filled);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
