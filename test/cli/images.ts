import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32c } from '@node-rs/crc32';
import { afterAll } from 'vitest';
import { MIB } from '../support/units.js';

export { MIB };

/** The image that the repository ships: QEMU's, dynamic, 64 MiB, blocks of 1 MiB. See test/fixtures/README.md. */
export const FIXTURE: string = fileURLToPath(new URL('../fixtures/dynamic-64m.vhdx', import.meta.url));

/** Where the fixture has what. The current header is the second one. */
export const PLACES = {
  headers: [0x10000, 0x20000],
  regionTables: [0x30000, 0x40000],
  log: MIB,
  bat: 2 * MIB,
  metadata: 3 * MIB,
  firstBlock: 8 * MIB,
} as const;

export function fixtureBytes(): Buffer {
  return readFileSync(FIXTURE);
}

/** A directory for the tests of one file; it is removed when they are done. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'vhdx-cli-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const PAGE = 4096;

/** Writes a file with a hole wherever `bytes` has a page of zeros: many long files then need little space. */
export function writeSparse(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    ftruncateSync(file, bytes.length);
    const zeros = Buffer.alloc(PAGE);
    for (let at = 0; at < bytes.length; at += PAGE) {
      const page = bytes.subarray(at, at + PAGE);
      if (zeros.compare(page, 0, page.length, 0, page.length) !== 0) writeSync(file, page, 0, page.length, at);
    }
  } finally {
    closeSync(file);
  }
}

/** Gives a header of 4096 bytes at `offset` the checksum of its contents. [MS-VHDX] 2.2.2 */
function signHeader(bytes: Buffer, offset: number): void {
  bytes.writeUInt32LE(0, offset + 4);
  bytes.writeUInt32LE(crc32c(bytes.subarray(offset, offset + 4096)), offset + 4);
}

/**
 * The fixture as it would be if the host had crashed before its last log entry was replayed: the LogGuid of the current
 * header is that of the entry which QEMU left at the start of the log. [MS-VHDX] 2.3.3
 */
export function pendingLog(): Buffer {
  const bytes = fixtureBytes();
  const [, current] = PLACES.headers;
  bytes.copy(bytes, current + 48, PLACES.log + 32, PLACES.log + 48);
  signHeader(bytes, current);
  return bytes;
}

/** The fixture with a byte changed in some of its headers. */
export function damagedHeaders(...copies: readonly (0 | 1)[]): Buffer {
  const bytes = fixtureBytes();
  for (const copy of copies) {
    const at = PLACES.headers[copy] + 2048;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  }
  return bytes;
}

/** The fixture with `entries` of its BAT replaced, as many as are given. */
export function withBatEntries(entries: readonly bigint[]): Buffer {
  const bytes = fixtureBytes();
  for (const [index, entry] of entries.entries()) bytes.writeBigUInt64LE(entry, PLACES.bat + 8 * index);
  return bytes;
}

/** A BAT entry. [MS-VHDX] 2.5.1 */
export function batEntry(state: number, fileOffsetMb: number): bigint {
  return BigInt(state) | (BigInt(fileOffsetMb) << 20n);
}

/** Bytes without any order, the same ones for the same seed (xorshift32). */
export function randomBytes(length: number, seed: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let word = seed;
  for (let at = 0; at < words.length; at += 1) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    words[at] = word;
  }
  return Buffer.from(words.buffer, 0, length);
}
