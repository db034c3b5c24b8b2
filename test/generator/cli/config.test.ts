/** The settings of a project against their published JSON schema: both take and refuse the same. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findConfig } from '../../../generator/src/cli/config.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../generator/config.schema.json', import.meta.url), 'utf8'),
) as object;
const accepts = new Ajv({ strict: true }).compile(schema);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-config-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function read(text: string): ReturnType<typeof findConfig> {
  writeFileSync(join(folder, 'ksy-ts.config.json'), text);
  return findConfig(folder);
}

const RIGHT: readonly object[] = [
  { schemas: 'a.ksy' },
  { $schema: './node_modules/ksy-ts/config.schema.json', schemas: ['a', 'b/*.ksy'], outdir: 'out', importPaths: [] },
  { schemas: ['a'], importPaths: 'lib', index: true, positions: true, readOnly: true, write: false },
];

const WRONG: readonly (readonly [settings: unknown, words: RegExp])[] = [
  [[], /expected an object of settings$/],
  [null, /expected an object of settings$/],
  [{}, /'schemas': expected a path or a list of paths$/],
  [{ schemas: [] }, /'schemas': expected a path or a list of paths$/],
  [{ schemas: '' }, /'schemas': expected a path or a list of paths$/],
  [{ schemas: [1] }, /'schemas': expected a path or a list of paths$/],
  [{ schemas: 'a', outdir: ['b'] }, /'outdir': expected a path$/],
  [{ schemas: 'a', outdir: [] }, /'outdir': expected a path$/],
  [{ schemas: 'a', index: 1 }, /'index': expected true or false$/],
  [{ schemas: 'a', importExtension: '.ts' }, /'importExtension': expected js, ts, none$/],
  [{ schemas: 'a', indexx: true }, /unknown setting 'indexx', expected: \$schema, schemas, /],
  [{ schemas: 'a', __proto__: null, constructor: {} }, /unknown setting 'constructor'/],
];

describe('settings', () => {
  test.each(RIGHT)('%j → taken', (settings) => {
    expect(accepts(settings)).toBe(true);
    expect(read(JSON.stringify(settings))?.settings.schemas.length).toBeGreaterThan(0);
  });

  test.each(WRONG)('%j → refused', (settings, words) => {
    expect(accepts(settings)).toBe(false);
    expect(() => read(JSON.stringify(settings))).toThrow(words);
  });

  test('every key of the schema → known, and no other', () => {
    const keys = Object.keys((schema as { readonly properties: object }).properties);
    expect(() => read('{"no": 1}')).toThrow(`expected: ${keys.join(', ')}`);
  });

  test('not JSON → says where', () => {
    expect(() => read('{ schemas: 1 }')).toThrow(/ksy-ts\.config\.json: .*position 2/);
  });

  test('byte order mark → taken', () => {
    expect(read('\uFEFF{"schemas": "a"}')?.settings.schemas).toHaveLength(1);
  });
});
