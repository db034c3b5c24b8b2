/** Images made by Windows, QEMU and Disk2vhd, where they are at hand: `../shared/images` beside the project. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The images by name, with the ending of the packed file. */
const PACKED = {
  'iotest-dynamic-1G': 'bz2',
  'iotest-dirtylog-10G-4M': 'bz2',
  'test-disk2vhd': 'bz2',
  'qemu-5.2-convert-6G': 'bz2',
  'qemu-5.2-issue727-shifted-900M': 'bz2',
  swap: 'gz',
  btrfs: 'gz',
  'vhdx-log-replay': 'gz',
} as const;
export type RealImage = keyof typeof PACKED;
export const REAL_IMAGES = ['iotest-dynamic-1G', 'iotest-dirtylog-10G-4M', 'test-disk2vhd'] as const;

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
  const unpack = PACKED[name] === 'gz' ? 'gzip' : 'bzip2';
  const { status } = spawnSync(unpack, ['-dc', join(folder, `${name}.vhdx.${PACKED[name]}`)], {
    stdio: ['ignore', output, 'inherit'],
  });
  closeSync(output);
  if (status !== 0) throw new Error(`${name}: ${unpack} failed`);
  renameSync(draft, path);
  return path;
}
