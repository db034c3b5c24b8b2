/**
 * Whole images through what the official compiler makes of vhdx.ksy: Python, with Kaitai Struct's own runtime, and the
 * JavaScript that the Web IDE runs. Both give the values that the generated TypeScript gives.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { Vhdx, VhdxPayloadBatEntry } from '../../generated/index.js';
import { KaitaiStream } from '../../generated/kaitai/stream.js';
import { camelCase } from '../../generator/src/emit/context/names.js';
import { temporaryDirectory } from '../cli/images.js';
import { type ImageSpec, KIB, MIB, TestImage } from '../support/image-builder.js';
import { compileOfficial, compileOfficialSources, type OfficialClass, readOfficial } from '../support/official.js';
import { noRealImages, type RealImage, realImage } from '../support/real-images.js';
import { attempt, Comparison, faults, membersOf } from '../support/tree-comparison.js';
import { without } from './peers.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCHEMA = join(ROOT, 'schemas/vhdx.ksy');
const DUMP = join(ROOT, 'test/interop/kaitai-dump.py');
const cwd = temporaryDirectory();
/** Large images are read in full by three readers. */
const PATIENCE_MS = 120_000;

const withoutPython = without('kaitaistruct');

/** Images of each kind, with a structure in every place that the schema leads to. */
const BUILT: Readonly<Record<string, () => TestImage>> = {
  'dynamic, a chunk and a half': () =>
    imageOf({ virtualSize: 192 * 32 * MIB, blockSize: 32 * MIB, allocate: [0, 150] }),
  'fixed, sectors of 4 KiB': () =>
    imageOf({ type: 'fixed', virtualSize: 8 * MIB, logicalSectorSize: 4096, physicalSectorSize: 4096 }),
  'differencing, a sector bitmap, a last chunk in part': () => {
    const image = imageOf({
      type: 'differencing',
      virtualSize: 9 * 1024 * MIB,
      blockSize: 256 * MIB,
      allocate: [1, 33],
      allocateAs: 7,
      bitmaps: [0, 2],
    });
    return image;
  },
  'user metadata, another region': () =>
    imageOf({
      items: [{ id: 'aaaaaaaa-0000-1111-2222-333333333333', bytes: Uint8Array.of(1, 2, 3), isUser: true }],
      regions: [{ guid: 'cccccccc-0000-1111-2222-333333333333', fileOffset: 64 * MIB, length: MIB }],
    }),
  'pending log that wraps': () => {
    const guid = '0badf00d-0000-4000-8000-00000000cafe';
    const image = imageOf({ logGuid: guid });
    const bytes = new Uint8Array(4 * KIB).fill(0x5a);
    const data = { kind: 'data', fileOffset: 3 * MIB, bytes } as const;
    const zero = { kind: 'zero', fileOffset: 8 * MIB, length: MIB } as const;
    const start = MIB - 16 * KIB;
    image.addLogEntry(start, { sequenceNumber: 5n, tail: start, writes: [zero, data] });
    image.addLogEntry(start + 8 * KIB, { sequenceNumber: 6n, tail: start, writes: [data, data, zero] });
    return image;
  },
  'blocks in every state, far out': () => {
    const image = imageOf({ virtualSize: 8 * MIB });
    for (const [block, state] of [0, 1, 2, 3, 6].entries())
      image.setBat(image.payloadIndex(block), { state, fileOffsetMb: state === 0 ? 0 : 2 ** 31 + block });
    return image;
  },
  'current header second, no log': () => imageOf({ sequenceNumbers: [7n, 8n], logLength: 0 }),
};
const imageOf = (spec: ImageSpec): TestImage => new TestImage(spec);

const REAL: readonly RealImage[] = [
  'iotest-dynamic-1G',
  'iotest-dirtylog-10G-4M',
  'test-disk2vhd',
  'qemu-5.2-convert-6G',
  'qemu-5.2-issue727-shifted-900M',
  'swap',
  'btrfs',
  'vhdx-log-replay',
];

const cases: readonly { readonly name: string; readonly path: () => string }[] = [
  ...Object.entries(BUILT).map(([name, build]) => ({ name, path: () => written(name, build().toBytes()) })),
  ...(noRealImages === undefined ? REAL.map((name) => ({ name, path: () => realImage(name) })) : []),
];

if (noRealImages !== undefined)
  process.stderr.write(`SKIPPED: real images through Kaitai's targets: ${noRealImages}\n`);

function written(name: string, bytes: Uint8Array): string {
  const path = join(cwd, `${name.replaceAll(/\W+/g, '-')}.vhdx`);
  writeFileSync(path, bytes);
  return path;
}

const read = (path: string): Vhdx => new Vhdx(new KaitaiStream(new Uint8Array(readFileSync(path))));

