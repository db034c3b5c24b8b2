import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { GIB, MIB } from '../support/image-builder.js';
import { isQuick } from './quick.js';

/** Longer than Linux waits before it offers free memory to the host of a virtual machine. */
const REPORTING_MS = 2500;

/**
 * Has 3 GiB of memory at hand for a run that fills files in memory; `folder` is one there. A virtual machine can give
 * what is free back to its host, and then the first use of each page takes as long as copying it: without this, one run
 * in three took twice the time, whichever program's.
 */
export function touchMemory(folder: string): void {
  if (isQuick) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REPORTING_MS);
  const path = join(folder, 'touched');
  const file = openSync(path, 'w');
  const bytes = new Uint8Array(MIB).fill(1);
  for (let at = 0; at < 3 * GIB; at += MIB) writeSync(file, bytes);
  closeSync(file);
  rmSync(path);
}
