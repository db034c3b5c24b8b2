/** What every public function that takes a source, a target or a path does with what JavaScript callers give it. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import * as format from '../../runtime/format.js';
import * as library from '../../runtime/index.js';
import * as io from '../../runtime/io.js';
import * as node from '../../runtime/node.js';
import type { Bytes } from '../../runtime/io/to-byte-source.js';
import { FIXTURE } from '../cli/images.js';
import { reasonOf } from '../support/reason.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bytes = new Uint8Array(readFileSync(FIXTURE));

async function first(nodes: AsyncIterable<library.TreeNode>): Promise<string | undefined> {
  for await (const { path } of nodes) return path;
  return undefined;
}

async function closed<T>(opened: { close(): Promise<void> }, answer: T): Promise<T> {
  await opened.close();
  return answer;
}

/** A function that takes a source, and something of its answer. */
type Entry = readonly [name: string, call: (source: Bytes) => Promise<unknown>, answer: unknown];

const parent = (): Promise<undefined> => Promise.resolve(undefined);

const ENTRIES: readonly Entry[] = [
  ['openDisk', async (source) => library.openDisk(source).then((disk) => closed(disk, disk.size)), 64 * 2 ** 20],
  [
    'openVhdx',
    async (source) => library.openVhdx(source).then((image) => closed(image, image.bat.geometry.payloadBlocks)),
    64,
  ],
  ['checkImage', async (source) => (await library.checkImage(source)).verdict, 'clean'],
  ['checkChain', async (source) => (await library.checkChain(source, { parent })).verdict, 'clean'],
  ['inspectImage', async (source) => (await library.inspectImage(source)).virtualSize, 64 * 2 ** 20],
  ['imageTree', async (source) => first(library.imageTree(source)), 'file_type_identifier'],
  ['locateFileOffset', async (source) => (await library.locateFileOffset(source, 0x800000))?.kind, 'block'],
  ['imageUsage', async (source) => (await library.imageUsage(source)).file.length, bytes.length],
  ['planRepair', async (source) => (await library.planRepair(source)).steps, []],
  ['planLogReplay', async (source) => (await library.planLogReplay(source)).bytes, 0],
  ['compareContents', async (source) => library.compareContents(source, bytes), undefined],
  ['compareContents', async (source) => library.compareContents(bytes, source), undefined],
  ['readImageState', async (source) => (await format.readImageState(source))?.sequenceNumber, 1_892_356_318n],
  ['looksRaw', async (source) => format.looksRaw(source), false],
  ['identifyContents', async (source) => (await format.identifyContents(source)).kind, 'vhdx'],
  ['readPartitionTable', async (source) => format.readPartitionTable(source, 512), undefined],
  ['salvageDisk', async (source) => library.salvageDisk(source).then((disk) => closed(disk, disk.size)), 64 * 2 ** 20],
  ['toByteSource', async (source) => io.toByteSource(source).size, bytes.length],
  ['CachedSource', async (source) => new io.CachedSource(source).size, bytes.length],
  [
    'convertToVhdx',
    async (source) => (await node.convertToVhdx(source, join(folder, 'made.vhdx'), { force: true })).virtualSize,
    bytes.length,
  ],
];

const target = (): library.MemoryTarget => new library.MemoryTarget(bytes);

/** Functions that take a target. */
const TARGET_ENTRIES: readonly Entry[] = [
  [
    'openWritableDisk',
    async (given) => library.openWritableDisk(given as library.ByteTarget).then(({ size }) => size),
    64 * 2 ** 20,
  ],
  ['replayLog', async (given) => (await library.replayLog(given as library.ByteTarget)).replayed, false],
  ['repairImage', async (given) => (await library.repairImage(given as library.ByteTarget)).plan.steps, []],
  [
    'createVhdx',
    async (given) => (await library.createVhdx(given as library.ByteTarget, { size: 2 ** 20 })).type,
    'dynamic',
  ],
];

/** Functions that take a path. */
const PATH_ENTRIES: readonly (readonly [name: string, call: (path: string) => Promise<unknown>])[] = [
  ['openFile', async (path) => node.openFile(path)],
  ['openFileForWriting', async (path) => node.openFileForWriting(path)],
  ['createFile', async (path) => node.createFile(path, { size: 2 ** 20 })],
  ['convertToRaw', async (path) => node.convertToRaw(await library.openDisk(bytes), path)],
  ['convertToVhdx', async (path) => node.convertToVhdx(new Uint8Array(512), path)],
];

