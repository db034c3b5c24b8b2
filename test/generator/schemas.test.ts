/** The schemas themselves: accepted elsewhere, in the style of Kaitai's format library, citing what exists. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  Vhdx,
  VhdxFileParameters,
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntry,
  VhdxLogEntryHeader,
  VhdxLogRing,
  VhdxLogZeroDescriptor,
  VhdxLogicalSectorSize,
  VhdxMetadataTableEntry,
  VhdxPayloadBatEntry,
} from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { KaitaiStream } from '../../generated/kaitai/stream.js';
import { compileOfficialSources } from '../support/official.js';
import { RULE_IDS } from '../support/rule-table.js';
import { SECTIONS } from '../support/sections.js';

const folder = fileURLToPath(new URL('../../schemas/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.ksy'));
const shared = new URL('../../../shared/', import.meta.url);
const languageSchema = fileURLToPath(new URL('ksy_schema.json', shared));

/** Languages that the official compiler 0.11 makes from any schema that it accepts. */
const TARGETS = ['javascript', 'java', 'python', 'cpp_stl', 'csharp', 'go', 'ruby', 'php', 'perl', 'lua', 'construct'];

interface Field {
  id?: string;
  doc?: string;
  'doc-ref'?: string | string[];
  '-orig-id'?: string | string[];
  '-rule'?: string;
  '-severity'?: string;
  valid?: { '-rule'?: string; '-severity'?: string };
  '-checksum'?: { '-rule'?: string; '-severity'?: string };
}
interface Schema {
  meta: { id: string; license?: string; title?: string };
  'doc-ref'?: string | string[];
  seq?: Field[];
  params?: Field[];
  instances?: Record<string, Field>;
  types?: Record<string, Schema>;
}

const schemaOf = (file: string): Schema => parse(readFileSync(`${folder}${file}`, 'utf8')) as Schema;

function fieldsOf(schema: Schema): Field[] {
  const own = [...(schema.params ?? []), ...(schema.seq ?? []), ...Object.values(schema.instances ?? {})];
  return [...own, ...Object.values(schema.types ?? {}).flatMap(fieldsOf)];
}

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

describe.each(files)('%s', (file) => {
  const schema = schemaOf(file);

  test('official compiler → accepted for every language', async () => {
    for (const target of TARGETS) {
      const sources = await compileOfficialSources(target, `${folder}${file}`);
      expect(Object.keys(sources).length, target).toBeGreaterThan(0);
    }
  });

  test('style → id is the file name, licence, title, a section at every field', () => {
    expect(`${schema.meta.id}.ksy`).toBe(file);
    expect(schema.meta.license).toBe('MIT');
    expect(schema.meta.title).toMatch(/^VHDX/);
    for (const field of fieldsOf(schema)) expect(list(field['doc-ref']).length, field.id).toBeGreaterThan(0);
  });

  test('constraints → every one has a rule and a severity', () => {
    for (const field of fieldsOf(schema)) {
      const constraints = [
        ...('contents' in field ? [field] : []),
        ...(field.valid === undefined ? [] : [field.valid]),
        ...(field['-checksum'] === undefined ? [] : [field['-checksum']]),
      ];
      for (const constraint of constraints) {
        expect(constraint['-rule'], field.id).toMatch(/^(?:[A-J]\d+|VHDX_[A-Z_]+)$/);
        expect(constraint['-severity'], field.id).toMatch(/^(error|refuse-write|warning|info)$/);
      }
    }
  });
});

describe('citations', () => {
  test('every cited section → in the table of contents', () => {
    for (const file of files) {
      const schema = schemaOf(file);
      const citations = [...list(schema['doc-ref']), ...fieldsOf(schema).flatMap((field) => list(field['doc-ref']))];
      for (const citation of citations.filter((ref) => ref.includes('[MS-VHDX]'))) {
        expect(SECTIONS.has(citation.replace(/^.*\[MS-VHDX\] /, '')), `${file}: ${citation}`).toBe(true);
      }
    }
  });
});

