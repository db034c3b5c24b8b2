/**
 * What was read, made again out of plain objects without anything that the schema determines: the official compiler's
 * JavaScript reads the same values in it.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivationsOf } from '../../../generator/src/emit/layout/derived.js';
import { whyNotWritable } from '../../../generator/src/emit/layout/reasons.js';
import { CUSTOM_PROCESSES } from '../../../generator/src/suite/custom-processes.js';
import { readSpecification } from '../../../generator/src/suite/expectations.js';
import { schemasBelow } from '../../../generator/src/suite/run-formats.js';
import type { ClassSpec } from '../../../generator/src/spec/model.js';
import { generateClasses, readBytes, type Generated } from '../../support/generated-classes.js';
import { compileOfficial, readOfficial } from '../../support/official.js';
import { PlainValues } from '../../support/plain-values.js';
import { Comparison } from '../../support/tree-comparison.js';

const folder = fileURLToPath(new URL('../../../../shared/kst/', import.meta.url));
const isThere = existsSync(folder);
/** What is read where the stream stands by then, which is elsewhere when it is made; and a structure without end. */
const ELSEWHERE = new Set([
  'cast_to_top',
  'instance_in_repeat_expr',
  'instance_in_repeat_until',
  'instance_in_sized',
  'instance_io_user_earlier',
]);
const readable = isThere
  ? readdirSync(`${folder}spec`)
      .filter((name) => name.endsWith('.kst'))
      .toSorted()
      .map((name) => readSpecification(name, readFileSync(`${folder}spec/${name}`, 'utf8')))
      .filter(({ error, id }) => error === undefined && !ELSEWHERE.has(id))
  : [];

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

  test.each(readable)('$id, made again of its values → the same values', async ({ id, data }) => {
    const spec = generated.specs.get(id);
    if (spec === undefined || whyNotWritable(generated.program, spec) !== undefined || spec.params.length > 0) return;
    const type = generated.top(id);
    const plain = new PlainValues(generated);
    const values = plain.of(type.fromBytes(readBytes(`${folder}src/${data}`)));
    const made = type.create(values as object).toBytes();
    const again = type.fromBytes(made);
    expect(plain.of(again)).toEqual(values);
    // What is derived, as another reader sees it, which has no IBM437.
    const isDerived = generated.program.classes.some((each) => each.file === spec.file && hasDerived(each));
    if (!isDerived || id.includes('str_encodings')) return;
    const official = await compileOfficial(spec.file, { importPath: `${folder}ks_path` });
    const comparison = new Comparison();
    comparison.compare(again, readOfficial(official, made), id);
    expect(comparison.differences).toEqual([]);
  });

  const hasDerived = (spec: ClassSpec): boolean => derivationsOf(generated.program, spec).length > 0;
});
