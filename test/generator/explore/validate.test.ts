/** `ksy-ts validate`: files of any format against their schema. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LoadedSchema } from '../../../generator/src/explore/load.js';
import { validate, type FileReport } from '../../../generator/src/explore/findings.js';
import { report } from '../../../generator/src/explore/reports.js';
import { sarifSchema } from '../../support/json-schema.js';

const COMMAND = fileURLToPath(new URL('../../../generator/dist/cli.js', import.meta.url));
const SCHEMA = `meta: {id: rows, endian: le, encoding: UTF-8}
seq:
  - {id: magic, contents: RW}
  - {id: n, type: u1, valid: {max: 3, -severity: warning}, doc-ref: 'Rows 1.2'}
  - {id: rows, type: row, repeat: expr, repeat-expr: n}
instances:
  note: {pos: 100, type: u1, if: n == 3, valid: 7, -rule: R1}
  extra: {value: 'rows[0].more + 1'}
types:
  row:
    seq: [{id: kind, type: u1}, {id: more, type: u1, if: kind == 1}, {id: name, type: strz, valid: '"ok"'}]
`;

let schema: LoadedSchema;
beforeAll(() => {
  schema = new LoadedSchema('rows.ksy', { read: () => SCHEMA });
});

const reportOn = (...bytes: readonly (number | string)[]): FileReport =>
  validate(
    schema,
    'a.bin',
    Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))),
    {},
  );

describe('findings', () => {
  test('a file that is right, though a value has no operand in it → none', () => {
    expect(reportOn('RW', 1, 0, 'ok\0').findings).toEqual([]);
  });

  test('broken constraints, in lists and instances, of any severity → each with rule, path, offset, values', () => {
    const rest = Buffer.alloc(200).toString('latin1');
    const { findings } = reportOn('RX', 3, 0, 'no\0', 1, 5, 'ok\0', 0, 'ok\0', rest);
    expect(findings).toMatchObject([
      { rule: 'contents', severity: 'error', path: 'magic', offset: 0, length: 2, expected: '5257', actual: '5258' },
      { rule: 'eq', path: 'rows[0].name', offset: 4, expected: 'ok', actual: 'no' },
      { rule: 'R1', path: 'note', offset: 100, expected: 7, actual: 0 },
    ]);
  });

  test('an end that is too early → a finding beside those before it', () => {
    expect(reportOn('RW', 4, 0, 'ok\0', 0, 'o').findings).toMatchObject([
      { rule: 'max', severity: 'warning', path: 'n', section: 'Rows 1.2' },
      { rule: 'TerminatorError', severity: 'error', path: 'rows[1].name', offset: 8, expected: 'the terminator [00]' },
    ]);
  });

  test('an instance beyond the end → a finding', () => {
    expect(reportOn('RW', 3, 0, 'ok\0', 0, 'ok\0', 0, 'ok\0').findings).toMatchObject([
      { rule: 'EofError', path: 'note', offset: 100 },
    ]);
  });

  test('what follows from a field that could not be read → no finding of its own', () => {
    const follows = new LoadedSchema('f.ksy', {
      read: () =>
        'meta: {id: f, endian: le}\nseq: [{id: a, type: part}, {id: b, type: part}]\ninstances: {v: {value: b.x}, w: {pos: b.x, size: 1}}\ntypes: {part: {seq: [{id: x, type: u4}]}}',
    });
    expect(validate(follows, 'f.bin', new Uint8Array(3), {}).findings).toMatchObject([
      { path: 'a.x', rule: 'EofError' },
    ]);
  });

  test('very many → the first thousand, and how many more', () => {
    const many = new LoadedSchema('m.ksy', {
      read: () => 'meta: {id: m}\nseq: [{id: v, type: u1, valid: 1, repeat: eos}]',
    });
    const { findings, more } = validate(many, 'm.bin', new Uint8Array(2500), {});
    expect([findings.length, more]).toEqual([1000, 1500]);
  });
});

describe('reports', () => {
  const HOSTILE = 'R\u202e\u001b[31m<&"\u0000';
  const hostile = (): FileReport => ({ ...reportOn('RX', 1, 0, '\u001b[31m<]]>\0'), file: HOSTILE });
  const unreadable: FileReport = { file: 'gone.bin', trouble: 'no such file', findings: [], more: 0 };

  test('text, JSON, SARIF, JUnit → no control of a terminal, whatever the file says', () => {
    for (const format of ['text', 'json', 'sarif', 'junit'] as const) {
      const text = report(format, [hostile(), unreadable], { format: 'rows', failOn: 'error' });
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  test('SARIF → as its schema has it', () => {
    const text = report('sarif', [hostile(), unreadable], { format: 'rows', failOn: 'error' });
    const log = JSON.parse(text) as { readonly runs: readonly { readonly results: readonly unknown[] }[] };
    expect(sarifSchema()(log)).toEqual([]);
    expect(log.runs[0]?.results).toHaveLength(2);
  });

  test('JUnit → a suite a file, counts, escaped text', () => {
    const text = report('junit', [hostile(), unreadable, reportOn('RW', 1, 0, 'ok\0')], {
      format: 'rows',
      failOn: 'error',
    });
    expect(text).toContain('<testsuites name="ksy-ts validate" tests="4" failures="2" errors="1">');
    expect(text).toContain('&lt;]]&gt;');
    expect(text).toContain('<testcase classname="a.bin" name="rows"/>');
  });

  test('a warning → invalid only where asked', () => {
    const warned = [reportOn('RW', 4, 0, 'ok\0', 0, 'ok\0', 0, 'ok\0', 0, 'ok\0')];
    const verdict = (failOn: 'error' | 'warning'): unknown =>
      JSON.parse(report('json', warned, { format: 'rows', failOn }));
    expect(verdict('error')).toMatchObject({ verdict: 'valid', format: 'rows', findings: [{ rule: 'max' }] });
    expect(verdict('warning')).toMatchObject({ verdict: 'invalid' });
  });
});

describe('the command', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ksy-ts-validate-'));
    writeFileSync(join(folder, 'rows.ksy'), SCHEMA);
    writeFileSync(join(folder, 'good.bin'), 'RW\u0001\0ok\0');
    writeFileSync(join(folder, 'bad.bin'), 'RW\u0001\0no\0');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([
    [['good.bin'], 0, 'good.bin: valid\n'],
    [['good.bin', 'bad.bin'], 2, /^good\.bin: valid\nbad\.bin: error eq: rows\[0\]\.name at 0x4: .*\n$/],
    [['missing.bin', 'bad.bin'], 1, /^missing\.bin: no such file\nbad\.bin: error eq/],
    [['*.bin'], 2, /^bad\.bin: error eq: .*\ngood\.bin: valid\n$/],
    [['-', '.'], 1, '-: valid\n.: is a folder\n'],
    [['no*.bin'], 1, ''],
    [['bad.bin', '--format', 'json'], 2, /"verdict": "invalid"/],
  ])('%j → exit %i', (args, status, expected) => {
    const run = spawnSync(process.execPath, [COMMAND, 'validate', 'rows.ksy', ...args], {
      cwd: folder,
      encoding: 'utf8',
      input: 'RW\u0001\0ok\0',
    });
    expect(run.status).toBe(status);
    expect(run.stdout).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });
});
