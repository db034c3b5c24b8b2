/**
 * `npm run bench:change`: what changes of images at rest cost, beside copying the bytes that have to be copied. Works in
 * memory (/dev/shm) if there is room; VHDX_BENCH_DIR names another folder. BENCH_MIB is the size of the disks.
 */
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFile, openWritableDisk } from '../../runtime/node.js';
import { GIB, MIB, TIB } from '../support/units.js';
import { makeFolder } from './folder.js';
import { compareCosts, type Program, timePrograms } from './processes.js';
import { isQuick } from './quick.js';
import { result, section } from './results.js';

const VHDX = fileURLToPath(new URL('../../runtime/command/main.cjs', import.meta.url));
const UNITS = Number(process.env['BENCH_MIB'] ?? (isQuick ? 256 : 4096));
const RUNS = 3;
const { parent, folder } = makeFolder(3 * UNITS * MIB + GIB);
const at = (name: string): string => join(folder, name);

function vhdx(before: () => void, ...args: readonly string[]): Program {
  return { name: 'vhdx', command: [process.execPath, VHDX, ...args, '-q'], before };
}

/** Runs ours and another program in turn; `goal` is how many times as long ours may take. */
function compare(title: string, ours: Program, theirs: Program, goal: number): void {
  const [own, other] = timePrograms([ours, theirs], RUNS);
  if (own !== undefined && other !== undefined) compareCosts(title, own, other, { wall: goal });
}

/** A disk of which every second block of 1 MiB has been written and then given up again, or has data. */
async function makeHalf(name: string): Promise<void> {
  await createFile(at(name), { size: UNITS * MIB, blockSize: MIB });
  const disk = await openWritableDisk(at(name));
  for (let unit = 0; unit < UNITS; unit += 1) await disk.write(new Uint8Array(MIB).fill((unit % 250) + 1), unit * MIB);
  await disk.flush();
  for (let unit = 0; unit < UNITS; unit += 2) await disk.discard(unit * MIB, MIB);
  await disk.close();
}

async function benchCompact(): Promise<void> {
  section(`compact a disk of ${UNITS} MiB of which every second MiB is in use`);
  await makeHalf('half.vhdx');
  const fresh = (): void => copyFileSync(at('half.vhdx'), at('work.vhdx'));
  // A quarter of the blocks has to move.
  writeFileSync(at('moved.bin'), '');
  for (let unit = 0; unit < UNITS / 4; unit += 1) {
    writeFileSync(at('moved.bin'), new Uint8Array(MIB).fill((unit % 250) + 1), { flag: 'a' });
  }
  const copy = copyOf('moved.bin');
  compare('in place / cp of what moves', vhdx(fresh, 'compact', at('work.vhdx')), copy, 1.2);
  for (const name of ['work.vhdx', 'moved.bin', 'copy.bin']) rmSync(at(name), { force: true });
  const none = (): void => rmSync(at('out.vhdx'), { force: true });
  const qemu = ['qemu-img', 'convert', '-O', 'vhdx', at('half.vhdx'), at('out.vhdx')];
  compare(
    'compact -o / qemu-img convert',
    vhdx(none, 'compact', at('half.vhdx'), '-o', at('out.vhdx')),
    { name: 'qemu-img', command: qemu, before: none },
    0.9,
  );
  for (const name of ['half.vhdx', 'out.vhdx']) rmSync(at(name), { force: true });
}

/** cp of a file, to a new one. */
function copyOf(name: string): Program {
  const before = (): void => rmSync(at('copy.bin'), { force: true });
  return { name: 'cp', command: ['cp', at(name), at('copy.bin')], before };
}

async function benchMerge(): Promise<void> {
  const units = UNITS / 4;
  section(`merge of ${units} MiB into a parent`);
  await createFile(at('base.vhdx'), { size: UNITS * MIB, blockSize: MIB });
  await createFile(at('child.vhdx'), { parent: at('base.vhdx') });
  const disk = await openWritableDisk(at('child.vhdx'));
  for (let unit = 0; unit < units; unit += 1)
    await disk.write(new Uint8Array(MIB).fill((unit % 250) + 1), unit * 4 * MIB);
  await disk.close();
  copyFileSync(at('base.vhdx'), at('kept.vhdx'));
  const fresh = (): void => copyFileSync(at('kept.vhdx'), at('base.vhdx'));
  compare('merge / cp of the child', vhdx(fresh, 'merge', at('child.vhdx')), copyOf('child.vhdx'), 1.2);
  for (const name of ['base.vhdx', 'kept.vhdx', 'child.vhdx', 'copy.bin']) rmSync(at(name), { force: true });
}

async function benchResize(): Promise<void> {
  section('resize of 32 to 64 TiB, blocks of 1 MiB');
  await createFile(at('large.vhdx'), { size: 32 * TIB, blockSize: MIB });
  const fresh = (): void => copyFileSync(at('large.vhdx'), at('work.vhdx'));
  const [resize] = timePrograms([vhdx(fresh, 'resize', at('work.vhdx'), '64T')], RUNS);
  if (resize !== undefined) result('resize', resize.wall, 's', { goal: { atMost: 3 } });
}

try {
  console.log(`node ${process.version}, in ${parent}; medians, each round runs all that are compared`);
  await benchCompact();
  await benchMerge();
  await benchResize();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
