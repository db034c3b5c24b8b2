/**
 * Images that we write, killed in the middle of it or in turns with qemu-io: QEMU reads what we do. VHDX_KILLS says how
 * often the writer is killed, VHDX_KILL_SEED when.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { checkImage } from '../../runtime/check/check.js';
import { openDisk } from '../../runtime/disk/disk.js';
import { openFile, openFileForWriting } from '../../runtime/node.js';
import { replayLog } from '../../runtime/change/replay.js';
import { readExactly } from '../../runtime/io/byte-source.js';
import { openWritableDisk } from '../../runtime/write/writable-disk.js';
import { writeSparse } from '../cli/images.js';
import { ALIEN, type DiskChange, DiskModel, stampsOf } from '../support/disk-model.js';
import { KIB, MIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { Clock } from '../support/recording-target.js';
import { buildImage, valuesOf } from '../support/stamped-images.js';
import { ask, without } from './peers.js';
import { firstDifference } from '../support/bytes.js';

const KILLS = Number(process.env['VHDX_KILLS'] ?? 25);
const SEED = Number(process.env['VHDX_KILL_SEED'] ?? 9);
const SHARED_MEMORY = '/dev/shm';
const SIZE = 16 * MIB;
const SECTOR = 512;

// In memory, as there are many files, and none has to outlive the machine.
const cwd = mkdtempSync(join(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'vhdx-written-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** What the child is to do; a flush has neither position nor value. */
interface ChildStep {
  readonly kind: 'write' | 'discard' | 'flush';
  /** Among all steps. */
  readonly number: number;
  readonly position: number;
  readonly length: number;
  /** What a write leaves. */
  readonly value: number;
}

function stepOf(random: Random, number: number): ChildStep {
  const step = { number, value: 1000 + number };
  const roll = random.below(10);
  if (roll < 2) return { ...step, kind: 'flush', position: 0, length: 0 };
  const kind = roll < 4 ? 'discard' : 'write';
  if (random.oneIn(3)) return { ...step, kind, position: random.below(SIZE / MIB) * MIB, length: MIB };
  const length = SECTOR * random.pick([1, 3, 8, 64, 300]);
  return { ...step, kind, position: random.below((SIZE - length) / SECTOR) * SECTOR, length };
}

/** Steps in lists of what is asked for at once. */
function stepsOf(random: Random): ChildStep[][] {
  const lists: ChildStep[][] = [];
  for (let number = 0; number < 150;) {
    const list = Array.from({ length: random.oneIn(3) ? 1 + random.below(5) : 1 }, (_, index) =>
      stepOf(random, number + index),
    );
    lists.push(list);
    number += list.length;
  }
  return lists;
}

const CHILD = fileURLToPath(new URL('writing-child.js', import.meta.url));

/** Has a child write to an image, and kills it once it has said so many lines. Returns what it said. */
function writeUntilKilled(path: string, steps: readonly ChildStep[][], lines: number): Promise<string> {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(steps));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      if (signal === 'SIGKILL' || exitCode === 0) resolve(said);
      else reject(new Error(`the child ended with ${exitCode}`));
    });
  });
}

/** Enters into the model what the child said that it did. */
function follow(model: DiskModel, steps: readonly ChildStep[][], said: string): void {
  const changes = new Map<number, DiskChange>();
  const flushes = new Map<number, number>();
  for (const line of said.split('\n').slice(0, -1)) {
    const [what, number] = line.split(' ');
    const step = steps.flat()[Number(number)];
    if (step === undefined) throw new Error(`the child said ${line}`);
    const { kind, position, length, value } = step;
    if (kind === 'flush' && what === 'begin') flushes.set(step.number, model.clock.tick());
    else if (kind === 'flush') model.flushed(flushes.get(step.number) ?? -1);
    else if (what === 'begin') changes.set(step.number, model.begin(kind, position, length, value));
    else {
      const change = changes.get(step.number);
      if (change !== undefined) model.end(change);
    }
  }
}

/** The disk as QEMU reads it. */
function convertedByQemu(name: string): Uint8Array {
  const { exitCode, stderr } = ask('qemu-img', ['convert', '-f', 'vhdx', '-O', 'raw', name, `${name}.raw`], cwd);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const bytes = readFileSync(join(cwd, `${name}.raw`));
  rmSync(join(cwd, `${name}.raw`));
  return bytes;
}

async function readByUs(name: string): Promise<Uint8Array> {
  const disk = await openDisk(await openFile(join(cwd, name)));
  try {
    return await readExactly(disk, 0, disk.size);
  } finally {
    await disk.close();
  }
}

async function verdictOf(name: string): Promise<string> {
  const source = await openFile(join(cwd, name));
  try {
    return (await checkImage(source)).verdict;
  } finally {
    await source.close();
  }
}

