/**
 * Beside the matrix, which breaks each rule in one way or two: other copies, boundaries, chunks, sector sizes and kinds of
 * disk, and what is just allowed. Each image has exactly the findings that the table of rules asks for.
 */
import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import { brief } from '../../support/findings.js';
import { BAT_VARIANTS } from './variants/bat.js';
import { HEADERS_VARIANTS } from './variants/headers.js';
import { LOCATOR_VARIANTS } from './variants/locator.js';
import { LOG_VARIANTS } from './variants/log.js';
import { METADATA_VARIANTS } from './variants/metadata.js';
import { REGIONS_VARIANTS } from './variants/regions.js';

describe.each([
  ['file and headers', HEADERS_VARIANTS],
  ['region tables', REGIONS_VARIANTS],
  ['log', LOG_VARIANTS],
  ['metadata', METADATA_VARIANTS],
  ['parent locator', LOCATOR_VARIANTS],
  ['BAT and whole file', BAT_VARIANTS],
])('%s', (_, variants) => {
  test.each(variants)('%s → %j', async (_what, finds, make) => {
    const { findings } = await checkImage(make().source);
    expect([...new Set(findings.map(brief))].toSorted()).toEqual(finds.toSorted());
  });

  test('names → each there once', () => {
    expect(new Set(variants.map(([what]) => what)).size).toBe(variants.length);
  });
});
