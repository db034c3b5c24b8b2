/** Who closes what: open descriptors of the system are counted after everything that fails, and after what does not. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type ByteSource,
  checkChain,
  checkImage,
  inspectImage,
  openDisk,
  openUrl,
  openVhdx,
  openWritableDisk,
  planLogReplay,
} from '../../runtime/index.js';
import { CachedSource } from '../../runtime/io.js';
import {
  convertToRaw,
  convertToVhdx,
  createFile,
  NodeHandleSource,
  nodeParentResolver,
  openFile,
  openFileForWriting,
} from '../../runtime/node.js';
import { damagedHeaders, pendingLog, fixtureBytes } from '../cli/images.js';
import { serve } from '../support/http-server.js';
import { MIB } from '../support/image-builder.js';
import { reasonOf } from '../support/reason.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-handles-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const DESCRIPTORS = '/proc/self/fd';

/** The files of the folder that this process has open. */
function openFiles(): string[] {
  return readdirSync(DESCRIPTORS).flatMap((name) => {
    try {
      const file = readlinkSync(join(DESCRIPTORS, name));
      return file.startsWith(folder) ? [file] : [];
    } catch {
      // The descriptor with which the directory was read.
      return [];
    }
  });
}

beforeAll(async () => {
  writeFileSync(path('raw'), new Uint8Array(4096));
  writeFileSync(path('sound.vhdx'), fixtureBytes());
  writeFileSync(path('damaged.vhdx'), damagedHeaders(0));
  writeFileSync(path('lost.vhdx'), damagedHeaders(0, 1));
  writeFileSync(path('dirty.vhdx'), pendingLog());
  copyFileSync(path('sound.vhdx'), path('short.vhdx'));
  truncateSync(path('short.vhdx'), 3 * MIB);
  await createFile(path('base.vhdx'), { size: 4 * MIB });
  await createFile(path('child.avhdx'), { parent: path('base.vhdx') });
  await createFile(path('grandchild.avhdx'), { parent: path('child.avhdx') });
  await mkdir(path('folder'));
  copyFileSync(path('child.avhdx'), path('folder/orphan.avhdx'));
});

/** The named file for every parent, whatever the locator says. */
const always = (name: string) => (): Promise<ByteSource> => openFile(path(name));
/** The named file for the first parent, and none for its own. */
function once(name: string): () => Promise<ByteSource | undefined> {
  let given: string | undefined = name;
  return async () => {
    const found = given;
    given = undefined;
    return found === undefined ? undefined : openFile(path(found));
  };
}

/** Options that no function takes. */
const WRONG = { log: 'ignore' } as never;

