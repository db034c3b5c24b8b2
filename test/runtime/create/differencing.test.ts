import { describe, expect, test } from 'vitest';
import { VhdxGuid } from '../../../generated/index.js';
import { isZero } from '../../../runtime/base/bytes.js';
import { openDisk } from '../../../runtime/disk/disk.js';
import { GUIDS, parseGuid } from '../../../runtime/base/guid.js';
import { openVhdx } from '../../../runtime/image/open.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import type { CreateOptions } from '../../../runtime/create/create.js';
import { faults, made } from '../../support/created.js';
import { GIB, IDS, MIB, TestImage } from '../../support/image-builder.js';
import type { SparseSource } from '../../support/sparse-source.js';

describe('differencing', () => {
  const user = '12345678-9abc-4def-8123-456789abcdef';
  const parentImage = new TestImage({
    virtualSize: 48 * MIB + 512,
    physicalSectorSize: 512,
    items: [
      { id: user, bytes: Uint8Array.of(1, 2, 3), isUser: true, isVirtualDisk: true },
      { id: GUIDS.chsParameters, bytes: Uint8Array.of(4, 5), isVirtualDisk: true },
      { id: GUIDS.pmemLabelStorage, bytes: new Uint8Array(0), isVirtualDisk: true },
      { id: user, bytes: Uint8Array.of(9) },
    ],
  });
  const relativePath = String.raw`.\base.vhdx`;

  async function child(options: Partial<CreateOptions> = {}): Promise<SparseSource> {
    const image = await openVhdx(parentImage.source);
    return made({ parent: { image, relativePath }, ...options });
  }

  test('→ size, sectors and identity of the parent, blocks of 2 MiB', async () => {
    const file = await child();
    const { disk } = await openVhdx(file);
    expect(disk).toMatchObject({
      type: 'differencing',
      hasParent: true,
      leaveBlockAllocated: false,
      virtualSize: 48 * MIB + 512,
      blockSize: 2 * MIB,
      logicalSectorSize: 512,
      physicalSectorSize: 512,
      virtualDiskId: IDS.disk,
    });
    expect(file.size).toBe(4 * MIB);
    expect(await faults(file)).toEqual(['clean']);
  });

  test('the locator → the stored DataWriteGuid and the paths', async () => {
    const image = await openVhdx(parentImage.source);
    const paths = {
      relativePath,
      volumePath: String.raw`\\?\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\disks\base.vhdx`,
      absoluteWin32Path: String.raw`\\?\c:\disks\base.vhdx`,
    };
    const { parent } = await openVhdx(await made({ parent: { image, ...paths } }));
    expect(parent?.typeGuid).toBe(GUIDS.vhdxParentLocator);
    expect(parent?.entries.map(({ key, value }) => [key, value])).toEqual([
      ['parent_linkage', `{${IDS.dataWrite}}`],
      ['relative_path', paths.relativePath],
      ['volume_path', paths.volumePath],
      ['absolute_win32_path', paths.absoluteWin32Path],
    ]);
  });

  test('items of the virtual disk → copied with their flags; those of the parent file → not', async () => {
    const file = await child();
    const { items } = await openVhdx(file);
    const copied = items.filter(({ name }) => name === undefined);
    expect(copied.map(({ id, isUser, isVirtualDisk, length }) => [id, isUser, isVirtualDisk, length])).toEqual([
      [user, true, true, 3],
      [GUIDS.chsParameters, false, true, 2],
      [GUIDS.pmemLabelStorage, false, true, 0],
    ]);
    expect(file.bytes(copied[0]?.fileOffset ?? 0, 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  });

  test('read with its parent → the contents of the parent, zeros behind its end', async () => {
    const parent = new TestImage({ allocate: [1] });
    parent.source.write(new Uint8Array(MIB).fill(0xab), parent.dataOffset);
    const image = await openVhdx(parent.source);
    const file = await made({ size: 20 * MIB, parent: { image, relativePath } });
    const disk = await openDisk(file, { parent: async () => parent.source });
    const bytes = await readExactly(disk, 0, 20 * MIB);
    expect(bytes.subarray(MIB, 2 * MIB).every((byte) => byte === 0xab)).toBe(true);
    expect(isZero(bytes.subarray(0, MIB)) && isZero(bytes.subarray(2 * MIB))).toBe(true);
  });

  test('a BAT that ends with the entry of the last bitmap → room for it', async () => {
    // 4 GiB with sectors of 512 bytes are one chunk: 131,072 blocks of 1 MiB are 32 chunks of 4096 blocks and a bitmap.
    const parent = new TestImage({ virtualSize: 128 * GIB });
    const image = await openVhdx(parent.source);
    const file = await made({ parent: { image, relativePath }, blockSize: MIB });
    expect((await openVhdx(file)).bat.geometry.entries).toBe(131_072 + 32);
    expect(file.size).toBe((3 + 2) * MIB);
  });

  test.each([
    ['smaller than the parent', { size: 16 * MIB }, 'VHDX_CREATE_SIZE_INVALID'],
    ['other sectors', { logicalSectorSize: 4096 }, 'VHDX_PARENT_SECTOR_SIZE_MISMATCH'],
    ['fixed', { type: 'fixed' }, 'VHDX_CREATE_PARENT_UNEXPECTED'],
    ['dynamic', { type: 'dynamic' }, 'VHDX_CREATE_PARENT_UNEXPECTED'],
  ] as const)('%s → refused', async (_title, options, code) => {
    await expect(child(options)).rejects.toMatchObject({ code });
  });

  test.each([
    ['no path', {}],
    ['a slash', { relativePath: './base.vhdx' }],
    ['a drive in the relative path', { relativePath: String.raw`c:\base.vhdx` }],
    ['a bare path', { absoluteWin32Path: String.raw`c:\base.vhdx` }],
    ['a drive for a volume', { volumePath: String.raw`\\?\c:\base.vhdx` }],
    ['half a character', { relativePath: '.\\\ud800' }],
    ['a NUL', { relativePath: '.\\a\0b' }],
    ['more than the locator takes', { relativePath: `.\\${'x'.repeat(32_767)}` }],
  ])('%s → refused', async (_title, paths) => {
    const image = await openVhdx(parentImage.source);
    await expect(made({ parent: { image, ...paths } })).rejects.toMatchObject({
      code: 'VHDX_CREATE_PARENT_PATH_INVALID',
    });
  });

  test('a parent without a DataWriteGuid → refused, since no child could recognise it', async () => {
    const nameless = parentImage.copy();
    nameless.editHeader('both', (header) => {
      header.dataWriteGuid = VhdxGuid.create(parseGuid(GUIDS.zero));
    });
    const image = await openVhdx(nameless.source);
    await expect(made({ parent: { image, relativePath } })).rejects.toMatchObject({ code: 'VHDX_HEADER_GUID_ZERO' });
  });
});
