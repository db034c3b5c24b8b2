import { describe, expect, test } from 'vitest';
import { VhdxGuid } from '../../../generated/index.js';
import { checkImage } from '../../../runtime/check/check.js';
import { formatGuid, GUIDS, parseGuid } from '../../../runtime/base/guid.js';
import { planLogReplay, replayLog } from '../../../runtime/change/replay.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import type { LoggedWrite, LogEntrySpec } from '../../support/log-entries.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { currentHeaderOf, expectReplayed, firstDifference, headersOf, modelOf } from '../../support/replay-model.js';

const SECTOR = 4096;
const BAT = 2 * MIB;
/** A place in the BAT region that no entry of a small disk is at. */
const SPARE = BAT + MIB / 2;

function sector(fill: number): Uint8Array {
  return Uint8Array.from({ length: SECTOR }, (_, index) => (fill * 7 + index * 3) & 0xff);
}

function data(fileOffset: number, fill: number): LoggedWrite {
  return { kind: 'data', fileOffset, bytes: sector(fill) };
}

function zero(fileOffset: number, length: number): LoggedWrite {
  return { kind: 'zero', fileOffset, length };
}

/** Entries of a log, and which of them the replay takes. */
interface LogCase {
  readonly name: string;
  readonly logLength?: number;
  readonly at?: number;
  readonly entries: readonly { readonly writes: readonly LoggedWrite[]; readonly stale?: boolean }[];
  readonly sizes?: Partial<Pick<LogEntrySpec, 'flushedFileOffset' | 'lastFileOffset'>>;
}

/** Puts entries into the log one behind the other; all name the first that is not stale as their tail. */
function build({ logLength = MIB, at = 0, entries, sizes = {} }: LogCase): { image: TestImage; model: Uint8Array } {
  const image = new TestImage({ logGuid: IDS.log, logLength });
  image.source.write(new Uint8Array(64 * 1024).fill(0x5a), SPARE);
  const before = image.toBytes();
  const starts: number[] = [];
  let start = at;
  for (const { writes } of entries) {
    starts.push(start);
    const sectors = writes.filter(({ kind }) => kind === 'data').length;
    start = (start + Math.ceil((64 + 32 * writes.length) / SECTOR) * SECTOR + sectors * SECTOR) % logLength;
  }
  const first = starts[entries.findIndex(({ stale }) => stale !== true)] ?? 0;
  for (const [index, { writes, stale }] of entries.entries()) {
    const own = starts[index] ?? 0;
    const tail = stale === true ? (starts[0] ?? 0) : first;
    image.addLogEntry(own, { sequenceNumber: BigInt(100 + index), tail, writes, ...sizes });
  }
  const active = entries.flatMap(({ writes, stale }) => (stale === true ? [] : writes));
  return { image, model: modelOf(before, active, Number(sizes.lastFileOffset ?? before.length)) };
}

/** The log of an image is another log than its bytes before the entries were added: the model takes it as it is. */
function withLog(model: Uint8Array, image: TestImage): Uint8Array {
  model.set(image.source.bytes(image.logOffset, image.logLength), image.logOffset);
  return model;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is none');
  return value;
}

