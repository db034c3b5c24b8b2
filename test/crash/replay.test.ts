/**
 * Every state in which a crash can leave an image whose log is being replayed: it opens, shows what a replay in memory
 * shows, and the next replay completes it. CRASH_SEED and CRASH_SCALE give other samples, and more of them.
 */
import { describe, expect, test } from 'vitest';
import { VhdxGuid } from '../../generated/index.js';
import { formatGuid, GUIDS, isZeroGuid, parseGuid } from '../../runtime/base/guid.js';
import { openVhdx } from '../../runtime/image/open.js';
import { replayLog } from '../../runtime/change/replay.js';
import { readExactly } from '../../runtime/io/byte-source.js';
import { type CrashOptions, type CrashState, crashStates } from '../support/crash-states.js';
import { IDS, MIB, TestImage } from '../support/image-builder.js';
import { LayeredFile } from '../support/layered-file.js';
import type { LoggedWrite } from '../support/log-entries.js';
import { inTurn, type Operation, RecordingTarget } from '../support/recording-target.js';
import { currentHeaderOf, expectReplayed, firstDifference, modelOf } from '../support/replay-model.js';
import type { SparseSource } from '../support/sparse-source.js';

const SEED = Number(process.env['CRASH_SEED'] ?? 2303);
const SCALE = Number(process.env['CRASH_SCALE'] ?? 1);
const SECTOR = 4096;
const SPARE = 2 * MIB + MIB / 2;
const FIRST: Omit<CrashOptions, 'seed'> = { exhaustive: 10, samples: 100 * SCALE };
/** States that a crash leaves while the replay after the first crash runs; one in `EVERY` of the first has some. */
const SECOND: Omit<CrashOptions, 'seed'> = { exhaustive: 3, samples: 4 * SCALE, tears: 1 };
const EVERY = Math.max(1, Math.floor(40 / SCALE));

function data(fileOffset: number, fill: number): LoggedWrite {
  return { kind: 'data', fileOffset, bytes: Uint8Array.from({ length: SECTOR }, (_, at) => (fill * 31 + at) & 0xff) };
}

function zero(fileOffset: number, length: number): LoggedWrite {
  return { kind: 'zero', fileOffset, length };
}

/** An image with a pending log, and what has to become of it. */
interface Subject {
  readonly file: SparseSource;
  readonly before: Uint8Array;
  readonly model: Uint8Array;
}

function subject(entries: readonly (readonly LoggedWrite[])[], lastFileOffset = 0): Subject {
  const image = new TestImage({ logGuid: IDS.log });
  image.source.write(new Uint8Array(32 * SECTOR).fill(0xee), SPARE);
  // The second entry wraps.
  let at = MIB - 4 * SECTOR;
  for (const [index, writes] of entries.entries()) {
    const spec = { sequenceNumber: BigInt(index + 1), tail: MIB - 4 * SECTOR, writes };
    at = (at + image.addLogEntry(at, lastFileOffset === 0 ? spec : { ...spec, lastFileOffset })) % MIB;
  }
  const before = image.toBytes();
  return { file: image.source, before, model: modelOf(before, entries.flat(), lastFileOffset) };
}

/** Changes both headers or one; 1 is the current one. */
function edited(made: Subject, edit: (image: TestImage) => void): Subject {
  const image = new TestImage();
  edit(Object.assign(image, { source: made.file }));
  return made;
}

const FEW = [
  [data(SPARE, 1), zero(SPARE + 2 * SECTOR, 3 * SECTOR), data(SPARE + 4 * SECTOR, 2)],
  [data(SPARE + SECTOR, 3), data(SPARE + 7 * SECTOR, 4), zero(SPARE, SECTOR)],
];

const subjects: readonly (readonly [string, () => Subject])[] = [
  ['two entries, the second of which wraps', () => subject(FEW)],
  [
    'growth by LastFileOffset and by descriptors',
    () => subject([[data(SPARE, 1), data(4 * MIB, 2), data(6 * MIB + SECTOR, 3)]], 7 * MIB),
  ],
  ['the region tables', () => subject([[data(384 * 1024, 1), data(SPARE, 2), zero(SPARE + SECTOR, SECTOR)]])],
  [
    'the noncurrent header damaged',
    () => edited(subject([[data(SPARE, 1), data(SPARE + SECTOR, 2)]]), (image) => image.flip(64 * 1024 + 999)),
  ],
  [
    'the noncurrent header stale: it says that there is no log',
    () =>
      edited(subject([[data(SPARE, 1), data(SPARE + SECTOR, 2)]]), (image) =>
        image.editHeader(0, (header) => {
          header.logGuid = VhdxGuid.create(parseGuid(GUIDS.zero));
          header.dataWriteGuid = VhdxGuid.create(parseGuid(IDS.parent));
        }),
      ),
  ],
  ['an entry without descriptors', () => subject([[]])],
  [
    'more writes than can be combined',
    () => subject([Array.from({ length: 14 }, (_, n) => data(SPARE + n * 2 * SECTOR, n))], 5 * MIB),
  ],
];

async function record(file: SparseSource): Promise<readonly Operation[]> {
  const target = new RecordingTarget(file.copy());
  await replayLog(target);
  return target.operations;
}

