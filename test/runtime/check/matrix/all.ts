/** All rows of the mutation matrix. */
import { BAT_CASES } from './bat.js';
import type { MatrixCase } from './case.js';
import { FILE_CASES } from './file.js';
import { HEADER_CASES } from './headers.js';
import { LOG_ENTRY_CASES } from './log-entries.js';
import { LOG_SEQUENCE_CASES } from './log-sequence.js';
import { METADATA_ITEM_CASES } from './metadata-items.js';
import { METADATA_TABLE_CASES } from './metadata-table.js';
import { CHAIN_CASES, PARENT_LOCATOR_CASES } from './parent-locator.js';
import { REGION_TABLE_CASES } from './region-tables.js';

export const MATRIX_GROUPS: readonly (readonly [string, readonly MatrixCase[]])[] = [
  ['file and file type identifier', FILE_CASES],
  ['headers', HEADER_CASES],
  ['region tables', REGION_TABLE_CASES],
  ['log entries', LOG_ENTRY_CASES],
  ['log sequence', LOG_SEQUENCE_CASES],
  ['metadata table', METADATA_TABLE_CASES],
  ['metadata items', METADATA_ITEM_CASES],
  ['parent locator', PARENT_LOCATOR_CASES],
  ['chain', CHAIN_CASES],
  ['BAT and whole file', BAT_CASES],
];

export const MATRIX_CASES: readonly MatrixCase[] = MATRIX_GROUPS.flatMap(([, cases]) => cases);
