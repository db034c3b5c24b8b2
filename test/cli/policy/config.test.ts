import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../../runtime/cli/policy/config.js';
import { configSchema } from '../../support/json-schema.js';
import { temporaryDirectory } from '../images.js';

const isValid = configSchema();
const CODE = 'VHDX_FREE_SPACE';

describe('a configuration', () => {
  test.each<readonly [unknown]>([
    [{}],
    [{ $schema: './x.json', rules: {}, overrides: [], ignore: [], exclude: [] }],
    [{ rules: { [CODE]: 'off', VHDX_LOG_PENDING: 'warning' }, baseline: 'a.json' }],
    [{ overrides: [{ files: ['old/**'], rules: { [CODE]: 'error' } }], exclude: ['tmp'] }],
    [{ ignore: [{ code: CODE, files: ['a'], path: 'file', reason: 'known', expires: '2024-02-29' }] }],
  ])('%j → taken, as its schema does', (value) => {
    expect(isValid(value)).toEqual([]);
    expect(() => parseConfig(value, 'x.json')).not.toThrow();
  });

  test.each<readonly [unknown, string]>([
    [[], 'it is no object'],
    [null, 'it is no object'],
    [{ rule: {} }, 'rule is not known'],
    [{ rules: { [CODE]: 'fatal' } }, `rules.${CODE} has to be one of off, error, refuse-write, warning, info`],
    [{ rules: { free: 'off' } }, 'rules.free is no code'],
    [{ overrides: [{ rules: {} }] }, 'overrides[0] needs files and rules'],
    [{ overrides: [{ files: ['a'], rules: {}, x: 1 }] }, 'overrides[0].x is not known'],
    [{ ignore: [{ reason: 'x' }] }, 'ignore[0].code is no code'],
    [{ ignore: [{ code: CODE, expires: '2024-13-01' }] }, 'ignore[0].expires is no date'],
    [{ ignore: {} }, 'ignore is no array'],
    [{ exclude: [1] }, 'exclude[0] is no text'],
    [{ exclude: [''] }, 'exclude[0] is no text'],
    [{ baseline: 1 }, 'baseline is no text'],
  ])('%j → refused, as its schema does; said where', (value, words) => {
    expect(isValid(value)).not.toEqual([]);
    expect(() => parseConfig(value, 'x.json')).toThrow(`x.json: ${words}`);
  });

  test.each([[{ rules: { VHDX_NO_SUCH_CODE: 'off' } }], [{ ignore: [{ code: CODE, expires: '2023-02-29' }] }]])(
    '%j → refused, which a schema cannot say',
    (value) => {
      expect(() => parseConfig(value, 'x.json')).toThrow(expect.objectContaining({ name: 'UsageError' }));
    },
  );
});

describe('where it is', () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'repository/.git'), { recursive: true });
  mkdirSync(join(root, 'repository/a/b'), { recursive: true });
  mkdirSync(join(root, 'repository/c'));
  mkdirSync(join(root, 'repository/broken'));
  writeFileSync(join(root, 'vhdx.config.json'), '{"exclude":["above"]}');
  writeFileSync(join(root, 'repository/package.json'), '{"name":"x","vhdx":{"exclude":["manifest"]}}');
  writeFileSync(join(root, 'repository/a/vhdx.config.json'), '{"exclude":["own"]}');
  writeFileSync(join(root, 'repository/a/b/package.json'), '{"name":"y"}');
  writeFileSync(join(root, 'repository/broken/vhdx.config.json'), '{');

  test.each([
    ['repository/a/b', ['own']],
    ['repository/c', ['manifest']],
    ['repository', ['manifest']],
    ['.', ['above']],
  ])('from %s → the nearest, up to the top of the repository', (folder, exclude) => {
    expect(loadConfig(undefined, join(root, folder))?.exclude).toEqual(exclude);
  });

  test('given, or not wanted → that one, or none', () => {
    expect(loadConfig(join(root, 'vhdx.config.json'), join(root, 'repository/a'))?.exclude).toEqual(['above']);
    expect(loadConfig(false, join(root, 'repository/a'))).toBeUndefined();
  });

  test('no JSON, or not there → UsageError', () => {
    expect(() => loadConfig(undefined, join(root, 'repository/broken'))).toThrow('is no JSON');
    expect(() => loadConfig(join(root, 'no.json'), root)).toThrow('there is no such file');
  });
});
