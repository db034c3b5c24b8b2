/** The generated VHDX readers and writers against the official compiler's JavaScript and against real bytes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { VhdxHeader, VhdxLogDataSector, VhdxPayloadBatEntry, VhdxPayloadBatEntryView } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { EofError, ValidationError } from '../../generated/kaitai/errors.js';
import { propertyOf } from '../../generated/kaitai/names.js';
import type { FieldLayout } from '../../generated/kaitai/struct.js';
import { compileOfficial, readOfficial, type OfficialClass } from '../support/official.js';
import { REAL_IMAGES, noRealImages, realImage } from '../support/real-images.js';
import { structuresOf, type Structure } from '../support/structures.js';

const schemas = fileURLToPath(new URL('../../schemas/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vhdx-structures-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hasQemu = spawnSync('qemu-img', ['--version']).error === undefined;
const fixture = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** Images to look into: whatever this machine has. */
const images: { name: string; path: () => string }[] = [
  ...(noRealImages === undefined ? REAL_IMAGES.map((name) => ({ name, path: () => realImage(name) })) : []),
  ...(hasQemu
    ? [
        { name: 'qemu-img dynamic 1 MiB blocks', path: () => qemuImage('dynamic', '1M', '5G') },
        { name: 'qemu-img fixed 32 MiB blocks', path: () => qemuImage('fixed', '32M', '64M') },
        { name: 'qemu-img dynamic 256 MiB blocks, 64 TiB', path: () => qemuImage('dynamic', '256M', '64T') },
      ]
    : []),
  { name: 'shipped fixture', path: () => join(fixture, 'dynamic-64m.vhdx') },
];
if (noRealImages !== undefined) test.skip(`real images: ${noRealImages}`, () => {});
if (!hasQemu) test.skip('qemu-img images: qemu-img is not installed', () => {});

function qemuImage(subformat: string, blockSize: string, size: string): string {
  const path = join(folder, `${subformat}-${blockSize}-${size}.vhdx`);
  const options = `subformat=${subformat},block_size=${blockSize}`;
  const { status } = spawnSync('qemu-img', ['create', '-q', '-f', 'vhdx', '-o', options, path, size]);
  expect(status).toBe(0);
  return path;
}

describe.each(images)('$name', ({ path }) => {
  test('every structure, written again → its original bytes', () => {
    const structures = structuresOf(path());
    for (const { type, id, fileOffset, bytes } of structures) {
      const written = type.fromBytes(bytes).toBytes();
      // A log entry's header is read from the whole entry, so that its checksum can be checked.
      const same = Buffer.compare(written, bytes.subarray(0, written.length)) === 0;
      expect(same, `${id} at 0x${fileOffset.toString(16)}`).toBe(true);
    }
    expect(structures.length).toBeGreaterThan(500);
  });

  test('every structure, read by the official compiler → the same fields', async () => {
    const classes = new Map<string, OfficialClass>();
    const compared = new Map<string, number>();
    for (const structure of structuresOf(path())) {
      if (OFFICIAL_FAULTS.has(structure.id)) continue;
      const official = classes.get(structure.id) ?? (await compileOfficial(`${schemas}${structure.id}.ksy`));
      classes.set(structure.id, official);
      // The official reader takes microseconds for each byte of a reserved area: a few of each kind do.
      const count = compared.get(structure.id) ?? 0;
      if (count >= 20) continue;
      compared.set(structure.id, count + 1);
      expectSame(readBoth(structure, official), structure.id);
    }
    expect(compared.size).toBeGreaterThanOrEqual(11);
  });
});

/** What the official JavaScript cannot read at all: bit fields wider than 32 bits. */
const OFFICIAL_FAULTS = new Set(['vhdx_payload_bat_entry', 'vhdx_sector_bitmap_bat_entry']);

function readBoth({ type, bytes }: Structure, official: OfficialClass): { ours: object; theirs: unknown } {
  return { ours: type.fromBytes(bytes), theirs: readOfficial(official, bytes) };
}

/** Field by field, as the layout lists them; numbers of the official reader are doubles. */
function expectSame({ ours, theirs }: { ours: unknown; theirs: unknown }, path: string): void {
  if (typeof ours === 'bigint') return expect(Number(ours), path).toBe(theirs);
  if (ours instanceof Uint8Array) {
    return expect(Buffer.compare(ours, theirs as Uint8Array), path).toBe(0);
  }
  if (Array.isArray(ours)) {
    expect((theirs as unknown[]).length, path).toBe(ours.length);
    return ours.forEach((item, index) =>
      expectSame({ ours: item, theirs: (theirs as unknown[])[index] }, `${path}[${index}]`),
    );
  }
  if (typeof ours !== 'object' || ours === null) return expect(ours, path).toBe(theirs);
  const { LAYOUT } = ours.constructor as unknown as { LAYOUT: readonly FieldLayout[] };
  for (const name of LAYOUT.map(propertyOf)) {
    const member = (object: unknown): unknown => (object as Record<string, unknown>)[name];
    expectSame({ ours: member(ours), theirs: member(theirs) }, `${path}.${name}`);
  }
}

