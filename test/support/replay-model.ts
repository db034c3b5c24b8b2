/** What a replay has to leave behind, from the text of [MS-VHDX] 2.3.3 and plain JavaScript. */
import { expect } from 'vitest';
import { VhdxHeader } from '../../generated/index.js';
import { formatGuid, isZeroGuid } from '../../runtime/base/guid.js';
import type { LoggedWrite } from './log-entries.js';
import type { LayeredFile } from './layered-file.js';
import type { SparseSource } from './sparse-source.js';
import { KIB, MIB } from './units.js';

const HEADERS = [64 * KIB, 128 * KIB] as const;
/** The headers and what belongs to them; everything else is the replay's alone. */
const HEADER_AREA = [64 * KIB, 192 * KIB] as const;

/** The file after the writes, in their order: longer if they or LastFileOffset ask for it, to a whole MiB. */
export function modelOf(before: Uint8Array, writes: readonly LoggedWrite[], lastFileOffset: number): Uint8Array {
  const ends = writes.map((write) => Number(write.fileOffset) + (write.kind === 'data' ? 4096 : Number(write.length)));
  const needed = Math.max(lastFileOffset, ...ends.filter((_, index) => !isEmpty(writes[index])));
  const after = new Uint8Array(needed > before.length ? Math.ceil(needed / MIB) * MIB : before.length);
  after.set(before);
  for (const write of writes) {
    const at = Number(write.fileOffset);
    if (write.kind === 'data') after.set(write.bytes, at);
    else after.fill(0, at, at + Number(write.length));
  }
  return after;
}

function isEmpty(write: LoggedWrite | undefined): boolean {
  return write?.kind === 'zero' && Number(write.length) === 0;
}

/** First byte in which two arrays of one length differ, or -1; quick, as files are long and mostly equal. */
function differenceIn(one: Uint8Array, other: Uint8Array): number {
  if (Buffer.compare(one, other) === 0) return -1;
  if (one.length === 1) return 0;
  const half = one.length >>> 1;
  const first = differenceIn(one.subarray(0, half), other.subarray(0, half));
  return first === -1 ? half + differenceIn(one.subarray(half), other.subarray(half)) : first;
}

/** First byte outside of the headers in which two files differ, or -1; a file is followed by zeros. */
export function firstDifference(one: Uint8Array, other: Uint8Array): number {
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  const [from, to] = HEADER_AREA;
  for (const [start, end] of [
    [0, from],
    [to, shorter.length],
  ] as const) {
    const at = differenceIn(shorter.subarray(start, end), longer.subarray(start, end));
    if (at !== -1) return start + at;
  }
  const rest = longer.subarray(shorter.length);
  const at = differenceIn(rest, new Uint8Array(rest.length));
  return at === -1 ? -1 : shorter.length + at;
}

/** Both headers as they are stored; `undefined` where one is not valid. [MS-VHDX] 2.2.2 */
export function headersOf(file: SparseSource | LayeredFile): (VhdxHeader | undefined)[] {
  return HEADERS.map((offset) => {
    const violations: unknown[] = [];
    const collect = { onViolation: (violation: unknown): number => violations.push(violation) };
    const header = VhdxHeader.fromBytes(file.bytes(offset, VhdxHeader.SIZE), collect);
    return header.verifyChecksum() && violations.length === 0 ? header : undefined;
  });
}

/** The valid header with the greater sequence number. [MS-VHDX] 2.2.2 */
export function currentHeaderOf(file: SparseSource | LayeredFile): VhdxHeader | undefined {
  const [first, second] = headersOf(file);
  if (first === undefined || second === undefined) return first ?? second;
  return first.sequenceNumber > second.sequenceNumber ? first : second;
}

/** Checks a file whose log has been replayed: contents, length, and both headers up to date. */
export function expectReplayed(file: SparseSource | LayeredFile, model: Uint8Array, before: VhdxHeader): void {
  expect(file.size).toBe(model.length);
  expect(firstDifference(file.bytes(0, file.size), model)).toBe(-1);
  const [first, second] = headersOf(file);
  if (first === undefined || second === undefined) throw new Error('a header is not valid');
  for (const header of [first, second]) {
    expect(isZeroGuid(header.logGuid)).toBe(true);
    expect(formatGuid(header.dataWriteGuid)).toBe(formatGuid(before.dataWriteGuid));
    expect(formatGuid(header.fileWriteGuid)).not.toBe(formatGuid(before.fileWriteGuid));
    expect([header.version, header.logVersion, header.logLength, header.logOffset]).toEqual([
      before.version,
      before.logVersion,
      before.logLength,
      before.logOffset,
    ]);
  }
  expect(formatGuid(first.fileWriteGuid)).toBe(formatGuid(second.fileWriteGuid));
  const numbers = [first.sequenceNumber, second.sequenceNumber].toSorted((one, other) => (one < other ? -1 : 1));
  expect((numbers[1] ?? 0n) - (numbers[0] ?? 0n)).toBe(1n);
  expect(numbers[0]).toBeGreaterThan(before.sequenceNumber);
}
