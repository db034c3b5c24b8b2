import { describe, expect, test } from 'vitest';
import { parseWanted, wantedReports } from '../../../runtime/cli/reports/wanted.js';

describe('formats', () => {
  test.each([
    ['json', { format: 'json' }],
    ['sarif=a.sarif', { format: 'sarif', file: 'a.sarif' }],
    ['html=a=b.html', { format: 'html', file: 'a=b.html' }],
  ])('%s → %j', (text, wanted) => {
    expect(parseWanted(text)).toEqual(wanted);
  });

  test.each(['xml', 'xml=a', 'json=', '=a', ''])('%j → refused', (text) => {
    expect(() => parseWanted(text)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});

describe('reports', () => {
  test('none → text on standard output', () => {
    expect(wantedReports(undefined, undefined)).toEqual([{ format: 'text' }]);
  });

  test('--output → for the one without a file', () => {
    const given = [{ format: 'json' }, { format: 'html', file: 'a' }] as const;
    expect(wantedReports(given, 'b')).toEqual([
      { format: 'json', file: 'b' },
      { format: 'html', file: 'a' },
    ]);
  });

  test.each([
    ['two to standard output', [{ format: 'json' }, { format: 'html' }], undefined],
    ['one twice', [{ format: 'json' }, { format: 'json' }], undefined],
    [
      'two to one file',
      [
        { format: 'json', file: 'a' },
        { format: 'html', file: 'a' },
      ],
      undefined,
    ],
    ['--output is the file of another', [{ format: 'json' }, { format: 'html', file: 'a' }], 'a'],
    ['--output for none', [{ format: 'html', file: 'a' }], 'b'],
  ] as const)('%s → refused', (_name, given, output) => {
    expect(() => wantedReports(given, output)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});
