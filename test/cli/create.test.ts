import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestImage } from '../support/image-builder.js';
import { writeChild, writeParent } from './chains.js';
import { MIB, pendingLog, temporaryDirectory } from './images.js';
import { golden, session } from './transcript.js';
import { lines, PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const path = (name: string): string => join(cwd, name);

beforeAll(() => {
  mkdirSync(path('out'));
  writeParent(path('base.vhdx'));
  writeFileSync(path('pending.vhdx'), pendingLog());
  writeFileSync(path('notes.txt'), 'no disk at all');
  writeFileSync(path('large-sectors.vhdx'), new TestImage({ logicalSectorSize: 4096 }).toBytes());
  writeFileSync(path('broken.vhdx'), readFileSync(path('base.vhdx')).fill(0, 64 * 1024, 192 * 1024));
  writeChild(path('orphan.vhdx'), [['relative_path', String.raw`.\gone.vhdx`]]);
});

afterEach(() => {
  for (const name of readdirSync(path('out'))) rmSync(path(`out/${name}`), { recursive: true });
});

describe('transcripts', () => {
  test('help → on standard output', async () => {
    await expect(await session(['vhdx create --help'], { cwd })).toMatchFileSnapshot(golden('help-create'));
  });

  test('what is made → described as it was asked for, and clean', async () => {
    const commands = [
      'create out/dynamic.vhdx --size 64M',
      'create out/large.vhdx --size 64TiB --logical-sector-size 4096 --log-size 2M',
      'create out/fixed.vhdx --size 0x500000 --type fixed --block-size 2m',
      'create out/child.avhdx --parent base.vhdx',
      'create out/grown.avhdx --parent out/child.avhdx --parent-root . --size 1G',
      'create out/of-pending.avhdx --parent pending.vhdx --type differencing',
    ];
    const parts: string[] = [];
    // Some are made of others.
    for (const words of commands) parts.push(await session([`vhdx ${words}`], { cwd }));
    await expect(parts.join('\n')).toMatchFileSnapshot(golden('create'));
    for (const image of ['out/dynamic.vhdx', 'out/large.vhdx', 'out/fixed.vhdx', 'out/of-pending.avhdx']) {
      expect(await vhdx(['check', '--fail-on', 'warning', image], { cwd })).toMatchObject({ exitCode: 0 });
    }
    const chain = ['check', '--fail-on', 'warning', '--chain', '--parent-root', '.', 'out/grown.avhdx'];
    expect(await vhdx(chain, { cwd })).toMatchObject({ exitCode: 0 });
  });

  test('what cannot be made → one line, and nothing is left', async () => {
    const commands = [
      'create',
      'create out/x.vhdx',
      'create out/x.vhdx --size 0',
      'create out/x.vhdx --size 65T',
      'create out/x.vhdx --size 1000',
      'create out/x.vhdx --size 64MX',
      'create out/x.vhdx --size 64M --block-size 3M',
      'create out/x.vhdx --size 64M --block-size 512K',
      'create out/x.vhdx --size 64M --logical-sector-size 1024',
      'create out/x.vhdx --size 64M --logical-sector-size 4096 --physical-sector-size 512',
      'create out/x.vhdx --size 64M --log-size 0',
      'create out/x.vhdx --size 64M --log-size 1500K',
      'create out/x.vhdx --size 64M --type differencing',
      'create out/x.vhdx --size 64M --type sparse',
      'create out/x.vhdx --parent base.vhdx --type fixed',
      'create out/x.vhdx --parent base.vhdx --size 1M',
      'create out/x.vhdx --parent base.vhdx --logical-sector-size 4096',
      'create out/x.vhdx --parent large-sectors.vhdx --logical-sector-size 512',
      'create out/x.vhdx --parent missing.vhdx',
      'create out/x.vhdx --parent notes.txt',
      'create out/x.vhdx --parent broken.vhdx',
      'create out/x.vhdx --parent out',
      'create base.vhdx --size 64M',
      'create --force base.vhdx --parent base.vhdx',
      'create out --size 64M --force',
      'create nowhere/x.vhdx --size 64M',
      'create /dev/null --size 64M --force',
    ];
    const before = readFileSync(path('base.vhdx'));
    await expect(
      await session(
        commands.map((words) => `vhdx ${words}`),
        { cwd },
      ),
    ).toMatchFileSnapshot(golden('create-refused'));
    expect(readdirSync(path('out'))).toEqual([]);
    expect(readFileSync(path('base.vhdx')).equals(before)).toBe(true);
  });
});

describe('the file', () => {
  test('--force → replaces a file, keeps its mode, and follows a link', async () => {
    writeFileSync(path('out/real.vhdx'), 'before', { mode: 0o640 });
    chmodSync(path('out/real.vhdx'), 0o640);
    symlinkSync('real.vhdx', path('out/link.vhdx'));
    expect(await vhdx(['create', '--force', 'out/link.vhdx', '--size', '1M'], { cwd })).toMatchObject({ exitCode: 0 });
    const { size, mode } = statSync(path('out/real.vhdx'));
    expect(size).toBe(4 * MIB);
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o640);
    expect(readdirSync(path('out'))).toEqual(['link.vhdx', 'real.vhdx']);
  });

  test.skipIf(process.platform === 'win32')('a small one and a fixed one → no holes', async () => {
    await vhdx(['create', 'out/small.vhdx', '--size', '16T'], { cwd });
    await vhdx(['create', 'out/fixed.vhdx', '--size', '8M', '--type', 'fixed'], { cwd });
    for (const name of ['out/small.vhdx', 'out/fixed.vhdx']) {
      const { blocks, size } = statSync(path(name));
      expect(blocks * 512).toBeGreaterThanOrEqual(size);
    }
    expect(await vhdx(['check', '--profile', 'hyperv', 'out/small.vhdx'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test.skipIf(process.platform !== 'linux')('a full disk → one line, and nothing is left', () => {
    // The limit of the shell stands for a full disk: both end a write.
    const script = `trap '' XFSZ; ulimit -f ${(6 * MIB) / 1024}; "$@"`;
    const args = ['create', 'out/x.vhdx', '--size', '64M', '--type', 'fixed', '--block-size', '1M'];
    const shell = ['-c', script, 'bash', process.execPath, PROGRAM, ...args];
    const { status, stderr } = spawnSync('bash', shell, { cwd, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/^vhdx: cannot write out\/x\.vhdx: .*\(VHDX_TARGET_FULL\)$/m);
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s → ends by the signal, and nothing is left', async (signal) => {
    const args = [PROGRAM, 'create', 'out/x.vhdx', '--size', '1T', '--type', 'fixed'];
    const child = spawn(process.execPath, args, { cwd });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    // The temporary file says that the work has begun.
    while (readdirSync(path('out')).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    const ended = await new Promise((resolve) => child.on('close', (code, by) => resolve([code, by])));
    expect(ended).toEqual([null, signal]);
    expect(words).toBe(`vhdx: interrupted by ${signal}: out/x.vhdx was not made\n`);
    expect(readdirSync(path('out'))).toEqual([]);
  });
});

describe('a child', () => {
  test('in another folder → finds its parent by its place, and reads as it does', async () => {
    mkdirSync(path('out/deep'));
    await vhdx(['create', 'out/deep/child.avhdx', '--parent', 'base.vhdx'], { cwd });
    const { stdout } = await vhdx(['info', 'out/deep/child.avhdx'], { cwd });
    expect(stdout).toContain(String.raw`relative_path = ..\..\base.vhdx`);
    const compared = await vhdx(['compare', '--parent-root', '.', 'out/deep/child.avhdx', 'base.vhdx'], { cwd });
    expect(compared).toMatchObject({ exitCode: 0, stdout: 'Images are identical.\n' });
  });

  test('made in a folder that is reached by a link → its parent is found from where the folder is', async () => {
    mkdirSync(path('out/far/away'), { recursive: true });
    symlinkSync(path('out/far/away'), path('out/near'));
    await vhdx(['create', 'out/near/child.avhdx', '--parent', 'base.vhdx'], { cwd });
    const { stdout } = await vhdx(['info', 'out/far/away/child.avhdx'], { cwd });
    expect(stdout).toContain(String.raw`relative_path = ..\..\..\base.vhdx`);
  });

  test.skipIf(process.platform === 'win32')('a parent with a backslash in its name → refused', async () => {
    writeParent(path('out/a\\b.vhdx'));
    const run = await vhdx(['create', 'out/child.avhdx', '--parent', 'out/a\\b.vhdx'], { cwd });
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.stderr).toContain('VHDX_CREATE_PARENT_PATH_INVALID');
    expect(existsSync(path('out/child.avhdx'))).toBe(false);
  });

  test('the parent is read-only, and not touched', async () => {
    const before = readFileSync(path('base.vhdx'));
    chmodSync(path('base.vhdx'), 0o444);
    try {
      expect(await vhdx(['create', 'out/child.avhdx', '--parent', 'base.vhdx'], { cwd })).toMatchObject({
        exitCode: 0,
      });
    } finally {
      chmodSync(path('base.vhdx'), 0o644);
    }
    expect(readFileSync(path('base.vhdx')).equals(before)).toBe(true);
  });

  test('a parent without its own → refused', async () => {
    const run = await vhdx(['create', 'out/child.avhdx', '--parent', 'orphan.vhdx'], { cwd });
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.stderr).toMatch(
      /the parent orphan\.vhdx cannot be used\..*gone\.vhdx is not there.*VHDX_PARENT_NOT_FOUND/,
    );
    expect(existsSync(path('out/child.avhdx'))).toBe(false);
  });

  test('a parent that ends early → refused', async () => {
    writeParent(path('out/short.vhdx'));
    truncateSync(path('out/short.vhdx'), 3 * MIB);
    const run = await vhdx(['create', 'out/child.avhdx', '--parent', 'out/short.vhdx'], { cwd });
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.stderr).toMatch(/the parent out\/short\.vhdx cannot be used/);
  });
});
