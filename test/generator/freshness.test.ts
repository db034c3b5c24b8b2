/** `generated/` is what the schemas make, and `npm run generate -- --check` says where it is not. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compile } from 'ksy-ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const schemas = readdirSync(join(root, 'schemas'))
  .filter((name) => name.endsWith('.ksy'))
  .map((name) => join(root, 'schemas', name));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vhdx-generated-'));
  cpSync(join(root, 'generated'), folder, { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What the command says of the copy, and its exit code. */
function check(): { status: number | null; stderr: string } {
  const command = join(root, 'generator/dist/cli.js');
  const { status, stderr } = spawnSync(
    process.execPath,
    [command, '--outdir', folder, '--index', '--reflection', '--check', ...schemas],
    {
      encoding: 'utf8',
    },
  );
  return { status, stderr };
}

test('committed output → fresh', () => {
  expect(check()).toEqual({ status: 0, stderr: '' });
});

test('changed, missing and orphaned files → each is named, exit 1', () => {
  const header = join(folder, 'vhdx_header.ts');
  writeFileSync(header, readFileSync(header, 'utf8').replace('0x68656164', '0x68656165'));
  rmSync(join(folder, 'vhdx_guid.ts'));
  writeFileSync(join(folder, 'vhdx_old.ts'), readFileSync(join(folder, 'vhdx_log_ring.ts')));
  const { status, stderr } = check();
  expect(status).toBe(1);
  expect(stderr).toContain(`stale: ${header}`);
  expect(stderr).toContain(`missing: ${join(folder, 'vhdx_guid.ts')}`);
  expect(stderr).toContain(`orphaned: ${join(folder, 'vhdx_old.ts')}`);
});

test('changed support module → stale', () => {
  const stream = join(folder, 'kaitai', 'stream.ts');
  writeFileSync(stream, '// empty\n');
  expect(check()).toMatchObject({ status: 1, stderr: expect.stringContaining(`stale: ${stream}`) as string });
});

test('checking → writes nothing', () => {
  rmSync(join(folder, 'vhdx_guid.ts'));
  const before = readdirSync(folder);
  check();
  expect(readdirSync(folder)).toEqual(before);
});

test('output → the same in every order of the schemas, with no path, version or date of the run', () => {
  const importer = { read: (path: string): string => readFileSync(path, 'utf8') };
  const forward = compile({ files: schemas, importer, index: true }).files;
  const backward = compile({ files: schemas.toReversed(), importer, index: true }).files;
  expect(backward).toEqual(forward);
  for (const { content } of forward) {
    expect(content).not.toContain(root);
    expect(content).not.toContain('\r');
    expect(content).not.toMatch(/\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b/);
  }
});
