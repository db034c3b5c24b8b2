/** A file that the host fails to change: what the target says then, and later. */
import fs, { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { ByteTarget } from '../../../../runtime/io/byte-target.js';
import { openFileForWriting } from '../../../../runtime/node.js';
import { codeOf, reasonOf } from '../../../support/reason.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-file-target-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const path = join(folder, 'file');
const BYTES = Uint8Array.of(1, 2, 3);

/** What makes the host fail once, in this way, when a file is changed. */
function failOnce(method: 'write' | 'sync' | 'truncate', code: string): void {
  const fault = Object.assign(new Error(`${code}: failed`), { code });
  if (method === 'sync') {
    vi.spyOn(fs, 'fsync').mockImplementationOnce((_fd, done) => {
      done(fault);
    });
  } else {
    vi.spyOn(fs, method === 'write' ? 'writeSync' : 'ftruncateSync').mockImplementationOnce(() => {
      throw fault;
    });
  }
  syncBuiltinESMExports();
}

const write = (target: ByteTarget): Promise<void> => target.write(BYTES, 0);
const flush = (target: ByteTarget): Promise<void> => target.flush();
const truncate = (target: ByteTarget): Promise<void> => target.truncate(1);

test.each([
  ['write', 'write', 'EIO', 'VHDX_TARGET_IO', write],
  ['truncate', 'truncate', 'EIO', 'VHDX_TARGET_IO', truncate],
  ['flush', 'sync', 'EIO', 'VHDX_TARGET_IO', flush],
  // What was written before may be lost then.
  ['flush', 'sync', 'ENOSPC', 'VHDX_TARGET_FULL', flush],
] as const)('%s: %s fails with %s → %s, and the same for every later change', async (_, method, code, ours, change) => {
  writeFileSync(path, 'bytes');
  const target = await openFileForWriting(path);
  failOnce(method, code);
  const fault = await reasonOf(change(target));
  expect(fault).toMatchObject({ code: ours });
  for (const later of [write, flush, truncate]) expect(await reasonOf(later(target))).toBe(fault);
  await target.close();
});

test.each([
  ['write', 'ENOSPC', write],
  ['write', 'EDQUOT', write],
  ['write', 'EFBIG', write],
  ['truncate', 'ENOSPC', truncate],
] as const)(
  '%s fails with %s: no room → VHDX_TARGET_FULL, and later changes are made',
  async (method, code, change) => {
    writeFileSync(path, 'bytes');
    const target = await openFileForWriting(path);
    failOnce(method, code);
    expect(await codeOf(change(target))).toBe('VHDX_TARGET_FULL');
    for (const later of [write, flush, truncate]) expect(await codeOf(later(target))).toBe('done');
    await target.close();
  },
);
