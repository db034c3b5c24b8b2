import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { batEntry, damagedHeaders, FIXTURE, pendingLog, temporaryDirectory, withBatEntries } from './images.js';
import { golden, session } from './transcript.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'clean.vhdx'));
  writeFileSync(join(cwd, 'pending.vhdx'), pendingLog());
  writeFileSync(join(cwd, 'no-header.vhdx'), damagedHeaders(0, 1));
  writeFileSync(join(cwd, 'overlap.vhdx'), withBatEntries([batEntry(6, 8), batEntry(6, 8)]));
  writeFileSync(join(cwd, 'zeros.img'), new Uint8Array(4096));
});

describe('vhdx tree', () => {
  test('a clean image → every structure', async () => {
    await expect(await session(['vhdx tree clean.vhdx'], { cwd })).toMatchFileSnapshot(golden('tree'));
  });

  test('a path → that alone; a field whole', async () => {
    const commands = ['headers[1]', 'bat[1]', 'headers[0].reserved', 'log', 'metadata_table.entries[0].offset'];
    const run = await session(
      commands.map((path) => `vhdx tree clean.vhdx ${path}`),
      { cwd },
    );
    await expect(run).toMatchFileSnapshot(golden('tree-paths'));
  });

  test('findings → under what they are about, the rest at the end', async () => {
    const run = await session(
      ['vhdx tree overlap.vhdx bat', 'vhdx tree pending.vhdx log', 'vhdx tree no-header.vhdx headers'],
      { cwd },
    );
    await expect(run).toMatchFileSnapshot(golden('tree-findings'));
  });

  test('--json → a list of objects', async () => {
    const all = await vhdx(['tree', '--json', 'no-header.vhdx'], { cwd });
    const nodes = JSON.parse(all.stdout) as { path: string; findings?: unknown[] }[];
    expect(nodes.filter(({ findings }) => findings !== undefined).map(({ path }) => path)).toContain(
      'headers[0].checksum',
    );
    const one = await vhdx(['tree', '--json', 'clean.vhdx', 'headers[1].log_offset'], { cwd });
    expect(JSON.parse(one.stdout)).toEqual([
      {
        path: 'headers[1].log_offset',
        fileOffset: 0x20048,
        length: 8,
        kind: 'field',
        type: 'u8',
        value: '1048576',
        bytes: '0000100000000000',
        origId: 'LogOffset',
        section: '[MS-VHDX] 2.2.2',
      },
    ]);
  });

  test('ranges of the BAT, allocated entries, old log entries → what is asked for', async () => {
    const run = await session(
      [
        'vhdx tree clean.vhdx bat[30..45]',
        'vhdx tree clean.vhdx bat --allocated',
        'vhdx tree clean.vhdx log[0x2000]',
        'vhdx tree overlap.vhdx bat[1..1]',
      ],
      { cwd },
    );
    await expect(run).toMatchFileSnapshot(golden('tree-ranges'));
  });

  test('no such path, no VHDX, no file → one line', async () => {
    const run = await session(['vhdx tree clean.vhdx nope', 'vhdx tree zeros.img', 'vhdx tree missing'], { cwd });
    await expect(run).toMatchFileSnapshot(golden('tree-refused'));
  });
});
