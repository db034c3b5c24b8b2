/**
 * One byte changed in an image made by QEMU: the report names the rule, the section and the place. The expectations come
 * from the table of rules and from the layout in the specification, worked out by hand for the shipped fixture.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { noRealImages, realImage } from '../../support/real-images.js';

const fixture = readFileSync(fileURLToPath(new URL('../../fixtures/dynamic-64m.vhdx', import.meta.url)));

const HEADER_1 = 0x10000;
const HEADER_2 = 0x20000;
const TABLE_1 = 0x30000;
const TABLE_2 = 0x40000;
const BAT = 0x200000;
const METADATA = 0x300000;
const ITEMS = METADATA + 0x10000;
/** Table entries of 32 bytes behind a header of 32: file parameters, disk size, disk ID, sector sizes. */
const ITEM_ENTRY = (index: number): number => METADATA + 32 + 32 * index;

interface Damage {
  readonly what: string;
  /** The byte that is changed, and its new value. */
  readonly at: number;
  readonly to: number;
  /** `severity rule section offset` that must be reported. */
  readonly reported: readonly [severity: string, rule: string, section: string, fileOffset: number];
}

const damages: readonly Damage[] = [
  { what: 'signature of the file', at: 0, to: 0x56, reported: ['error', 'A2', '2.2.1', 0] },
  { what: 'creator, half a surrogate pair', at: 9, to: 0xd8, reported: ['info', 'A3', '2.2.1', 8] },
  { what: 'behind the identifier', at: 0x258, to: 1, reported: ['info', 'A4', '2.2.1', 0x258] },
  { what: 'signature of header 1', at: HEADER_1, to: 0x48, reported: ['refuse-write', 'B1', '2.2.2', HEADER_1] },
  { what: 'signature of header 2', at: HEADER_2 + 3, to: 0x44, reported: ['refuse-write', 'B1', '2.2.2', HEADER_2] },
  {
    what: 'reserved byte of header 1',
    at: HEADER_1 + 4095,
    to: 1,
    reported: ['refuse-write', 'B2', '2.2.2', HEADER_1 + 4],
  },
  {
    what: 'sequence number of header 2',
    at: HEADER_2 + 8,
    to: 0xff,
    reported: ['refuse-write', 'B2', '2.2.2', HEADER_2 + 4],
  },
  { what: 'behind header 1', at: HEADER_1 + 4096, to: 1, reported: ['info', 'B18', '2.2.2', HEADER_1 + 4096] },
  { what: 'signature of region table 1', at: TABLE_1, to: 0, reported: ['refuse-write', 'C1', '2.2.3.1', TABLE_1] },
  {
    what: 'unused tail of region table 2',
    at: TABLE_2 + 0xffff,
    to: 1,
    reported: ['refuse-write', 'C1', '2.2.3.1', TABLE_2 + 4],
  },
  { what: 'signature of the metadata table', at: METADATA, to: 0x4d, reported: ['error', 'F1', '2.6.1.1', METADATA] },
  {
    what: 'entry count of the metadata table',
    at: METADATA + 11,
    to: 0xff,
    reported: ['error', 'F2', '2.6.1.1', METADATA + 10],
  },
  {
    what: 'reserved field of the metadata table',
    at: METADATA + 8,
    to: 1,
    reported: ['warning', 'F3', '2.6.1.1', METADATA + 8],
  },
  {
    what: 'second reserved field of the metadata table',
    at: METADATA + 31,
    to: 1,
    reported: ['warning', 'F3', '2.6.1.1', METADATA + 12],
  },
  { what: 'ID of a required item', at: ITEM_ENTRY(0), to: 0x38, reported: ['error', 'F12', '2.6.1.2', ITEM_ENTRY(0)] },
  {
    what: 'offset of an item, below 64 KiB',
    at: ITEM_ENTRY(0) + 18,
    to: 0,
    reported: ['error', 'F5', '2.6.1.2', ITEM_ENTRY(0) + 16],
  },
  {
    what: 'offset of an item, behind the region',
    at: ITEM_ENTRY(0) + 19,
    to: 1,
    reported: ['error', 'F6', '2.6.1.2', ITEM_ENTRY(0) + 16],
  },
  {
    what: 'offset of an item, in another one',
    at: ITEM_ENTRY(1) + 16,
    to: 4,
    reported: ['error', 'F7', '2.6.1.2', ITEM_ENTRY(1) + 16],
  },
  {
    what: 'length of an item, above 1 MiB',
    at: ITEM_ENTRY(0) + 23,
    to: 1,
    reported: ['error', 'F8', '2.6.1.2', ITEM_ENTRY(0) + 20],
  },
  {
    what: 'reserved field of an item',
    at: ITEM_ENTRY(4) + 28,
    to: 1,
    reported: ['warning', 'F11', '2.6.1.2', ITEM_ENTRY(4) + 28],
  },
  {
    what: 'flags of the disk size',
    at: ITEM_ENTRY(1) + 24,
    to: 2,
    reported: ['warning', 'F17', '2.6.2', ITEM_ENTRY(1) + 24],
  },
  { what: 'between items', at: ITEMS + 0x100, to: 1, reported: ['info', 'F19', '2.6.1.1', ITEMS + 0x100] },
  {
    what: 'length of the physical sector size',
    at: ITEM_ENTRY(4) + 20,
    to: 8,
    reported: ['error', 'G2', '2.6.2.5', ITEM_ENTRY(4) + 20],
  },
  { what: 'block size of 3 MiB', at: ITEMS + 2, to: 0x30, reported: ['error', 'G3', '2.6.2.1', ITEMS] },
  {
    what: 'reserved bits of the file parameters',
    at: ITEMS + 7,
    to: 0x80,
    reported: ['warning', 'G4', '2.6.2.1', ITEMS + 4],
  },
  { what: 'has a parent, without a locator', at: ITEMS + 4, to: 2, reported: ['error', 'G5', '2.6.2.6', ITEMS + 4] },
  { what: 'disk size of half a sector', at: ITEMS + 8, to: 1, reported: ['error', 'G8', '2.6.2.2', ITEMS + 8] },
  { what: 'disk size above 64 TiB', at: ITEMS + 15, to: 1, reported: ['error', 'G9', '2.6.2.2', ITEMS + 8] },
  {
    what: 'logical sectors of 1024 bytes',
    at: ITEMS + 0x21,
    to: 4,
    reported: ['error', 'G11', '2.6.2.4', ITEMS + 0x20],
  },
  {
    what: 'physical sectors of 1024 bytes',
    at: ITEMS + 0x25,
    to: 4,
    reported: ['error', 'G12', '2.6.2.5', ITEMS + 0x24],
  },
  { what: 'behind the last BAT entry', at: BAT + 64 * 8, to: 1, reported: ['info', 'I3', '2.5', BAT + 64 * 8] },
  { what: 'reserved bits of a BAT entry', at: BAT + 9, to: 1, reported: ['warning', 'I4', '2.5.1', BAT + 8] },
  { what: 'state 4', at: BAT + 8, to: 4, reported: ['error', 'I5', '2.5.1.1', BAT + 8] },
  { what: 'state 7 without a parent', at: BAT, to: 7, reported: ['error', 'I6', '2.5.1.1', BAT] },
  { what: 'present block at offset 0', at: BAT + 8, to: 6, reported: ['error', 'I7', '2.5.1', BAT + 8] },
  { what: 'block far behind the end', at: BAT + 5, to: 1, reported: ['error', 'I8', '2.5.1', BAT] },
  {
    what: 'block 40 in the place of block 0',
    at: BAT + 40 * 8 + 2,
    to: 0x80,
    reported: ['error', 'I9', '2.5.1', BAT + 40 * 8],
  },
  { what: 'block 0 in the place of the log', at: BAT + 2, to: 0x10, reported: ['error', 'I10', '2.5.1', BAT] },
  { what: 'state ZERO with an offset', at: BAT + 10, to: 0x10, reported: ['warning', 'I11', '2.5.1.1', BAT + 8] },
];

