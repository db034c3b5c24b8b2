import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { reportSchema } from '../support/json-schema.js';
import { MIB, TestImage, type ImageSpec } from '../support/image-builder.js';
import { temporaryDirectory } from './images.js';
import { golden, session } from './transcript.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

function write(name: string, image: TestImage): void {
  writeFileSync(join(cwd, name), image.toBytes());
}

/** A differencing disk of the parent with this path. */
function child(path: string, spec: ImageSpec = {}): TestImage {
  const parent = [
    ['parent_linkage', '{66666666-7777-8888-9999-aaaaaaaaaaaa}'],
    ['relative_path', path],
  ] as const;
  const image = new TestImage({ type: 'differencing', parent, ...spec });
  return image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 1;
  });
}

beforeAll(() => {
  mkdirSync(join(cwd, 'elsewhere'));
  mkdirSync(join(cwd, 'set/bases'), { recursive: true });
  mkdirSync(join(cwd, 'set/children'));
  write('set/bases/base.vhdx', new TestImage());
  write('set/children/child.avhdx', child(String.raw`..\bases\base.vhdx`));
  write('set/children/outside.avhdx', child(String.raw`..\..\elsewhere\moved.vhdx`));
  write('base.vhdx', new TestImage());
  write('child.avhdx', child(String.raw`.\base.vhdx`));
  write('lost.avhdx', child(String.raw`.\gone.vhdx`));
  write('elsewhere/moved.vhdx', new TestImage());
  write('moved.avhdx', child('moved.vhdx'));
  write('itself.avhdx', child('itself.avhdx'));
  write('large.avhdx', child('base.vhdx', { virtualSize: 32 * MIB }));
  write('sectors.avhdx', child('base.vhdx', { logicalSectorSize: 4096 }));
  const damaged = new TestImage();
  damaged.flip(0x10000 + 2048);
  write('damaged.vhdx', damaged);
  write('of-damaged.avhdx', child('damaged.vhdx'));
  const pending = new TestImage({ logGuid: '0badf00d-0000-4000-8000-00000000cafe' });
  pending.addLogEntry(0, { sequenceNumber: 1n });
  write('pending.vhdx', pending);
  write('of-pending.avhdx', child('pending.vhdx'));
  const written = new TestImage().editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 0xdeadbeef;
  });
  write('written.vhdx', written);
  write('of-written.avhdx', child('written.vhdx'));
});

interface Report {
  readonly verdict: string;
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly image?: string }[];
  readonly parents?: readonly { readonly filename: string; readonly verdict: string }[];
}

async function check(...words: string[]): Promise<{ exitCode: number | null; report: Report; briefs: string[] }> {
  const { exitCode, stdout } = await vhdx(['check', '--format', 'json', ...words], { cwd });
  const report = JSON.parse(stdout) as Report;
  expect(reportSchema()(report)).toEqual([]);
  return { exitCode, report, briefs: report.findings.map(({ rule, severity }) => `${rule} ${severity}`) };
}

describe('--chain', () => {
  test('left out → nothing is said of the parent', async () => {
    expect(await check('lost.avhdx')).toMatchObject({ exitCode: 0, briefs: [] });
  });

  test('the parent fits → clean, the parent is named', async () => {
    const { exitCode, report, briefs } = await check('--chain', 'child.avhdx');
    expect([exitCode, briefs]).toEqual([0, []]);
    expect(report.parents).toEqual([{ filename: expect.stringMatching(/\/base\.vhdx$/) as unknown, verdict: 'clean' }]);
  });

  test('a disk without a parent → as without --chain', async () => {
    expect(await check('--chain', 'base.vhdx')).toMatchObject({ exitCode: 0, briefs: [] });
  });

  test('no candidate leads to a file → H9, refuse-write', async () => {
    expect(await check('--chain', 'lost.avhdx')).toMatchObject({ exitCode: 3, briefs: ['H9 refuse-write'] });
  });

  test('the parent lies elsewhere → found below --parent-root, or by --parent', async () => {
    expect(await check('--chain', 'moved.avhdx')).toMatchObject({ exitCode: 3, briefs: ['H9 refuse-write'] });
    expect(await check('--parent-root', 'elsewhere', 'moved.avhdx')).toMatchObject({ exitCode: 0, briefs: [] });
    expect(await check('--parent', 'elsewhere/moved.vhdx', 'lost.avhdx')).toMatchObject({ exitCode: 0, briefs: [] });
  });

  test('the parent is in a sister folder → found where the folder of both is checked, and nowhere above it', async () => {
    const run = await vhdx(['check', '--format', 'json', '--chain', 'set'], { cwd });
    const reports = JSON.parse(run.stdout) as Report[];
    expect(reports.map(({ verdict }) => verdict)).toEqual(['clean', 'clean', 'needs-attention']);
    expect(await check('--chain', 'set/children/child.avhdx')).toMatchObject({ briefs: ['H9 refuse-write'] });
  });

  test('--parent that is not there → could not run', async () => {
    const run = await vhdx(['check', '--parent', 'nowhere', 'child.avhdx'], { cwd });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('VHDX_SOURCE_NOT_FOUND');
  });

  test('an image that is its own parent → H15', async () => {
    expect(await check('--chain', 'itself.avhdx')).toMatchObject({ exitCode: 2, briefs: ['H15 error'] });
  });

  test('the parent has been written to since → H13', async () => {
    expect(await check('--chain', 'of-written.avhdx')).toMatchObject({ exitCode: 2, briefs: ['H13 error'] });
  });

  test('another size → G16, info', async () => {
    expect(await check('--chain', 'large.avhdx')).toMatchObject({ exitCode: 0, briefs: ['G16 info'] });
  });

  test('sectors of another size → G15', async () => {
    expect(await check('--chain', 'sectors.avhdx')).toMatchObject({ exitCode: 2, briefs: ['G15 error'] });
  });

  test('the parent has a damaged header → its finding, with the image that it is in', async () => {
    const { exitCode, report, briefs } = await check('--chain', 'of-damaged.avhdx');
    expect([exitCode, briefs]).toEqual([3, ['B2 refuse-write']]);
    expect(report.findings[0]?.image).toMatch(/\/damaged\.vhdx$/);
  });

  test('the parent has a log to replay → E12 of the parent; the linkage is compared as stored', async () => {
    const { exitCode, briefs } = await check('--chain', 'of-pending.avhdx');
    expect([exitCode, briefs]).toEqual([3, ['J5 info', 'E12 refuse-write']]);
  });

  test('what is printed → the transcript', async () => {
    const run = await session(
      ['vhdx check --chain child.avhdx', 'vhdx check --chain lost.avhdx', 'vhdx check --chain of-damaged.avhdx'],
      { cwd },
    );
    await expect(run.replaceAll(cwd, '<folder>')).toMatchFileSnapshot(golden('check-chain'));
  });
});
