import { join } from 'node:path';
import { copyFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, test } from 'vitest';
import {
  batEntry,
  damagedHeaders,
  FIXTURE,
  fixtureBytes,
  MIB,
  pendingLog,
  temporaryDirectory,
  withBatEntries,
} from './images.js';
import { expectTranscript } from './transcript.js';

const cwd = temporaryDirectory();

/** Not sparse: the report would say so. */
function write(name: string, bytes: Uint8Array): void {
  writeFileSync(join(cwd, name), bytes);
}

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'dynamic-64m.vhdx'));
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
    await expectTranscript('info', ['vhdx info dynamic-64m.vhdx'], { cwd });
  });

  test('--json → the keys of qemu-img and what only a VHDX has', async () => {
    await expectTranscript('info-json', ['vhdx info --json dynamic-64m.vhdx'], { cwd });
  });

  test('a pending log → entry, descriptor and target', async () => {
    await expectTranscript('info-pending', ['vhdx info pending.vhdx'], { cwd });
  });

  test('images that cannot be described → one line', async () => {
    const images = ['no-header.vhdx', 'truncated.vhdx', 'zeros.img', 'missing.vhdx'];
    await expectTranscript(
      'info-refused',
      images.map((image) => `vhdx info ${image}`),
      { cwd },
    );
  });
});

describe('vhdx check', () => {
  test('a clean image → exit code 0', async () => {
    await expectTranscript('check', ['vhdx check dynamic-64m.vhdx', 'vhdx validate dynamic-64m.vhdx'], { cwd });
  });

  test('--format json → one object', async () => {
    await expectTranscript('check-json', ['vhdx check --format json dynamic-64m.vhdx'], { cwd });
  });

  test('one damaged header, a pending log → needs attention', async () => {
    await expectTranscript('check-attention', ['vhdx check one-header.vhdx', 'vhdx check pending.vhdx'], { cwd });
  });

  test('no valid header, shared storage → corrupt', async () => {
    await expectTranscript('check-corrupt', ['vhdx check no-header.vhdx', 'vhdx check overlap.vhdx'], { cwd });
  });

  test('more findings of a kind than are shown → how many there are', async () => {
    await expectTranscript('check-many', ['vhdx check many.vhdx', 'vhdx check --format json many.vhdx'], { cwd });
  });

  test('several images → each of them, then how many there are of which kind', async () => {
    const images = 'pending.vhdx zeros.img dynamic-64m.vhdx missing.vhdx truncated.vhdx';
    await expectTranscript('check-several', [`vhdx check ${images}`], { cwd });
  });
});

describe('usage', () => {
  test('help → on standard output', async () => {
    await expectTranscript('help', ['vhdx --help', 'vhdx info --help', 'vhdx check --help'], { cwd });
  });

  test('wrong usage → one line on standard error', async () => {
    const mistakes = ['', ' frobnicate', ' chekc a', ' check', ' info', ' info a b', ' info --jsn a'];
    const values = [' check --format xml a', ' check --fail-on info a', ' check --format'];
    await expectTranscript(
      'usage',
      [...mistakes, ...values].map((words) => `vhdx${words}`),
      { cwd },
    );
  });
});
