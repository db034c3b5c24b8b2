/** Random changes of random schemas: files that both states read differ where it is said, and nowhere else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '../../../generator/src/analyse.js';
import { SchemaError } from '../../../generator/src/diagnostics.js';
import type { Change } from '../../../generator/src/diff/change.js';
import { diff } from '../../../generator/src/diff/diff.js';
import { match } from '../../../generator/src/diff/match.js';
import { Side } from '../../../generator/src/diff/side.js';
import { ADD_KEY } from '../../support/add-key.js';
import { ChangedTrees } from '../../support/changed-trees.js';
import { generateClasses, type Generated } from '../../support/generated-classes.js';
import { Random } from '../../support/random.js';
import { randomSchema } from '../../support/random-schemas.js';
import { stateOf } from '../../support/schema-changes.js';
import { mutate, type Mutation } from '../../support/schema-mutation.js';
import { attempt } from '../../support/tree-comparison.js';

const SEED = Number(process.env['KSY_DIFF_SEED'] ?? 20261127);
const PAIRS = Number(process.env['KSY_DIFF_PAIRS'] ?? 60);
const INPUTS = 60;
/** So many files have something that a change touches: one of them is to show it. */
const MANY = 10;
const TIMEOUT = 60_000 + PAIRS * 2000;

interface Pair {
  readonly id: string;
  readonly old: string;
  readonly mutation: Mutation;
  readonly changes: readonly Change[];
}

/** The first change that leaves a schema which makes sense. */
function changedSchema(index: number): Pair {
  const id = `pair${index}`;
  for (let attempts = 0; ; attempts++) {
    const seed = SEED * 1009 + index * 31 + attempts;
    const old = randomSchema(id, seed).text;
    const mutation = mutate(old, seed);
    try {
      const changes = diff(stateOf({ [`${id}.ksy`]: old }), stateOf({ [`${id}.ksy`]: mutation.text }));
      return { id, old, mutation, changes };
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
    }
  }
}

function read(from: Generated | undefined, id: string, bytes: Uint8Array): unknown {
  return from?.top(id).fromBytes(bytes, { onViolation: () => {} });
}

describe('random changes of random schemas', () => {
  const pairs = Array.from({ length: PAIRS }, (_, index) => changedSchema(index));
  let folder: string;
  const generated: { old?: Generated; now?: Generated } = {};

  const generate = (state: string, textOf: (pair: Pair) => string): Promise<Generated> =>
    generateClasses(
      pairs.map((pair) => {
        const file = join(folder, `${state}-${pair.id}.ksy`);
        writeFileSync(file, textOf(pair));
        return file;
      }),
      [],
      [{ path: 'add_key.ts', content: ADD_KEY }],
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ksy-diff-'));
    console.log(`seed ${SEED}, ${PAIRS} schemas`);
    generated.old = await generate('old', ({ old }) => old);
    generated.now = await generate('new', ({ mutation }) => mutation.text);
  }, TIMEOUT);
  afterAll(() => {
    generated.old?.remove();
    generated.now?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('all pairs → generated', () => {
    expect([...(generated.old?.problems ?? []), ...(generated.now?.problems ?? [])]).toEqual([]);
  });

  test('read under both states → differs in what the changes of bytes and values touch', { timeout: TIMEOUT }, () => {
    const untold: string[] = [];
    const unseen: string[] = [];
    let [compared, confirmed] = [0, 0];
    for (const pair of pairs) {
      const { id, old, mutation, changes } = pair;
      const sides = {
        old: new Side('old', analyse(stateOf({ [`${id}.ksy`]: old }))),
        now: new Side('new', analyse(stateOf({ [`${id}.ksy`]: mutation.text }))),
      };
      const ids = match(sides.old, sides.now, true);
      const said = new Set(
        changes.filter(({ kind }) => kind === 'bytes' || kind === 'values').flatMap(({ touches }) => touches),
      );
      const isRead = changes.some(({ kind }) => kind === 'bytes');
      const seen = new Set<string>();
      let present = 0;
      const random = new Random(SEED);
      for (let input = 0; input < INPUTS; input++) {
        const bytes = Uint8Array.from({ length: 20 + random.below(400) }, () =>
          !random.oneIn(3) ? random.below(3) : random.oneIn(3) ? 0x41 + random.below(3) : random.below(256),
        );
        const before = attempt(() => read(generated.old, id, bytes));
        if (before.error !== undefined) continue;
        const after = attempt(() => read(generated.now, id, bytes));
        if (after.error !== undefined) {
          seen.add('fails');
          if (!isRead) untold.push(`${id} (${mutation.what}): fails`);
          continue;
        }
        compared += 1;
        const trees = new ChangedTrees(sides.old, sides.now, ids);
        trees.compare(before.value as object, after.value as object);
        if ([...trees.present].some((name) => said.has(name))) present += 1;
        for (const name of trees.differing) {
          seen.add(name);
          if (!said.has(name)) untold.push(`${id} (${mutation.what}): ${name}`);
        }
      }
      if (isRead && seen.size === 0 && present >= MANY) unseen.push(`${id} (${mutation.what})`);
      if (isRead && seen.size > 0) confirmed += 1;
    }
    console.log(
      `compared ${compared} trees; ${confirmed} changes of bytes seen; told, but in no input: ${unseen.join(', ')}`,
    );
    expect([...new Set(untold)]).toEqual([]);
    expect(compared).toBeGreaterThan(PAIRS * 5);
    // Some of what changed stands in a type, or behind a condition, that no input led to.
    expect(unseen.length).toBeLessThan(PAIRS / 5);
  });
});
