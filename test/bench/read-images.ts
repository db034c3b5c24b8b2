/** The images that the read benchmark works on. */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { GIB, IDS, MIB, TestImage, TIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';

function qemuImg(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('qemu-img', args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr);
}

/** Bytes without order: nothing in them is a hole. */
function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(length / 4);
  const random = new Random(seed);
  for (let at = 0; at < words.length; at += 1) words[at] = 1 + random.below(2 ** 32 - 1);
  return new Uint8Array(words.buffer);
}

/** qemu-img's image of a disk of 8 GiB with 1.5 GiB of noise, in 48 runs of 32 MiB. */
export function makeFilledDisk(folder: string): string {
  const [raw, image] = [join(folder, 'source.raw'), join(folder, 'filled.vhdx')];
  const file = openSync(raw, 'w');
  ftruncateSync(file, 8 * GIB);
  const bytes = noise(32 * MIB, 1);
  for (let run = 0; run < 48; run += 1) writeSync(file, bytes, 0, bytes.length, run * 160 * MIB);
  closeSync(file);
  qemuImg('convert', '-f', 'raw', '-O', 'vhdx', raw, image);
  rmSync(raw);
  return image;
}

/** qemu-img's image of a disk of 64 TiB with blocks of 1 MiB, the smallest: its BAT has 513 MiB. */
export function makeLargeDisk(folder: string): string {
  const image = join(folder, 'large.vhdx');
  qemuImg('create', '-q', '-f', 'vhdx', '-o', 'block_size=1M', image, '64T');
  return image;
}

/** Writes what was set in a sparse image in memory to a file. */
function writeSparse(image: TestImage, path: string): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, image.size);
  for (let at = 0; at < image.dataOffset; at += MIB) {
    const bytes = image.source.bytes(at, MIB);
    if (bytes.some((byte) => byte !== 0)) writeSync(file, bytes, 0, MIB, at);
  }
  closeSync(file);
}

/** An image of a disk of 1 TiB whose log changes 2,000 sectors of its BAT, in entries of 100. */
export function makeDirtyDisk(path: string): void {
  const spec = { virtualSize: TIB, blockSize: MIB, logLength: 16 * MIB, logGuid: IDS.log };
  const image = new TestImage(spec);
  const size = image.size;
  let start = 0;
  for (let entry = 0; entry < 20; entry += 1) {
    const writes = Array.from({ length: 100 }, (_, index) => {
      const fileOffset = image.batOffset + (entry * 100 + index) * 4096;
      return { kind: 'data' as const, fileOffset, bytes: image.source.bytes(fileOffset, 4096) };
    });
    const sequenceNumber = BigInt(entry + 1);
    start += image.addLogEntry(start, {
      sequenceNumber,
      tail: 0,
      writes,
      flushedFileOffset: size,
      lastFileOffset: size,
    });
  }
  writeSparse(image, path);
}

const PATCHED_SECTORS = 10_000;
/** Contents of the two disks, at their start. */
export const PATCHED_BYTES: number = 512 * MIB;

/**
 * Two images of the same disk, of 64 TiB with 512 MiB of data: in one of them 10,000 sectors of the BAT, those of the
 * data among them, are in the log.
 */
export function makePatchedDisks(folder: string): { readonly clean: string; readonly patched: string } {
  const blocks = PATCHED_BYTES / MIB;
  const spec = { virtualSize: 64 * TIB, logLength: 64 * MIB };
  const [clean, patched] = [new TestImage(spec), new TestImage({ ...spec, logGuid: IDS.log })];
  const sectors = Array.from({ length: PATCHED_SECTORS }, (_, index) => {
    const bytes = new Uint8Array(4096);
    const view = new VhdxPayloadBatEntryView(bytes);
    for (let entry = 0; entry < 512; entry += 1) {
      const block = index * 512 + entry;
      if (block < blocks) view.set(entry, { state: 6, fileOffsetMb: clean.dataOffset / MIB + block });
    }
    return { fileOffset: clean.batOffset + index * 4096, bytes };
  });
  const size = clean.dataOffset + PATCHED_BYTES;
  for (const { fileOffset, bytes } of sectors) clean.source.write(bytes, fileOffset);
  const writes = sectors.map((sector) => ({ kind: 'data' as const, ...sector }));
  patched.addLogEntry(0, { sequenceNumber: 1n, writes, flushedFileOffset: size, lastFileOffset: size });
  const bytes = noise(32 * MIB, 2);
  const paths = { clean: join(folder, 'clean.vhdx'), patched: join(folder, 'patched.vhdx') };
  for (const [image, path] of [
    [clean, paths.clean],
    [patched, paths.patched],
  ] as const) {
    image.size = size;
    writeSparse(image, path);
    const file = openSync(path, 'r+');
    for (let at = 0; at < PATCHED_BYTES; at += bytes.length)
      writeSync(file, bytes, 0, bytes.length, clean.dataOffset + at);
    closeSync(file);
  }
  return paths;
}
