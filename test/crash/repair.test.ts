/**
 * Every state in which a crash can leave an image that is being repaired: no error is added, it reads as before, and
 * the next repair completes it. CRASH_SEED and CRASH_SCALE give other samples, and more of them.
 */
import { describe, expect, test } from 'vitest';
import { checkImage, openVhdx, repairImage } from '../../runtime/index.js';
import { formatGuid } from '../../runtime/base/guid.js';
import { readExactly } from '../../runtime/io/byte-source.js';
import { type CrashOptions, crashStates } from '../support/crash-states.js';
import { IDS, KIB, MIB, TestImage } from '../support/image-builder.js';
import { LayeredFile } from '../support/layered-file.js';
import type { LoggedWrite } from '../support/log-entries.js';
import { inTurn, type Operation, RecordingTarget } from '../support/recording-target.js';
import { currentHeaderOf, firstDifference, headersOf } from '../support/replay-model.js';
import type { SparseSource } from '../support/sparse-source.js';

const SEED = Number(process.env['CRASH_SEED'] ?? 2222);
const SCALE = Number(process.env['CRASH_SCALE'] ?? 1);
const OPTIONS: Omit<CrashOptions, 'seed'> = { exhaustive: 6, samples: 20 * SCALE, tears: 16 * SCALE };
const TABLES = [192 * KIB, 256 * KIB] as const;
const TABLES_END = 320 * KIB;

function pending(): TestImage {
  const image = new TestImage({ logGuid: IDS.log, allocate: [0] });
  const write = (sector: number): LoggedWrite => ({
    kind: 'data',
    fileOffset: image.batOffset + 512 * KIB + sector * 4096,
    bytes: new Uint8Array(4096).fill(sector + 1),
  });
  image.addLogEntry(0, {
    sequenceNumber: 3n,
    writes: [write(0), write(1), write(5)],
    lastFileOffset: image.size + MIB,
  });
  return image;
}

const subjects: readonly (readonly [string, () => TestImage])[] = [
  [
    'a damaged header',
    () => {
      const image = new TestImage({ allocate: [0] });
      image.flip(64 * KIB + 2000);
      return image;
    },
  ],
  [
    'the damaged header is the second one, and gone',
    () => {
      const image = new TestImage({ allocate: [0] });
      image.source.write(new Uint8Array(4096), 128 * KIB);
      return image;
    },
  ],
  [
    'a damaged region table',
    () => {
      const image = new TestImage({ allocate: [0] });
      image.source.write(new Uint8Array(64 * KIB).fill(0xee), TABLES[0]);
      return image;
    },
  ],
  [
    'an odd length',
    () => {
      const image = new TestImage({ allocate: [0] });
      image.size += 4096;
      return image;
    },
  ],
  [
    'everything at once',
    () => {
      const image = pending();
      image.flip(64 * KIB + 2000);
      image.source.write(new Uint8Array(1000).fill(0xee), TABLES[1] + 100);
      return image;
    },
  ],
];

async function record(file: SparseSource): Promise<{ operations: readonly Operation[]; after: SparseSource }> {
  const target = new RecordingTarget(file.copy());
  const { after } = await repairImage(target);
  expect(after.verdict).toBe('clean');
  return { operations: target.operations, after: target.file };
}

/** What is wrong with a state; `after` is the file as a repair without a crash leaves it. */
async function judge(file: LayeredFile, after: SparseSource): Promise<string | undefined> {
  const report = await checkImage(file);
  if (report.counts.error > 0) return `has errors: ${report.findings.map(({ code }) => code).join(', ')}`;
  const { view } = await openVhdx(file);
  const shown = await readExactly(view, TABLES_END, view.size - TABLES_END);
  if (firstDifference(shown, after.bytes(TABLES_END, after.size - TABLES_END)) !== -1) return 'reads otherwise';
  const header = currentHeaderOf(file);
  if (header === undefined || formatGuid(header.dataWriteGuid) !== IDS.dataWrite) return 'has another DataWriteGuid';
  return undefined;
}

/** Whether something but the headers was changed under the old FileWriteGuid (2.2.2.1). */
function isChangedTooEarly(file: LayeredFile, before: Uint8Array): boolean {
  const changed = file.size !== before.length || firstDifference(file.bytes(0, file.size), before) !== -1;
  const header = currentHeaderOf(file);
  return changed && header !== undefined && formatGuid(header.fileWriteGuid) === IDS.fileWrite;
}

describe('a crash during a repair', () => {
  test.each(subjects)(
    '%s → no error is added, it reads as before, and the next repair completes it',
    async (name, make) => {
      const image = make();
      const before = image.toBytes();
      const { operations, after } = await record(image.source);
      let count = 0;
      for (const state of crashStates(LayeredFile.of(image.source), inTurn(operations), { ...OPTIONS, seed: SEED })) {
        count += 1;
        const title = `seed ${SEED}: ${state.name}`;
        const fault = await judge(state.file, after);
        if (fault !== undefined) throw new Error(`${title}: ${fault}`);
        if (isChangedTooEarly(state.file, before)) throw new Error(`${title}: was changed under its old FileWriteGuid`);
        const repaired = new RecordingTarget(state.file.copy());
        const { after: report } = await repairImage(repaired);
        if (report.verdict !== 'clean') throw new Error(`${title}: is not complete: ${JSON.stringify(report.groups)}`);
        expect(headersOf(repaired.file)).not.toContain(undefined);
        const bytes = repaired.file.bytes(0, repaired.file.size);
        expect(firstDifference(bytes, after.bytes(0, after.size))).toBe(-1);
      }
      console.log(`crash states, seed ${SEED}: ${count} (${name})`);
      expect(count).toBeGreaterThan(20);
    },
    600_000 * SCALE,
  );

  test('the table written before the headers → a crash state shows it', async () => {
    const image = subjects[2]?.[1]() ?? new TestImage();
    const before = image.toBytes();
    const { operations } = await record(image.source);
    const isTable = (operation: Operation): boolean => operation.kind === 'write' && operation.position >= TABLES[0];
    const spoiled = [...operations.filter(isTable), ...operations.filter((operation) => !isTable(operation))];
    let found = false;
    for (const state of crashStates(LayeredFile.of(image.source), inTurn(spoiled), { ...OPTIONS, seed: SEED })) {
      found ||= isChangedTooEarly(state.file, before);
    }
    expect(found).toBe(true);
  });
});
