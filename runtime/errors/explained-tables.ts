/** The explanations of all groups as one table. Readers and checkers take only its type: it says which severities there are. */
import type { Explanation } from './catalogue/form.js';
import { BAT_EXPLAINED } from './catalogue/bat.js';
import { CHANGING_EXPLAINED } from './catalogue/changing.js';
import { CREATION_EXPLAINED } from './catalogue/creation.js';
import { FILE_EXPLAINED } from './catalogue/file.js';
import { HEADERS_EXPLAINED } from './catalogue/headers.js';
import { LOG_ENTRIES_EXPLAINED } from './catalogue/log-entries.js';
import { LOG_SEQUENCE_EXPLAINED } from './catalogue/log-sequence.js';
import { METADATA_ITEMS_EXPLAINED } from './catalogue/metadata-items.js';
import { METADATA_TABLE_EXPLAINED } from './catalogue/metadata-table.js';
import { PARENT_LOCATOR_EXPLAINED } from './catalogue/parent-locator.js';
import { AZURE_EXPLAINED, HYPERV_EXPLAINED, WSL_EXPLAINED } from './catalogue/profiles.js';
import { REGION_TABLES_EXPLAINED } from './catalogue/region-tables.js';
import { SOURCES_EXPLAINED } from './catalogue/sources.js';
import { TARGETS_EXPLAINED } from './catalogue/targets.js';
import { WHOLE_FILE_EXPLAINED } from './catalogue/whole-file.js';
import { WRITING_EXPLAINED } from './catalogue/writing.js';

/** The type of all explanations, code by code. */
export type ExplainedTables = typeof BAT_EXPLAINED &
  typeof CHANGING_EXPLAINED &
  typeof CREATION_EXPLAINED &
  typeof FILE_EXPLAINED &
  typeof HEADERS_EXPLAINED &
  typeof LOG_ENTRIES_EXPLAINED &
  typeof LOG_SEQUENCE_EXPLAINED &
  typeof METADATA_ITEMS_EXPLAINED &
  typeof METADATA_TABLE_EXPLAINED &
  typeof PARENT_LOCATOR_EXPLAINED &
  typeof AZURE_EXPLAINED &
  typeof HYPERV_EXPLAINED &
  typeof WSL_EXPLAINED &
  typeof REGION_TABLES_EXPLAINED &
  typeof SOURCES_EXPLAINED &
  typeof TARGETS_EXPLAINED &
  typeof WHOLE_FILE_EXPLAINED &
  typeof WRITING_EXPLAINED;

/** What the documentation says of each code. */
export const EXPLANATIONS: Readonly<Record<keyof ExplainedTables, Explanation>> = {
  ...FILE_EXPLAINED,
  ...HEADERS_EXPLAINED,
  ...REGION_TABLES_EXPLAINED,
  ...LOG_ENTRIES_EXPLAINED,
  ...LOG_SEQUENCE_EXPLAINED,
  ...METADATA_TABLE_EXPLAINED,
  ...METADATA_ITEMS_EXPLAINED,
  ...PARENT_LOCATOR_EXPLAINED,
  ...BAT_EXPLAINED,
  ...WHOLE_FILE_EXPLAINED,
  ...HYPERV_EXPLAINED,
  ...AZURE_EXPLAINED,
  ...WSL_EXPLAINED,
  ...SOURCES_EXPLAINED,
  ...TARGETS_EXPLAINED,
  ...WRITING_EXPLAINED,
  ...CREATION_EXPLAINED,
  ...CHANGING_EXPLAINED,
};