const reportOf = async (bytes: Uint8Array): Promise<string[]> => {
  const { findings } = await checkImage(new MemorySource(bytes));
  return findings.map(
    ({ severity, rule, section, fileOffset }) => `${severity} ${rule} [${section}] 0x${fileOffset.toString(16)}`,
  );
};
const untouched = await reportOf(fixture);

test('untouched → no error and nothing to refuse', () => {
  expect(untouched.filter((line) => /^(error|refuse-write)/.test(line))).toEqual([]);
});

test.each(damages)('$what → $reported', async ({ at, to, reported: [severity, rule, section, fileOffset] }) => {
  const bytes = Uint8Array.from(fixture);
  expect(bytes[at]).not.toBe(to);
  bytes[at] = to;
  const expected = `${severity} ${rule} [${section}] 0x${fileOffset.toString(16)}`;
  expect(await reportOf(bytes)).toContain(expected);
  expect(untouched).not.toContain(expected);
});

describe.skipIf(noRealImages !== undefined)(`log of the dirty image (${noRealImages ?? 'at hand'})`, () => {
  /** The only entry of its active sequence: header, one data descriptor, one data sector. */
  const ENTRY = 0x10c000;
  const read = (): Uint8Array => {
    const file = openSync(realImage('iotest-dirtylog-10G-4M'), 'r');
    const bytes = new Uint8Array(31457280);
    readSync(file, bytes, 0, bytes.length, 0);
    closeSync(file);
    return bytes;
  };

  test.each([
    { what: 'signature', at: ENTRY },
    { what: 'checksum', at: ENTRY + 4 },
    { what: 'entry length', at: ENTRY + 9 },
    { what: 'tail', at: ENTRY + 13 },
    { what: 'sequence number', at: ENTRY + 16 },
    { what: 'descriptor count', at: ENTRY + 24 },
    { what: 'log GUID', at: ENTRY + 32 },
    { what: 'descriptor signature', at: ENTRY + 64 },
    { what: 'data sector', at: ENTRY + 4096 + 2000 },
  ])('$what of the pending entry → no valid sequence is left', async ({ at }) => {
    const bytes = read();
    bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
    const report = await reportOf(bytes);
    expect(report.some((line) => line.startsWith('error E6 [2.3.3]'))).toBe(true);
    expect(report.some((line) => line.includes(' E12 '))).toBe(false);
  });

  test('untouched → the pending entry, and no error', async () => {
    const report = await reportOf(read());
    expect(report.filter((line) => line.startsWith('error'))).toEqual([]);
    expect(report).toContain(`refuse-write E12 [2.3.3] 0x${ENTRY.toString(16)}`);
  });
});
