import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDisk } from '../../runtime/disk/disk.js';
import { KaitaiStream, readKaitaiStream } from '../../runtime/kaitai.js';
import { MemorySource } from '../../runtime/io/memory-source.js';
import { type OfficialClass, compileOfficial } from '../support/official.js';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
/** QEMU wrote 64 KiB of 0x41 at its beginning, and 4 KiB of 0x42 at 40 MiB. */
const image = readFileSync(path('test/fixtures/dynamic-64m.vhdx'));

describe('parts of sources as streams of kaitai-struct', () => {
  let Header: OfficialClass;
  beforeAll(async () => {
    Header = await compileOfficial(path('schemas/vhdx_header.ksy'));
  });

  test('a header for the official compiler’s parser → its fields', async () => {
    const header = new Header(await readKaitaiStream(image, { start: 0x10000, end: 0x11000 }));
    expect(header).toMatchObject({ version: 1, logLength: image.readUInt32LE(0x10000 + 68) });
  });

  test('part of an open disk → an instance of the package’s class, from 0 on', async () => {
    const disk = await openDisk(new MemorySource(image));
    const start = 40 * 2 ** 20 - 2;
    const io = await readKaitaiStream(disk, { start, end: start + 6 });
    const official: unknown = (createRequire(import.meta.url)('kaitai-struct') as { KaitaiStream: unknown })
      .KaitaiStream;
    expect(KaitaiStream).toBe(official);
    expect(io).toBeInstanceOf(KaitaiStream);
    expect([io.size, io.pos, io.readU4be(), io.readBytesFull().length, io.isEof()]).toEqual([6, 0, 0x4242, 2, true]);
  });

  test('no part → all; an empty part → an empty stream', async () => {
    expect((await readKaitaiStream(Uint8Array.of(1, 2, 3).subarray(1))).readU2be()).toBe(0x203);
    expect((await readKaitaiStream(new Blob([Uint8Array.of(1)]), { start: 1 })).size).toBe(0);
  });

  test.each([
    [-1, 2],
    [2, 1],
    [0, 4],
    [0.5, 2],
    [Number.NaN, 2],
  ])('from %d to %d of 3 bytes → RangeError', async (start, end) => {
    await expect(readKaitaiStream(new Uint8Array(3), { start, end })).rejects.toThrow(RangeError);
  });
});
