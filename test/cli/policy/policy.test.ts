/** Configuration, --ignore and baseline of the command. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KNOWN_DAMAGES, MORE_DAMAGES } from '../../docs/damages.js';
import { reportSchema, sarifSchema } from '../../support/json-schema.js';
import { damagedHeaders, temporaryDirectory, writeSparse } from '../images.js';
import { reportsOf } from '../reports.js';
import { lines, type Run, vhdx } from '../vhdx.js';

const cwd = temporaryDirectory();
const DAMAGED = 'VHDX_HEADER_CHECKSUM_MISMATCH';

beforeAll(() => {
  mkdirSync(join(cwd, 'old'));
  for (const name of ['a.vhdx', 'old/b.vhdx']) writeFileSync(join(cwd, name), damagedHeaders(0));
});

const CONFIG = join(cwd, 'vhdx.config.json');
beforeEach(() => rmSync(CONFIG, { force: true }));

/** Runs a check with this configuration. */
function checked(config: unknown, ...words: readonly string[]): Promise<Run> {
  writeFileSync(CONFIG, JSON.stringify(config));
  return vhdx(['check', ...words], { cwd });
}

describe('severities', () => {
  test('a rule set to warning → counted as one, and said so', async () => {
    const { exitCode, stdout } = await checked({ rules: { [DAMAGED]: 'warning' } }, 'a.vhdx');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('a.vhdx: clean (3 warnings, ');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `(The severity is warning by ${CONFIG}, and refuse-write by the specification.)`,
    );
  });

  test('a rule set to error → corrupt', async () => {
    expect((await checked({ rules: { [DAMAGED]: 'error' } }, 'a.vhdx')).exitCode).toBe(2);
  });

  test('overrides → for the files that are meant, the last before the first', async () => {
    const overrides = [
      { files: ['old'], rules: { [DAMAGED]: 'error' } },
      { files: ['old/b.*'], rules: { [DAMAGED]: 'info' } },
    ];
    const { stdout } = await checked({ overrides }, '--json', 'a.vhdx', 'old');
    expect(reportsOf(stdout).map(({ verdict }) => verdict)).toEqual(['needs-attention', 'clean']);
  });

  test('off → not counted, and in the report', async () => {
    const { exitCode, stdout } = await checked({ rules: { [DAMAGED]: 'off' } }, 'a.vhdx');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`B2 ${DAMAGED} at headers[0].checksum (its rule is off)`);
  });
});

describe('suppressions', () => {
  const ignore = (more: object): unknown => ({ ignore: [{ code: DAMAGED, reason: 'known since May', ...more }] });

  test.each([
    [{}, 0],
    [{ expires: '9999-12-31' }, 0],
    [{ path: 'headers[0].checksum' }, 0],
    [{ path: 'headers[1].checksum' }, 3],
    [{ files: ['old'] }, 3],
    [{ files: ['a.*'] }, 0],
    [{ expires: '2020-01-01' }, 3],
  ])('%j → exit code %i', async (more, code) => {
    const { exitCode, stderr } = await checked(ignore(more), 'a.vhdx');
    expect(exitCode).toBe(code);
    expect(stderr.includes(`the suppression of ${DAMAGED} ended on 2020-01-01`)).toBe('expires' in more && code === 3);
  });

  test.each(['json', 'sarif', 'junit', 'text', 'markdown', 'html', 'ndjson'])(
    '%s → shows it with its reason',
    async (format) => {
      const { stdout } = await checked(ignore({}), '--format', format, 'a.vhdx');
      expect(stdout).toContain('known since May');
      if (format === 'json') expect(reportSchema()(JSON.parse(stdout))).toEqual([]);
      if (format === 'sarif') expect(sarifSchema()(JSON.parse(stdout))).toEqual([]);
      if (format === 'sarif') expect(stdout).toContain('"kind": "external"');
    },
  );

  test('--ignore → as in the configuration; a code that there is not → refused', async () => {
    expect((await vhdx(['check', '--ignore', DAMAGED, 'a.vhdx'], { cwd })).exitCode).toBe(0);
    const { exitCode, stderr } = await vhdx(['check', '--ignore', 'B2', 'a.vhdx'], { cwd });
    expect([exitCode, stderr]).toEqual([1, `vhdx: there is no code B2; the code of rule B2 is ${DAMAGED}\n`]);
    const near = await vhdx(['check', '--ignore', 'VHDX_HEADER_CHECKSUM', 'a.vhdx'], { cwd });
    expect(near.stderr).toContain(`did you mean ${DAMAGED}`);
  });

  test('--no-config → not used', async () => {
    expect((await checked(ignore({}), '--no-config', 'a.vhdx')).exitCode).toBe(3);
  });

  test('exclude → left out', async () => {
    const { stdout } = await checked({ exclude: ['old'] }, '--json', '**/*.vhdx');
    expect(reportsOf(stdout).map(({ filename }) => filename)).toEqual(['a.vhdx']);
  });

  test('exclude, from another folder → begins at that of the configuration', async () => {
    writeFileSync(CONFIG, JSON.stringify({ exclude: ['old/**'] }));
    const run = await vhdx(['check', '--json', '..'], { cwd: join(cwd, 'old') });
    expect(reportsOf(run.stdout).map(({ filename }) => filename)).toEqual(['../a.vhdx']);
  });

  test('a configuration that is wrong → said, nothing is checked', async () => {
    const { exitCode, stdout, stderr } = await checked({ rule: {} }, 'a.vhdx');
    expect([exitCode, stdout, stderr]).toEqual([1, '', `vhdx: ${CONFIG}: rule is not known\n`]);
  });
});