const many = Array.from({ length: 127 }, (_, n) => data(SPARE + n * SECTOR, n));
const cases: readonly LogCase[] = [
  { name: 'one data descriptor', entries: [{ writes: [data(SPARE, 1)] }] },
  { name: 'one zero descriptor', entries: [{ writes: [zero(SPARE + SECTOR, 3 * SECTOR)] }] },
  { name: 'an entry without descriptors', entries: [{ writes: [] }] },
  { name: 'a zero descriptor of length 0', entries: [{ writes: [zero(SPARE, 0), data(SPARE, 2)] }] },
  {
    name: 'overlapping targets, in one entry and in two',
    entries: [
      { writes: [data(SPARE, 1), zero(SPARE, 2 * SECTOR), data(SPARE + SECTOR, 2), data(SPARE + SECTOR, 3)] },
      { writes: [zero(SPARE + SECTOR, 4 * SECTOR), data(SPARE + 2 * SECTOR, 4)] },
    ],
  },
  {
    name: 'an entry that wraps',
    at: MIB - 2 * SECTOR,
    entries: [{ writes: many.slice(0, 5) }, { writes: [data(SPARE, 9)] }],
  },
  { name: '127 descriptors', entries: [{ writes: many }] },
  {
    name: '300 descriptors in three sectors that wrap',
    at: MIB - SECTOR,
    entries: [{ writes: Array.from({ length: 300 }, (_, n) => zero(SPARE + (n % 16) * SECTOR, SECTOR)) }],
  },
  {
    // 255 data sectors and two sectors of descriptors are too many by one.
    name: 'a ring that one entry fills exactly',
    at: 7 * SECTOR,
    entries: [{ writes: Array.from({ length: 254 }, (_, n) => data(SPARE + (n % 120) * SECTOR, n)) }],
  },
  {
    name: 'a ring that 128 entries fill exactly',
    at: 100 * SECTOR,
    entries: Array.from({ length: 128 }, (_, n) => ({ writes: [data(SPARE + (n % 20) * SECTOR, n)] })),
  },
  {
    name: 'entries before the tail → not replayed',
    entries: [
      { writes: [data(SPARE, 1), data(SPARE + SECTOR, 1)], stale: true },
      { writes: [data(SPARE, 2)], stale: true },
      { writes: [data(SPARE + 2 * SECTOR, 3)] },
      { writes: [data(SPARE + 3 * SECTOR, 4)] },
    ],
  },
  {
    name: 'a LastFileOffset past the end of the file → it grows',
    entries: [{ writes: [data(SPARE, 1)] }],
    sizes: { lastFileOffset: 9 * MIB },
  },
  {
    name: 'descriptors past the end of the file → it grows',
    entries: [{ writes: [data(4 * MIB + 5 * SECTOR, 1), zero(5 * MIB, MIB)] }],
    sizes: { lastFileOffset: 7 * MIB },
  },
  {
    name: 'a LastFileOffset that is not a whole MiB → the file grows to one',
    entries: [{ writes: [data(SPARE, 1)] }],
    sizes: { lastFileOffset: 9 * MIB + SECTOR },
  },
  { name: 'the reserved space behind the region tables', entries: [{ writes: [data(640 * 1024, 4)] }] },
];