/** A value as kaitai-dump.py writes it. */
function dumped(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'string') return `str ${value}`;
  if (value instanceof Uint8Array) {
    const digits = value.length <= 64 ? Buffer.from(value).toString('hex') : hash(value);
    return `bytes ${digits}`;
  }
  return value ?? null;
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Where ours and Python's differ, by path; also what only one of them has. */
function* differences(ours: unknown, theirs: unknown, path: string): Generator<string> {
  if (Array.isArray(ours)) {
    const others = Array.isArray(theirs) ? (theirs as readonly unknown[]) : [];
    if (others.length !== ours.length) yield `${path}: ${ours.length} elements, ${others.length} in Python`;
    for (const [index, item] of ours.entries()) yield* differences(item, others[index], `${path}[${index}]`);
  } else if (typeof ours === 'object' && ours !== null && !(ours instanceof Uint8Array)) {
    const struct: object = typeof theirs === 'object' && theirs !== null ? theirs : {};
    const others = new Map(Object.entries(struct).map(([name, value]) => [camelCase(name), value as unknown]));
    const names = new Set([...membersOf(ours), ...others.keys()]);
    for (const name of names) {
      const { value, error } = attempt(() => (ours as Readonly<Record<string, unknown>>)[name]);
      const other = others.get(name);
      const at = `${path}.${name}`;
      if (error === undefined) yield* differences(value, other, at);
      else if (!String(other).startsWith('error '))
        yield `${at}: ${error instanceof Error ? error.message : 'an error'}, in Python ${JSON.stringify(other)}`;
    }
  } else if (dumped(ours) !== (theirs ?? null)) {
    yield `${path}: ${String(dumped(ours))}, in Python ${JSON.stringify(theirs)}`;
  }
}

describe.skipIf(withoutPython)('Python', () => {
  const folder = join(cwd, 'python');
  beforeAll(async () => {
    for (const [name, text] of Object.entries(await compileOfficialSources('python', SCHEMA))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }, PATIENCE_MS);

  test.each(cases)(
    '$name → the same values in every structure',
    ({ path }) => {
      const file = path();
      const { status, stdout, stderr } = spawnSync('python3', [DUMP, folder, 'vhdx', 'Vhdx', file], {
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      });
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).not.toContain('"error ');
      expect([...differences(read(file), JSON.parse(stdout) as unknown, 'vhdx')].slice(0, 20)).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('the JavaScript of the Web IDE', () => {
  let official: OfficialClass;
  beforeAll(async () => {
    official = await compileOfficial(SCHEMA);
  }, PATIENCE_MS);

  test.each(cases)(
    '$name → the same values, but for integers that JavaScript rounds',
    ({ path }) => {
      faults.clear();
      const bytes = new Uint8Array(readFileSync(path()));
      const comparison = new Comparison();
      comparison.compare(new Vhdx(new KaitaiStream(bytes)), readOfficial(official, bytes), 'vhdx');
      expect(comparison.differences).toEqual([]);
      expect(comparison.values).toBeGreaterThan(100);
      expect([...faults.keys()].filter((fault) => fault !== 'integer beyond 2^53')).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('what the schema leads to', () => {
  test('payload blocks → as vhdx_payload_bat_entry, which they split, reads their bytes', () => {
    const image = BUILT['blocks in every state, far out']?.();
    const blocks = read(written('split', image?.toBytes() ?? new Uint8Array())).bat.chunks[0]?.payloadBlocks ?? [];
    expect(blocks).toHaveLength(8);
    for (const [index, block] of blocks.entries()) {
      const at = image?.batEntryOffset(index) ?? 0;
      const entry = VhdxPayloadBatEntry.fromBytes(image?.toBytes().subarray(at, at + 8) ?? new Uint8Array());
      expect([block.state, block.reserved, block.fileOffsetMb]).toEqual([
        entry.state,
        entry.reserved,
        entry.fileOffsetMb,
      ]);
    }
  });

  test('differencing image → its parent locator, and the sector bitmaps that are present', () => {
    const name = 'differencing, a sector bitmap, a last chunk in part';
    const vhdx = read(written('locator', BUILT[name]?.().toBytes() ?? new Uint8Array()));
    const kinds = vhdx.metadata.items.map(({ kind }) => kind);
    expect(kinds.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6]);
    const { chunks } = vhdx.bat;
    expect(chunks.map(({ sectorBitmapBlock }) => sectorBitmapBlock?.bitmap?.length)).toEqual([MIB, undefined, MIB]);
    expect(chunks.map(({ payloadBlocks }) => payloadBlocks.length)).toEqual([16, 16, 16]);
  });

  test('log that wraps → the entry at its end has a header, and is not whole', () => {
    const vhdx = read(written('wraps', BUILT['pending log that wraps']?.().toBytes() ?? new Uint8Array()));
    const entries = (vhdx.log?.sectors ?? []).filter(({ entryHeader }) => entryHeader !== undefined);
    expect(entries.map(({ index, isWhole, isCurrent }) => [index, isWhole, isCurrent])).toEqual([
      [252, true, true],
      [254, false, true],
    ]);
    expect(entries[0]?.entry?.descriptors).toHaveLength(2);
  });
});
