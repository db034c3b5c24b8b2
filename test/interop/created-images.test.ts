import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkImage, inspectImage, openDisk, openWritableDisk, readExactly } from '../../runtime/index.js';
import {
  convertToVhdx,
  type ConvertToVhdxOptions,
  createFile,
  type CreateFileOptions,
  nodeParentResolver,
  openFile,
  openFileForWriting,
} from '../../runtime/node.js';
import { temporaryDirectory } from '../cli/images.js';
import { GIB, KIB, MIB, TIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { jsonObject, sizeOf7zz, vhdiinfo } from './answers.js';
import { ask, without } from './peers.js';

const cwd = temporaryDirectory();
const READER = fileURLToPath(new URL('libvhdi-read.py', import.meta.url));
const path = (name: string): string => join(cwd, name);

/** Findings that are more than worth knowing; none is allowed. */
async function faults(name: string): Promise<string[]> {
  const source = await openFile(path(name));
  try {
    const { verdict, findings } = await checkImage(source);
    return [verdict, ...findings.filter(({ severity }) => severity !== 'info').map(({ message }) => message)];
  } finally {
    await source.close();
  }
}

async function described(name: string): Promise<Record<string, unknown>> {
  const source = await openFile(path(name));
  try {
    return { ...(await inspectImage(source)) };
  } finally {
    await source.close();
  }
}

type Kind = CreateFileOptions & { readonly size: number };

const DYNAMIC: readonly Kind[] = [MIB, 64 * MIB, 5 * GIB + 512, 128 * GIB, 64 * TIB].flatMap((size) =>
  [1, 2, 32, 256].map((block) => ({ size, blockSize: block * MIB })),
);
const FIXED: readonly Kind[] = [512, 5 * MIB, 64 * MIB + 512].flatMap((size) =>
  [1, 4, 32].map((block): Kind => ({ type: 'fixed', size, blockSize: block * MIB })),
);

function title({ type = 'dynamic', size, blockSize = 0, logicalSectorSize = 512 }: Kind): string {
  return `${type}, ${size} bytes, blocks of ${blockSize / MIB} MiB, sectors of ${logicalSectorSize}`;
}

/** Makes an image, gives it to `use`, and removes it. */
async function withImage(options: CreateFileOptions, use: (name: string) => Promise<void>): Promise<void> {
  const name = 'created.vhdx';
  await createFile(path(name), options);
  try {
    await use(name);
  } finally {
    rmSync(path(name));
  }
}

describe.skipIf(without('qemu-img'))('empty images, seen by qemu-img', () => {
  test.each([...DYNAMIC, ...FIXED].map((kind) => [title(kind), kind] as const))(
    '%s → clean to both, of equal size',
    async (_, kind) => {
      await withImage(kind, async (name) => {
        // The check reads the whole BAT: once for each size is enough.
        if (kind.size < 64 * TIB || kind.blockSize === 32 * MIB) expect(await faults(name)).toEqual(['clean']);
        expect(ask('qemu-img', ['check', name], cwd)).toMatchObject({ exitCode: 0, stderr: '' });
        const info = jsonObject(ask('qemu-img', ['info', '--output=json', name], cwd).stdout);
        expect(info).toMatchObject({ 'virtual-size': kind.size, 'cluster-size': kind.blockSize, 'dirty-flag': false });
        const file = statSync(path(name));
        if (kind.type === 'fixed') expect(file.blocks * 512).toBeGreaterThanOrEqual(file.size);
      });
    },
  );

  test('written by qemu-io → what was written, clean to both', async () => {
    for (const kind of [DYNAMIC[8], FIXED[4]]) {
      if (kind === undefined) throw new Error('there are fewer kinds than that');
      await withImage(kind, async (name) => {
        const end = Math.min(kind.size, 4 * GIB + 3 * MIB) - 512;
        const writes = [`write -P 0xa5 4096 512`, `write -P 0x5a ${end} 512`].flatMap((command) => ['-c', command]);
        expect(ask('qemu-io', ['-f', 'vhdx', ...writes, name], cwd).exitCode).toBe(0);
        const disk = await openDisk(await openFile(path(name)));
        expect(await readExactly(disk, 4096, 513)).toEqual(new Uint8Array(513).fill(0xa5, 0, 512));
        expect(await readExactly(disk, end, 512)).toEqual(new Uint8Array(512).fill(0x5a));
        await disk.close();
        expect((await faults(name))[0]).toBe('clean');
        expect(ask('qemu-img', ['check', name], cwd).exitCode).toBe(0);
      });
    }
  });
});

const LARGE_SECTORS: readonly Kind[] = [MIB, 5 * GIB + 32 * KIB].map((size) => ({
  size,
  blockSize: 32 * MIB,
  logicalSectorSize: 4096,
}));
const SOME = [...DYNAMIC.slice(0, 8), ...FIXED, ...LARGE_SECTORS].map((kind) => [title(kind), kind] as const);

describe.skipIf(without('vhdiinfo'))('empty images, seen by vhdiinfo', () => {
  test.each(SOME)('%s → equal size, type, sectors and identifier', async (_, kind) => {
    await withImage(kind, async (name) => {
      const { type, virtualSize, logicalSectorSize, dataWriteGuid } = await described(name);
      expect(vhdiinfo(name, cwd)).toEqual({
        'virtual-size': virtualSize,
        'format-specific': {
          data: { type, 'logical-sector-size': logicalSectorSize, 'data-write-guid': dataWriteGuid },
        },
      });
    });
  });
});

// 7-Zip takes no disk whose sectors are no multiple of eight, whoever made it.
const BY_EIGHT = SOME.filter(([, { size, logicalSectorSize = 512 }]) => size % (8 * logicalSectorSize) === 0);

describe.skipIf(without('7zz'))('empty images, seen by 7-Zip', () => {
  test.each(BY_EIGHT)('%s → equal size', async (_, kind) => {
    await withImage(kind, async (name) => expect(sizeOf7zz(name, cwd)).toBe(kind.size));
  });
});

/** Writes a raw image of random contents with runs of zeros: long ones, and some within blocks. */
function writeRaw(name: string, size: number, seed: number): void {
  const random = new Random(seed);
  const file = openSync(path(name), 'w');
  for (let at = 0; at < size;) {
    const length = Math.min(size - at, 512 * (1 + random.below(random.pick([8, 2048, 8192]))));
    if (random.oneIn(2)) writeSync(file, Buffer.alloc(length, 1 + random.below(255)), 0, length, at);
    at += length;
  }
  writeSync(file, Buffer.of(0xff), 0, 1, size - 1);
  closeSync(file);
}

async function convertRaw(raw: string, name: string, options: ConvertToVhdxOptions): Promise<void> {
  const source = await openFile(path(raw));
  await convertToVhdx(source, path(name), { ...options, force: true });
  await source.close();
}

describe.skipIf(without('qemu-img'))('images made of raw ones, read by qemu-img convert', () => {
  const sizes = [512, 3 * MIB + 512, 40 * MIB];
  const kinds = sizes.flatMap((size) =>
    [1, 2, 32].flatMap((block) => (['dynamic', 'fixed'] as const).map((type) => [size, block, type] as const)),
  );

  test.each(kinds)('%d bytes, blocks of %d MiB, %s → equal contents', async (size, block, type) => {
    writeRaw('in.raw', size, size + block);
    await convertRaw('in.raw', 'out.vhdx', { type, blockSize: block * MIB });
    expect(await faults('out.vhdx')).toEqual(['clean']);
    expect(ask('qemu-img', ['check', 'out.vhdx'], cwd)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ask('qemu-img', ['convert', '-f', 'vhdx', '-O', 'raw', 'out.vhdx', 'out.raw'], cwd).exitCode).toBe(0);
    expect(readFileSync(path('out.raw')).equals(readFileSync(path('in.raw')))).toBe(true);
  });

  test('as a stream, the BAT behind the blocks → equal contents', async () => {
    writeRaw('in.raw', 9 * MIB, 9);
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield readFileSync(path('in.raw'));
    }
    await convertToVhdx(stream(), path('out.vhdx'), { blockSize: MIB, force: true });
    expect(await faults('out.vhdx')).toEqual(['clean']);
    expect(ask('qemu-img', ['check', 'out.vhdx'], cwd)).toMatchObject({ exitCode: 0, stderr: '' });
    const compared = ask('qemu-img', ['compare', '-f', 'raw', '-F', 'vhdx', 'in.raw', 'out.vhdx'], cwd);
    expect(compared.stdout).toBe('Images are identical.\n');
    expect(sizeOf7zz('out.vhdx', cwd)).toBe(9 * MIB);
    expect(vhdiinfo('out.vhdx', cwd)).toMatchObject({ 'virtual-size': 9 * MIB });
  });
});

