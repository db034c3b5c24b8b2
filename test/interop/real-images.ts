import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Images of other makers. They are not the project's to publish, and lie beside the repository where they are at hand. */
const DIRECTORY = fileURLToPath(new URL('../../../shared/images', import.meta.url));

/** What is known of a real image without looking into it. */
export interface RealImage {
  readonly name: string;
  readonly maker: string;
  readonly virtualSize: number;
  readonly dirty: boolean;
}

export const REAL_IMAGES: readonly RealImage[] = [
  { name: 'iotest-dynamic-1G.vhdx', maker: 'Windows Server 2012', virtualSize: 2 ** 30, dirty: false },
  { name: 'test-disk2vhd.vhdx', maker: 'Disk2vhd', virtualSize: 2 ** 28, dirty: false },
  { name: 'iotest-dirtylog-10G-4M.vhdx', maker: 'QEMU, with a pending log', virtualSize: 10 * 2 ** 30, dirty: true },
];

/** Programs that expand bzip2, with their arguments. */
const EXPANDERS = [
  ['bzip2', '-dc'],
  ['7zz', 'x', '-so'],
] as const;

/** Puts a real image into `directory` and returns its path. */
export function expandImage({ name }: RealImage, directory: string): string {
  const path = join(directory, name);
  const file = openSync(path, 'w');
  try {
    for (const [program, ...args] of EXPANDERS) {
      const { status } = spawnSync(program, [...args, join(DIRECTORY, `${name}.bz2`)], {
        stdio: ['ignore', file, 'ignore'],
      });
      if (status === 0) return path;
    }
  } finally {
    closeSync(file);
  }
  throw new Error(`cannot expand ${name}: neither bzip2 nor 7zz could`);
}

/** Why the real images cannot be used, or `undefined` if they can. */
function obstacle(): string | undefined {
  if (!REAL_IMAGES.every(({ name }) => existsSync(join(DIRECTORY, `${name}.bz2`)))) return 'they are not at hand';
  const expandable = EXPANDERS.some(([program]) => spawnSync(program, ['--help'], { stdio: 'ignore' }).status === 0);
  return expandable ? undefined : 'neither bzip2 nor 7zz is installed';
}

/** Whether tests of the real images have to be skipped; says so, and why, on standard error. */
export function withoutRealImages(): boolean {
  const reason = obstacle();
  if (reason !== undefined) process.stderr.write(`SKIPPED: tests that need real images: ${reason}\n`);
  return reason !== undefined;
}
