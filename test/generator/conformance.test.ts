import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runFormats } from '../../generator/src/suite/run-formats.js';
import { runSuite, type SuiteReport } from '../../generator/src/suite/run-kst.js';
import { runRefusals } from '../../generator/src/suite/run-refusals.js';

const LANGUAGE = fileURLToPath(new URL('language/', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../shared/', import.meta.url));

const lines = ({ failures, problems }: SuiteReport): string[] => [
  ...problems,
  ...[...failures].map(([name, found]) => `${name}: ${found.join(' | ')}`),
];

describe('own specifications, for what the visible part of Kaitai’s suite does not touch', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ksy-ts-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('as they are → all pass, and the output has no type errors', async () => {
    const report = await runSuite(LANGUAGE);
    expect(lines(report)).toEqual([]);
    expect(report.passed).toBeGreaterThan(20);
  });

  test('broken expectations → each is named with expected and actual', async () => {
    cpSync(join(LANGUAGE, 'src'), join(folder, 'src'), { recursive: true });
    const schema = readFileSync(join(LANGUAGE, 'formats', 'integers.ksy'), 'utf8');
    cpSync(join(LANGUAGE, 'formats', 'lazy_error.ksy'), join(folder, 'formats', 'lazy_error.ksy'));
    writeFileSync(join(folder, 'formats', 'integers.ksy'), schema);
    const specs: Record<string, string> = {
      off_by_one: 'id: integers\ndata: edges.bin\nasserts:\n  - {actual: max, expected: 0x7fff_ffff_ffff_fffe}\n',
      not_a_double: 'id: integers\ndata: edges.bin\nasserts:\n  - {actual: above, expected: 9007199254740992}\n',
      no_error: 'id: integers\ndata: edges.bin\nexception: EndOfStreamError\n',
      other_error: 'id: lazy_error\ndata: bytes256.bin\nasserts:\n  - {actual: number, exception: EndOfStreamError}\n',
      other_message:
        'id: lazy_error\ndata: bytes256.bin\nasserts:\n  - actual: beyond\n    exception: {type: EndOfStreamError, message: "requested 5 bytes"}\n',
      no_such_field: 'id: integers\ndata: edges.bin\nasserts:\n  - {actual: nothing, expected: 1}\n',
      no_schema: 'id: nowhere\ndata: edges.bin\n',
      unknown_key: 'id: integers\ndata: edges.bin\nexpects: []\n',
      no_expectation: 'id: integers\ndata: edges.bin\nasserts:\n  - {actual: max}\n',
      right: 'id: integers\ndata: edges.bin\nasserts:\n  - {actual: max, expected: 0x7fff_ffff_ffff_ffff}\n',
    };
    cpSync(join(LANGUAGE, 'spec'), join(folder, 'spec'), { recursive: true, filter: (path) => !path.endsWith('.kst') });
    for (const [name, text] of Object.entries(specs)) writeFileSync(join(folder, 'spec', `${name}.kst`), text);
    const { passed, failures } = await runSuite(folder);
    expect(passed).toBe(1);
    expect([...failures.keys()]).toEqual(
      Object.keys(specs)
        .filter((name) => name !== 'right')
        .map((name) => `${name}.kst`)
        .toSorted(),
    );
    expect(failures.get('off_by_one.kst')?.[0]).toContain('expected 9223372036854775806, found 9223372036854775807');
    expect(failures.get('not_a_double.kst')?.[0]).toContain('expected 9007199254740992, found 9007199254740993');
    expect(failures.get('no_error.kst')?.[0]).toContain('expected EndOfStreamError, but parsing succeeds');
    expect(failures.get('other_error.kst')?.[0]).toContain('(ConversionError) instead of EndOfStreamError');
    expect(failures.get('other_message.kst')?.[0]).toContain(
      "requested 4 bytes, but only 0 bytes available' instead of 'requested 5 bytes'",
    );
  });

  test('a schema that must be refused and is not, or elsewhere → fails', () => {
    const refused = join(folder, 'formats_err');
    cpSync(join(LANGUAGE, 'formats', 'lazy_error.ksy'), join(refused, 'accepted.ksy'));
    const head = (path: string): string => `# x.ksy: ${path}:\n# \terror: some\n#\n`;
    const schema = 'meta:\n  id: x\nseq:\n  - id: a\n    size: zz\n';
    writeFileSync(join(refused, 'accepted.ksy'), `${head('/seq/0/size')}meta:\n  id: x\n`);
    writeFileSync(join(refused, 'elsewhere.ksy'), head('/seq/1/size') + schema);
    writeFileSync(join(refused, 'right.ksy'), head('/seq/0/size') + schema);
    writeFileSync(join(refused, 'somehow.ksy'), `# ?\nmeta:\n  id: x\n`);
    writeFileSync(join(refused, 'imported.ksy'), 'meta:\n  id: x\n');
    const { passed, failures } = runRefusals(refused, []);
    expect(passed).toBe(2);
    expect(failures.get('somehow.ksy')).toEqual(['expected: some error']);
    expect(failures.get('accepted.ksy')).toContain('nothing is reported');
    expect(failures.get('elsewhere.ksy')?.join('\n')).toMatch(
      /expected: error at \/seq\/1\/size\nreported: .*elsewhere\.ksy:8:11: \/seq\/0\/size: error: unable to access 'zz'/,
    );
  });
});

// What is shared is not in the repository: where it is missing, these are shown as skipped.
describe('Kaitai’s suite and format library', () => {
  test.skipIf(!existsSync(join(SHARED, 'kst')))('every visible specification → passes', async () => {
    const report = await runSuite(join(SHARED, 'kst'));
    expect(lines(report)).toEqual([]);
    expect(report.passed).toBeGreaterThanOrEqual(148);
  });

  test.skipIf(!existsSync(join(SHARED, 'kst')))(
    'every schema that must be refused → refused at the official path',
    () => {
      const report = runRefusals(join(SHARED, 'kst', 'formats_err'), [join(SHARED, 'kst')]);
      expect(lines(report)).toEqual([]);
      expect(report.passed).toBeGreaterThanOrEqual(78);
    },
  );

  test.skipIf(!existsSync(join(SHARED, 'formats')))('every format → generated, no type errors', () => {
    const report = runFormats(join(SHARED, 'formats'));
    expect(report.failures).toEqual([]);
    expect(report.schemas).toBeGreaterThanOrEqual(102);
  });
});
