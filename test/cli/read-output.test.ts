import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { MemorySource } from '../../runtime/index.js';
import { convertToVhdx } from '../../runtime/node.js';
import { damagedHeaders, FIXTURE, temporaryDirectory } from './images.js';
import { PROGRAM, vhdx } from './vhdx.js';
import { MIB } from '../support/units.js';

const SIZE = 6 * MIB;
const cwd = temporaryDirectory();
const image = join(cwd, 'disk.vhdx');
/** No part of it is like another one, so that what is missing or comes twice is seen. */
const contents = Buffer.alloc(SIZE);

beforeAll(async () => {
  for (let at = 0; at < SIZE; at += 4) contents.writeUInt32LE(Math.imul(at + 1, 0x9e37_79b1) >>> 0, at);
  await convertToVhdx(new MemorySource(contents), image, { blockSize: MIB });
  copyFileSync(FIXTURE, join(cwd, 'a.vhdx'));
  writeFileSync(join(cwd, 'damaged.vhdx'), damagedHeaders(0));
});

type Child = ChildProcessByStdio<null, Readable, Readable>;

const COMMANDS = [
  ['read', [image]],
  ['convert', [image, '-']],
] as const;

function start(args: readonly string[]): Child {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
}

/** How it ended, and what it said. */
async function ending(child: Child): Promise<{ exitCode: number | null; signal: string | null; stderr: string }> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stderr }));
  });
}

describe.each(COMMANDS)('%s to a pipe', (command, args) => {
  test.each([
    ['that stops now and then', async () => setTimeout(20)],
    [
      'while the command is stopped and continued',
      async (child: Child) => {
        child.kill('SIGSTOP');
        await setTimeout(5);
        child.kill('SIGCONT');
      },
    ],
  ])('a reader %s → every byte, exit code 0', async (_title, pause) => {
    const child = start([command, ...args]);
    const end = ending(child);
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of child.stdout as AsyncIterable<Buffer>) {
      if (Math.floor((length + piece.length) / MIB) > Math.floor(length / MIB)) await pause(child);
      pieces.push(piece);
      length += piece.length;
    }
    expect(await end).toEqual({ exitCode: 0, signal: null, stderr: '' });
    expect(Buffer.concat(pieces).equals(contents)).toBe(true);
  });

  test('a reader that goes away → exit code 1, and how much it took', async () => {
    const child = start([command, ...args]);
    const end = ending(child);
    child.stdout.once('data', () => child.stdout.destroy());
    const { exitCode, stderr } = await end;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^vhdx: cannot write to standard output: its reader closed it; at least \d+ of 6291456 bytes were taken \(VHDX_TARGET_IO\)\n$/,
    );
  });

  test('a reader that takes no more, then SIGTERM → ends by it, and says that the output is incomplete', async () => {
    const child = start([command, ...args]);
    const end = ending(child);
    child.stdout.once('data', () => {
      child.stdout.pause();
      child.kill('SIGTERM');
    });
    void end.then(() => child.stdout.destroy());
    child.once('exit', () => child.stdout.destroy());
    expect(await end).toEqual({
      exitCode: null,
      signal: 'SIGTERM',
      stderr: 'vhdx: interrupted by SIGTERM: the output is incomplete\n',
    });
  });
});

describe.skipIf(!existsSync('/bin/bash'))('a file that takes only a part of the last write', () => {
  // No file may have more than 1 KiB: the system takes that much, and an error comes only with the next call.
  const run = async (args: readonly string[]): Promise<{ exitCode: number | null; stderr: string }> => {
    const script = `trap '' XFSZ; ulimit -f 1; exec "$0" "$@" > ${join(cwd, 'out')}`;
    const child = spawn('/bin/bash', ['-c', script, process.execPath, PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return ending(child);
  };

  test('read → exit code 1, and how much was written', async () => {
    const { exitCode, stderr } = await run(['read', '--length', '1500', image]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^vhdx: cannot write to standard output: EFBIG[^\n]* of 1500 bytes were taken [^\n]*\n$/);
    expect(readFileSync(join(cwd, 'out')).equals(contents.subarray(0, 1024))).toBe(true);
  });

  test.each([['info', '--json'], ['check', '--format', 'sarif'], ['tree'], ['create', '--help'], ['--help']])(
    '%s %s → exit code 1, one line',
    async (...args) => {
      const { exitCode, stderr } = await run(args.at(-1) === '--help' ? args : [...args, image]);
      expect(statSync(join(cwd, 'out')).size).toBe(1024);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^vhdx: cannot write the results: EFBIG[^\n]*\n$/);
    },
  );
});

describe('an exit before the end', () => {
  test.each([['read'], ['check'], ['info']])(
    '%s, with a read that is never settled and nothing else to do → exit code 1, one line',
    async (command) => {
      const preload = join(cwd, 'never.cjs');
      // By a clock that runs fast every call is slow, and the next ones are made by threads.
      const fast = 'let now = 0n; process.hrtime.bigint = () => (now += 10n ** 9n);';
      writeFileSync(preload, `require('node:fs').read = () => undefined; ${fast}`);
      const run = await vhdx([command, image], { nodeOptions: ['--require', preload] });
      expect(run).toMatchObject({ exitCode: 1, stdout: '' });
      expect(run.stderr).toMatch(/^vhdx: internal error[^\n]*the command never came to an end\n$/);
    },
  );

  test('check, results closed by their reader → every image is judged', async () => {
    const run = await vhdx(['check', 'a.vhdx', 'a.vhdx', 'damaged.vhdx'], { cwd, closeStdout: true });
    expect(run.exitCode).toBe(3);
  });
});