/** What is wrong with a state: it does not open, shows something else, or breaks 2.2.2 in what it says of itself. */
async function judge({ file }: CrashState, { before, model }: Subject): Promise<string | undefined> {
  let view;
  try {
    ({ view } = await openVhdx(file));
  } catch (error) {
    return `does not open: ${String(error)}`;
  }
  const difference = firstDifference(await readExactly(view, 0, view.size), model);
  if (difference !== -1) return `shows another byte at ${difference}`;
  const header = currentHeaderOf(file);
  if (header === undefined) return 'has no header';
  if (formatGuid(header.dataWriteGuid) !== IDS.dataWrite) return 'has another DataWriteGuid';
  const stored = file.bytes(0, file.size);
  const changed = file.size !== before.length || firstDifference(stored, before) !== -1;
  if (changed && formatGuid(header.fileWriteGuid) === IDS.fileWrite) return 'was changed under its old FileWriteGuid';
  if (isZeroGuid(header.logGuid) && file.size !== model.length) return 'is done, but too short';
  return undefined;
}

/** Goes through the states after a crash, and after a crash of the replay that follows it. Returns how many. */
async function explore(made: Subject): Promise<number> {
  const header = currentHeaderOf(made.file);
  if (header === undefined) throw new Error('no header');
  let [count, firsts] = [0, 0];
  const operations = await record(made.file);
  expect(operations.at(-1)).toEqual({ kind: 'flush' });
  for (const state of crashStates(LayeredFile.of(made.file), inTurn(operations), { ...FIRST, seed: SEED })) {
    count += 1;
    firsts += 1;
    const fault = await judge(state, made);
    if (fault !== undefined) throw new Error(`seed ${SEED}: ${state.name}: ${fault}`);
    const second = new RecordingTarget(state.file.copy());
    const { replayed } = await replayLog(second);
    if (replayed) expectReplayed(second.file, made.model, header);
    else expect(firstDifference(second.file.bytes(0, second.file.size), made.model)).toBe(-1);
    // Not in every state: they are many, and much alike.
    if (!replayed || firsts % EVERY !== 0) continue;
    for (const again of crashStates(state.file, second.timed, { ...SECOND, seed: SEED + count })) {
      count += 1;
      const other = await judge(again, made);
      if (other !== undefined) throw new Error(`seed ${SEED}: ${state.name}; then ${again.name}: ${other}`);
      const third = new RecordingTarget(again.file);
      if ((await replayLog(third)).replayed) expectReplayed(third.file, made.model, header);
    }
  }
  return count;
}

describe('a crash during the replay, and during the next one', () => {
  test.each(subjects)(
    '%s → opens with the same contents, and the next replay completes it',
    async (name, make) => {
      const count = await explore(make());
      console.log(`crash states, seed ${SEED}: ${count} (${name})`);
      expect(count).toBeGreaterThan(60);
    },
    600_000 * SCALE,
  );
});

/** A way to spoil the order of a replay, and in which image that shows. */
interface Mistake {
  readonly name: string;
  readonly image: number;
  readonly spoil: (operations: readonly Operation[]) => Operation[];
}

/** The operations without the flush of this number. */
function withoutFlush(number: number): Mistake['spoil'] {
  return (operations) => {
    let flushes = 0;
    return operations.filter(({ kind }) => kind !== 'flush' || (flushes += 1) !== number);
  };
}

function isHeaderWrite(operation: Operation): boolean {
  return operation.kind === 'write' && operation.position < 192 * 1024;
}

const mistakes: readonly Mistake[] = [
  { name: 'no flush between the first two header writes', image: 0, spoil: withoutFlush(1) },
  { name: 'no flush between the patches and LogGuid zero', image: 0, spoil: withoutFlush(2) },
  { name: 'no flush between the last two header writes', image: 0, spoil: withoutFlush(3) },
  {
    name: 'patches before the headers',
    image: 0,
    spoil: (operations) => {
      const end = operations.findLastIndex((operation) => !isHeaderWrite(operation) && operation.kind !== 'flush');
      return [...operations.slice(3, end + 1), ...operations.slice(0, 3), ...operations.slice(end + 1)];
    },
  },
  {
    name: 'the current header first',
    image: 4,
    spoil: ([first, flush, second, ...others]) =>
      [second, flush, first, ...others].filter((each) => each !== undefined),
  },
  {
    name: 'LogGuid zero before the patches',
    image: 1,
    spoil: (operations) => [...operations.slice(0, 3), ...operations.slice(-4), ...operations.slice(3, -4)],
  },
];

describe('a replay with a mistake in it', () => {
  test.each(mistakes)('$name → a crash state shows it', async ({ image, spoil }) => {
    const made = subjects[image]?.[1]();
    if (made === undefined) throw new Error('no such image');
    const operations = spoil(await record(made.file));
    let fault: string | undefined;
    for (const state of crashStates(LayeredFile.of(made.file), inTurn(operations), { ...FIRST, seed: SEED })) {
      fault ??= await judge(state, made);
      if (fault !== undefined) break;
    }
    expect(fault).toBeDefined();
  });
});
