/** What a file is taken for, and what a new one may be called. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { gptHead, mbrHead } from '../support/partition-tables.js';
import { FIXTURE, fixtureBytes, MIB, randomBytes, temporaryDirectory } from './images.js';
import { lines, PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const path = (name: string): string => join(cwd, name);

const qcow2 = Buffer.concat([Buffer.from('QFI\u{fb}\0\0\0\u{3}', 'latin1'), new Uint8Array(MIB - 8)]);
const footer = Buffer.from('conectix'.padEnd(512, '\0'));

beforeAll(() => {
  mkdirSync(path('out'));
  copyFileSync(FIXTURE, path('a.vhdx'));
  const wiped = fixtureBytes().fill(0, 0, 8);
  for (const name of ['wiped.vhdx', 'wiped.img', 'wiped']) writeFileSync(path(name), wiped);
  for (const name of ['zeros.vhdx', 'ZEROS.AVHDX', 'z.old.vhdpmem', 'zeros.img']) {
    writeFileSync(path(name), new Uint8Array(MIB));
  }
  symlinkSync('zeros.vhdx', path('link'));
  writeFileSync(path('a.qcow2'), qcow2);
  writeFileSync(path('a.vhd'), Buffer.concat([new Uint8Array(MIB), footer]));
});

afterEach(() => {
  for (const name of readdirSync(path('out'))) rmSync(path(`out/${name}`), { recursive: true });
});

/** By contents, by name, by the name behind a link. */
const NO_RAW = [
  'wiped.vhdx',
  'wiped.img',
  'wiped',
  'zeros.vhdx',
  'ZEROS.AVHDX',
  'z.old.vhdpmem',
  'link',
  'a.qcow2',
  'a.vhd',
];

