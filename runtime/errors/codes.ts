/** The catalogue of codes: the tables of all groups as one. */
import { capitalized } from '../base/units.js';
import { BAT } from './catalogue/bat.js';
import { CHANGING } from './catalogue/changing.js';
import { CREATION } from './catalogue/creation.js';
import { FILE } from './catalogue/file.js';
import type { CodeRow, Severity } from './catalogue/form.js';
import { type CodeGroup, DECISIVE_GROUPS } from './catalogue/groups.js';
import { HEADERS } from './catalogue/headers.js';
import { LOG_ENTRIES } from './catalogue/log-entries.js';
import { LOG_SEQUENCE } from './catalogue/log-sequence.js';
import { METADATA_ITEMS } from './catalogue/metadata-items.js';
import { METADATA_TABLE } from './catalogue/metadata-table.js';
import { PARENT_LOCATOR } from './catalogue/parent-locator.js';
import { AZURE, HYPERV, WSL } from './catalogue/profiles.js';
import { REGION_TABLES } from './catalogue/region-tables.js';
import { REMEDIES } from './catalogue/remedies.js';
import { SOURCES } from './catalogue/sources.js';
import { TARGETS } from './catalogue/targets.js';
import { WHOLE_FILE } from './catalogue/whole-file.js';
import { WRITING } from './catalogue/writing.js';
import type { ExplainedTables } from './explained-tables.js';
import { InternalError } from './internal-error.js';

export type { Severity } from './catalogue/form.js';
export { type CodeGroup, RULE_GROUPS, type RuleGroup } from './catalogue/groups.js';
export { SEVERITIES } from './catalogue/severities.js';

/** The table of each group. */
interface Tables {
  readonly file: typeof FILE;
  readonly headers: typeof HEADERS;
  readonly 'region-tables': typeof REGION_TABLES;
  readonly 'log-entries': typeof LOG_ENTRIES;
  readonly 'log-sequence': typeof LOG_SEQUENCE;
  readonly 'metadata-table': typeof METADATA_TABLE;
  readonly 'metadata-items': typeof METADATA_ITEMS;
  readonly 'parent-locator': typeof PARENT_LOCATOR;
  readonly bat: typeof BAT;
  readonly 'whole-file': typeof WHOLE_FILE;
  readonly hyperv: typeof HYPERV;
  readonly azure: typeof AZURE;
  readonly wsl: typeof WSL;
  readonly sources: typeof SOURCES;
  readonly targets: typeof TARGETS;
  readonly writing: typeof WRITING;
  readonly creation: typeof CREATION;
  readonly changing: typeof CHANGING;
}

/** In the order of the documentation. */
const TABLES: Tables = {
  file: FILE,
  headers: HEADERS,
  'region-tables': REGION_TABLES,
  'log-entries': LOG_ENTRIES,
  'log-sequence': LOG_SEQUENCE,
  'metadata-table': METADATA_TABLE,
  'metadata-items': METADATA_ITEMS,
  'parent-locator': PARENT_LOCATOR,
  bat: BAT,
  'whole-file': WHOLE_FILE,
  hyperv: HYPERV,
  azure: AZURE,
  wsl: WSL,
  sources: SOURCES,
  targets: TARGETS,
  writing: WRITING,
  creation: CREATION,
  changing: CHANGING,
};

type CodesOf<Table> = Table extends unknown ? keyof Table : never;

/** The name of a kind of fault. Codes are never renamed. */
export type VhdxCode = CodesOf<Tables[CodeGroup]>;

/** The severities that a finding of this code can have: the usual one, and those of its circumstances. */
export type SeverityOf<Code extends VhdxCode> = {
  [Each in Code]: UsualSeverityOf<Each> | OtherSeverityOf<Each>;
}[Code];

type UsualSeverityOf<Code extends VhdxCode> = {
  [Group in CodeGroup]: Code extends keyof Tables[Group]
    ? Tables[Group][Code] extends { readonly severity: infer Usual extends Severity }
      ? Usual
      : 'error'
    : never;
}[CodeGroup];