describe.skipIf(!existsSync(languageSchema))('schema of the language (skipped where it is not at hand)', () => {
  test('every file → valid', () => {
    const ajv = new Ajv({ strict: false, allowUnionTypes: true });
    const validate = ajv.compile(JSON.parse(readFileSync(languageSchema, 'utf8')) as object);
    for (const file of files) {
      expect(validate(schemaOf(file)), `${file}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
  });
});

describe('rules', () => {
  test('every rule of a constraint → in the table', () => {
    const used = files.flatMap((file) => readFileSync(`${folder}${file}`, 'utf8').match(/(?<=-rule: )\S+/g) ?? []);
    // A constraint whose rule has several codes names its code; test/runtime/errors holds that against the catalogue.
    expect(used.filter((rule) => !RULE_IDS.includes(rule) && !rule.startsWith('VHDX_'))).toEqual([]);
  });
});

describe('constants of the format, by value', () => {
  const text = (signature: number): Uint8Array => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, signature, true);
    return bytes;
  };

  test('header section → items of 64 KiB at 0, 64, 128, 192 and 256 KiB', () => {
    const vhdx = new Vhdx(new KaitaiStream(new Uint8Array(0)));
    expect(vhdx.headerSlotSize).toBe(64 * 1024);
    expect([
      vhdx.fileTypeIdentifierOffset,
      vhdx.header1Offset,
      vhdx.header2Offset,
      vhdx.regionTable1Offset,
      vhdx.regionTable2Offset,
    ]).toEqual([0, 64, 128, 192, 256].map((kib) => kib * 1024));
    expect([vhdx.alignment, vhdx.headerSectionSize]).toEqual([1 << 20, 1 << 20]);
  });

  test('log → sizes and signatures', () => {
    const ring = new VhdxLogRing(undefined, undefined, undefined, 1n << 20n, 1 << 20, 8192, 4096, false);
    expect([ring.minLogLength, ring.logSectorSize]).toEqual([1 << 20, 4096]);
    expect([
      VhdxLogEntryHeader.SIZE,
      VhdxLogZeroDescriptor.SIZE,
      VhdxLogDataDescriptor.SIZE,
      VhdxLogDataSector.SIZE,
    ]).toEqual([64, 32, 32, 4096]);
    const zero = VhdxLogZeroDescriptor.create({ zeroLength: 4096n, fileOffset: 8192n, sequenceNumber: 3n }).toBytes();
    expect(zero.subarray(0, 4)).toEqual(text(0x6f72657a));
    const data = VhdxLogDataDescriptor.create({
      trailingBytes: Uint8Array.of(1, 2, 3, 4),
      leadingBytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      fileOffset: 8192n,
      sequenceNumber: 3n,
    }).toBytes();
    expect(data.subarray(0, 4)).toEqual(text(0x63736564));
    const sector = VhdxLogDataSector.create({ sequenceHigh: 1, data: new Uint8Array(4084), sequenceLow: 2 }).toBytes();
    expect(sector.subarray(0, 4)).toEqual(text(0x61746164));
    const header = new Uint8Array(64);
    const violations: Violation[] = [];
    VhdxLogEntryHeader.fromBytes(header, { onViolation: (violation) => violations.push(violation) });
    expect(violations.find(({ path }) => path === 'signature')?.expected).toEqual(text(0x65676f6c));
    expect(new VhdxLogEntry(undefined).headerSize).toBe(64);
  });

  test('log ring → what is in use, wrapped or exactly full', () => {
    const ring = (head: number, tail: number, empty = false): VhdxLogRing =>
      new VhdxLogRing(undefined, undefined, undefined, 3n << 20n, 1 << 20, head, tail, empty);
    expect([ring(8192, 4096).used, ring(4096, 8192).used]).toEqual([4096, (1 << 20) - 4096]);
    expect([ring(4096, 4096).isFull, ring(4096, 4096).used, ring(4096, 4096).free]).toEqual([true, 1 << 20, 0]);
    expect([ring(0, 0, true).used, ring(0, 0, true).isFull, ring(0, 0, true).free]).toEqual([0, false, 1 << 20]);
    expect([ring(4096, 8192).isWrapped, ring(0, 8192).isWrapped]).toEqual([true, false]);
    expect([ring(4096, 8192).headFileOffset, ring(4096, 8192).tailFileOffset]).toEqual([0x301000n, 0x302000n]);
  });

  test('BAT entry → state in the low 3 bits, offset in the upper 44', () => {
    const bytes = VhdxPayloadBatEntry.create({ state: 6, fileOffsetMb: 2 ** 44 - 1 }).toBytes();
    expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(0xfffffffffff00006n);
  });

  test('metadata → flags in the low 3 bits, items of 1 MiB at most', () => {
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    view.setUint32(16, 64 * 1024, true);
    view.setUint32(20, (1 << 20) + 1, true);
    view.setUint32(24, 0b110, true);
    const violations: Violation[] = [];
    const entry = VhdxMetadataTableEntry.fromBytes(bytes, { onViolation: (violation) => violations.push(violation) });
    expect([entry.isUser, entry.isVirtualDisk, entry.isRequired]).toEqual([false, true, true]);
    expect(violations).toMatchObject([{ path: 'length', rule: 'F8', expected: 1 << 20 }]);
  });

  test('file parameters → block size a power of two from 1 to 256 MiB, two flags', () => {
    const accepted = (blockSize: number, flags = 0): string[] => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setUint32(0, blockSize, true);
      bytes[4] = flags;
      const rules: string[] = [];
      VhdxFileParameters.fromBytes(bytes, { onViolation: ({ rule }) => rules.push(rule ?? '') });
      return rules;
    };
    for (let mib = 1; mib <= 256; mib *= 2) expect(accepted(mib << 20)).toEqual([]);
    for (const mib of [0, 3, 255, 512]) expect(accepted(mib << 20)).toEqual(['G3']);
    expect(accepted(1 << 19)).toEqual(['G3']);
    expect(accepted(1 << 20, 0b11)).toEqual([]);
    expect(accepted(1 << 20, 0b100)).toEqual(['G4']);
  });

  test('chunk → 2^23 sectors', () => {
    expect(new VhdxLogicalSectorSize(undefined).maxSectorsPerChunk).toBe(2 ** 23);
  });
});
