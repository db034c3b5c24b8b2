import { chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compareContents } from '../../runtime/index.js';
import { createFile, openDisk, openFileForWriting, openWritableDisk } from '../../runtime/node.js';
import { TestImage } from '../support/image-builder.js';
import { MIB, temporaryDirectory, writeSparse } from './images.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const at = (name: string): string => join(cwd, name);

/** Blocks 0 to 5; those at odd places hold zeros. */
function holes(name: string): string {
  const image = new TestImage({ virtualSize: 8 * MIB, allocate: [0, 1, 2, 3, 4, 5] });
  for (const place of [0, 2, 4]) {
    image.source.write(new Uint8Array(MIB).fill(place + 1), image.dataOffset + place * MIB);
  }
  writeSparse(at(name), image.toBytes());
  return name;
}

describe('vhdx compact', () => {
  test('--dry-run → what would become free, and why; the file stays as it is', async () => {
    const before = readFileSync(at(holes('dry.vhdx')));
    const run = await vhdx(['compact', 'dry.vhdx', '--dry-run'], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines(run.stdout)).toEqual([
      'dry.vhdx: to compact:',
      '  Give up the storage of 3 blocks, 3 MiB: 3 MiB all zero (2.5.1).',
      '  Move 1 block, 1 MiB, into free space.',
      '  Cut the file from 10 MiB to 7 MiB.',
      '  bytes to write: 1 MiB (1048576 bytes), file 10 MiB (10485760 bytes) → 7 MiB (7340032 bytes)',
      '  nothing has been written',
    ]);
    const asJson = await vhdx(['compact', 'dry.vhdx', '--dry-run', '--json'], { cwd });
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      filename: 'dry.vhdx',
      operation: 'compact',
      freed: { zero: 3 * MIB, unmapped: 0, unused: 0, parent: 0, bitmap: 0 },
      free: 0,
      moved: MIB,
      newFileSize: 7 * MIB,
    });
    expect(readFileSync(at('dry.vhdx')).equals(before)).toBe(true);
  });

  test('in place, and once more → as small as it can be, then nothing to do', async () => {
    holes('place.vhdx');
    expect(await vhdx(['compact', 'place.vhdx', '-q'], { cwd })).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(statSync(at('place.vhdx')).size).toBe(7 * MIB);
    const again = await vhdx(['compact', 'place.vhdx'], { cwd });
    expect(again).toMatchObject({ exitCode: 0, stdout: 'place.vhdx: nothing to do\n' });
  });

  test('--no-move --punch-holes → the host gets the space back, the file is as long as before and sound', async ({
    skip,
  }) => {
    const before = readFileSync(at(holes('sparse.vhdx')));
    // A file of the host with all of its bytes.
    writeFileSync(at('sparse.vhdx'), before);
    const blocks = statSync(at('sparse.vhdx')).blocks;
    const args = ['compact', 'sparse.vhdx', '--no-move', '--punch-holes'];
    const planned = await vhdx([...args, '--dry-run'], { cwd });
    expect(planned.stdout).toContain('Give 2 MiB of free space inside of the file back to the host, as holes.');
    const run = await vhdx(args, { cwd });
    if (run.exitCode !== 0 && run.stderr.includes('VHDX_TARGET_NO_HOLES')) skip('the host has no holes');
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const after = statSync(at('sparse.vhdx'));
    expect(after.size).toBe(9 * MIB);
    expect((blocks - after.blocks) * 512).toBeGreaterThanOrEqual(3 * MIB);
    const check = await vhdx(['check', 'sparse.vhdx'], { cwd });
    expect(check).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('A9') });
  });

  test('-o with --dry-run → what the copy comes to; nothing is written', async () => {
    holes('copied.vhdx');
    const run = await vhdx(['compact', 'copied.vhdx', '-o', 'small.vhdx', '--zeros', '--dry-run'], { cwd });
    expect(lines(run.stdout)).toEqual([
      'copied.vhdx: to compact:',
      '  Give up the storage of 3 blocks, 3 MiB: 3 MiB all zero (2.5.1).',
      '  Copy what stays to small.vhdx, the blocks in the order of the disk: 7 MiB.',
      '  bytes to write: 7 MiB (7340032 bytes), file 10 MiB (10485760 bytes) → 7 MiB (7340032 bytes)',
      '  nothing has been written',
    ]);
    expect(existsSync(at('small.vhdx'))).toBe(false);
  });

  test('--punch-holes with -o → usage, and nothing is written', async () => {
    holes('punched.vhdx');
    const run = await vhdx(['compact', 'punched.vhdx', '-o', 'copy.vhdx', '--punch-holes'], { cwd });
    expect(run).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('--punch-holes') });
    expect(existsSync(at('copy.vhdx'))).toBe(false);
  });

  test('-o → a copy; the image stays, an existing file too without --force', async () => {
    const before = readFileSync(at(holes('from.vhdx')));
    expect(await vhdx(['compact', 'from.vhdx', '-o', 'to.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(statSync(at('to.vhdx')).size).toBe(7 * MIB);
    expect(readFileSync(at('from.vhdx')).equals(before)).toBe(true);
    const refused = await vhdx(['compact', 'from.vhdx', '-o', 'to.vhdx'], { cwd });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('VHDX_TARGET_EXISTS') });
    const itself = await vhdx(['compact', 'from.vhdx', '-o', 'from.vhdx', '--force'], { cwd });
    expect(itself).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('VHDX_TARGET_IS_SOURCE') });
    expect(readFileSync(at('from.vhdx')).equals(before)).toBe(true);
  });

  test.each([
    ['an image without a parent, against it', ['--against-parent'], 'VHDX_COMPACT_NO_PARENT'],
    ['--force without a copy', ['--force'], '--force is for --output'],
  ])('%s → refused, with nothing written', async (_title, args, text) => {
    const before = readFileSync(at(holes('refused.vhdx')));
    const run = await vhdx(['compact', 'refused.vhdx', ...args], { cwd });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(text) });
    expect(readFileSync(at('refused.vhdx')).equals(before)).toBe(true);
  });

  test('a read-only file, a file in use, a missing one, and no image → each its code, with nothing written', async () => {
    const before = readFileSync(at(holes('locked.vhdx')));
    const target = await openFileForWriting(at('locked.vhdx'));
    const inUse = await vhdx(['compact', 'locked.vhdx'], { cwd });
    await target.close();
    expect(inUse).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('VHDX_TARGET_IN_USE') });
    chmodSync(at('locked.vhdx'), 0o444);
    const readOnly = await vhdx(['compact', 'locked.vhdx'], { cwd });
    expect(readOnly).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('VHDX_TARGET_NOT_PERMITTED') });
    expect(readFileSync(at('locked.vhdx')).equals(before)).toBe(true);
    const missing = await vhdx(['compact', 'missing.vhdx'], { cwd });
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('VHDX_SOURCE_NOT_FOUND') });
    writeFileSync(at('text.vhdx'), 'no image\n');
    expect(await vhdx(['compact', 'text.vhdx'], { cwd })).toMatchObject({ exitCode: 63 });
  });
});