describe.skipIf(without('qemu-img'))('a writer that is killed', () => {
  const specs = [
    { spec: { virtualSize: SIZE, allocate: [0, 3] } },
    { spec: { virtualSize: SIZE, allocate: [1] }, garbage: 5 },
    { spec: { type: 'fixed', virtualSize: SIZE } },
  ] as const;

  test(
    `${KILLS} times, seed ${SEED} → QEMU's repair and our replay give the same disk, with all that was flushed`,
    async () => {
      let [pending, finished] = [0, 0];
      for (let kill = 0; kill < KILLS; kill += 1) {
        const random = new Random(SEED * 1000 + kill);
        const image = buildImage(random.pick(specs));
        writeSparse(join(cwd, 'ours.vhdx'), image.toBytes());
        const steps = stepsOf(random);
        const before = await openDisk(image.source);
        const model = new DiskModel(SIZE, new Clock(), await valuesOf(before));
        const lines = 1 + random.below(300);
        const said = await writeUntilKilled(join(cwd, 'ours.vhdx'), steps, lines);
        follow(model, steps, said);
        const name = `kill ${kill}, after ${said.split('\n').length - 1} lines (${lines} asked for)`;
        if (said.includes(`end ${steps.flat().length - 1}\n`)) finished += 1;

        copyFileSync(join(cwd, 'ours.vhdx'), join(cwd, 'theirs.vhdx'));
        expect(ask('qemu-img', ['check', '-q', '-r', 'all', 'theirs.vhdx'], cwd), name).toMatchObject({ exitCode: 0 });
        const target = await openFileForWriting(join(cwd, 'ours.vhdx'));
        if ((await replayLog(target)).replayed) pending += 1;
        await target.close();
        expect(await verdictOf('ours.vhdx'), name).toBe('clean');
        expect(ask('qemu-img', ['check', '-q', 'ours.vhdx'], cwd), name).toMatchObject({ exitCode: 0 });

        const ours = await readByUs('ours.vhdx');
        expect(firstDifference(ours, convertedByQemu('ours.vhdx')), name).toBe(-1);
        expect(firstDifference(ours, convertedByQemu('theirs.vhdx')), name).toBe(-1);
        const stamps = stampsOf(ours);
        for (const segment of model.afterCrash(model.clock.tick())) {
          const fault = model.judge(segment, (atom) => [stamps[2 * atom] ?? ALIEN, stamps[2 * atom + 1] ?? 0]);
          expect(fault, name).toBeUndefined();
        }
      }
      console.log(
        `${KILLS} kills, seed ${SEED}: ${pending} left a log to be replayed, ${finished} came after the last step`,
      );
      // Else it would not have been tried.
      expect(pending).toBeGreaterThan(KILLS / 4);
    },
    60_000 + KILLS * 20_000,
  );
});

describe.skipIf(without('qemu-img'))('an image that QEMU and we write in turns', () => {
  test.each([
    ['dynamic', 'subformat=dynamic,block_size=1M'],
    ['dynamic, blocks of 2 MiB', 'subformat=dynamic,block_size=2M,log_size=1M'],
    ['fixed', 'subformat=fixed,block_size=1M'],
  ])('ten rounds, %s → at each step both read the same, and find no fault', async (name, options) => {
    const file = 'turns.vhdx';
    const created = ask('qemu-img', ['create', '-q', '-f', 'vhdx', '-o', options, file, String(SIZE)], cwd);
    expect(created).toMatchObject({ exitCode: 0, stderr: '' });
    const model = new Uint8Array(SIZE);
    const random = new Random(name.length);
    const compare = async (step: string): Promise<void> => {
      expect(firstDifference(convertedByQemu(file), model), step).toBe(-1);
      expect(firstDifference(await readByUs(file), model), step).toBe(-1);
      expect(ask('qemu-img', ['check', '-q', file], cwd), step).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await verdictOf(file), step).toBe('clean');
    };
    const range = (): { position: number; length: number } => {
      const length = random.oneIn(3) ? MIB : SECTOR * random.pick([1, 7, 64, 3000]);
      return { position: random.below((SIZE - length) / SECTOR) * SECTOR, length };
    };
    for (let round = 0; round < 10; round += 1) {
      const commands = Array.from({ length: 4 }, () => {
        const { position, length } = range();
        const byte = 1 + random.below(255);
        model.fill(byte, position, position + length);
        return ['-c', `write -P ${byte} ${position} ${length}`];
      });
      const { exitCode, stdout } = ask('qemu-io', ['-f', 'vhdx', ...commands.flat(), file], cwd);
      expect({ exitCode, failed: stdout.includes('failed') }).toEqual({ exitCode: 0, failed: false });
      await compare(`round ${round}, after QEMU`);

      const disk = await openWritableDisk(await openFileForWriting(join(cwd, file)));
      for (let step = 0; step < 6; step += 1) {
        const { position, length } = range();
        const isDiscard = random.oneIn(3);
        const bytes = new Uint8Array(length).fill(isDiscard ? 0 : 1 + random.below(255));
        if (!isDiscard) bytes.set(new TextEncoder().encode(`round ${round}, step ${step}`));
        model.set(bytes, position);
        await (isDiscard ? disk.discard(position, length) : disk.write(bytes, position));
        if (random.oneIn(3)) await disk.flush();
      }
      await disk.close();
      await compare(`round ${round}, after us`);
    }
    rmSync(join(cwd, file));
  });

  test('blocks of 8 KiB apart, more than one log entry → clean to QEMU while the log is open', async () => {
    const file = 'open.vhdx';
    ask('qemu-img', ['create', '-q', '-f', 'vhdx', '-o', 'block_size=1M', file, String(256 * MIB)], cwd);
    const disk = await openWritableDisk(await openFileForWriting(join(cwd, file)));
    for (let block = 0; block < 200; block += 1) {
      await disk.write(new Uint8Array(8 * KIB).fill(block + 1), block * MIB);
      await disk.flush();
    }
    copyFileSync(join(cwd, file), join(cwd, 'copy.vhdx'));
    await disk.close();
    expect(ask('qemu-img', ['check', '-q', '-r', 'all', 'copy.vhdx'], cwd)).toMatchObject({ exitCode: 0 });
    expect(ask('qemu-img', ['compare', file, 'copy.vhdx'], cwd)).toMatchObject({ exitCode: 0 });
    for (const name of [file, 'copy.vhdx']) rmSync(join(cwd, name));
  });
});