describe('values that doubles and 32-bit shifts lose', () => {
  test('BAT entry beyond 4 GiB → exact offset, by object and by view', () => {
    // State 6, FileOffsetMB 0xABCDEF12345, laid out by hand: 44 bits above 20.
    const raw = (0xabcdef12345n << 20n) | 6n;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, raw, true);
    const entry = VhdxPayloadBatEntry.fromBytes(bytes);
    expect(entry.state).toBe(6);
    expect(entry.fileOffsetMb).toBe(0xabcdef12345);
    expect(entry.fileOffset).toBe(0xabcdef12345n << 20n);
    const view = new VhdxPayloadBatEntryView(bytes);
    expect([view.state(0), view.reserved(0), view.fileOffsetMb(0)]).toEqual([6, 0, 0xabcdef12345]);
    expect(entry.toBytes()).toEqual(bytes);
  });

  test('sequence number of 2^63 and more → exact', () => {
    const bytes = headerBytes();
    for (const value of [1n << 63n, (1n << 64n) - 1n, (1n << 53n) + 1n]) {
      new DataView(bytes.buffer).setBigUint64(8, value, true);
      expect(VhdxHeader.fromBytes(bytes).sequenceNumber).toBe(value);
    }
  });

  test('sequence number of a data sector → both halves, most significant one first', () => {
    const bytes = new Uint8Array(4096);
    bytes.set([0x64, 0x61, 0x74, 0x61, 0x01, 0, 0, 0x80]);
    new DataView(bytes.buffer).setUint32(4092, 7, true);
    expect(VhdxLogDataSector.fromBytes(bytes).sequenceNumber).toBe(0x8000000100000007n);
  });

  test('view over many entries → each as the object reads it', () => {
    const bytes = Uint8Array.from({ length: 8 * 64 }, (_, index) => (index * 73 + 11) & 0xff);
    const view = new VhdxPayloadBatEntryView(bytes, 8, 63);
    for (let index = 0; index < view.length; index++) {
      const raw = new DataView(bytes.buffer).getBigUint64(8 + index * 8, true);
      expect(view.state(index)).toBe(Number(raw & 7n));
      expect(view.reserved(index)).toBe(Number((raw >> 3n) & 0x1ffffn));
      expect(view.fileOffsetMb(index)).toBe(Number(raw >> 20n));
    }
    expect(() => view.state(63)).toThrow(RangeError);
  });
});

function headerBytes(): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes.set(new TextEncoder().encode('head'));
  const view = new DataView(bytes.buffer);
  view.setUint16(66, 1, true);
  view.setUint32(68, 1 << 20, true);
  view.setBigUint64(72, 1n << 20n, true);
  return bytes;
}

describe('constraints of the schema', () => {
  test('several broken → all collected, with path, offset, rule, section, expected and actual', () => {
    const bytes = headerBytes();
    bytes[0] = 0x48;
    bytes[66] = 2;
    bytes[72] = 1;
    bytes[4095] = 9;
    const violations: Violation[] = [];
    VhdxHeader.fromBytes(bytes, { onViolation: (violation) => violations.push(violation) });
    expect(
      violations.map(({ path, offset, length, rule, severity, section }) => [
        path,
        offset,
        length,
        rule,
        severity,
        section,
      ]),
    ).toEqual([
      ['signature', 0, 4, 'B1', 'error', '[MS-VHDX] 2.2.2'],
      ['version', 66, 2, 'B8', 'error', '[MS-VHDX] 2.2.2'],
      ['log_offset', 72, 8, 'B12', 'error', '[MS-VHDX] 2.2.2'],
      ['reserved', 80, 4016, 'B17', 'warning', '[MS-VHDX] 2.2.2'],
    ]);
    expect(violations[1]).toMatchObject({ constraint: 'eq', expected: 1, actual: 2 });
  });

  test('nobody collects → the first of severity error is thrown, warnings are not', () => {
    const warned = headerBytes();
    warned[4095] = 9;
    expect(VhdxHeader.fromBytes(warned).reserved).toHaveLength(4016);
    const broken = headerBytes();
    broken[66] = 2;
    expect(() => VhdxHeader.fromBytes(broken)).toThrow(ValidationError);
    expect(() => VhdxHeader.fromBytes(broken)).toThrow(/version at 0x42: must be 1, found 2/);
  });

  test('too few bytes → where, how many needed, how many there', () => {
    const short = headerBytes().subarray(0, 70);
    expect(() => VhdxHeader.fromBytes(short)).toThrow(EofError);
    expect(() => VhdxHeader.fromBytes(short)).toThrow('at 0x44: requested 4 bytes, but only 2 bytes available');
  });
});
