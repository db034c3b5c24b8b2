import { describe, expect, test } from 'vitest';
import { checkChain, type ChainReport } from '../../../runtime/check/chain-check.js';
import { VhdxError } from '../../../runtime/errors/errors.js';
import { buildChain, type ChainModel, resolverOf } from '../../support/chain-model.js';
import { IDS, MIB, type TestImage } from '../../support/image-builder.js';

/** Three images: a disk, its parent and that one's parent. */
const model: ChainModel = {
  blockSize: MIB,
  sectorSize: 512,
  levels: [
    { virtualSize: 4 * MIB, blocks: [{ state: 0 }, { state: 6 }] },
    { virtualSize: 4 * MIB, blocks: [{ state: 6 }] },
    { virtualSize: 4 * MIB, blocks: [{ state: 6 }, { state: 6 }] },
  ],
};

function chain(): [TestImage, TestImage, TestImage] {
  const [child, parent, base] = buildChain(model);
  if (child === undefined || parent === undefined || base === undefined) throw new Error('no chain');
  return [child, parent, base];
}

function check(images: readonly [TestImage, ...TestImage[]]): Promise<ChainReport> {
  return checkChain(images[0].source, { parent: resolverOf(images) });
}

function briefs({ findings }: ChainReport): string[] {
  return findings.map(({ rule, image }) => (image === undefined ? rule : `${rule} ${image}`));
}

describe('checkChain', () => {
  test('three images that fit → clean, the parents named by their distance', async () => {
    const report = await check(chain());
    expect(report).toMatchObject({
      verdict: 'clean',
      findings: [],
      checked: expect.arrayContaining(['parent-locator', 'bat']) as unknown,
    });
    expect(report.parents).toEqual([
      { image: 'parent 1', verdict: 'clean' },
      { image: 'parent 2', verdict: 'clean' },
    ]);
  });

  test('a fault in each image → all of them, each with its image, in the order of the chain', async () => {
    const images = chain();
    images[0].flip(64 * 1024 + 8);
    images[1].setBat(1, { state: 4 });
    images[2].flip(192 * 1024 + 40);
    const report = await check(images);
    expect(briefs(report)).toEqual(['B2', 'I5 parent 1', 'C1 parent 2']);
    expect(report.verdict).toBe('corrupt');
    expect(report.counts).toMatchObject({ error: 1, 'refuse-write': 2 });
    expect(report.parents.map(({ verdict }) => verdict)).toEqual(['corrupt', 'needs-attention']);
  });

  test('the parent of the parent is another one → said of the parent', async () => {
    const images = chain();
    images[2].editHeader('both', (header) => {
      header.dataWriteGuid.data1 = 0xdeadbeef;
    });
    expect(briefs(await check(images))).toEqual(['H13 parent 1']);
  });

  test('the parent of the parent is not there → H9 of the parent', async () => {
    const [child, parent] = chain();
    const report = await check([child, parent]);
    expect(briefs(report)).toEqual(['H9 parent 1']);
    expect(report.verdict).toBe('needs-attention');
  });

  test('a parent that is no VHDX → corrupt', async () => {
    const images = chain();
    images[1].flip(0);
    expect(await check(images)).toMatchObject({
      verdict: 'corrupt',
      parents: [{ image: 'parent 1', verdict: 'not-vhdx' }],
    });
  });

  test('another disk ID → G17; both linkages of an interrupted merge → accepted', async () => {
    const images = chain();
    images[1].setItem('beca12ab-b2e6-4523-93ef-c309e000c746', new Uint8Array(16).fill(9));
    expect(briefs(await check(images))).toEqual(['G17', 'G17 parent 1']);
  });

  test('more findings of a kind than are kept → counted over the whole chain', async () => {
    const images = chain();
    for (const image of images) for (let block = 0; block < 4; block += 1) image.setBat(block, { state: 4 });
    const report = await checkChain(images[0].source, { parent: resolverOf(images), findingsPerGroup: 2 });
    expect(report.findings.filter(({ rule }) => rule === 'I5')).toHaveLength(2);
    expect(report.groups.find(({ rule }) => rule === 'I5')).toMatchObject({ count: 12, shown: 2 });
  });

  test('a parent with a log to replay → judged as it will be, linkage as it is stored', async () => {
    const [child, parent] = buildChain({ ...model, levels: model.levels.slice(1) }, { logGuid: IDS.log });
    if (child === undefined || parent === undefined) throw new Error('no chain');
    for (const image of [child, parent]) image.addLogEntry(0, { sequenceNumber: 1n });
    expect(briefs(await check([child, parent]))).toEqual(['E12', 'J5', 'E12 parent 1']);
  });

  test('a disk without a parent → its own report', async () => {
    const [, , base] = chain();
    expect(await check([base])).toMatchObject({ verdict: 'clean', parents: [] });
  });

  test.each([
    ['the host', new VhdxError('VHDX_SOURCE_IO', { message: 'The disk has gone.' })],
    ['the resolver', new RangeError('mine')],
  ])('an error of %s → thrown on, no finding', async (_, error) => {
    const [child] = chain();
    await expect(checkChain(child.source, { parent: () => Promise.reject(error) })).rejects.toBe(error);
  });

  test('parents → closed, the image itself is not', async () => {
    const images = chain();
    const closed: number[] = [];
    const sources = images.map((image, level) => ({
      size: image.size,
      read: (into: Uint8Array, position: number) => image.source.read(into, position),
      close: () => Promise.resolve(void closed.push(level)),
    }));
    const [first] = sources;
    if (first === undefined) throw new Error('no chain');
    await checkChain(first, { parent: ({ path }) => Promise.resolve(sources[Number(/\d+/.exec(path)?.[0])]) });
    expect(closed).toEqual([1, 2]);
  });
});
