import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inputsOf, parseShard } from '../../../runtime/cli/fleet/shard.js';
import { temporaryDirectory } from '../images.js';

const cwd = temporaryDirectory();

describe('--shard', () => {
  test.each([
    ['1/1', { number: 1, count: 1 }],
    ['2/8', { number: 2, count: 8 }],
    ['8/8', { number: 8, count: 8 }],
  ])('%s → %j', (text, shard) => {
    expect(parseShard(text, {})).toEqual(shard);
  });

  test.each(['0/2', '3/2', '1/0', '1', 'a/b', '-1/2', '1/2/3', '', 'auto'])('%j → refused', (text) => {
    expect(() => parseShard(text, {})).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });

  test.each<readonly [string, Readonly<Record<string, string>>, object]>([
    ['GitLab', { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '4' }, { number: 3, count: 4 }],
    ['Kubernetes', { JOB_COMPLETION_INDEX: '0', VHDX_SHARD_COUNT: '4' }, { number: 1, count: 4 }],
    ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '3', AWS_BATCH_JOB_ARRAY_SIZE: '4' }, { number: 4, count: 4 }],
    [
      'Slurm, --array=10-16:2',
      {
        SLURM_ARRAY_TASK_ID: '14',
        SLURM_ARRAY_TASK_COUNT: '4',
        SLURM_ARRAY_TASK_MIN: '10',
        SLURM_ARRAY_TASK_STEP: '2',
      },
      { number: 3, count: 4 },
    ],
  ])('auto in %s → its variables', (_name, env, shard) => {
    expect(parseShard('auto', env)).toEqual(shard);
  });

  test('auto without the number of shards → refused, and said what is missing', () => {
    expect(() => parseShard('auto', { JOB_COMPLETION_INDEX: '0' })).toThrow('VHDX_SHARD_COUNT has to say of how many');
    expect(() => parseShard('auto', { CI_NODE_INDEX: '5', CI_NODE_TOTAL: '4' })).toThrow('no share 5 of 4');
  });
});

describe('shares', () => {
  const inputs = Array.from({ length: 200 }, (_, index) => ({ image: `images/${index}.vhdx` }));
  const shares = (of: readonly { readonly image: string }[], count: number, by: 'name' | 'size') =>
    Promise.all(Array.from({ length: count }, (_, index) => inputsOf(of, { number: index + 1, count }, by)));

  test.each(['name', 'size'] as const)('by %s → each image in one of them, with its place', async (by) => {
    const all = (await shares(inputs, 7, by)).flat();
    expect(all.toSorted((one, other) => one.position - other.position)).toEqual(
      inputs.map((input, position) => ({ ...input, position })),
    );
  });

  test('by name → an image stays where it is when others come and go, or its signature changes', async () => {
    const [first = []] = await shares(inputs, 3, 'name');
    const [again = []] = await shares(inputs.slice(50), 3, 'name');
    const later = new Set(inputs.slice(50).map(({ image }) => image));
    expect(again.map(({ image }) => image)).toEqual(
      first.map(({ image }) => image).filter((image) => later.has(image)),
    );
    const url = 'https://host/a.vhdx';
    const numbers = async (image: string) => (await shares([{ image }], 5, 'name')).map(({ length }) => length);
    expect(await numbers(`${url}?sig=1`)).toEqual(await numbers(`${url}?sig=2`));
  });

  test('by size → as many bytes in each, as far as that goes', async () => {
    const files = [5, 4, 3, 3, 2, 1].map((size, index) => {
      const image = join(cwd, `${size}-${index}`);
      writeFileSync(image, '');
      truncateSync(image, size * 1000);
      return { image };
    });
    const bytes = (await shares(files, 3, 'size')).map((share) =>
      share.reduce((sum, { image }) => sum + Number(image.slice(cwd.length + 1).split('-')[0]), 0),
    );
    expect(bytes).toEqual([6, 6, 6]);
  });
});