describe('vhdx defragment', () => {
  test('blocks in no order → in that of the disk', async () => {
    const image = new TestImage({ virtualSize: 8 * MIB, allocate: [5, 0, 3] });
    writeSparse(at('order.vhdx'), image.toBytes());
    expect(await vhdx(['defragment', 'order.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    const disk = await openDisk(at('order.vhdx'));
    const places = await Promise.all([0, 3, 5].map((block) => disk.image.bat.payloadEntry(block)));
    await disk.close();
    expect(places.map(({ fileOffsetMb }) => fileOffsetMb)).toEqual([4, 5, 6]);
  });
});

describe('vhdx merge', () => {
  beforeAll(async () => {
    holes('base.vhdx');
    for (const [child, parent] of [
      ['child.avhdx', 'base.vhdx'],
      ['grandchild.avhdx', 'child.avhdx'],
    ] as const) {
      await createFile(at(child), { parent: at(parent) });
      const disk = await openWritableDisk(at(child));
      await disk.write(new Uint8Array(4096).fill(child.length), child.length * 8192);
      await disk.write(new Uint8Array(MIB).fill(child.length), 6 * MIB);
      await disk.close();
    }
  });

  /** Copies of the chain under a folder of their own. */
  function chain(): { readonly folder: string; readonly in: (name: string) => string } {
    const folder = temporaryDirectory();
    for (const name of ['base.vhdx', 'child.avhdx', 'grandchild.avhdx']) copyFileSync(at(name), join(folder, name));
    return { folder, in: (name) => join(folder, name) };
  }

  async function readsAs(image: string, other: string): Promise<boolean> {
    const [one, two] = [await openDisk(image), await openDisk(other)];
    try {
      return (await compareContents(one, two)) === undefined;
    } finally {
      await one.close();
      await two.close();
    }
  }

  test('into the direct parent with --delete → it reads as the child did, which is gone', async () => {
    const { folder, in: inside } = chain();
    const run = await vhdx(['merge', 'grandchild.avhdx', '--delete'], { cwd: folder });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('grandchild.avhdx: deleted');
    expect(existsSync(inside('grandchild.avhdx'))).toBe(false);
    expect(await readsAs(inside('child.avhdx'), at('grandchild.avhdx'))).toBe(true);
  });

  test('--into an ancestor → all that is between goes into it; without --delete the children stay', async () => {
    const { folder, in: inside } = chain();
    const run = await vhdx(['merge', 'grandchild.avhdx', '--into', 'base.vhdx', '--json'], { cwd: folder });
    expect(JSON.parse(run.stdout)).toMatchObject({ operation: 'merge', levels: 2, changed: true });
    expect(await readsAs(inside('base.vhdx'), at('grandchild.avhdx'))).toBe(true);
    expect(existsSync(inside('child.avhdx'))).toBe(true);
    const again = await vhdx(['merge', 'grandchild.avhdx', '--into', 'base.vhdx'], { cwd: folder });
    expect(again).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('VHDX_MERGE_DONE') });
  });

  test('-o → a new file; all images stay as they are', async () => {
    const { folder, in: inside } = chain();
    const before = readFileSync(inside('base.vhdx'));
    const run = await vhdx(['merge', 'grandchild.avhdx', '--into', 'base.vhdx', '-o', 'new.vhdx'], { cwd: folder });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readsAs(inside('new.vhdx'), at('grandchild.avhdx'))).toBe(true);
    expect(readFileSync(inside('base.vhdx')).equals(before)).toBe(true);
  });

  test('a parent that another image has too → refused, who it is said; --force merges', async () => {
    const { folder, in: inside } = chain();
    await createFile(inside('other.vhdx'), { parent: inside('base.vhdx') });
    const before = readFileSync(inside('base.vhdx'));
    const run = await vhdx(['merge', 'child.avhdx'], { cwd: folder });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('VHDX_MERGE_OTHER_CHILDREN') });
    expect(run.stderr).toContain('other.vhdx');
    // The grandchild reads the child, not the parent.
    expect(run.stderr).not.toContain('grandchild');
    expect(readFileSync(inside('base.vhdx')).equals(before)).toBe(true);
    expect(await vhdx(['merge', 'child.avhdx', '--force'], { cwd: folder })).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['an image without a parent', ['base.vhdx'], 'VHDX_MERGE_TARGET_UNFIT'],
    ['into itself', ['child.avhdx', '--into', 'child.avhdx'], 'VHDX_MERGE_TARGET_UNFIT'],
    ['into one of its children', ['child.avhdx', '--into', 'grandchild.avhdx'], 'VHDX_MERGE_TARGET_UNFIT'],
    [
      'a copy under the name of an image that is read',
      ['child.avhdx', '-o', 'base.vhdx', '--force'],
      'VHDX_TARGET_IS_SOURCE',
    ],
  ])('%s → refused, with nothing written', async (_title, args, code) => {
    const { folder, in: inside } = chain();
    const before = readFileSync(inside('base.vhdx'));
    const run = await vhdx(['merge', ...args], { cwd: folder });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(code) });
    expect(readFileSync(inside('base.vhdx')).equals(before)).toBe(true);
  });

  test('a parent in use, a child in use, a chain with a missing image → each its code, with nothing written', async () => {
    const { folder, in: inside } = chain();
    const before = readFileSync(inside('base.vhdx'));
    for (const name of ['base.vhdx', 'child.avhdx']) {
      const target = await openFileForWriting(inside(name));
      const run = await vhdx(['merge', 'child.avhdx'], { cwd: folder });
      await target.close();
      expect(run, name).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('VHDX_TARGET_IN_USE') });
    }
    expect(readFileSync(inside('base.vhdx')).equals(before)).toBe(true);
    const lost = temporaryDirectory();
    copyFileSync(at('child.avhdx'), join(lost, 'child.avhdx'));
    const run = await vhdx(['merge', 'child.avhdx'], { cwd: lost });
    expect(run.stderr).toContain('VHDX_PARENT_NOT_FOUND');
  });
});