describe.skipIf(!existsSync(DESCRIPTORS))('open files', () => {
  beforeEach(() => {
    expect(openFiles()).toEqual([]);
  });

  test.each<readonly [string, () => Promise<unknown>]>([
    ['openDisk, no VHDX', async () => openDisk(await openFile(path('raw')))],
    ['openDisk, both headers damaged', async () => openDisk(await openFile(path('lost.vhdx')))],
    ['openDisk, cut off', async () => openDisk(await openFile(path('short.vhdx')))],
    ['openDisk, a log that is refused', async () => openDisk(await openFile(path('dirty.vhdx')), { log: 'refuse' })],
    ['openDisk, an option that is wrong', async () => openDisk(await openFile(path('sound.vhdx')), WRONG)],
    [
      'openDisk, a resolver that is none',
      async () => openDisk(await openFile(path('sound.vhdx')), { parent: 5 as never }),
    ],
    [
      'openDisk, a signal that is aborted',
      async () => openDisk(await openFile(path('sound.vhdx')), { signal: AbortSignal.abort() }),
    ],
    ['openDisk, through a cache', async () => openDisk(new CachedSource(await openFile(path('raw'))))],
    ['openDisk, no resolver', async () => openDisk(await openFile(path('child.avhdx')))],
    [
      'openDisk, a parent that is not found',
      async () =>
        openDisk(await openFile(path('child.avhdx')), { parent: nodeParentResolver({ parent: path('missing') }) }),
    ],
    [
      'openDisk, a parent that is no VHDX',
      async () => openDisk(await openFile(path('child.avhdx')), { parent: always('raw') }),
    ],
    [
      'openDisk, another parent',
      async () => openDisk(await openFile(path('child.avhdx')), { parent: always('sound.vhdx') }),
    ],
    [
      'openDisk, its own parent',
      async () => openDisk(await openFile(path('child.avhdx')), { parent: always('child.avhdx') }),
    ],
    [
      'openDisk, no parent of the parent',
      async () => openDisk(await openFile(path('grandchild.avhdx')), { parent: once('child.avhdx') }),
    ],
    [
      'openDisk, a resolver that throws',
      async () => openDisk(await openFile(path('child.avhdx')), { parent: () => Promise.reject(new Error('no')) }),
    ],
    [
      'openDisk, a resolver that gives a path',
      async () =>
        openDisk(await openFile(path('child.avhdx')), { parent: () => Promise.resolve(path('base.vhdx') as never) }),
    ],
    ['openVhdx, no VHDX', async () => openVhdx(await openFile(path('raw')))],
    ['openVhdx, an option that is wrong', async () => openVhdx(await openFile(path('sound.vhdx')), WRONG)],
    ['openWritableDisk, no VHDX', async () => openWritableDisk(await openFileForWriting(path('raw')))],
    [
      'openWritableDisk, one header damaged',
      async () => openWritableDisk(await openFileForWriting(path('damaged.vhdx'))),
    ],
    [
      'openWritableDisk, an ID that is none',
      async () => openWritableDisk(await openFileForWriting(path('sound.vhdx')), { fileWriteGuid: 'x' }),
    ],
    ['openWritableDisk, no parent', async () => openWritableDisk(await openFileForWriting(path('child.avhdx')))],
    [
      'openWritableDisk, another parent',
      async () => openWritableDisk(await openFileForWriting(path('child.avhdx')), { parent: always('sound.vhdx') }),
    ],
    ['openFile, a directory', async () => openFile(path('folder'))],
    ['openFileForWriting, a directory', async () => openFileForWriting(path('folder'))],
    [
      'NodeHandleSource, a directory',
      async () => NodeHandleSource.open(await open(path('folder')), { closeHandle: true }),
    ],
    [
      'checkChain, a parent that cannot be read',
      async () => checkChain(new Uint8Array(readFileSync(path('grandchild.avhdx'))), { parent: failing }),
    ],
    ['createFile, a parent that is no VHDX', async () => createFile(path('new.avhdx'), { parent: path('raw') })],
    [
      'createFile, a parent without its parent',
      async () => createFile(path('new.avhdx'), { parent: path('folder/orphan.avhdx') }),
    ],
    ['createFile, a file that is there', async () => createFile(path('raw'), { size: MIB })],
    ['createFile, a size that cannot be', async () => createFile(path('new.vhdx'), { size: 5 })],
    [
      'createFile, a child smaller than its parent',
      async () => createFile(path('new.avhdx'), { size: MIB, parent: path('base.vhdx') }),
    ],
    ['convertToVhdx, a stream that fails', async () => convertToVhdx(breaking(), path('new.vhdx'))],
    ['convertToVhdx, a file that is there', async () => convertToVhdx(new Uint8Array(512), path('raw'))],
  ])('%s → fails, and none is open', async (_title, work) => {
    expect(await reasonOf(work())).toBeInstanceOf(Error);
    expect(openFiles()).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('new') || name.endsWith('.part'))).toEqual([]);
  });

  test.each(['sound.vhdx', 'child.avhdx'])(
    'openWritableDisk of %s, refused and tried again → the lock is free',
    async (name) => {
      const wrong = { fileWriteGuid: 'x', parent: nodeParentResolver() };
      for (let time = 0; time < 2; time += 1) {
        const error = await reasonOf(openWritableDisk(await openFileForWriting(path(name)), wrong));
        expect(error).not.toMatchObject({ code: 'VHDX_TARGET_IN_USE' });
      }
      await (await openWritableDisk(await openFileForWriting(path(name)), { parent: nodeParentResolver() })).close();
    },
  );

  test.each<readonly [string, () => Promise<unknown>]>([
    ['openDisk', () => openDisk(openFile(path('sound.vhdx')) as never)],
    ['openVhdx', () => openVhdx(openFile(path('sound.vhdx')) as never)],
    ['openWritableDisk', () => openWritableDisk(openFileForWriting(path('sound.vhdx')) as never)],
  ])('%s of a promise that was not awaited → TypeError, and what it brings is closed', async (_name, call) => {
    expect(await reasonOf(call())).toBeInstanceOf(TypeError);
    // It is opened after the refusal, and closed then.
    await (await openFile(path('raw'))).close();
    await expect.poll(openFiles).toEqual([]);
  });

  test('an open chain → a file for each image, none after close', async () => {
    const disk = await openDisk(await openFile(path('grandchild.avhdx')), { parent: nodeParentResolver() });
    expect(openFiles()).toHaveLength(3);
    await disk.close();
    expect(openFiles()).toEqual([]);
    await disk.close();
  });

  test('checkChain → its parents are closed, the source is not', async () => {
    const source = await openFile(path('grandchild.avhdx'));
    expect((await checkChain(source, { parent: nodeParentResolver() })).parents).toHaveLength(2);
    expect(openFiles()).toEqual([path('grandchild.avhdx')]);
    await source.close();
  });

  test.each<readonly [string, (source: ByteSource) => Promise<unknown>]>([
    ['checkImage', (source) => checkImage(source)],
    ['inspectImage', (source) => inspectImage(source)],
    ['planLogReplay', (source) => planLogReplay(source)],
  ])('%s → the source stays open, whether it fails or not', async (_name, call) => {
    for (const name of ['sound.vhdx', 'raw']) {
      const source = await openFile(path(name));
      await call(source).catch(() => undefined);
      expect(openFiles()).toEqual([path(name)]);
      await source.close();
    }
  });

  test('convertToRaw → the disk stays open', async () => {
    const disk = await openDisk(await openFile(path('base.vhdx')));
    await convertToRaw(disk, path('copy.raw'));
    expect(openFiles()).toEqual([path('base.vhdx')]);
    await disk.close();
  });

  test('await using → closed at the end of its block', async () => {
    {
      await using source = await openFile(path('sound.vhdx'));
      await using target = await openFileForWriting(path('damaged.vhdx'));
      await using handle = await NodeHandleSource.open(await open(path('raw')), { closeHandle: true });
      await using cache = new CachedSource(await openFile(path('raw')));
      await using image = await openVhdx(await openFile(path('sound.vhdx')));
      await using disk = await openDisk(await openFile(path('base.vhdx')));
      expect([source, target, handle, cache, image.source, disk].map(({ size }) => size > 0)).not.toContain(false);
      expect(openFiles()).toHaveLength(6);
    }
    {
      await using writable = await openWritableDisk(await openFileForWriting(path('base.vhdx')));
      await writable.write(new Uint8Array(512), 0);
    }
    expect(openFiles()).toEqual([]);
  });
});

