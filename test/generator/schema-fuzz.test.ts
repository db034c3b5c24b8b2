/** Random schemas: what the official compiler accepts is accepted, has no type errors, and reads the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADD_KEY } from '../support/add-key.js';
import { generateClasses, type Generated } from '../support/generated-classes.js';
import { compileOfficial, readOfficial, type OfficialClass } from '../support/official.js';
import { randomSchema, type RandomSchema } from '../support/random-schemas.js';
import { Random } from '../support/random.js';
import { Comparison, attempt, isAbsent } from '../support/tree-comparison.js';

const SEED = Number(process.env['KSY_FUZZ_SEED'] ?? 20261127);
const SCHEMAS = Number(process.env['KSY_FUZZ_SCHEMAS'] ?? 60);
const INPUTS = 12;
const HOOK_TIMEOUT = 60_000 + SCHEMAS * 1000;

/** A routine for `process`, as users write them. */
class AddKey {
  readonly #key: number;

  constructor(key: number) {
    this.#key = key;
  }

  decode(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => byte + this.#key);
  }
}

interface Case extends RandomSchema {
  readonly file: string;
  readonly official: OfficialClass;
}

describe('random schemas', () => {
  const cases: Case[] = [];
  let folder: string;
  let generated: Generated;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ksy-fuzz-'));
    console.log(`seed ${SEED}, ${SCHEMAS} schemas`);
    const refused: string[] = [];
    for (let index = 0; index < SCHEMAS; index++) {
      const schema = randomSchema(`fuzz${index}`, SEED * 100_003 + index);
      const file = join(folder, `${schema.id}.ksy`);
      writeFileSync(file, schema.text);
      try {
        cases.push({ ...schema, file, official: await compileOfficial(file, { classes: { AddKey } }) });
      } catch (error) {
        refused.push(`${schema.id}: ${String(error)}`);
      }
    }
    expect(refused).toEqual([]);
    generated = await generateClasses(
      cases.map(({ file }) => file),
      [],
      [{ path: 'add_key.ts', content: ADD_KEY }],
    );
  }, HOOK_TIMEOUT);
  afterAll(() => {
    if (process.env['KSY_FUZZ_KEEP'] === undefined) {
      generated.remove();
      rmSync(folder, { recursive: true, force: true });
    } else {
      console.log(folder);
    }
  });

  test('accepted by the official compiler → accepted, without type errors', () => {
    expect(generated.problems).toEqual([]);
  });

  test('bytes → the same tree as the official JavaScript', { timeout: HOOK_TIMEOUT }, () => {
    const differences: string[] = [];
    let [trees, values] = [0, 0];
    for (const { id, faults, official } of cases) {
      if (faults.length > 0) continue;
      const ours = generated.top(id);
      const random = new Random(SEED);
      for (let input = 0; input < INPUTS; input++) {
        const bytes = Uint8Array.from({ length: 20 + random.below(400) }, () =>
          !random.oneIn(3) ? random.below(3) : random.oneIn(3) ? 0x41 + random.below(3) : random.below(128),
        );
        const mine = attempt(() => ours.fromBytes(bytes));
        const theirs = attempt(() => readOfficial(official, bytes));
        const where = `bytes ${Buffer.from(bytes).toString('hex')}`;
        if (isAbsent(mine.error)) continue;
        if ((mine.error === undefined) !== (theirs.error === undefined)) {
          differences.push(`${id}: ${String(mine.error)} | ${String(theirs.error)}, ${where}`);
          break;
        } else if (mine.error === undefined) {
          const comparison = new Comparison();
          comparison.compare(mine.value, theirs.value, id);
          const [difference] = comparison.differences;
          if (difference !== undefined) {
            differences.push(`${difference}, ${where}`);
            break;
          }
          trees += 1;
          values += comparison.values;
        }
      }
    }
    console.log(`compared ${trees} trees of ${values} values`);
    expect(differences.slice(0, 20)).toEqual([]);
    expect(trees).toBeGreaterThan(SCHEMAS / 4);
  });
});
