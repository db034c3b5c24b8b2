import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED_MEMORY = '/dev/shm';

function hasRoom(folder: string, bytes: number): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > bytes;
}

/** Makes a folder for a benchmark that needs `bytes`: in memory if there is room, or in VHDX_BENCH_DIR. */
export function makeFolder(bytes: number): { readonly parent: string; readonly folder: string } {
  const parent = process.env['VHDX_BENCH_DIR'] ?? (hasRoom(SHARED_MEMORY, bytes) ? SHARED_MEMORY : tmpdir());
  return { parent, folder: mkdtempSync(join(parent, 'vhdx-bench-')) };
}