describe('baseline', () => {
  const images = join(cwd, 'damages');
  const baseline = join(cwd, 'baseline.json');
  const check = (...words: readonly string[]): Promise<Run> =>
    vhdx(['check', '--baseline', 'baseline.json', ...words, 'damages'], { cwd });

  beforeAll(() => {
    mkdirSync(images);
    for (const [index, { make }] of [...KNOWN_DAMAGES, ...MORE_DAMAGES].entries()) {
      const { source } = make();
      // Some claim to be longer than a test has room for.
      if (source.size <= 256 * 2 ** 20) writeSparse(join(images, `${index}.vhdx`), source.bytes(0, source.size));
    }
  });

  test('every kind of damage, once it is known → no failure; unknown ones, and those that are gone, are said', async () => {
    const before = await vhdx(['check', 'damages'], { cwd });
    expect(before.exitCode).toBe(2);
    expect(lines(before.stderr).length).toBeGreaterThan(15);

    expect((await check()).stderr).toContain('--update-baseline makes one');
    const update = await check('--update-baseline', '--fail-on', 'warning');
    expect([update.exitCode, update.stderr]).toEqual([0, '']);
    const known = readFileSync(baseline, 'utf8');

    const after = await check('--fail-on', 'warning', '--format', 'sarif');
    expect([after.exitCode, after.stderr]).toEqual([0, '']);
    expect(sarifSchema()(JSON.parse(after.stdout))).toEqual([]);
    expect((await check('--json', '--jobs', '2')).exitCode).toBe(0);
    // The same findings make the same file.
    await check('--update-baseline');
    expect(readFileSync(baseline, 'utf8')).toBe(known);

    writeFileSync(join(images, 'new.vhdx'), damagedHeaders(0));
    const worse = await check();
    expect(worse.exitCode).toBe(3);
    expect(lines(worse.stderr)).toHaveLength(1);
    expect(worse.stderr).toContain('damages/new.vhdx: needs attention');

    writeFileSync(join(images, '1.vhdx'), damagedHeaders());
    const better = await check('--exclude', 'new.vhdx');
    expect(better.exitCode).toBe(0);
    expect(better.stderr).toMatch(
      /^vhdx: baseline\.json: \d+ findings? of the baseline (?:is|are) gone; --update-baseline/,
    );
  });

  test('an entry with a reason and a day → said in every report; when the day is over it counts again', async () => {
    const file = join(cwd, 'reasons.json');
    const run = (...words: readonly string[]): Promise<Run> =>
      vhdx(['check', '--baseline', 'reasons.json', ...words, 'a.vhdx'], { cwd });
    const edit = (expires: string): void => {
      const { version, images: known } = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly version: number;
        readonly images: Readonly<Record<string, readonly object[]>>;
      };
      const [entry = {}, ...rest] = known['a.vhdx'] ?? [];
      const changed = { ...known, 'a.vhdx': [{ ...entry, reason: 'to be replaced', expires }, ...rest] };
      writeFileSync(file, JSON.stringify({ version, images: changed }));
    };
    await run('--update-baseline');
    edit('2999-12-31');
    const why = 'known by the baseline until 2999-12-31: to be replaced';
    expect((await run()).stdout).toContain(why);
    const sarif = await run('--format', 'sarif');
    expect(sarifSchema()(JSON.parse(sarif.stdout))).toEqual([]);
    expect(sarif.stdout).toContain(why);
    const { suppressed } = JSON.parse((await run('--json')).stdout) as { readonly suppressed: readonly object[] };
    expect(suppressed[0]).toMatchObject({
      suppression: { kind: 'baseline', reason: 'to be replaced', expires: '2999-12-31' },
    });
    // An update keeps what somebody has written.
    const written = readFileSync(file, 'utf8');
    await run('--update-baseline');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(written));

    edit('2000-01-01');
    const over = await run();
    expect(over.exitCode).not.toBe(0);
    expect(over.stderr).toContain('of a.vhdx was accepted until 2000-01-01');
    await run('--update-baseline');
    expect((await run()).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('to be replaced');
    expect(readFileSync(file, 'utf8')).not.toContain('2000-01-01');

    edit('2026-02-30');
    expect((await run()).stderr).toContain('is no date such as 2026-12-31');
  });

  test('images that were not checked → still known after an update', async () => {
    const only = ['check', '--baseline', 'part.json', '--update-baseline'];
    await vhdx([...only, 'a.vhdx'], { cwd });
    await vhdx([...only, 'old/b.vhdx'], { cwd });
    expect((await vhdx(['check', '--baseline', 'part.json', 'a.vhdx', 'old'], { cwd })).exitCode).toBe(0);
  });

  test.each(['{', '[]', '{"version":2,"images":{}}', '{"version":1,"images":{"a":[{"code":"x"}]}}'])(
    '%s → refused',
    async (text) => {
      writeFileSync(join(cwd, 'wrong.json'), text);
      const { exitCode, stderr } = await vhdx(['check', '--baseline', 'wrong.json', 'a.vhdx'], { cwd });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('the baseline wrong.json is not one of vhdx check');
    },
  );
});
