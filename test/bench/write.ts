/**
 * `npm run bench:write`: how fast disks are made and written, beside qemu-img, qemu-io and bare Node. Works in memory
 * (/dev/shm) if there is room, so that no disk has a part in it; VHDX_BENCH_DIR names another folder.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installChecksums } from '../../runtime/format/checksum.js';
import { GIB, MIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { bundled } from './bundled.js';
import { floorPrograms } from './floor.js';
import { makeFolder } from './folder.js';
import { measure, median } from './harness.js';
import { touchMemory } from './memory.js';
import { aboveNode, compareCosts, compareFloors, timePrograms } from './processes.js';
import { isQuick, roundsOf } from './quick.js';
import { makeDirtyDisk } from './read-images.js';
import { INTO_DYNAMIC, result, section } from './results.js';
import { HEADER, writeHeader } from './write-by-hand.js';

const VHDX = fileURLToPath(new URL('../../runtime/command/main.cjs', import.meta.url));
/** As a program has it that is given to others: loading each of the library's modules by itself takes 0.1 s. */
const CHILD = bundled('write-child');
const { parent, folder } = makeFolder(8 * GIB);
const path = (name: string): string => join(folder, name);

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`, { cause: error });
}

function remove(...names: readonly string[]): void {
  for (const name of names) rmSync(path(name), { force: true });
}

/** A raw image without zeros. */
function makeRaw(name: string, size: number): void {
  const file = openSync(path(name), 'w');
  const random = new Random(1);
  const bytes = Uint8Array.from({ length: MIB }, () => 1 + random.below(255));
  for (let at = 0; at < size; at += bytes.length) writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

function benchSequential(): void {
  const size = isQuick ? GIB / 4 : 2 * GIB;
  section(INTO_DYNAMIC);
  makeRaw('in.raw', size);
  const raw = path('in.raw');
  const [converted, written, theirs] = ['converted.vhdx', 'written.vhdx', 'theirs.vhdx'] as const;
  const [floor, list] = ['floor.raw', 'moves.json'] as const;
  const before = (): void => {
    remove(converted, written, theirs, floor);
    touchMemory(folder);
  };
  const [convert, write, qemu, bareCopy, bareWrite] = timePrograms(
    [
      { name: 'convert', command: [process.execPath, VHDX, 'convert', raw, path(converted)], before },
      {
        name: 'write',
        command: [process.execPath, CHILD, 'sequential', path(written), raw],
        before: () => {
          before();
          run(process.execPath, VHDX, 'create', path(written), '--size', '2G');
        },
      },
      {
        name: 'qemu-img',
        command: ['qemu-img', 'convert', '-f', 'raw', '-O', 'vhdx', raw, path(theirs)],
        before,
      },
      ...floorPrograms(raw, path(floor), path(list), { size, moves: [[0, 0, size]], before }),
    ],
    7,
  );
  remove('in.raw', converted, written, theirs, floor, list);
  if (convert === undefined || write === undefined || qemu === undefined) return;
  compareCosts('vhdx convert / qemu-img convert', convert, qemu, { wall: 1 });
  compareCosts('disk.write / qemu-img convert', write, qemu, { wall: 0.9 });
  if (bareCopy !== undefined && bareWrite !== undefined) compareFloors(bareCopy, bareWrite, qemu);
}

const WRITES = isQuick ? 1000 : 10_000;

function benchRandom(): void {
  section(`${WRITES} random writes of 4 KiB, each into a block without storage, a flush after every 100`);
  const random = new Random(2);
  // Of 64 GiB in blocks of 1 MiB, so that no block is met twice.
  const blocks = new Set<number>();
  while (blocks.size < WRITES) blocks.add(random.below(64 * 1024));
  const offsets = [...blocks].map((block) => block * MIB + 4096 * random.below(256));
  writeFileSync(path('offsets.json'), JSON.stringify(offsets));
  const script = offsets.map((at, index) => `write -q -P 0xa5 ${at} 4096${(index + 1) % 100 === 0 ? '\nflush' : ''}\n`);
  writeFileSync(path('script'), script.join(''));
  const fresh = (name: string) => (): void => {
    remove('ours.vhdx', 'theirs.vhdx');
    run(process.execPath, VHDX, 'create', path(name), '--size', '64G', '--block-size', '1M');
  };
  const [ours, theirs] = timePrograms(
    [
      {
        name: 'disk.write',
        command: [process.execPath, CHILD, 'random', path('ours.vhdx'), path('offsets.json')],
        before: fresh('ours.vhdx'),
      },
      {
        name: 'qemu-io',
        command: ['bash', '-c', 'qemu-io -f vhdx "$0" < "$1"', path('theirs.vhdx'), path('script')],
        before: fresh('theirs.vhdx'),
      },
    ],
    3,
  );
  remove('ours.vhdx', 'theirs.vhdx', 'offsets.json', 'script');
  if (ours === undefined || theirs === undefined) return;
  // 0.6 of the time that it took before the file grew in steps.
  compareCosts('disk.write / qemu-io', ours, theirs, { wall: 0.135 });
}

function benchReplay(): void {
  section('open for writing a disk of 1 TiB with a log of 2,000 sectors of the BAT');
  makeDirtyDisk(path('dirty.vhdx'));
  const times = Array.from({ length: roundsOf(9) }, () => {
    copyFileSync(path('dirty.vhdx'), path('opened.vhdx'));
    const { stdout, stderr } = spawnSync(process.execPath, [CHILD, 'open', path('opened.vhdx')], { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return Number(stdout);
  });
  remove('dirty.vhdx', 'opened.vhdx');
  result('open', median(times), 'ms', { goal: { atMost: 142 } });
}

function benchCreate(): void {
  section('create a dynamic disk of 64 TiB');
  const create = (...options: readonly string[]): readonly string[] => [
    process.execPath,
    VHDX,
    'create',
    path('large.vhdx'),
    '--size',
    '64T',
    ...options,
  ];
  const before = (): void => remove('large.vhdx');
  const [bare, large, small] = timePrograms(
    [
      { name: 'node', command: [process.execPath, '-e', '0'] },
      { name: 'blocks of 32 MiB', command: create(), before },
      { name: 'blocks of 1 MiB', command: create('--block-size', '1M'), before },
    ],
    21,
  );
  before();
  if (bare === undefined || large === undefined || small === undefined) return;
  for (const [name, cost] of [
    ['blocks of 32 MiB', large],
    ['blocks of 1 MiB', small],
  ] as const) {
    aboveNode(`vhdx create, ${name}`, cost, bare, 50);
  }
}

function benchHeader(): void {
  section('a header of 4 KiB: check, write and checksum');
  installChecksums();
  const [bytes, other] = [new Uint8Array(4096), new Uint8Array(4096)];
  const [byHand, generated] = measure([
    { name: 'hand-written', run: () => writeHeader(HEADER, other, 0) },
    { name: 'generated', run: () => HEADER.writeTo(bytes) },
  ]);
  if (Buffer.compare(bytes, other) !== 0) throw new Error('the two write different headers');
  if (byHand === undefined || generated === undefined) return;
  const detail = [generated, byHand].map(({ nanoseconds }) => `${nanoseconds.toFixed(0)} ns`).join(' / ');
  result('generated / hand-written', generated.nanoseconds / byHand.nanoseconds, '×', {
    goal: { atMost: 1.3 },
    detail,
  });
}

try {
  console.log(`node ${process.version}, in ${parent}; medians, each round runs all that are compared`);
  benchSequential();
  benchRandom();
  benchReplay();
  benchCreate();
  benchHeader();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
