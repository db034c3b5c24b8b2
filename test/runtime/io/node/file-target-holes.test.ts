/** Storage that a file gives back to the host, and hosts that cannot take it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { NativeExtensions } from '../../../../runtime/io/node/native-extensions.js';
import { openFileForWriting } from '../../../../runtime/node.js';
import { codeOf } from '../../../support/reason.js';
import { MIB } from '../../../support/units.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-holes-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.doUnmock('../../../../runtime/io/node/native-extensions.js');
});

const path = join(folder, 'file');

function load(): NativeExtensions | undefined {
  try {
    return createRequire(import.meta.url)('fs-native-extensions') as NativeExtensions;
  } catch {
    return undefined;
  }
}
const extensions = load();

test.skipIf(extensions === undefined)(
  'discard → a hole that reads as zeros, in a file of the same length',
  async () => {
    writeFileSync(path, new Uint8Array(3 * MIB).fill(7));
    const before = statSync(path);
    const target = await openFileForWriting(path);
    try {
      await target.discard?.(MIB, MIB);
      await target.flush();
    } finally {
      await target.close?.();
    }
    const bytes = readFileSync(path);
    expect(bytes.subarray(0, MIB).every((byte) => byte === 7)).toBe(true);
    expect(bytes.subarray(MIB, 2 * MIB).every((byte) => byte === 0)).toBe(true);
    expect(bytes.subarray(2 * MIB).every((byte) => byte === 7)).toBe(true);
    expect(bytes).toHaveLength(3 * MIB);
    if (process.platform === 'linux') expect((before.blocks - statSync(path).blocks) * 512).toBe(MIB);
  },
);

test.skipIf(extensions === undefined)('discard of no bytes → nothing is changed', async () => {
  writeFileSync(path, new Uint8Array(5000).fill(7));
  const target = await openFileForWriting(path);
  await target.discard?.(0, 0);
  await target.close?.();
  expect(readFileSync(path).equals(Buffer.alloc(5000, 7))).toBe(true);
});

test.each([
  ['ENOTSUP', 'VHDX_TARGET_NO_HOLES', undefined],
  ['EOPNOTSUPP', 'VHDX_TARGET_NO_HOLES', undefined],
  ['ENOSYS', 'VHDX_TARGET_NO_HOLES', undefined],
  ['EISDIR', 'VHDX_TARGET_NO_HOLES', undefined],
  ['ENOSPC', 'VHDX_TARGET_FULL', undefined],
  ['EIO', 'VHDX_TARGET_IO', 'VHDX_TARGET_IO'],
])('the host says %s → %s, and a write then: %s', async (code, expected, later) => {
  if (extensions === undefined) return;
  writeFileSync(path, new Uint8Array(5000).fill(7));
  vi.spyOn(extensions, 'trim').mockRejectedValue(Object.assign(new Error(code), { code }));
  const target = await openFileForWriting(path);
  try {
    expect(await codeOf(target.discard?.(0, 4096) ?? Promise.resolve())).toBe(expected);
    const written = await target.write(Uint8Array.of(1), 0).then(
      () => undefined,
      async (error: unknown) => codeOf(Promise.reject(error)),
    );
    expect(written).toBe(later);
  } finally {
    await target.close?.();
  }
});

test('fs-native-extensions is not there → VHDX_TARGET_NO_HOLES, and nothing is changed', async () => {
  writeFileSync(path, new Uint8Array(5000).fill(7));
  vi.resetModules();
  vi.doMock('../../../../runtime/io/node/native-extensions.js', () => ({ nativeExtensions: () => undefined }));
  const { NodeFileTarget } = await import('../../../../runtime/io/node/file-target.js');
  const target = await NodeFileTarget.open(path);
  try {
    await expect(target.discard(0, 4096)).rejects.toMatchObject({
      code: 'VHDX_TARGET_NO_HOLES',
      message: expect.stringContaining('fs-native-extensions'),
    });
  } finally {
    await target.close();
  }
  expect(readFileSync(path).equals(Buffer.alloc(5000, 7))).toBe(true);
});
