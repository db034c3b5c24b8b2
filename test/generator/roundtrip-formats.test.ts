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
];
const FILES_EACH = 4;
const MAX_SIZE = 60_000;
const MAX_FONT_SIZE = 400_000;

const patterns = new Map(FORMATS.map(({ id, files }) => [id, files]));
const found = isThere ? findFiles(patterns, FILES_EACH, MAX_SIZE) : new Map<string, string[]>();
const fonts = isThere ? (findFiles(new Map([['ttf', /\.ttf$/]]), 2, MAX_FONT_SIZE).get('ttf') ?? []) : [];
const cases = FORMATS.flatMap(({ id }) => (found.get(id) ?? []).map((file) => ({ id, file })));

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Numbers of four bytes, text, and bytes, little-endian and one behind the other. */
function joined(...parts: (number | string | Uint8Array)[]): Uint8Array {
  const bytes = parts.map((part) => {
    if (typeof part === 'string') return ascii(part);
    if (part instanceof Uint8Array) return part;
    return Uint8Array.of(part & 0xff, (part >>> 8) & 0xff, (part >>> 16) & 0xff, part >>> 24);
  });
  return Uint8Array.from(Buffer.concat(bytes));
}

const riffChunk = (id: string, data: Uint8Array): Uint8Array =>
  joined(id, data.length, data, new Uint8Array(data.length % 2));

/** 16-bit stereo sound with a title, and an odd number of bytes in one chunk. */
function wav(): Uint8Array {
  const format = joined(0x0002_0001, 8000, 32_000, 0x0010_0004);
  const samples = Uint8Array.from({ length: 400 }, (_, index) => (index * 37) & 0xff);
  const list = joined('INFO', riffChunk('INAM', ascii('a title\0')), riffChunk('ISFT', ascii('none\0')));
  return riffChunk(
    'RIFF',
    joined('WAVE', riffChunk('fmt ', format), riffChunk('LIST', list), riffChunk('data', samples)),
  );
}

/** A picture of 7 × 5 pixels with BITMAPINFOHEADER, and a palette where there are eight bits a pixel. */
function bmp(bits: 8 | 24): Uint8Array {
  const palette =
    bits === 8 ? Uint8Array.from({ length: 1024 }, (_, index) => (index % 4 === 3 ? 0 : index >> 2)) : ascii('');
  const rowSize = Math.ceil((7 * bits) / 32) * 4;
  const pixels = Uint8Array.from({ length: rowSize * 5 }, (_, index) => (index * 11) & 0xff);
  const offset = 54 + palette.length;
  const info = joined(40, 7, 5, 1 | (bits << 16), 0, pixels.length, 2835, 2835, 0, 0);
  return joined('BM', offset + pixels.length, 0, offset, info, palette, pixels);
}

describe.skipIf(!isThere)('formats of ../shared/formats and files of this machine', () => {
  let generated: Generated;

  beforeAll(async () => {
    generated = await generateClasses(
      [...FORMATS.map(({ schema }) => schema), 'font/ttf'].map((schema) => `${folder}${schema}.ksy`),
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

  test.for([
    { id: 'riff', name: 'sound with a list of information', bytes: wav() },
    { id: 'bmp', name: 'picture with a palette', bytes: bmp(8) },
    { id: 'bmp', name: 'picture of true colours', bytes: bmp(24) },
  ])('$id: $name, whose data no field describes → written as it was', ({ id, bytes }) => {
    expect(generated.top(id).fromBytes(bytes).toBytes()).toEqual(bytes);
  });

  // Their trees are too large to be compared as text.
  test.for(fonts)('ttf: %s → written as it was read, but for reserved bits and the end of the file', (file) => {
    const bytes = readBytes(file);
    const written = generated.top('ttf').fromBytes(bytes).toBytes();
    expect(bytes.length - written.length).toBeLessThan(4);
    const changed = [...written.keys()].filter((index) => written[index] !== bytes[index]);
    expect(changed.length).toBeLessThan(4);
    for (const index of changed) expect((written[index] ?? 0) & ~(bytes[index] ?? 0)).toBe(0);
    expect(bytes.subarray(written.length).every((byte) => byte === 0)).toBe(true);
  });
});
