/** A disk and what it has to hold, whatever is done to its image at rest. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { checkImage, openDisk, openWritableDisk, readExactly } from '../../runtime/index.js';
import type { ParentResolver } from '../../runtime/disk/chain.js';
import { firstNonzero } from '../../runtime/base/bytes.js';
import type { ByteSource } from '../../runtime/io/byte-source.js';
import { ask } from '../interop/peers.js';
import type { RecordingTarget } from './recording-target.js';

/** Bytes that the model keeps together. */
export const UNIT = 4096;

/** What a disk has to hold: the units that are not zeros, by their number. */
export class OfflineModel {
  size: number;
  readonly units = new Map<number, Uint8Array>();

  constructor(size: number) {
    this.size = size;
  }

  /** `position`, `length`: whole units, but for the end of the disk. */
  fill(position: number, length: number, value: number): void {
    for (let at = position; at < position + length; at += UNIT) {
      const bytes = new Uint8Array(UNIT).fill(value, 0, Math.min(UNIT, this.size - at));
      this.units.set(at / UNIT, bytes);
    }
  }

  /** What is behind the new end is gone, for good. */
  resize(size: number): void {
    this.size = size;
    for (const [number, bytes] of this.units) {
      const start = number * UNIT;
      if (start >= size) this.units.delete(number);
      else bytes.fill(0, Math.min(UNIT, size - start));
    }
  }

  /** First byte behind the last one that is not zero. */
  get dataEnd(): number {
    let end = 0;
    for (const [number, bytes] of this.units) {
      for (let at = bytes.length; at > 0; at -= 1) {
        if (bytes[at - 1] === 0) continue;
        end = Math.max(end, number * UNIT + at);
        break;
      }
    }
    return end;
  }

  /** The model of what a disk holds now. */
  static async of(source: ByteSource, parent?: ParentResolver): Promise<OfflineModel> {
    const disk = await openDisk(source, { parent });
    const model = new OfflineModel(disk.size);
    for await (const { kind, virtualOffset, length } of disk.extents()) {
      if (kind === 'zero') continue;
      const first = Math.floor(virtualOffset / UNIT);
      for (let unit = first; unit * UNIT < virtualOffset + length; unit += 1) {
        const bytes = new Uint8Array(UNIT);
        bytes.set(await readExactly(disk, unit * UNIT, Math.min(UNIT, disk.size - unit * UNIT)));
        if (firstNonzero(bytes) !== -1) model.units.set(unit, bytes);
      }
    }
    return model;
  }
}

/** Writes to the disk of an image, and to its model. */
export async function writeBoth(
  target: RecordingTarget,
  model: OfflineModel,
  { position, length, value }: { readonly position: number; readonly length: number; readonly value: number },
  parent?: ParentResolver,
): Promise<void> {
  const disk = await openWritableDisk(target, { parent });
  const end = Math.min(position + length, model.size);
  if (position < end) {
    await disk.write(new Uint8Array(end - position).fill(value), position);
    model.fill(position, end - position, value);
  }
  await disk.close();
}

/** Makes sure that an image is at rest, sound, and holds what the model says. */
export async function expectModel(
  target: RecordingTarget,
  model: OfflineModel,
  parent?: ParentResolver,
): Promise<void> {
  const { findings } = await checkImage(target);
  expect(findings.filter(({ severity }) => severity !== 'info').map(({ message }) => message)).toEqual([]);
  const found = await OfflineModel.of(target, parent);
  expect(found.size).toBe(model.size);
  const nonzero = [...model.units].filter(([, bytes]) => firstNonzero(bytes) !== -1);
  expect([...found.units.keys()].toSorted((a, b) => a - b)).toEqual(
    nonzero.map(([number]) => number).toSorted((a, b) => a - b),
  );
  for (const [number, bytes] of nonzero) {
    if (Buffer.compare(bytes, found.units.get(number) ?? new Uint8Array()) !== 0) {
      throw new Error(`unit ${number} holds something else`);
    }
  }
}

/** Makes sure that qemu-img finds no fault in an image, and reads in it what the model says. */
export function expectPeerAgrees(target: RecordingTarget, model: OfflineModel): void {
  const folder = mkdtempSync(join(tmpdir(), 'vhdx-model-'));
  try {
    const image = openSync(join(folder, 'disk.vhdx'), 'w');
    for (const [position, bytes] of target.file.stored()) writeSync(image, bytes, 0, bytes.length, position);
    ftruncateSync(image, target.size);
    closeSync(image);
    const raw = openSync(join(folder, 'disk.raw'), 'w');
    ftruncateSync(raw, model.size);
    for (const [number, bytes] of model.units) {
      const position = number * UNIT;
      writeSync(raw, bytes, 0, Math.min(UNIT, model.size - position), position);
    }
    closeSync(raw);
    const compared = ask('qemu-img', ['compare', '-f', 'vhdx', '-F', 'raw', 'disk.vhdx', 'disk.raw'], folder);
    expect(compared).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('Images are identical.'),
    });
    expect(ask('qemu-img', ['check', '-f', 'vhdx', 'disk.vhdx'], folder)).toMatchObject({ exitCode: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
