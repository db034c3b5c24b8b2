import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ParentCandidate } from '../../../runtime/disk/chain.js';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { NodeFileSource, nodeParentResolver, openFile } from '../../../runtime/node.js';
import type { NodeParentOptions } from '../../../runtime/node/parent-resolver.js';

let root = '';
let child: NodeFileSource;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'vhdx-parents-')));
  for (const folder of ['images', 'images/sub', 'images-not', 'other', 'other/disks']) mkdirSync(join(root, folder));
  for (const file of [
    'images/child',
    'images/parent',
    'images/sub/parent',
    'images-not/parent',
    'other/disks/parent',
  ]) {
    writeFileSync(join(root, file), file);
  }
  writeFileSync(join(root, 'secret'), 'secret');
  symlinkSync('../secret', join(root, 'images/link-out'));
  symlinkSync('sub/parent', join(root, 'images/link-in'));
  symlinkSync('../other', join(root, 'images/folder-out'));
  symlinkSync('nowhere', join(root, 'images/dangling'));
  child = await openFile(join(root, 'images/child'));
});

afterAll(async () => {
  await child.close();
  rmSync(root, { recursive: true });
});

interface Answer {
  /** Path of what was opened, from the root of the test on. */
  readonly opened: string | undefined;
  readonly reasons: readonly string[];
}

async function ask(path: string, options: NodeParentOptions = {}, from?: ParentCandidate['child']): Promise<Answer> {
  const reasons: string[] = [];
  const resolve = nodeParentResolver({ ...options, onSkip: (_candidate, reason) => reasons.push(reason) });
  const source = await resolve({ kind: 'relative_path', path, child: from ?? child });
  await source?.close?.();
  const opened = source instanceof NodeFileSource ? source.path.slice(root.length + 1) : undefined;
  return { opened, reasons: reasons.map((reason) => reason.replaceAll(root, '')) };
}

describe('relative paths', () => {
  test.each([
    ['parent', 'images/parent'],
    [String.raw`.\parent`, 'images/parent'],
    [String.raw`sub\parent`, 'images/sub/parent'],
    [String.raw`sub\..\parent`, 'images/parent'],
    ['link-in', 'images/sub/parent'],
  ])('%j, inside of the image folder → opened', async (path, opened) => {
    expect(await ask(path)).toEqual({ opened, reasons: [] });
  });

  test.each([
    [String.raw`..\secret`, '/secret'],
    [String.raw`..\images-not\parent`, '/images-not/parent'],
    [String.raw`sub\..\..\secret`, '/secret'],
    ['../secret', '/secret'],
    [String.raw`..\not-there`, '/not-there'],
    ['link-out', '/secret'],
    [String.raw`folder-out\disks\parent`, '/other/disks/parent'],
  ])('%j, out of the image folder → not opened, and why', async (path, leadsTo) => {
    const { opened, reasons } = await ask(path);
    expect(opened).toBeUndefined();
    expect(reasons).toEqual([`${leadsTo} is outside of the folders that parents may be in`]);
  });

  test.each([
    ['not-there', '/images/not-there is not there'],
    ['dangling', '/images/dangling is not there'],
    ['', 'it names no file'],
  ])('%j → not opened, and why', async (path, reason) => {
    expect(await ask(path)).toEqual({ opened: undefined, reasons: [reason] });
  });

  test('the folder of the image itself → not opened', async () => {
    expect((await ask(String.raw`sub\..`)).opened).toBeUndefined();
  });

  test('a child that is no file → has no folder, nothing is opened', async () => {
    const { opened, reasons } = await ask('parent', {}, new MemorySource(new Uint8Array(1)));
    expect(opened).toBeUndefined();
    expect(reasons).toHaveLength(1);
  });
});

const ABSOLUTE = [
  String.raw`\\?\c:\disks\parent`,
  String.raw`c:\disks\parent`,
  String.raw`\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\disks\parent`,
  String.raw`\\server\share\disks\parent`,
  String.raw`\disks\parent`,
  '/disks/parent',
];

describe('absolute paths', () => {
  test.each(ABSOLUTE)('%j, no folder allowed → not opened', async (path) => {
    expect(await ask(path)).toEqual({
      opened: undefined,
      reasons: ['absolute paths are followed only below folders that were allowed'],
    });
  });

  test.each(ABSOLUTE)('%j, below an allowed folder → opened there', async (path) => {
    expect(await ask(path, { roots: [join(root, 'other')] })).toEqual({ opened: 'other/disks/parent', reasons: [] });
  });

  test.each([String.raw`c:\..\secret`, String.raw`c:\..\..\..\..\etc\passwd`, String.raw`\disks\..\..\secret`])(
    '%j, out of the allowed folder → not opened',
    async (path) => {
      const { opened, reasons } = await ask(path, { roots: [join(root, 'other')] });
      expect(opened).toBeUndefined();
      expect(reasons.join()).toMatch(/is outside of the folders that parents may be in$/);
    },
  );

  test.each([
    String.raw`\\.\PhysicalDrive0`,
    String.raw`\\?\GLOBALROOT\disks\parent`,
    String.raw`\\?\MyServer\disks\parent`,
  ])('device %j → never opened', async (path) => {
    expect(await ask(path, { roots: [root, join(root, 'other'), '/'] })).toEqual({
      opened: undefined,
      reasons: ['it names a device or a share that cannot be told from one'],
    });
  });

  test('the same folder more than once → looked at once', async () => {
    symlinkSync('images', join(root, 'images-link'));
    const roots = [join(root, 'images'), join(root, 'images-link'), join(root, 'images')];
    expect((await ask('gone', { roots })).reasons).toEqual(['/images/gone is not there']);
  });

  test('several folders → the first that has it', async () => {
    const roots = [join(root, 'images'), join(root, 'other')];
    expect((await ask(String.raw`c:\disks\parent`, { roots })).opened).toBe('other/disks/parent');
  });
});

describe('a parent that was named', () => {
  test('→ opened for the first image, wherever it is; not for the next one', async () => {
    const resolve = nodeParentResolver({ parent: join(root, 'secret') });
    const candidate: ParentCandidate = { kind: 'relative_path', path: String.raw`..\x`, child };
    const first = await resolve(candidate);
    expect(first).toMatchObject({ path: join(root, 'secret') });
    await first?.close?.();
    expect(await resolve(candidate)).toBeUndefined();
  });

  test('not there → VHDX_SOURCE_NOT_FOUND', async () => {
    await expect(ask('parent', { parent: join(root, 'not-there') })).rejects.toMatchObject({
      code: 'VHDX_SOURCE_NOT_FOUND',
    });
  });
});
