/** Healthy images: whatever wrote them, a check finds neither an error nor a reason not to write. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkChain } from '../../runtime/check/chain-check.js';
import { type CheckReport, checkImage } from '../../runtime/check/check.js';
import { openDisk } from '../../runtime/disk/disk.js';
import { openFile } from '../../runtime/node.js';
import type { ByteSource } from '../../runtime/io/byte-source.js';
import { temporaryDirectory } from '../cli/images.js';
import { buildChain, resolverOf } from '../support/chain-model.js';
import { GIB, type ImageSpec, KIB, MIB, TestImage, TIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { noRealImages, realImage } from '../support/real-images.js';
import { ask, without } from './peers.js';

const cwd = temporaryDirectory();

/** Findings that would be false alarms. */
function alarms({ findings }: CheckReport): string[] {
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'refuse-write')
    .map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`);
}

/** Checks a file, and reads a little of the disk at both ends. */
async function checkFile(path: string): Promise<CheckReport> {
  const source = await openFile(path);
  try {
    const report = await checkImage(source);
    await readEnds(source);
    return report;
  } finally {
    await source.close();
  }
}

async function readEnds(source: ByteSource): Promise<void> {
  const disk = await openDisk(source);
  const bytes = new Uint8Array(512);
  await disk.read(bytes, 0);
  await disk.read(bytes, Math.max(0, disk.size - bytes.length));
}

const SEED = 20_261_122;
const BATCHES = 16;
const BATCH = 20;
let checked = 0;
let writes = 0;
afterAll(() => process.stderr.write(`false alarms: ${checked} images of QEMU with ${writes} writes, seed ${SEED}\n`));

/** What an image is made with, and the commands that are carried out on it in one run of qemu-io. */
interface Recipe {
  readonly create: readonly string[];
  readonly commands: readonly string[];
}

function recipe(random: Random): Recipe {
  const isFixed = random.oneIn(5);
  const blockSize = random.pick([1, 1, 2, 4, 8, 16, 32, 64, 256]) * MIB;
  // A BAT of more than some MiB takes its time, and has nothing that a smaller one has not.
  const largest = isFixed ? 96 * MIB : Math.min(64 * TIB, blockSize * 2 ** 20);
  const roundest = random.pick([512, 4096, MIB, blockSize]);
  const size = Math.max(512, Math.floor(random.below(2 ** random.below(Math.log2(largest))) / roundest) * roundest);
  const options = [
    `subformat=${isFixed ? 'fixed' : 'dynamic'}`,
    `block_size=${blockSize}`,
    `log_size=${random.pick([1, 1, 1, 2, 8, 64])}M`,
    ...(random.oneIn(2) ? ['block_state_zero=off'] : []),
  ].join(',');
  const commands = Array.from({ length: random.below(16) }, () => command(random, size));
  return { create: ['-o', options, String(size)], commands };
}

function command(random: Random, size: number): string {
  const offset = Math.floor(random.below(size) / 512) * 512;
  const longest = random.pick([512, 64 * KIB, 3 * MIB]);
  const length = Math.max(512, Math.floor(Math.min(size - offset, 1 + random.below(longest)) / 512) * 512);
  const range = `${offset} ${length}`;
  return random.pick([
    `write -P ${random.below(256)} ${range}`,
    `write -P ${random.below(256)} ${range}`,
    `write -z ${range}`,
    `discard ${range}`,
    `read ${range}`,
    'flush',
  ]);
}

function make(name: string, { create, commands }: Recipe, last: readonly string[] = []): void {
  const [option = '', options = '', size = ''] = create;
  const made = ask('qemu-img', ['create', '-q', '-f', 'vhdx', option, options, name, size], cwd);
  expect({ create, ...made }).toMatchObject({ exitCode: 0, stderr: '' });
  if (commands.length + last.length === 0) return;
  const run = ask('qemu-io', ['-f', 'vhdx', ...[...commands, ...last].flatMap((each) => ['-c', each]), name], cwd);
  if (last.length === 0) expect({ create, commands, ...run }).toMatchObject({ exitCode: 0 });
  writes += commands.filter((each) => each.startsWith('write')).length;
}

describe.skipIf(without('qemu-img'))('images of QEMU', () => {
  test.each(Array.from({ length: BATCHES }, (_, batch) => batch))(
    `batch %i of ${BATCH}, closed → no alarm`,
    async (batch) => {
      const random = new Random(SEED + batch);
      for (let index = 0; index < BATCH; index += 1) {
        const name = `${batch}-${index}.vhdx`;
        const made = recipe(random);
        make(name, made);
        const report = await checkFile(join(cwd, name));
        expect({ ...made, alarms: alarms(report) }).toEqual({ ...made, alarms: [] });
        checked += 1;
        rmSync(join(cwd, name));
      }
    },
    120_000,
  );

  test('20 images left behind by a process that was aborted → a pending log at most', async () => {
    const random = new Random(SEED + BATCHES);
    for (let index = 0; index < 20; index += 1) {
      const name = `aborted-${index}.vhdx`;
      const made = recipe(random);
      make(name, made, ['abort']);
      const report = await checkFile(join(cwd, name));
      const others = alarms(report).filter((text) => !text.startsWith('E12 '));
      expect({ ...made, others }).toEqual({ ...made, others: [] });
      checked += 1;
      rmSync(join(cwd, name));
    }
  }, 120_000);
});

describe.skipIf(noRealImages !== undefined)(`real images (${noRealImages ?? 'at hand'})`, () => {
  test.each([
    'iotest-dynamic-1G',
    'test-disk2vhd',
    'swap',
    'btrfs',
    'qemu-5.2-convert-6G',
    'qemu-5.2-issue727-shifted-900M',
  ] as const)('%s → no alarm', async (name) => {
    expect(alarms(await checkFile(realImage(name)))).toEqual([]);
  });

  test.each(['iotest-dirtylog-10G-4M', 'vhdx-log-replay'] as const)(
    '%s → a pending log and nothing else',
    async (name) => {
      const found = alarms(await checkFile(realImage(name)));
      expect(found.map((text) => text.slice(0, 16))).toEqual(['E12 refuse-write']);
    },
  );
});

/** As Hyper-V makes one: blocks of 32 MiB, sectors of 512 and 4096 bytes, a BAT without states but 0 and 6. */
const HYPER_V: ImageSpec = {
  creator: 'Microsoft Windows 10.0.20348.0',
  blockSize: 32 * MIB,
  virtualSize: 127 * GIB,
  allocate: [0, 1, 3, 200, 2],
};

function anchored(image: TestImage): TestImage {
  for (const [block, state] of [
    [7, 1],
    [9, 3],
    [12, 3],
  ] as const) {
    image.setBat(image.payloadIndex(block), { state, fileOffsetMb: image.append(image.blockSize) });
  }
  return image;
}

const BUILT: readonly (readonly [string, () => TestImage])[] = [
  ['as Hyper-V makes it', () => new TestImage(HYPER_V)],
  [
    'as Hyper-V makes it, fixed',
    () =>
      new TestImage({
        type: 'fixed',
        creator: 'Microsoft Windows 10.0.20348.0',
        blockSize: 32 * MIB,
        virtualSize: GIB,
      }),
  ],
  ['without blocks', () => new TestImage({ virtualSize: GIB })],
  ['soft anchors', () => anchored(new TestImage({ allocate: [0, 1] }))],
  [
    'sectors of 4096 bytes',
    () =>
      new TestImage({ logicalSectorSize: 4096, virtualSize: 40 * GIB, blockSize: 32 * MIB, allocate: [0, 1023, 1024] }),
  ],
  ['several chunks', () => new TestImage({ virtualSize: 9 * GIB, allocate: [0, 4095, 4096, 8191, 8192] })],
  ['several chunks, fixed', () => new TestImage({ type: 'fixed', blockSize: 256 * MIB, virtualSize: 9 * GIB })],
  ['64 TiB in blocks of 1 MiB', () => new TestImage({ virtualSize: 64 * TIB, allocate: [0, 4096, 64 * 2 ** 20 - 1] })],
  [
    '64 TiB in blocks of 256 MiB',
    () => new TestImage({ virtualSize: 64 * TIB, blockSize: 256 * MIB, allocate: [0, 262_143] }),
  ],
  ['one sector', () => new TestImage({ virtualSize: 512, allocate: [0] })],
  ['the last block used in part', () => new TestImage({ virtualSize: 15 * MIB + 512, allocate: [15, 3] })],
  ['a log of 64 MiB with leftovers', () => withLeftovers(new TestImage({ logLength: 64 * MIB }))],
  [
    'a truncated last block, as old QEMU leaves it',
    () => shortened(new TestImage({ virtualSize: 15 * MIB + 512, allocate: [15] })),
  ],
];

/** Entries of earlier sessions: with a LogGuid of zero they mean nothing. */
function withLeftovers(image: TestImage): TestImage {
  for (let entry = 0; entry < 8; entry += 1) image.addLogEntry(entry * 65_536, { sequenceNumber: BigInt(entry + 1) });
  return image;
}

function shortened(image: TestImage): TestImage {
  image.size -= 512 * KIB;
  return image;
}

describe('images of the builder', () => {
  test.each(BUILT)('%s → no alarm', async (_, build) => {
    const image = build();
    expect(alarms(await checkImage(image.source))).toEqual([]);
    await readEnds(image.source);
  });

  test.each([512, 4096] as const)('a chain of three with sectors of %i bytes → no alarm', async (sectorSize) => {
    const blocks = [{ state: 6 }, { state: 0 }, { state: 2 }] as const;
    const partial = { state: 7, pattern: [true, false, false] } as const;
    const [leaf, ...parents] = buildChain({
      blockSize: MIB,
      sectorSize,
      levels: [
        { virtualSize: 8 * MIB, blocks: [partial, ...blocks] },
        { virtualSize: 4 * MIB, blocks: [...blocks, partial] },
        { virtualSize: 4 * MIB, blocks },
      ],
    });
    if (leaf === undefined) throw new Error('a chain has a leaf');
    const parent = resolverOf([leaf, ...parents]);
    const report = await checkChain(leaf.source, { parent });
    expect(alarms(report)).toEqual([]);
    expect(report.parents.map(({ verdict }) => verdict)).toEqual(['clean', 'clean']);
  });
});