/** Bytes of a disk as libvhdi reads them; `images`: the disk, its parent, and so on. */
function readByLibvhdi(images: readonly string[], length: number): Buffer {
  const { status, stdout, stderr } = spawnSync('python3', [READER, '0', String(length), ...images], {
    cwd,
    maxBuffer: 2 * length + MIB,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

describe.skipIf(without('vhdiinfo', 'python3'))('children, seen by libvhdi', () => {
  test('of a parent in a folder above, written to → parent named, equal contents', async () => {
    const size = 6 * MIB;
    writeRaw('base.raw', size, 1);
    await convertRaw('base.raw', 'base.vhdx', { blockSize: MIB });
    mkdirSync(path('children'), { recursive: true });
    await createFile(path('children/child.avhdx'), { parent: path('base.vhdx') });
    const parent = nodeParentResolver({ parent: path('base.vhdx') });
    const target = await openFileForWriting(path('children/child.avhdx'));
    const disk = await openWritableDisk(target, { parent });
    // libvhdi looks for a parent only where there is a sector bitmap.
    const written = new Uint8Array(512).fill(0xc4);
    for (const at of [512, 2 * MIB, 5 * MIB]) await disk.write(written, at);
    await disk.close();

    const expected = readFileSync(path('base.raw'));
    for (const at of [512, 2 * MIB, 5 * MIB]) expected.set(written, at);
    expect(readByLibvhdi(['children/child.avhdx', 'base.vhdx'], size).equals(expected)).toBe(true);
    const { dataWriteGuid } = await described('base.vhdx');
    const { stdout } = ask('vhdiinfo', ['children/child.avhdx'], cwd);
    expect(/Parent identifier\s*: (\S+)/.exec(stdout)?.[1]).toBe(dataWriteGuid);
    expect(/Parent filename\s*: (\S+)/.exec(stdout)?.[1]).toMatch(/\\base\.vhdx$/);
    expect(/Disk type\s*: (\S+)/.exec(stdout)?.[1]).toBe('Differential');
  });
});
