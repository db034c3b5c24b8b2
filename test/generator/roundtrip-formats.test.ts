import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateClasses, readBytes, type Generated } from '../support/generated-classes.js';
import { findFiles } from '../support/machine-files.js';
import { canRead, roundTrip } from '../support/round-trip.js';

const folder = fileURLToPath(new URL('../../../shared/formats/', import.meta.url));
const isThere = existsSync(folder);

/** Schemas, the files they read, and where their top types are. */
const FORMATS: readonly { readonly id: string; readonly schema: string; readonly files: RegExp }[] = [
  { id: 'elf', schema: 'executable/elf', files: /\.(?:so|o)$/ },
  { id: 'microsoft_pe', schema: 'executable/microsoft_pe', files: /\.exe$/ },
  { id: 'gettext_mo', schema: 'database/gettext_mo', files: /\.mo$/ },
  { id: 'zip', schema: 'archive/zip', files: /\.(?:zip|jar|whl)$/ },
  { id: 'gzip', schema: 'archive/gzip', files: /\.gz$/ },
  { id: 'bmp', schema: 'image/bmp', files: /\.bmp$/ },
  { id: 'ico', schema: 'image/ico', files: /\.ico$/ },
  { id: 'riff', schema: 'common/riff', files: /\.wav$/ },
  { id: 'ttf', schema: 'font/ttf', files: /\.ttf$/ },
];
const FILES_EACH = 4;
const MAX_SIZE = 60_000;

const found = isThere
  ? findFiles(new Map(FORMATS.map(({ id, files }) => [id, files])), FILES_EACH, MAX_SIZE)
  : new Map<string, string[]>();
const cases = FORMATS.flatMap(({ id }) => (found.get(id) ?? []).map((file) => ({ id, file })));

describe.skipIf(!isThere || cases.length === 0)('formats of ../shared/formats and files of this machine', () => {
  let generated: Generated;

  beforeAll(async () => {
    generated = await generateClasses(
      FORMATS.map(({ schema }) => `${folder}${schema}.ksy`),
      [folder],
    );
    expect(generated.problems).toEqual([]);
  }, 120_000);

  afterAll(() => generated.remove());

  test.for(cases)('$id: $file → written as it was read', ({ id, file }, { skip }) => {
    const type = generated.top(id);
    const bytes = readBytes(file);
    if (!canRead(type, bytes)) return skip('the schema does not read this file');
    const { outcome, detail } = roundTrip(type, bytes);
    console.log(`${outcome}: ${id}: ${file}: ${detail}`);
    expect(detail === '' ? outcome : `${outcome}: ${detail}`).toMatch(/^(?:equal|same: .*)$/);
  });
});
