import { describe, expect, test } from 'vitest';
import {
  applyPlan,
  checkImage,
  inspectImage,
  openDisk,
  planRebase,
  readExactly,
  rebaseImage,
} from '../../../runtime/index.js';
import type { ParentResolver } from '../../../runtime/disk/chain.js';
import { formatGuid } from '../../../runtime/base/guid.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';
import { NEW_PATH, rebased, type Rebased } from '../../support/rebased.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { currentHeaderOf } from '../../support/replay-model.js';

async function contents(target: RecordingTarget, parent: ParentResolver): Promise<Buffer> {
  return Buffer.from(await readExactly(await openDisk(target, { parent }), 0, 6 * MIB));
}

function start(made: Rebased = rebased()): Rebased & { readonly target: RecordingTarget } {
  return { ...made, target: new RecordingTarget(made.image.source) };
}

async function expectSound(target: RecordingTarget): Promise<void> {
  const { findings } = await checkImage(target);
  expect(findings.filter(({ severity }) => severity !== 'info').map(({ message }) => message)).toEqual([]);
}

describe('rebaseImage', () => {
  test('the parent that the child was made for, elsewhere → a new locator; nothing that users see changes', async () => {
    const { target, oldParent, image, linkages } = start();
    const { plan } = await rebaseImage(target, { newParent: oldParent, relativePath: NEW_PATH });
    expect([plan.changesContents, plan.copiedBlocks]).toEqual([false, 0]);
    const info = await inspectImage(target);
    expect(info.parent?.entries.map(({ key, value }) => [key, value])).toEqual([
      ['parent_linkage', `{${linkages.old}}`],
      ['relative_path', NEW_PATH],
    ]);
    expect(formatGuid(currentHeaderOf(image.source)?.dataWriteGuid ?? expect.fail())).toBe(IDS.dataWrite);
    await expectSound(target);
    expect((await rebaseImage(target, { newParent: oldParent, relativePath: NEW_PATH })).changed).toBe(false);
  });

  test('another parent → refused, and nothing written', async () => {
    const { target, newParent } = start();
    expect(await codeOf(rebaseImage(target, { newParent, relativePath: NEW_PATH }))).toBe(
      'VHDX_PARENT_LINKAGE_MISMATCH',
    );
    expect(target.operations).toEqual([]);
  });

  test('ignoreIdMismatch → a notice of what differs, a new DataWriteGuid, and the contents of the new parent', async () => {
    const { target, newParent, resolver, linkages, image } = start();
    const plan = await planRebase(target, { newParent, relativePath: NEW_PATH, ignoreIdMismatch: true });
    expect(plan.notices.join(' ')).toContain(linkages.new);
    await applyPlan(target, plan);
    expect(formatGuid(currentHeaderOf(image.source)?.dataWriteGuid ?? expect.fail())).not.toBe(IDS.dataWrite);
    const bytes = await contents(target, resolver);
    expect([0, 2, 3, 4, 5].map((block) => bytes[block * MIB])).toEqual([0xc0, 0, 4, 0, 7]);
    await expectSound(target);
  });

  test.each([512, 4096] as const)(
    'flatten, sectors of %d → the contents stay, under the new parent',
    async (sectorSize) => {
      const { target, newParent, resolver, image } = start(
        rebased(undefined, undefined, { logicalSectorSize: sectorSize }),
      );
      const before = await contents(target, resolver);
      const { plan } = await rebaseImage(
        target,
        { newParent, relativePath: NEW_PATH, flatten: true },
        { parent: resolver },
      );
      // Block 1 in part, 4 and 5; block 0 is the child's, 2 zero, and in 3 the parents agree.
      expect(plan.copiedBlocks).toBe(3);
      expect(plan.newFileSize).toBe(target.size);
      expect((await contents(target, resolver)).equals(before)).toBe(true);
      expect(formatGuid(currentHeaderOf(image.source)?.dataWriteGuid ?? expect.fail())).toBe(IDS.dataWrite);
      await expectSound(target);
    },
  );

  test('flatten, the old parent is not there → refused, nothing written', async () => {
    const { target, newParent } = start();
    const request = { newParent, relativePath: NEW_PATH, flatten: true };
    expect((await planRebase(target, request)).refusals).toMatchObject([{ code: 'VHDX_PARENT_NOT_FOUND' }]);
    expect(await codeOf(rebaseImage(target, request))).toBe('VHDX_PARENT_NOT_FOUND');
    expect(target.operations).toEqual([]);
  });

  test('the new parent is shorter and longer than the old one → contents stay with flatten', async () => {
    for (const values of [
      [1, 2],
      [1, 2, 3, 4, 5, 0, 8, 8],
    ]) {
      const { target, newParent, resolver } = start(rebased(undefined, values));
      const before = await contents(target, resolver);
      await rebaseImage(target, { newParent, relativePath: NEW_PATH, flatten: true }, { parent: resolver });
      expect((await contents(target, resolver)).equals(before)).toBe(true);
    }
  });

  test('sectors of another size → refused', async () => {
    const { target } = start();
    const { newParent } = rebased(undefined, undefined, { logicalSectorSize: 4096 });
    const request = { newParent, relativePath: NEW_PATH, ignoreIdMismatch: true };
    expect(await codeOf(rebaseImage(target, request))).toBe('VHDX_PARENT_SECTOR_SIZE_MISMATCH');
  });

  test('the image itself, and a chain that leads back to it → refused', async () => {
    const { target, image, linkages } = start();
    expect(await codeOf(rebaseImage(target, { newParent: target, relativePath: NEW_PATH }))).toBe('VHDX_CHAIN_CYCLE');
    const grandchild = new TestImage({
      type: 'differencing',
      parent: [
        ['parent_linkage', `{${IDS.dataWrite}}`],
        ['relative_path', '.\\child.vhdx'],
      ],
    });
    expect(linkages.old).not.toBe(IDS.dataWrite);
    const request = { newParent: grandchild.source, relativePath: NEW_PATH, ignoreIdMismatch: true };
    const cyclic = rebaseImage(target, request, { parent: () => Promise.resolve(target) });
    expect(await codeOf(cyclic)).toBe('VHDX_CHAIN_CYCLE');
    expect(await codeOf(rebaseImage(target, request))).toBe('VHDX_PARENT_NOT_FOUND');
    expect(image.source.size).toBe(target.size);
    expect(target.operations).toEqual([]);
  });

  test('a disk that is no child → VHDX_REBASE_NO_CHILD', async () => {
    const { newParent } = rebased();
    const target = new RecordingTarget(new TestImage().source);
    expect(await codeOf(rebaseImage(target, { newParent, relativePath: NEW_PATH }))).toBe('VHDX_REBASE_NO_CHILD');
  });

  test('no gap in the metadata region → VHDX_REBASE_NO_ROOM', async () => {
    const full = Array.from({ length: 15 }, (_, index) => ({
      id: `7e57ab1e-0000-4000-8000-1000000000${(16 + index).toString(16)}`,
      bytes: new Uint8Array(64 * 1024 - (index === 14 ? 900 : 0)).fill(1),
      isUser: true,
    }));
    const { target, oldParent } = start(rebased(undefined, undefined, { items: full }));
    const relativePath = `.\\${'x'.repeat(400)}`;
    expect(await codeOf(rebaseImage(target, { newParent: oldParent, relativePath }))).toBe('VHDX_REBASE_NO_ROOM');
    expect(target.operations).toEqual([]);
  });

  test('no path, or one of another kind than its key → VHDX_CREATE_PARENT_PATH_INVALID', async () => {
    const { target, oldParent } = start();
    expect(await codeOf(rebaseImage(target, { newParent: oldParent }))).toBe('VHDX_CREATE_PARENT_PATH_INVALID');
    expect(target.operations).toEqual([]);
  });
});
