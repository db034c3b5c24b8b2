import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateClasses, type AnyStruct, type Generated } from '../support/generated-classes.js';
import { NoValue, RandomValues, fieldsOf } from '../support/random-values.js';

const SEED = 20261122;
const RUNS = 60;
const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const own = fileURLToPath(new URL('./writing/', import.meta.url));
const vhdx = fileURLToPath(new URL('../../schemas/', import.meta.url));

const kst = (id: string): string => `${shared}kst/formats/${id}.ksy`;
const format = (path: string): string => `${shared}formats/${path}.ksy`;

/** Schemas whose values can be drawn field by field: none that hides its fields behind instances. */
const SCHEMAS: readonly (readonly [id: string, file: string])[] = [
  ['delimited', `${own}delimited.ksy`],
  ['derived', `${own}derived.ksy`],
  ['packed', `${own}packed.ksy`],
  ['chosen', `${own}chosen.ksy`],
  ['fixed_struct', kst('fixed_struct')],
  ['floating_points', kst('floating_points')],
  ['bits_byte_aligned', kst('bits_byte_aligned')],
  ['bits_seq_endian_combo', kst('bits_seq_endian_combo')],
  ['bytes_pad_term', kst('bytes_pad_term')],
  ['str_pad_term', kst('str_pad_term')],
  ['repeat_eos_struct', kst('repeat_eos_struct')],
  ['process_coerce_usertype1', kst('process_coerce_usertype1')],
  ['switch_manual_int_else', kst('switch_manual_int_else')],
  ['default_endian_expr_inherited', kst('default_endian_expr_inherited')],
  ['index_sizes', kst('index_sizes')],
  ['hccapx', format('network/hccapx')],
  ['nav_parent_override', kst('nav_parent_override')],
  ['windows_systemtime', format('windows/windows_systemtime')],
  ['id3v1_1', format('media/id3v1_1')],
  ['aix_utmp', format('log/aix_utmp')],
  ['enum_0', kst('enum_0')],
];
/**
 * Every structure of a VHDX file. The file itself is nothing but instances, and what a log entry's descriptors are is
 * read ahead; other tests make those.
 */
const BUILT_ELSEWHERE = ['vhdx.ksy', 'vhdx_log_entry.ksy'];
const VHDX = readdirSync(vhdx)
  .filter((name) => name.endsWith('.ksy') && !BUILT_ELSEWHERE.includes(name))
  .toSorted()
  .map((name) => [name.replace('.ksy', ''), `${vhdx}${name}`] as const);
const there = [...SCHEMAS, ...VHDX].filter(([, file]) => existsSync(file));

describe('random values, written and read', () => {
  let generated: Generated;

  beforeAll(async () => {
    generated = await generateClasses(
      there.map(([, file]) => file),
      [`${shared}formats`, `${shared}kst/ks_path`],
    );
    expect(generated.problems).toEqual([]);
  }, 120_000);

  afterAll(() => generated.remove());

  test.skipIf(there.length < SCHEMAS.length + VHDX.length)('all schemas → there', () => {
    expect(there.length).toBeGreaterThanOrEqual(40);
  });

  test.for(there)('%s → read back as they were', ([id]) => {
    const spec = generated.specs.get(id);
    if (spec === undefined) throw new Error(`no schema ${id}`);
    let built = 0;
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        let struct: AnyStruct;
        try {
          struct = new RandomValues(generated, draw).build(spec) as AnyStruct;
        } catch (error) {
          if (error instanceof NoValue) return;
          throw error;
        }
        built++;
        const bytes = struct.toBytes();
        expect(fieldsOf(generated.top(id).fromBytes(bytes))).toBe(fieldsOf(struct));
        expect(Buffer.from(generated.top(id).fromBytes(bytes).toBytes()).equals(Buffer.from(bytes))).toBe(true);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(built).toBeGreaterThan(RUNS / 3);
  });
});
