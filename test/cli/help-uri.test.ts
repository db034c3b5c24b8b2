import { expect, test } from 'vitest';
import { helpUri } from '../../runtime/cli/reports/help-uri.js';
import { checkJson } from '../../runtime/cli/reports/json.js';
import { checkSarif } from '../../runtime/cli/reports/sarif.js';
import { checkImage } from '../../runtime/index.js';
import { reportSchema, sarifSchema } from '../support/json-schema.js';
import { damagedHeaders } from './images.js';

test.each([
  ['https://example.org/vhdx', 'https://example.org/vhdx/docs/findings.md#vhdx_log_pending'],
  ['https://example.org/', 'https://example.org/docs/findings.md#vhdx_log_pending'],
  ['https://example.org/vhdx/#readme', 'https://example.org/vhdx/docs/findings.md#vhdx_log_pending'],
  ['git@example.org:vhdx', undefined],
  [undefined, undefined],
])('homepage %s → %s', (homepage, uri) => {
  expect(helpUri('VHDX_LOG_PENDING', homepage)).toBe(uri);
});

test('reports → the address of each code with a homepage, none without', async () => {
  const outcome = { image: 'a.vhdx', report: await checkImage(damagedHeaders(0)) };
  const locations = { folder: '/a', workspace: '/a' };
  const context = {
    failOn: 'error',
    profiles: [],
    chain: false,
    isList: false,
    locations,
    hasSummary: false,
    allRules: false,
  } as const;
  for (const homepage of ['https://example.org', undefined]) {
    const json = checkJson(outcome, homepage);
    const sarif: unknown = JSON.parse(String(checkSarif([outcome], { ...context, version: '1', homepage })));
    expect(reportSchema()(json)).toEqual([]);
    expect(sarifSchema()(sarif)).toEqual([]);
    const address = 'https://example.org/docs/findings.md#vhdx_header_checksum_mismatch';
    for (const text of [json, sarif].map((value) => JSON.stringify(value))) {
      expect(text.includes(address)).toBe(homepage !== undefined);
      expect(text.includes('helpUri')).toBe(homepage !== undefined);
    }
  }
});
