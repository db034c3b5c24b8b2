import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNotWritable } from '../../generator/src/emit/layout/reasons.js';
import { CUSTOM_PROCESSES } from '../../generator/src/suite/custom-processes.js';
import { readSpecification } from '../../generator/src/suite/expectations.js';
import { schemasBelow } from '../../generator/src/suite/run-formats.js';
import { attrsOf } from '../../generator/src/types/program.js';
import { generateClasses, readBytes, type Generated } from '../support/generated-classes.js';
import { roundTrip, type RoundTrip } from '../support/round-trip.js';

const folder = fileURLToPath(new URL('../../../shared/kst/', import.meta.url));
const isThere = existsSync(folder);
const specifications = isThere
  ? readdirSync(`${folder}spec`)
      .filter((name) => name.endsWith('.kst'))
      .toSorted()
      .map((name) => readSpecification(name, readFileSync(`${folder}spec/${name}`, 'utf8')))
  : [];
const readable = specifications.filter(({ error }) => error === undefined);

describe.skipIf(!isThere)("Kaitai's own test suite (../shared/kst)", () => {
  let generated: Generated;

  beforeAll(async () => {
    generated = await generateClasses(
      schemasBelow(`${folder}formats`),
      [`${folder}formats`, `${folder}ks_path`],
      CUSTOM_PROCESSES,
    );
  }, 120_000);

  afterAll(() => generated.remove());

  test('all schemas → generated and type-checked', () => {
    expect(generated.problems).toEqual([]);
  });

  test.each(readable)('$id read from $data, then written → the same bytes', ({ id, data }) => {
    const { outcome, detail } = attempt(id, data);
    expect(detail === '' ? outcome : `${outcome}: ${detail}`).toMatch(/^(?:equal|read only: .*)$/);
  });

  function attempt(
    id: string,
    data: string,
  ): { readonly outcome: RoundTrip['outcome'] | 'read only'; readonly detail: string } {
    const spec = generated.specs.get(id);
    const reason = spec === undefined ? undefined : whyNotWritable(generated.program, spec);
    if (reason !== undefined) return { outcome: 'read only', detail: reason };
    return roundTrip(generated.top(id), readBytes(`${folder}src/${data}`), isCompressed(id));
  }

  function isCompressed(id: string): boolean {
    return generated.program.classes.some(
      (spec) => spec.path[0] === id && attrsOf(spec).some(({ process }) => process?.kind === 'zlib'),
    );
  }

  test('how many formats keep all bytes → counted, so that none drops out unseen', () => {
    const outcomes = readable.map(({ id, data }) => ({ id, ...attempt(id, data) }));
    const count = (wanted: string): number => outcomes.filter(({ outcome }) => outcome === wanted).length;
    const counts = ['equal', 'same', 'read only', 'different'].map((outcome) => `${count(outcome)} ${outcome}`);
    console.log(counts.join(', '));
    for (const { id, outcome, detail } of outcomes)
      if (outcome !== 'equal') console.log(`  ${outcome}: ${id}: ${detail}`);
    expect(count('different') + count('same')).toBe(0);
  });
});
