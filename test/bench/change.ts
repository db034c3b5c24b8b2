/**
 * `npm run bench:change`: what changes of images at rest cost, beside copying the bytes that have to be copied.
 * BENCH_MIB is the size of the disks, BENCH_FOLDER where they are.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFile, openWritableDisk } from '../../runtime/node.js';
import { MIB, TIB } from '../support/units.js';
import { VHDX } from './folder.js';

const UNITS = Number(process.env['BENCH_MIB'] ?? 4096);
const RUNS = 3;
const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'vhdx-bench-'));
const at = (name: string): string => join(folder, name);

/** Seconds that a program took; each run begins with what `prepare` makes. The least of the runs. */
function time(prepare: () => void, program: string, args: readonly string[]): number {
  let least = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    prepare();
    const began = performance.now();
    const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    least = Math.min(least, (performance.now() - began) / 1000);
  }
  return least;
}

const vhdx = (prepare: () => void, ...args: readonly string[]): number =>
  time(prepare, process.execPath, [VHDX, ...args]);

function line(title: string, ours: number, others: number, goal: number): void {
  const ratio = ours / others;
  console.log(
    `${title}: ${ours.toFixed(2)} s beside ${others.toFixed(2)} s, ${ratio.toFixed(2)} times as long; goal ${goal}${ratio <= goal ? '' : ': MISSED'}`,
  );
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
  await makeHalf('half.vhdx');
  const fresh = (): void => copyFileSync(at('half.vhdx'), at('work.vhdx'));
  // A quarter of the blocks has to move.
  writeFileSync(at('moved.bin'), '');
  truncateSync(at('moved.bin'), 0);
  for (let unit = 0; unit < UNITS / 4; unit += 1) {
    writeFileSync(at('moved.bin'), new Uint8Array(MIB).fill(unit % 251), { flag: 'a' });
  }
  const remove = (): void => rmSync(at('copy.bin'), { force: true });
  const copy = time(remove, 'cp', ['moved.bin', 'copy.bin']);
  remove();
  line(
    `compact ${UNITS} MiB in place, beside cp of ${UNITS / 4} MiB`,
    vhdx(fresh, 'compact', 'work.vhdx', '-q'),
    copy,
    1.2,
  );
  const none = (): void => rmSync(at('out.vhdx'), { force: true });
  const ours = vhdx(none, 'compact', 'half.vhdx', '-o', 'out.vhdx', '-q');
  const qemu = time(none, 'qemu-img', ['convert', '-O', 'vhdx', 'half.vhdx', 'out.vhdx']);
  line('compact -o, beside qemu-img convert', ours, qemu, 0.9);
  for (const name of ['half.vhdx', 'work.vhdx', 'out.vhdx', 'moved.bin']) rmSync(at(name), { force: true });
}

async function benchMerge(): Promise<void> {
  const units = UNITS / 4;
  await createFile(at('base.vhdx'), { size: UNITS * MIB, blockSize: MIB });
  await createFile(at('child.vhdx'), { parent: at('base.vhdx') });
  const disk = await openWritableDisk(at('child.vhdx'));
  for (let unit = 0; unit < units; unit += 1)
    await disk.write(new Uint8Array(MIB).fill((unit % 250) + 1), unit * 4 * MIB);
  await disk.close();
  copyFileSync(at('base.vhdx'), at('kept.vhdx'));
  const remove = (): void => rmSync(at('copy.bin'), { force: true });
  const copy = time(remove, 'cp', ['child.vhdx', 'copy.bin']);
  remove();
  const ours = vhdx(() => copyFileSync(at('kept.vhdx'), at('base.vhdx')), 'merge', 'child.vhdx', '-q');
  line(`merge of ${units} MiB, beside cp`, ours, copy, 1.2);
}

async function benchResize(): Promise<void> {
  await createFile(at('large.vhdx'), { size: 32 * TIB, blockSize: MIB });
  const fresh = (): void => copyFileSync(at('large.vhdx'), at('work.vhdx'));
  console.log(`resize of 32 to 64 TiB: ${vhdx(fresh, 'resize', 'work.vhdx', '64T', '-q').toFixed(2)} s; goal 3`);
}

try {
  await benchCompact();
  await benchMerge();
  await benchResize();
} finally {
  rmSync(folder, { recursive: true });
}
