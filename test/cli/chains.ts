import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDS, TestImage, type ImageSpec } from '../support/image-builder.js';

/** The DataWriteGuid of a parent, as a child states it. */
export const LINKAGE: readonly [string, string] = ['parent_linkage', `{${IDS.dataWrite}}`];

/** What every byte of the parent's first block is. */
export const PARENT_BYTE = 0x50;

/** Writes a dynamic disk of 16 MiB whose first block is full of PARENT_BYTE. */
export function writeParent(path: string): void {
  const image = new TestImage({ allocate: [0] });
  image.source.write(new Uint8Array(image.blockSize).fill(PARENT_BYTE), image.dataOffset);
  writeFileSync(path, image.toBytes());
}

/** Writes a differencing disk without blocks of its own whose locator has these paths. */
export function writeChild(path: string, paths: readonly (readonly [string, string])[], spec: ImageSpec = {}): void {
  writeFileSync(path, new TestImage({ type: 'differencing', parent: [LINKAGE, ...paths], ...spec }).toBytes());
}

/** `..` as many times as lead from any folder to the root, then `path`. */
export function upAndDownTo(path: string): string {
  return join('../'.repeat(24), path).replaceAll('/', '\\');
}