describe('a pending log', () => {
  test.each(cases)('$name → the file as 2.3.3 says', async (made) => {
    const { image, model } = build(made);
    withLog(model, image);
    const before = present(currentHeaderOf(image.source));
    const plan = await planLogReplay(image.source);
    const target = new RecordingTarget(image.source.copy());
    const report = await replayLog(target);
    expectReplayed(target.file, model, before);
    expect(report).toMatchObject({ ...plan, replayed: true, newFileSize: model.length });
    expect(report.fileWriteGuid).toBe(formatGuid(present(currentHeaderOf(target.file)).fileWriteGuid));
    expect(report.dataWriteGuid).toBe(IDS.dataWrite);
    expect((await checkImage(target.file)).verdict).toBe('clean');
    // Once more: there is nothing left to do.
    const again = new RecordingTarget(target.file);
    expect(await replayLog(again)).toMatchObject({ replayed: false, writes: [], bytes: 0 });
    expect(again.operations).toEqual([]);
  });

  test('steps → headers, growth and patches, headers: a flush after each first header, the patches and the end', async () => {
    const { image } = build({
      name: '',
      entries: [{ writes: [data(SPARE, 1), zero(SPARE + 2 * SECTOR, SECTOR)] }],
      sizes: { lastFileOffset: 6 * MIB },
    });
    const target = new RecordingTarget(image.source);
    await replayLog(target);
    const steps = target.operations.map((operation) => {
      if (operation.kind === 'write') return `write ${operation.position / 1024}K+${operation.bytes.length / 1024}K`;
      return operation.kind === 'truncate' ? `truncate ${operation.size / MIB}M` : 'flush';
    });
    // The current header is the second one.
    const headers = ['write 64K+4K', 'flush', 'write 128K+4K'];
    const patches = ['truncate 6M', 'write 2560K+4K', 'write 2568K+4K', 'flush'];
    expect(steps).toEqual([...headers, ...patches, ...headers, 'flush']);
  });

  test('zeros over zeros → not written', async () => {
    const { image } = build({ name: '', entries: [{ writes: [zero(SPARE + 128 * 1024, MIB / 8)] }] });
    const target = new RecordingTarget(image.source);
    expect(await replayLog(target)).toMatchObject({ replayed: true, bytes: MIB / 8 });
    expect(target.operations.filter(({ kind }) => kind === 'write')).toHaveLength(4);
  });

  test('a chosen FileWriteGuid → taken; the one that is there → TypeError before the first write', async () => {
    const { image } = build({ name: '', entries: [{ writes: [data(SPARE, 1)] }] });
    const target = new RecordingTarget(image.source);
    await expect(replayLog(target, { fileWriteGuid: IDS.fileWrite })).rejects.toThrow(TypeError);
    expect(target.operations).toEqual([]);
    expect(await replayLog(target, { fileWriteGuid: IDS.parent })).toMatchObject({ fileWriteGuid: IDS.parent });
  });

  test('aborted → nothing before the first write; later the next replay completes it', async () => {
    const { image, model } = build({ name: '', entries: [{ writes: many }] });
    withLog(model, image);
    const before = present(currentHeaderOf(image.source));
    const early = new RecordingTarget(image.source);
    await expect(replayLog(early, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(early.operations).toEqual([]);
    const controller = new AbortController();
    let count = 0;
    const late = new RecordingTarget(image.source, () => {
      count += 1;
      if (count === 20) controller.abort(new Error('enough'));
    });
    await expect(replayLog(late, { signal: controller.signal })).rejects.toThrow('enough');
    expect(count).toBe(20);
    expect((await replayLog(new RecordingTarget(image.source))).replayed).toBe(true);
    expectReplayed(image.source, model, before);
  });
});

describe('headers', () => {
  test.each([0, 1] as const)(
    'copy %i damaged → written anew, the good one not touched before that is flushed',
    async (copy) => {
      const { image, model } = build({ name: '', entries: [{ writes: [data(SPARE, 1)] }] });
      withLog(model, image);
      image.flip([64, 128][copy] === 64 ? 64 * 1024 + 2000 : 128 * 1024 + 2000);
      const before = present(currentHeaderOf(image.source));
      const target = new RecordingTarget(image.source);
      await replayLog(target);
      expect(target.operations.slice(0, 2)).toMatchObject([
        { kind: 'write', position: (copy + 1) * 64 * 1024 },
        { kind: 'flush' },
      ]);
      expectReplayed(image.source, model, before);
    },
  );

  test('two identical ones, as Disk2vhd leaves them → one after the other', async () => {
    const { image, model } = build({ name: '', entries: [{ writes: [data(SPARE, 1)] }] });
    withLog(model, image);
    image.editHeader('both', (header) => {
      header.sequenceNumber = 5n;
    });
    const before = present(currentHeaderOf(image.source));
    expect((await replayLog(new RecordingTarget(image.source))).replayed).toBe(true);
    expectReplayed(image.source, model, before);
  });

  test('stale noncurrent header with other GUIDs → those of the current one', async () => {
    const { image, model } = build({ name: '', entries: [{ writes: [data(SPARE, 1)] }] });
    withLog(model, image);
    image.editHeader(0, (header) => {
      header.logGuid = VhdxGuid.create(parseGuid(GUIDS.zero));
      header.dataWriteGuid = VhdxGuid.create(parseGuid(IDS.parent));
    });
    const before = present(currentHeaderOf(image.source));
    expect((await replayLog(new RecordingTarget(image.source))).replayed).toBe(true);
    expectReplayed(image.source, model, before);
  });

  test('reserved bytes of a header → zero; the rest of its 64 KiB → not touched', async () => {
    const { image, model } = build({ name: '', entries: [{ writes: [data(SPARE, 1)] }] });
    withLog(model, image);
    image.editHeader(1, (header) => {
      header.reserved = Uint8Array.of(1, 2, 3);
    });
    image.poke(128 * 1024 + 4096 + 77, 42);
    const before = present(currentHeaderOf(image.source));
    expect((await replayLog(new RecordingTarget(image.source))).replayed).toBe(true);
    expectReplayed(image.source, model, before);
    expect(headersOf(image.source).map((header) => header?.reserved.length)).toEqual([0, 0]);
    expect(image.source.bytes(128 * 1024 + 4096 + 77, 1)).toEqual(Uint8Array.of(42));
  });

  test.each([
    [2n ** 64n - 5n, true],
    [2n ** 64n - 4n, false],
    [2n ** 64n - 1n, false],
  ])('sequence number %i → replayed: %s', async (number, possible) => {
    const { image } = build({ name: '', entries: [{ writes: [data(SPARE, 1)] }] });
    image.editHeader(1, (header) => {
      header.sequenceNumber = number;
    });
    const target = new RecordingTarget(image.source);
    if (possible) {
      await replayLog(target);
      expect(currentHeaderOf(image.source)?.sequenceNumber).toBe(number + 4n);
      return;
    }
    await expect(replayLog(target)).rejects.toMatchObject({ code: 'VHDX_HEADER_SEQUENCE_EXHAUSTED', rule: 'B20' });
    expect(target.operations).toEqual([]);
  });
});

test('LogGuid zero → nothing is replayed, whatever the log has, and nothing is written', async () => {
  const image = new TestImage();
  image.addLogEntry(0, { sequenceNumber: 1n, guid: GUIDS.zero, writes: [data(SPARE, 1)] });
  const before = image.toBytes();
  const target = new RecordingTarget(image.source);
  expect(await replayLog(target)).toMatchObject({
    replayed: false,
    writes: [],
    log: { state: 'clean' },
    fileWriteGuid: IDS.fileWrite,
    dataWriteGuid: IDS.dataWrite,
  });
  expect(target.operations).toEqual([]);
  expect(Buffer.compare(image.toBytes(), before)).toBe(0);
});

describe('not refused, as replay reads nothing but headers and log before', () => {
  test.each([
    [
      'required region that is not known',
      'C15',
      { regions: [{ guid: IDS.parent, fileOffset: 8 * MIB, length: MIB, required: true }] },
    ],
    [
      'required item that is not known',
      'F12',
      { items: [{ id: IDS.parent, bytes: new Uint8Array(8), isRequired: true }] },
    ],
  ])('%s → replayed, and the finding %s is passed on', async (_, rule, spec) => {
    const image = new TestImage({ logGuid: IDS.log, ...spec });
    image.addLogEntry(0, { sequenceNumber: 1n, writes: [data(SPARE, 1)] });
    const model = modelOf(image.toBytes(), [data(SPARE, 1)], 0);
    const before = present(currentHeaderOf(image.source));
    const { findings } = await replayLog(new RecordingTarget(image.source));
    expect(findings.filter(({ severity }) => severity === 'error').map((found) => found.rule)).toContain(rule);
    expectReplayed(image.source, model, before);
  });

  test('both region tables damaged, and good ones in the log → healed', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    const good = image.source.bytes(192 * 1024, SECTOR);
    const sound = image.toBytes();
    for (const at of [192, 256]) image.flip(at * 1024 + 40);
    image.addLogEntry(0, {
      sequenceNumber: 1n,
      writes: [192, 256].map((at): LoggedWrite => ({ kind: 'data', fileOffset: at * 1024, bytes: good })),
    });
    const { writes } = await replayLog(new RecordingTarget(image.source));
    expect(writes.map(({ target }) => target)).toEqual(['the region tables', 'the region tables']);
    withLog(sound, image);
    expect(firstDifference(image.toBytes(), sound)).toBe(-1);
    expect((await checkImage(image.source)).verdict).toBe('clean');
  });
});