type OtherSeverityOf<Code extends VhdxCode> = ExplainedTables extends {
  readonly [Each in Code]: { readonly when: infer When };
}
  ? keyof When & Severity
  : never;

/** Facts about a code. */
export interface CodeEntry {
  /** The rule that is broken (`B2`); empty where the fault is not in the image. */
  readonly rule: string;
  /** Subject: the structure, the host that refuses the image, or the operation that failed. */
  readonly group: CodeGroup;
  /** Section of [MS-VHDX]; empty if there is none. */
  readonly section: string;
  /** The usual severity; a finding may have another one where the circumstances make it better or worse. */
  readonly severity: Severity;
  /** Summary, a sentence without a full stop. */
  readonly summary: string;
  /** Remedy of a finding; empty if none is needed, and if the fault is not in the image. */
  readonly remedy: string;
  /** Other rules with the same meaning, reported by this code. */
  readonly covers?: readonly string[];
}

/** `CodeEntry` with what checker, opener and repair ask of a code. */
export interface CatalogueEntry extends CodeEntry, Omit<CodeRow, keyof CodeEntry | 'advice'> {}

function entryOf(group: CodeGroup, row: CodeRow): CatalogueEntry {
  const { rule = '', section = '', severity = 'error', remedy, advice = '', ...rest } = row;
  return { rule, group, section, severity, ...rest, remedy: remedy === undefined ? advice : REMEDIES[remedy] };
}

/** True for the name of a group. */
export function isGroup(text: string): text is CodeGroup {
  return Object.hasOwn(TABLES, text);
}

function isComplete(
  made: Readonly<Partial<Record<VhdxCode, CatalogueEntry>>>,
): made is Readonly<Record<VhdxCode, CatalogueEntry>> {
  return Object.values(TABLES).every((table) => Object.keys(table).every((code) => code in made));
}

function makeCatalogue(): Readonly<Record<VhdxCode, CatalogueEntry>> {
  const tables: Readonly<Record<CodeGroup, Readonly<Record<string, CodeRow>>>> = TABLES;
  const made: Record<string, CatalogueEntry> = {};
  for (const group of Object.keys(TABLES).filter(isGroup)) {
    for (const [code, row] of Object.entries(tables[group])) made[code] = entryOf(group, row);
  }
  if (!isComplete(made)) throw new InternalError('a code was lost');
  return made;
}

const ENTRIES: Readonly<Record<VhdxCode, CatalogueEntry>> = /* @__PURE__ */ makeCatalogue();

/** Every code with all that is known of it, but for what only the documentation says. */
export const catalogue: Readonly<Record<VhdxCode, CatalogueEntry>> = ENTRIES;

/** Every code, with its rule, section, usual severity, summary and remedy. */
export const codes: Readonly<Record<VhdxCode, CodeEntry>> = ENTRIES;

/** True for the name of a code. */
export function isCode(text: string): text is VhdxCode {
  return Object.hasOwn(catalogue, text);
}

/** What a fault of this code keeps from being read: the `headers`, the `log`, or (undefined) only a part of the rest. */
export function decidedBy(code: VhdxCode): 'headers' | 'log' | undefined {
  return DECISIVE_GROUPS[catalogue[code].group];
}

/** Summary as the beginning of a sentence: `A header has a wrong checksum`. */
export function summaryText(code: VhdxCode): string {
  return capitalized(catalogue[code].summary);
}

/** Every code, in the order of the documentation. */
export const CODES: readonly VhdxCode[] = /* @__PURE__ */ Object.keys(catalogue).filter(isCode);

let ofRules: ReadonlyMap<string, VhdxCode> | undefined;

/** The code of a constraint of a schema whose `-rule` is `rule`, which is a rule or a code. */
export function codeOfSchemaRule(rule: string): VhdxCode {
  if (isCode(rule)) return rule;
  ofRules ??= new Map(CODES.filter((code) => catalogue[code].schema).map((code) => [catalogue[code].rule, code]));
  const code = ofRules.get(rule);
  if (code === undefined) throw new InternalError(`the rule ${rule} of a schema has no code`);
  return code;
}
