import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  batEntry,
  damagedHeaders,
  fixtureBytes,
  MIB,
  pendingLog,
  temporaryDirectory,
  withBatEntries,
} from './images.js';
import { golden, session } from './transcript.js';

const cwd = temporaryDirectory();

/** Not sparse: the report would say so. */
function write(name: string, bytes: Uint8Array): void {
  writeFileSync(join(cwd, name), bytes);
}

beforeAll(() => {
  write('dynamic-64m.vhdx', fixtureBytes());
  write('one-header.vhdx', damagedHeaders(0));
  write('no-header.vhdx', damagedHeaders(0, 1));
  write('pending.vhdx', pendingLog());
  // Block 1 on the storage of block 0, in state FULLY_PRESENT.
  write('overlap.vhdx', withBatEntries([batEntry(6, 8), batEntry(6, 8)]));
  // 39 blocks in the reserved state 4: more than a report shows.
  write('many.vhdx', withBatEntries([batEntry(6, 8), ...Array.from({ length: 39 }, () => batEntry(4, 0))]));
  write('truncated.vhdx', fixtureBytes().subarray(0, 3 * MIB));
  write('zeros.img', new Uint8Array(MIB));
});

describe('vhdx info', () => {
  test('a clean image → its description', async () => {
    await expect(await session(['vhdx info dynamic-64m.vhdx'], { cwd })).toMatchFileSnapshot(golden('info'));
  });

  test('--json → the keys of qemu-img and what only a VHDX has', async () => {
    await expect(await session(['vhdx info --json dynamic-64m.vhdx'], { cwd })).toMatchFileSnapshot(
      golden('info-json'),
    );
  });

  test('a pending log → entry, descriptor and target', async () => {
    await expect(await session(['vhdx info pending.vhdx'], { cwd })).toMatchFileSnapshot(golden('info-pending'));
  });

  test('images that cannot be described → one line', async () => {
    const images = ['no-header.vhdx', 'truncated.vhdx', 'zeros.img', 'missing.vhdx'];
    await expect(
      await session(
        images.map((image) => `vhdx info ${image}`),
        { cwd },
      ),
    ).toMatchFileSnapshot(golden('info-refused'));
  });
});

describe('vhdx check', () => {
  test('a clean image → exit code 0', async () => {
    await expect(
      await session(['vhdx check dynamic-64m.vhdx', 'vhdx validate dynamic-64m.vhdx'], { cwd }),
    ).toMatchFileSnapshot(golden('check'));
  });

  test('--format json → one object', async () => {
    await expect(await session(['vhdx check --format json dynamic-64m.vhdx'], { cwd })).toMatchFileSnapshot(
      golden('check-json'),
    );
  });

  test('one damaged header, a pending log → needs attention', async () => {
    await expect(await session(['vhdx check one-header.vhdx', 'vhdx check pending.vhdx'], { cwd })).toMatchFileSnapshot(
      golden('check-attention'),
    );
  });

  test('no valid header, shared storage → corrupt', async () => {
    await expect(await session(['vhdx check no-header.vhdx', 'vhdx check overlap.vhdx'], { cwd })).toMatchFileSnapshot(
      golden('check-corrupt'),
    );
  });

  test('more findings of a kind than are shown → how many there are', async () => {
    await expect(
      await session(['vhdx check many.vhdx', 'vhdx check --format json many.vhdx'], { cwd }),
    ).toMatchFileSnapshot(golden('check-many'));
  });

  test('several images → each of them, then how many there are of which kind', async () => {
    const images = 'pending.vhdx zeros.img dynamic-64m.vhdx missing.vhdx truncated.vhdx';
    await expect(await session([`vhdx check ${images}`], { cwd })).toMatchFileSnapshot(golden('check-several'));
  });
});

describe('usage', () => {
  test('help → on standard output', async () => {
    await expect(await session(['vhdx --help', 'vhdx info --help', 'vhdx check --help'], { cwd })).toMatchFileSnapshot(
      golden('help'),
    );
  });

  test('wrong usage → one line on standard error', async () => {
    const mistakes = ['', ' frobnicate', ' chekc a', ' check', ' info', ' info a b', ' info --jsn a'];
    const values = [' check --format xml a', ' check --fail-on info a', ' check --format'];
    await expect(
      await session(
        [...mistakes, ...values].map((words) => `vhdx${words}`),
        { cwd },
      ),
    ).toMatchFileSnapshot(golden('usage'));
  });
});
