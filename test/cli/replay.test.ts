import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IDS, TestImage } from '../support/image-builder.js';
import { damagedHeaders, FIXTURE, MIB, pendingLog, temporaryDirectory, writeSparse } from './images.js';
import { lines, PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

function write(name: string, bytes: Uint8Array): string {
  writeSparse(join(cwd, name), bytes);
  return name;
}

/** An image whose replay writes `sectors` of 4 KiB and makes it `size` bytes long. */
function longReplay(name: string, sectors: number, size = 4 * MIB): string {
  const image = new TestImage({ logGuid: IDS.log, logLength: 8 * MIB });
  const bytes = new Uint8Array(4096).fill(0xa5);
  const writes = Array.from({ length: sectors }, (_, n) => ({
    kind: 'data' as const,
    fileOffset: image.batOffset + MIB / 4 + (n % 128) * 4096,
    bytes,
  }));
  image.addLogEntry(0, { sequenceNumber: 1n, writes, lastFileOffset: size });
  return write(name, image.toBytes());
}

describe('vhdx replay', () => {
  test('a pending log → what was done; then there is nothing left to do', async () => {
    write('pending.vhdx', pendingLog());
    expect(await vhdx(['replay', 'pending.vhdx'], { cwd })).toEqual({
      exitCode: 0,
      signal: null,
      stderr: '',
      stdout:
        'pending.vhdx: to replay:\n' +
        '  Replay the pending log: 1 entry with 1 descriptor, 4 KiB (2.3.3).\n' +
        '  bytes to write: 4 KiB (4096 bytes)\n' +
        'pending.vhdx: replayed 1 entry with 1 descriptor: 4 KiB (4096 bytes) written\n',
    });
    expect(await vhdx(['check', 'pending.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    const done = readFileSync(join(cwd, 'pending.vhdx'));
    expect(await vhdx(['replay', 'pending.vhdx'], { cwd })).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: 'pending.vhdx: nothing to replay\n',
    });
    expect(done.equals(readFileSync(join(cwd, 'pending.vhdx')))).toBe(true);
  });

  test('--dry-run → each target; the file stays as it is, and need not be writable', async () => {
    const image = write('dry.vhdx', pendingLog());
    chmodSync(join(cwd, image), 0o444);
    const run = await vhdx(['replay', '--dry-run', image], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines(run.stdout)).toEqual([
      'dry.vhdx: to replay:',
      '  Replay the pending log: 1 entry with 1 descriptor, 4 KiB (2.3.3).',
      expect.stringMatching(/^ {2}data descriptor at 0x100040: 4 KiB to 0x200000 \(.*BAT.*\)$/),
      '  bytes to write: 4 KiB (4096 bytes)',
      '  nothing has been written',
    ]);
    expect(readFileSync(join(cwd, image)).equals(pendingLog())).toBe(true);
  });

  test('--dry-run of a file that will grow → its lengths', async () => {
    const run = await vhdx(['replay', '--dry-run', longReplay('grows.vhdx', 1, 16 * MIB)], { cwd });
    expect(run.stdout).toContain(', file 11 MiB (11534336 bytes) → 16 MiB (16777216 bytes)\n');
    expect(statSync(join(cwd, 'grows.vhdx')).size).toBe(11 * MIB);
  });

  test('--json → the plan as other changes have it, with each write, and whether it was carried out', async () => {
    write('json.vhdx', pendingLog());
    const dry = JSON.parse((await vhdx(['replay', '--dry-run', '--json', 'json.vhdx'], { cwd })).stdout) as object;
    expect(dry).toMatchObject({
      filename: 'json.vhdx',
      operation: 'replay',
      steps: [{ kind: 'replay-log', bytes: 4096 }],
      refusals: [],
      replaysLog: true,
      changesContents: false,
      bytes: 4096,
      writes: [{ kind: 'data', fileOffset: 0x200000, length: 4096 }],
    });
    expect(dry).not.toHaveProperty('changed');
    expect(readFileSync(join(cwd, 'json.vhdx')).equals(pendingLog())).toBe(true);
    const done = JSON.parse((await vhdx(['replay', '--json', 'json.vhdx'], { cwd })).stdout) as object;
    expect(done).toEqual({ ...dry, changed: true });
  });

  test('a clean image → nothing to replay, with and without --dry-run', async () => {
    copyFileSync(FIXTURE, join(cwd, 'clean.vhdx'));
    const nothing = 'clean.vhdx: nothing to replay\n';
    expect(await vhdx(['replay', 'clean.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stdout: nothing });
    expect(await vhdx(['replay', '--dry-run', 'clean.vhdx'], { cwd })).toMatchObject({
      exitCode: 0,
      stdout: `${nothing}  nothing has been written\n`,
    });
    expect(readFileSync(join(cwd, 'clean.vhdx')).equals(readFileSync(FIXTURE))).toBe(true);
  });
});

describe('vhdx replay of what cannot be replayed', () => {
  test.each([
    ['corrupt', 2, damagedHeaders(0, 1), /VHDX_HEADER_NONE_VALID/],
    ['foreign', 63, Buffer.from('not a disk'), /VHDX_SIGNATURE_MISMATCH/],
  ])('%s → exit code %i, the file as it was', async (name, exitCode, bytes, says) => {
    write(name, bytes);
    const run = await vhdx(['replay', name], { cwd });
    expect(run).toMatchObject({ exitCode, stdout: '' });
    expect(run.stderr).toMatch(says);
    expect(readFileSync(join(cwd, name)).equals(bytes)).toBe(true);
  });

  test('a missing file, a directory, one that is read-only → exit code 1 and one line', async () => {
    const image = write('read-only.vhdx', pendingLog());
    chmodSync(join(cwd, image), 0o444);
    for (const [name, says] of [
      ['missing', 'cannot open missing: there is no such file (VHDX_SOURCE_NOT_FOUND)'],
      ['.', 'cannot open .: it is a directory, not an image file (VHDX_SOURCE_IS_DIRECTORY)'],
      [image, 'cannot write to read-only.vhdx: it is read-only (VHDX_TARGET_NOT_PERMITTED)'],
    ] as const) {
      expect(await vhdx(['replay', name], { cwd })).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: `vhdx: ${says}\n`,
      });
    }
  });

  test('a header whose number cannot rise → exit code 1: it is not corrupt', async () => {
    const image = new TestImage({ logGuid: IDS.log, sequenceNumbers: [1n, 2n ** 64n - 1n] });
    image.addLogEntry(0, { sequenceNumber: 1n });
    write('exhausted.vhdx', image.toBytes());
    expect(await vhdx(['replay', 'exhausted.vhdx'], { cwd })).toMatchObject({ exitCode: 1, stdout: '' });
  });

  test.skipIf(process.platform === 'win32')(
    'no room for the file to grow → exit code 1; with room it is completed',
    async () => {
      const image = longReplay('full.vhdx', 200, 64 * MIB);
      // The shell's unit is 1 KiB or 512 bytes: either is more than the file and less than what it is to become.
      const limited = spawnSync(
        'sh',
        ['-c', `trap '' XFSZ; ulimit -f 40000; exec "$0" "$@"`, process.execPath, PROGRAM, 'replay', image],
        {
          cwd,
          encoding: 'utf8',
        },
      );
      expect(limited.status).toBe(1);
      expect(limited.stderr).toMatch(/^vhdx: cannot resize full\.vhdx: .*\(VHDX_TARGET_FULL\)\n$/);
      expect(await vhdx(['check', image], { cwd })).toMatchObject({ exitCode: 3 });
      expect(await vhdx(['replay', image], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
      expect(statSync(join(cwd, image)).size).toBe(64 * MIB);
      expect(await vhdx(['check', image], { cwd })).toMatchObject({ exitCode: 0 });
    },
  );

  test.skipIf(process.platform === 'win32')(
    'interrupted or killed at any time → exits, and the next replay completes it',
    async () => {
      const reference = longReplay('reference.vhdx', 1800);
      expect(await vhdx(['replay', reference], { cwd })).toMatchObject({ exitCode: 0 });
      const done = readFileSync(join(cwd, reference)).subarray(192 * 1024);
      for (const [round, signal] of (['SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGINT'] as const).entries()) {
        const image = longReplay(`interrupted-${round}.vhdx`, 1800);
        const child = spawn(process.execPath, [PROGRAM, 'replay', image], { cwd, stdio: 'ignore' });
        const closed = once(child, 'close');
        // As soon as it has begun to write, which a new FileWriteGuid shows, or some time later.
        const before = readFileSync(join(cwd, image)).subarray(64 * 1024, 192 * 1024);
        while (
          child.exitCode === null &&
          readFileSync(join(cwd, image))
            .subarray(64 * 1024, 192 * 1024)
            .equals(before)
        ) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        child.kill(signal);
        await closed;
        expect((await vhdx(['replay', image], { cwd })).exitCode).toBe(0);
        expect(
          readFileSync(join(cwd, image))
            .subarray(192 * 1024)
            .equals(done),
        ).toBe(true);
        expect(await vhdx(['check', image], { cwd })).toMatchObject({ exitCode: 0 });
      }
    },
  );

  test('other errors in the image → replayed all the same, with a word on them', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    image.addLogEntry(0, { sequenceNumber: 1n });
    for (const at of [192, 256]) image.flip(at * 1024 + 40);
    write('broken.vhdx', image.toBytes());
    const run = await vhdx(['replay', 'broken.vhdx'], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/Note: The image has \d+ errors? beside the log, which stay \(vhdx check says more\)/);
  });
});

test('a name with control characters → printed harmlessly', async () => {
  writeFileSync(join(cwd, 'a\u001b[31mb'), readFileSync(FIXTURE));
  const run = await vhdx(['replay', 'a\u001b[31mb'], { cwd });
  expect(run.stdout).toBe('a\\u{1b}[31mb: nothing to replay\n');
});