/** What takes none of these. */
const OTHERS =
  'Bat BatGeometry BlobSource HttpSource MemorySource MemoryTarget NodeFileSource NodeFileTarget NodeHandleSource VhdxDisk ' +
  'VhdxError claimDraftName formatGuid guidsEqual isZeroGuid locateVirtualOffset nodeParentResolver openUrl parseGuid pathFromBytes ' +
  'releaseDraftName removeLeftovers systemPath tryParseGuid ' +
  // They open what they are given with `openFile` and `createFile`.
  'compactToFile findChildren findChildrenOf mergeToFile openNewParent ' +
  // They take a source, and are called for every read.
  'readAvailable readExactly readInto';

test('every public function and class → is here', () => {
  const names = [library, io, format, node]
    .flatMap((entry) => Object.entries(entry))
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
  const here = [...ENTRIES, ...TARGET_ENTRIES, ...PATH_ENTRIES].map(([name]) => name);
  expect([...new Set(names)].toSorted()).toEqual([...new Set([...here, ...OTHERS.split(' ')])].toSorted());
});

const shared = new SharedArrayBuffer(bytes.length);
new Uint8Array(shared).set(bytes);

describe.each(ENTRIES)('%s', (_name, call, answer) => {
  test.each<readonly [string, Bytes]>([
    ['a Uint8Array', bytes],
    ['an ArrayBuffer', bytes.buffer],
    ['a SharedArrayBuffer', shared],
    ['a Buffer', Buffer.from(bytes)],
    ['a DataView', new DataView(bytes.buffer)],
    ['a Blob', new Blob([bytes])],
    ['a File', new File([bytes], 'disk.vhdx')],
    ['a source', new library.MemorySource(bytes)],
  ])('%s → its answer', async (_what, source) => {
    expect(await call(source)).toEqual(answer);
  });
});

/** What is no source, and what the message has to say. */
const WRONG: readonly (readonly [what: string, make: () => unknown, hint: string])[] = [
  ['a path', () => FIXTURE, '`await openFile(path)` of vhdx/node'],
  ['a URL of a server', () => 'https://example.com/disk.vhdx', '`await openUrl(url)`'],
  ['a file: URL', () => pathToFileURL(FIXTURE), '`await openFile(path)` of vhdx/node'],
  ['a promise', () => Promise.resolve(bytes), 'a Promise: await it first'],
  ['a Response', () => new Response(bytes), '`await response.arrayBuffer()`'],
  ['an array', () => [...bytes.subarray(0, 8)], 'Uint8Array.from(array)'],
  ['a descriptor', () => 3, 'not 3'],
  ['a BigInt', () => 3n, 'not 3n, a BigInt'],
  ['nothing', () => undefined, 'not undefined'],
  ['null', () => null, 'not null'],
  ['an object', () => ({}), 'not an object'],
  ['a function', () => () => bytes, 'not a function'],
  ['a source without a size', () => ({ size: undefined, read: parent }), 'its `size` must be a number of bytes'],
  ['a source with a size that is none', () => ({ size: Number.NaN, read: parent }), 'not NaN'],
  ['a source with a BigInt for its size', () => ({ size: 8n, read: parent }), 'not 8n, a BigInt'],
  ['a detached buffer', () => detached(), 'the ArrayBuffer is detached'],
];

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

describe.each(ENTRIES)('%s', (_name, call) => {
  test.each(WRONG)('%s → TypeError with what to do', async (_what, make, hint) => {
    const error = await reasonOf(call(make() as Bytes));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(hint);
  });

  test('a FileHandle → TypeError that names NodeHandleSource', async () => {
    await using handle = await open(FIXTURE);
    expect(String(await reasonOf(call(handle as unknown as Bytes)))).toMatch(/^TypeError: .*NodeHandleSource\.open/);
  });
});

// A stream becomes a disk, but none of these can be read at any position.
describe.each(ENTRIES.filter(([name]) => name !== 'convertToVhdx'))('%s', (_name, call) => {
  test.each([
    ['a stream of Node', () => Readable.from([bytes])],
    ['a stream of the Web', () => new Blob([bytes]).stream()],
  ])('%s → TypeError', async (_what, make) => {
    expect(String(await reasonOf(call(make() as unknown as Bytes)))).toMatch(/^TypeError: .*collect its bytes first/);
  });
});

