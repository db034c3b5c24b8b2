import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateClasses, readBytes, type Generated } from '../support/generated-classes.js';
import { findFiles } from '../support/machine-files.js';
import { canRead, roundTrip } from '../support/round-trip.js';

const folder = fileURLToPath(new URL('../../../shared/formats/', import.meta.url));
const isThere = existsSync(folder);
const own = fileURLToPath(new URL('./roundtrip/', import.meta.url));

interface Format {
  readonly id: string;
  /** Path of the schema, without extension. */
  readonly schema: string;
  readonly files: RegExp;
}

/** Schemas of the public format library, and the files they read. */
const LIBRARY: readonly Format[] = [
  { id: 'elf', schema: 'executable/elf', files: /\.(?:so|o)$/ },
  { id: 'microsoft_pe', schema: 'executable/microsoft_pe', files: /\.exe$/ },
  { id: 'gettext_mo', schema: 'database/gettext_mo', files: /\.mo$/ },
  { id: 'zip', schema: 'archive/zip', files: /\.(?:zip|jar|whl)$/ },
  { id: 'gzip', schema: 'archive/gzip', files: /\.gz$/ },
  { id: 'bmp', schema: 'image/bmp', files: /\.bmp$/ },
  { id: 'ico', schema: 'image/ico', files: /\.ico$/ },
  { id: 'riff', schema: 'common/riff', files: /\.wav$/ },
].map((format) => ({ ...format, schema: folder + format.schema }));
/** Schemas that stand beside this file: they describe only a part of their formats. */
const OWN: readonly Format[] = [
  { id: 'terminfo', schema: 'terminfo', files: /\/terminfo\/\w\/[^/]+$/ },
  { id: 'png_file', schema: 'png_file', files: /\.png$/ },
  { id: 'gif_file', schema: 'gif_file', files: /\.gif$/ },
].map((format) => ({ ...format, schema: `${own}${format.schema}` }));
const FORMATS = [...(isThere ? LIBRARY : []), ...OWN];
const FILES_EACH = 4;
const MAX_SIZE = 60_000;
const MAX_FONT_SIZE = 400_000;

const patterns = new Map(FORMATS.map(({ id, files }) => [id, files]));
const found = findFiles(patterns, FILES_EACH, MAX_SIZE);
const fonts = isThere ? (findFiles(new Map([['ttf', /\.ttf$/]]), 2, MAX_FONT_SIZE).get('ttf') ?? []) : [];
interface Case {
  readonly id: string;
  /** Undefined where there is none on this machine. */
  readonly file: string | undefined;
}

const casesOf = (formats: readonly Format[]): Case[] =>
  formats.flatMap(({ id }) => {
    const files: readonly (string | undefined)[] = found.get(id) ?? [];
    return (files.length === 0 ? [undefined] : files).map((file): Case => ({ id, file }));
  });

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

let generated: Generated;

beforeAll(async () => {
  const schemas = [...FORMATS.map(({ schema }) => schema), ...(isThere ? [`${folder}font/ttf`] : [])];
  generated = await generateClasses(
    schemas.map((schema) => `${schema}.ksy`),
    [folder],
  );
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => generated.remove());

function expectIdentity({ id, file }: Case, skip: (note: string) => void): void {
  if (file === undefined) return skip('there is no such file on this machine');
  const type = generated.top(id);
  const bytes = readBytes(file);
  if (!canRead(type, bytes)) return skip('the schema does not read this file');
  const { outcome, detail } = roundTrip(type, bytes);
  expect(`${outcome}: ${detail}`).toBe('equal: ');
}

describe('files of this machine, with schemas of parts of their formats', () => {
  test.for(casesOf(OWN))('$id: $file → written as it was read', (format, { skip }) => expectIdentity(format, skip));
});

describe.skipIf(!isThere)('formats of ../shared/formats and files of this machine', () => {
  test.for(casesOf(LIBRARY))('$id: $file → written as it was read', (format, { skip }) => expectIdentity(format, skip));

  test.for([
    { id: 'riff', name: 'sound with a list of information', bytes: wav() },
    { id: 'bmp', name: 'picture with a palette', bytes: bmp(8) },
    { id: 'bmp', name: 'picture of true colours', bytes: bmp(24) },
  ])('$id: $name, whose data no field describes → written as it was', ({ id, bytes }) => {
    expect(generated.top(id).fromBytes(bytes).toBytes()).toEqual(bytes);
  });

  // Their trees are too large to be compared as text.
  test.for(fonts)('ttf: %s → written as it was read', (file) => {
    const bytes = readBytes(file);
    expect(Buffer.compare(generated.top('ttf').fromBytes(bytes).toBytes(), bytes)).toBe(0);
  });
});
