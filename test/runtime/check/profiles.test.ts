import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import type { Profile } from '../../../runtime/check/profiles.js';
import type { ByteSource } from '../../../runtime/io/byte-source.js';
import { brief } from '../../support/findings.js';
import { GIB, MIB, TestImage } from '../../support/image-builder.js';

/** What the profiles add to what is found without them. */
async function added(image: TestImage | ByteSource, ...profiles: Profile[]): Promise<string[]> {
  const source = 'source' in image ? image.source : image;
  const without = (await checkImage(source)).findings.map(brief);
  const all = (await checkImage(source, { profiles })).findings.map(brief);
  expect(all.slice(0, without.length)).toEqual(without);
  return all.slice(without.length);
}

/** The image as a host has it that spends `allocated` bytes on it, with or without the attribute of Windows. */
function onHost({ source }: TestImage, allocated: number, hostSparseAttribute = false): ByteSource {
  const read = (into: Uint8Array, position: number): Promise<number> => source.read(into, position);
  return { size: source.size, hostAllocatedSize: allocated, hostSparseAttribute, read };
}

describe('spec', () => {
  test('any image → what is found without a profile', async () => {
    expect(await added(onHost(new TestImage({ virtualSize: MIB + 512 }), 4096), 'spec')).toEqual([]);
  });
});

describe('hyperv', () => {
  test('a plain image → nothing', async () => {
    expect(await added(new TestImage({ allocate: [0, 5] }), 'hyperv')).toEqual([]);
  });

  test('a sparse host file → HV1, needs attention', async () => {
    const image = onHost(new TestImage({ allocate: [0, 5] }), 64 * 1024, true);
    expect(await added(image, 'hyperv')).toEqual(['HV1 refuse-write']);
    expect((await checkImage(image, { profiles: ['hyperv'] })).verdict).toBe('needs-attention');
  });

  test('a host file with holes, but without the attribute of Windows → A9 once, clean', async () => {
    const image = onHost(new TestImage({ allocate: [0, 5] }), 64 * 1024);
    expect(await added(image, 'hyperv', 'wsl')).toEqual([]);
    const report = await checkImage(image, { profiles: ['hyperv', 'wsl'] });
    expect([report.verdict, report.findings.map(brief)]).toEqual(['clean', ['A9 info']]);
  });

  test('a host file that takes some KiB less than it is long → nothing', async () => {
    const image = new TestImage();
    expect(await added(onHost(image, image.size - 4096), 'hyperv')).toEqual([]);
  });

  test.each([
    [2, 9, ['HV2 refuse-write']],
    [2, 0, []],
    [0, 9, []],
  ])('a block in state %i with the offset %i MiB → %j', async (state, fileOffsetMb, expected) => {
    const image = new TestImage({ allocate: [0] }).setBat(3, { state, fileOffsetMb });
    expect(await added(image, 'hyperv')).toEqual(expected);
    expect(await added(image, 'wsl')).toEqual(expected);
  });

  test('many such blocks → one finding with their number', async () => {
    const image = new TestImage();
    for (let block = 0; block < 16; block += 1) image.setBat(block, { state: 2, fileOffsetMb: 4 });
    const { findings } = await checkImage(image.source, { profiles: ['hyperv'] });
    const found = findings.filter(({ rule }) => rule === 'HV2');
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toMatch(/^16 blocks are in state ZERO .* the first is bat\[0\]/);
  });
});

describe('azure', () => {
  test.each([
    ['64 MiB', new TestImage({ virtualSize: 64 * MIB }), []],
    ['20 MiB', new TestImage({ virtualSize: 20 * MIB }), []],
    ['less than 20 MiB', new TestImage({ virtualSize: 19 * MIB }), ['AZ3 refuse-write']],
    ['32767 GiB', new TestImage({ virtualSize: 32_767 * GIB, blockSize: 256 * MIB }), []],
    [
      'a MiB more than 32767 GiB',
      new TestImage({ virtualSize: 32_767 * GIB + MIB, blockSize: 256 * MIB }),
      ['AZ3 refuse-write'],
    ],
    ['no whole MiB', new TestImage({ virtualSize: 64 * MIB + 512 }), ['AZ2 refuse-write']],
    ['sectors of 4 KiB', new TestImage({ virtualSize: 64 * MIB, logicalSectorSize: 4096 }), ['AZ4 refuse-write']],
    ['a differencing disk', new TestImage({ virtualSize: 64 * MIB, type: 'differencing' }), ['AZ5 refuse-write']],
  ] as const)('%s → as expected', async (_title, image, expected) => {
    expect(await added(image, 'azure')).toEqual(['AZ1 info', ...expected]);
  });
});

describe('wsl', () => {
  test('a sparse host file → WSL1; with hyperv too both', async () => {
    const image = onHost(new TestImage({ allocate: [0] }), 4096, true);
    expect(await added(image, 'wsl')).toEqual(['WSL1 refuse-write']);
    expect(await added(image, 'hyperv', 'wsl')).toEqual(['HV1 refuse-write', 'WSL1 refuse-write']);
  });
});

test('a damaged image → its own findings too, no exception', async () => {
  const image = new TestImage();
  image.poke(0x30000, 0);
  image.poke(0x40000, 0);
  expect(await added(image, 'hyperv', 'azure', 'wsl')).toEqual(['AZ1 info']);
});