async function failing(): Promise<ByteSource> {
  const source = await openFile(path('child.avhdx'));
  const read = (): Promise<number> => Promise.reject(new Error('the cable was pulled'));
  return { size: source.size, identity: 'child', read, close: () => source.close() };
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(2 * MIB).fill(1);
  throw await Promise.resolve(new Error('the stream broke off'));
}

describe('a source on a server', () => {
  test('openDisk of no VHDX → the source is closed', async () => {
    const { url } = await serve({ bytes: new Uint8Array(MIB) });
    const source = await openUrl(url);
    expect(await reasonOf(openDisk(source))).toMatchObject({ code: 'VHDX_SIGNATURE_MISMATCH' });
    expect(await reasonOf(source.read(new Uint8Array(1), MIB - 1))).toMatchObject({
      code: 'VHDX_SOURCE_IO',
      message: expect.stringContaining('has been closed') as unknown,
    });
  });
});

test('a source that cannot be closed → why it could not be opened all the same', async () => {
  const source: ByteSource = {
    size: 4096,
    read: (into) => Promise.resolve(into.fill(0).length),
    close: () => {
      throw new Error('not closed');
    },
  };
  expect(await reasonOf(openDisk(source))).toMatchObject({ code: 'VHDX_SIGNATURE_MISMATCH' });
});