describe.each(TARGET_ENTRIES)('%s', (_name, call, answer) => {
  test('a target → its answer', async () => {
    expect(await call(target())).toEqual(answer);
  });

  test.each<readonly [string, () => unknown, string]>([
    ['a path', () => FIXTURE, '`await openFileForWriting(path)`'],
    ['bytes', () => bytes, 'new MemoryTarget(bytes)'],
    ['a buffer', () => bytes.buffer, 'new MemoryTarget(bytes)'],
    ['a source', () => new library.MemorySource(bytes), 'can only be read'],
    ['a URL of a server', () => 'https://example.com/', 'what a server has can only be read'],
    ['a promise', () => Promise.resolve(target()), 'await it first'],
    ['nothing', () => undefined, 'not undefined'],
  ])('%s → TypeError with what to do', async (_what, make, hint) => {
    const error = await reasonOf(call(make() as Bytes));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(hint);
  });
});

describe.each(PATH_ENTRIES)('%s', (_name, call) => {
  test.each([
    ['nothing', undefined, 'not undefined'],
    ['bytes', bytes, 'not a Uint8Array'],
    ['a URL of a server', new URL('https://example.com/'), '`openUrl`'],
    ['a descriptor', 3, 'not 3'],
  ])('%s for a path → TypeError', async (_what, path, hint) => {
    const before = readdirSync(folder);
    const error = await reasonOf(call(path as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(hint);
    expect(readdirSync(folder)).toEqual(before);
  });
});

test('openFile, a file: URL → the file', async () => {
  await using source = await node.openFile(pathToFileURL(FIXTURE));
  expect(source.size).toBe(bytes.length);
});

describe('options', () => {
  test.each<readonly [string, unknown, string]>([
    ['a signal in their place', new AbortController().signal, 'give the signal as { signal }'],
    ['a controller for the signal', { signal: new AbortController() }, 'give its `signal`'],
    ['a number for the signal', { signal: 5 }, 'signal must be an AbortSignal, not 5'],
    ['null', null, 'options must be an object'],
    ['text', 'json', 'options must be an object'],
  ])('%s → TypeError', async (_what, options, hint) => {
    const given = options as object;
    for (const call of [
      () => library.openDisk(bytes, given),
      () => library.openVhdx(bytes, given),
      () => library.openWritableDisk(target(), given),
      () => library.checkImage(bytes, given),
      () => library.inspectImage(bytes, given),
      () => library.imageTree(bytes, given).next(),
      () => library.imageUsage(bytes, given),
      () => library.planRepair(bytes, given),
      () => library.planLogReplay(bytes, given),
      () => library.replayLog(target(), given),
      () => library.repairImage(target(), given),
      () => library.compareContents(bytes, bytes, given),
      () => format.looksRaw(bytes, given),
      () => library.openUrl('http://127.0.0.1/', given),
    ]) {
      const error = await reasonOf(call());
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain(hint);
    }
  });

  test.each<readonly [string, () => Promise<unknown>, string]>([
    [
      'a path for the resolver',
      () => library.openDisk(bytes, { parent: FIXTURE as never }),
      'nodeParentResolver({ parent: path })',
    ],
    ['no resolver', () => library.checkChain(bytes, { parent: 'x' as never }), 'parent must be a function'],
    ['an unknown way of a log', () => library.openDisk(bytes, { log: 'ignore' as never }), "'overlay', 'refuse'"],
    ['an unknown profile', () => library.checkImage(bytes, { profiles: ['hyper-v' as never] }), "'hyperv'"],
    [
      'findings in words',
      () => library.checkImage(bytes, { findingsPerGroup: '5' as never }),
      'findingsPerGroup must be a number',
    ],
    [
      'no findings that are a count',
      () => library.checkImage(bytes, { findingsPerGroup: Number.NaN }),
      'findingsPerGroup',
    ],
    ['cells', () => library.imageUsage(bytes, { cells: 0 }), 'cells must be an integer of at least 1'],
    ['a path that is none', () => library.imageTree(bytes, { path: 5 as never }).next(), 'path must be a string'],
    ['a BAT cache', () => library.openDisk(bytes, { batCacheBytes: -1 }), 'batCacheBytes'],
    ['a size in words', () => library.createVhdx(target(), { size: '1048576' as never }), 'size must be a number'],
    ['a size as a BigInt', () => library.createVhdx(target(), { size: 1_048_576n as never }), '1048576n, a BigInt'],
    [
      'a block size in words',
      () => library.createVhdx(target(), { size: 2 ** 20, blockSize: '1048576' as never }),
      'blockSize',
    ],
    ['a type', () => library.createVhdx(target(), { size: 2 ** 20, type: 'sparse' as never }), "'fixed'"],
    ['an ID', () => library.createVhdx(target(), { size: 2 ** 20, ids: { fileWriteGuid: 'x' } }), ''],
    ['no disk', () => node.convertToRaw(bytes as never, join(folder, 'x')), '`await openDisk(source)` opens one'],
    ['a stream of text', () => node.convertToVhdx(Readable.from(['text']), join(folder, 'x')), 'must be a Uint8Array'],
    ['a handle that is none', () => node.NodeHandleSource.open(FIXTURE as never), '`await openFile(path)`'],
  ])('%s → TypeError or RangeError, and nothing is made', async (_what, call, hint) => {
    const before = readdirSync(folder);
    const error = await reasonOf(call());
    expect(['TypeError', 'RangeError']).toContain((error as Error).name);
    expect(String(error)).toContain(hint);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('an ID that is none → the target as it was', async () => {
    const kept = target();
    await reasonOf(library.createVhdx(kept, { size: 2 ** 20, ids: { dataWriteGuid: 'x' } }));
    expect(kept.size).toBe(bytes.length);
  });

  test('a resolver that gives bytes → the parent; one that gives a path → TypeError', async () => {
    const base = new library.MemoryTarget();
    await library.createVhdx(base, { size: 2 ** 20 });
    const image = await library.openVhdx(base);
    const child = new library.MemoryTarget();
    await library.createVhdx(child, { parent: { image, relativePath: '.\\base.vhdx' } });
    const disk = await library.openDisk(child, { parent: () => Promise.resolve(base.toBytes()) });
    expect(disk.depth).toBe(2);
    for (const given of ['base.vhdx', null]) {
      const error = await reasonOf(library.openDisk(child, { parent: () => Promise.resolve(given as never) }));
      expect(error).toBeInstanceOf(TypeError);
    }
  });
});

describe('positions and arrays', () => {
  const into = new Uint8Array(8);

  /** Every reader and writer, with `position` and an array. */
  async function calls(position: number, array: Uint8Array): Promise<(() => Promise<unknown>)[]> {
    const disk = await library.openWritableDisk(target());
    const server = createServer((_request, response) => response.end(bytes)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const remote = await io.HttpSource.open(`http://127.0.0.1:${port}/`);
    server.close();
    server.closeAllConnections();
    const file = await node.openFile(FIXTURE);
    return [
      () => disk.read(array, position),
      () => disk.write(array, position),
      () => new library.MemorySource(bytes).read(array, position),
      () => new library.BlobSource(new Blob([bytes])).read(array, position),
      () => new io.CachedSource(bytes).read(array, position),
      () => remote.read(array, position),
      () => target().read(array, position),
      () => target().write(array, position),
      () => file.read(array, position).finally(() => file.close()),
    ];
  }

  test.each<readonly [unknown, string]>([
    [-1, 'RangeError'],
    [1.5, 'RangeError'],
    [Number.NaN, 'RangeError'],
    [2 ** 53, 'RangeError'],
    [Number.POSITIVE_INFINITY, 'RangeError'],
    [4n, 'TypeError'],
    ['4', 'TypeError'],
    [undefined, 'TypeError'],
  ])('position %o → %s', async (position, name) => {
    for (const call of await calls(position as number, into)) {
      const error = await reasonOf(call());
      expect((error as Error).name).toBe(name);
      expect(String(error)).toContain('position must be');
    }
  });

  test.each<readonly [string, unknown]>([
    ['an ArrayBuffer', into.buffer],
    ['a DataView', new DataView(into.buffer)],
    ['words', new Uint32Array(2)],
    ['an array', [0, 0]],
    ['nothing', undefined],
  ])('%s in place of bytes → TypeError', async (_what, array) => {
    for (const call of await calls(0, array as Uint8Array)) {
      const error = await reasonOf(call());
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain('must be a Uint8Array');
    }
  });

  test.each([
    { start: -1 },
    { end: Number.NaN },
    { start: 4n },
    { end: '5' },
    { chunkBytes: 0 },
    { chunkBytes: Number.NaN },
  ])('stream and extents of %o → refused', async (part) => {
    const disk = await library.openDisk(bytes);
    expect(() => disk.stream(part as never)).toThrow(/must be/);
    if ('chunkBytes' in part) return;
    await expect(disk.extents(part as never).next()).rejects.toThrow(/must be/);
  });

  test.each([
    [Number.NaN, 512],
    [0, 512n],
    [0, -1],
  ])('discard and resolve of %o, %o → refused', async (position, length) => {
    const disk = await library.openWritableDisk(target());
    await expect(disk.discard(position, length as number)).rejects.toThrow(/must be/);
    await expect(disk.resolve(position, length as number)).rejects.toThrow(/must be/);
  });
});