describe.each(NO_RAW)('%s, which is neither a VHDX nor raw', (image) => {
  test('convert → refused as no VHDX, with the way out', async () => {
    const run = await vhdx(['convert', image, 'out/a.vhdx'], { cwd });
    expect(run.exitCode).toBe(63);
    expect(lines(run.stderr)).toHaveLength(1);
    expect(run.stderr).toMatch(/--from raw .*VHDX_SIGNATURE_MISMATCH/);
    expect(readdirSync(path('out'))).toEqual([]);
    expect(await vhdx(['convert', image, 'out/a.vhdx', '--from', 'raw'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test('compare → could not, on either side; with --from and --from-b it is raw', async () => {
    const [one, other] = await Promise.all([
      vhdx(['compare', image, 'a.vhdx'], { cwd }),
      vhdx(['compare', 'a.vhdx', image], { cwd }),
    ]);
    expect(one).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('--from raw') });
    expect(other).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('--from-b raw') });
    const same = await vhdx(['compare', image, image, '--from', 'raw', '--from-b', 'raw'], { cwd });
    expect(same).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

test('zeros under a name that says nothing → raw', async () => {
  expect(await vhdx(['convert', 'zeros.img', 'out/a.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
});

test('compare --from vhdx of what is none → refused, though it looks raw', async () => {
  const run = await vhdx(['compare', '--from', 'vhdx', 'zeros.img', 'a.vhdx'], { cwd });
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('VHDX_SIGNATURE_MISMATCH') });
});

describe('standard input', () => {
  const fromStream = (input: Uint8Array, ...options: readonly string[]): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, [PROGRAM, 'convert', '-', 'out/a.vhdx', ...options], { cwd, input, encoding: 'utf8' });

  test.each<[string, Uint8Array]>([
    ['a VHDX without its first bytes', fixtureBytes().fill(0, 0, 8)],
    ['a QCOW2', qcow2],
    ['the first sector of a QCOW2', qcow2.subarray(0, 512)],
    ['a fixed VHD', Buffer.concat([randomBytes(MIB, 3), footer])],
    ['a fixed VHD that is short', Buffer.concat([new Uint8Array(4096), footer])],
  ])('%s → refused as no VHDX, and nothing is left; --from raw takes it', (_title, input) => {
    const run = fromStream(input);
    expect(run).toMatchObject({ status: 63, stderr: expect.stringMatching(/it looks like .*--from raw/) });
    expect(readdirSync(path('out'))).toEqual([]);
    expect(fromStream(input, '--from', 'raw')).toMatchObject({ status: 0 });
  });
});

describe('a name that promises another format', () => {
  test.each(['b.qcow2', 'b.VHD', 'b.v1.vmdk', 'b.vdi', 'b.raw.gz', 'b.vhdx.zst'])(
    'convert to %s → refused, unless --to says what it is to be',
    async (name) => {
      const run = await vhdx(['convert', 'a.vhdx', `out/${name}`], { cwd });
      expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/promises .*--to raw/) });
      expect(lines(run.stderr)).toHaveLength(1);
      expect(readdirSync(path('out'))).toEqual([]);
      for (const to of ['raw', 'vhdx']) {
        const forced = await vhdx(['convert', 'a.vhdx', `out/${name}`, '--to', to, '--force'], { cwd });
        expect(forced).toMatchObject({ exitCode: 0, stderr: '' });
      }
    },
  );

  test.each(['b.vhd', 'b.qcow2', 'b.raw', 'b.iso'])('create %s → refused, unless --to says so', async (name) => {
    const run = await vhdx(['create', `out/${name}`, '--size', '1M'], { cwd });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/promises .*--to vhdx/) });
    expect(readdirSync(path('out'))).toEqual([]);
    expect(await vhdx(['create', `out/${name}`, '--size', '1M', '--to', 'vhdx'], { cwd })).toMatchObject({
      exitCode: 0,
    });
  });

  test.each(['b', 'b.img', 'b.bin', 'b.constructor', '.b'])('%s → promises nothing', async (name) => {
    expect(await vhdx(['create', `out/${name}`, '--size', '1M'], { cwd })).toMatchObject({ exitCode: 0 });
    const run = await vhdx(['convert', 'a.vhdx', `out/${name}`, '--force'], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test.each(['b.vhdx', 'b.AVHDX', 'b.vhdpmem', 'b.raw.vhdx'])('convert to %s → a VHDX', async (name) => {
    await vhdx(['convert', 'a.vhdx', `out/${name}`], { cwd });
    expect(await vhdx(['check', `out/${name}`], { cwd })).toMatchObject({ exitCode: 0 });
  });
});

describe('a partition table', () => {
  const write = (head: Uint8Array): void =>
    writeFileSync(path('in.raw'), Buffer.concat([head, randomBytes(MIB - head.length, 5)]));
  const convert = async (...args: readonly string[]): Promise<string> =>
    (await vhdx(['convert', ...args], { cwd })).stderr;

  test.each([
    ['MBR', mbrHead()],
    ['GUID', gptHead(512)],
  ])('%s, in sectors of 512 bytes → said where the disk gets others', async (name, head) => {
    write(head);
    expect(await convert('in.raw', 'out/a.vhdx')).toBe('');
    const said = await convert('in.raw', 'out/b.vhdx', '--logical-sector-size', '4096');
    expect(said).toMatch(new RegExp(`out/b.vhdx: its .*${name}.* 512 bytes and will not be found`));
    expect(await convert('out/a.vhdx', 'out/c.vhdx', '--logical-sector-size', '4096')).toContain('will not be found');
  });

  test('a GPT in sectors of 4096 bytes → said for 512, and for a raw image, which has no sectors', async () => {
    write(gptHead(4096));
    expect(await convert('in.raw', 'out/a.vhdx')).toContain('--logical-sector-size 4096 fits it');
    expect(await convert('in.raw', 'out/b.vhdx', '--logical-sector-size', '4096')).toBe('');
    expect(await convert('out/b.vhdx', 'out/c.vhdx')).toBe('');
    expect(await convert('out/b.vhdx', 'out/d.vhdx', '--logical-sector-size', '512')).toContain('will not be found');
    expect(await convert('out/b.vhdx', 'out/e.raw')).toMatch(/e\.raw: its GUID partition table .* 4096 bytes/);
  });
});
