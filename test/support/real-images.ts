/** Images made by Windows Server, QEMU and Disk2vhd, where they are at hand: `../shared/images` beside the project. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REAL_IMAGES = ['iotest-dynamic-1G', 'iotest-dirtylog-10G-4M', 'test-disk2vhd'] as const;
export type RealImage = (typeof REAL_IMAGES)[number];

const folder = fileURLToPath(new URL('../../../shared/images/', import.meta.url));

/** Why the real images cannot be used; undefined where they can. */
export const noRealImages: string | undefined = !existsSync(folder)
  ? '../shared/images is not there'
  : spawnSync('bzip2', ['--help']).error === undefined
    ? undefined
    : 'bzip2 is not installed';

/** Path of an expanded copy, which is made once on a machine. Tests must not change it. */
export function realImage(name: RealImage): string {
  const cache = join(tmpdir(), 'vhdx-real-images');
  const path = join(cache, `${name}.vhdx`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const draft = `${path}.${process.pid}`;
  const output = openSync(draft, 'w');
  const { status } = spawnSync('bzip2', ['-dc', join(folder, `${name}.vhdx.bz2`)], {
    stdio: ['ignore', output, 'inherit'],
  });
  closeSync(output);
  if (status !== 0) throw new Error(`${name}: bzip2 failed`);
  renameSync(draft, path);
  return path;
}
