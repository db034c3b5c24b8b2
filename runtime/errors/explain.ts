/** What the documentation says of codes and rules: not loaded by readers and checkers of images. */
import { BAT_EXPLAINED } from './catalogue/bat.js';
import { CREATION_EXPLAINED } from './catalogue/creation.js';
import { FILE_EXPLAINED } from './catalogue/file.js';
import type { Explanation } from './catalogue/form.js';
import { GROUP_TITLES } from './catalogue/groups.js';
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
import { UNREPORTED_RULES, type UnreportedRule } from './catalogue/unreported.js';
import { WHOLE_FILE_EXPLAINED } from './catalogue/whole-file.js';
import { WRITING_EXPLAINED } from './catalogue/writing.js';
import { type CodeEntry, type CodeGroup, codes, CODES, GROUPS, isCode, type Severity, type VhdxCode } from './codes.js';
import { RULES } from './rules.js';

const EXPLANATIONS: Readonly<Record<VhdxCode, Explanation>> = {
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
};

/** All that is known of a code. */
export interface ExplainedCode extends Omit<CodeEntry, 'also'> {
  /** The code. */
  readonly code: VhdxCode;
  /** The group in words: `Headers`. */
  readonly title: string;
  /** Meaning, in a few sentences. */
  readonly meaning: string;
  /** When a finding has another severity than the usual one. */
  readonly when: Readonly<Partial<Record<Severity, string>>>;
  /** Where it is checked: `schemas/vhdx_header`, and folders of `runtime/`. */
  readonly lookedAt: readonly string[];
  /** Related codes: those of the same rule first. */
  readonly related: readonly VhdxCode[];
}

/** All that is known of a rule. */
export interface ExplainedRule {
  /** `B2` */
  readonly rule: string;
  /** Group of the rule. */
  readonly group: CodeGroup;
  /** The group in words: `Headers`. */
  readonly title: string;
  /** The codes that report it; none for a rule that a check cannot find broken. */
  readonly codes: readonly VhdxCode[];
  /** Why no check reports it. */
  readonly unreported?: UnreportedRule;
}

/** Explains a code. */
export function explainCode(code: VhdxCode): ExplainedCode {
  const { rule, group, section, severity, summary, remedy, covers } = codes[code];
  const { meaning, when = {}, lookedAt, related = [] } = EXPLANATIONS[code];
  const ofRule = RULES.find((each) => each.rule === rule)?.codes ?? [];
  const others = new Set([...ofRule, ...related].filter(isCode));
  others.delete(code);
  const entry = { code, rule, group, title: GROUP_TITLES[group], section, severity, when, summary, meaning, remedy };
  return { ...entry, lookedAt, related: [...others], ...(covers === undefined ? {} : { covers }) };
}

function groupOf(rule: string): CodeGroup | undefined {
  const letters = rule.replace(/\d+$/, '');
  return (Object.keys(GROUPS) as CodeGroup[]).find((group) => GROUPS[group].letter === letters);
}

/** Explains a rule; undefined if there is none of this name. */
export function explainRule(rule: string): ExplainedRule | undefined {
  const group = groupOf(rule);
  if (group === undefined) return undefined;
  const reporting = CODES.filter((code) => codes[code].rule === rule || codes[code].covers?.includes(rule) === true);
  const unreported = Object.hasOwn(UNREPORTED_RULES, rule) ? UNREPORTED_RULES[rule] : undefined;
  if (reporting.length === 0 && unreported === undefined) return undefined;
  const explained = { rule, group, title: GROUP_TITLES[group], codes: reporting };
  return unreported === undefined ? explained : { ...explained, unreported };
}

/** How many letters have to be changed, added or removed to get from one word to another (Levenshtein distance). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, each] of [...other].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[at], row[at + 1], row[at]];
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === each ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The codes whose names are most like `text`, the best first: those that share words with it, then those spelled alike. */
export function nearestCodes(text: string, count = 3): readonly VhdxCode[] {
  // A name has less than 50 letters; of a longer text the rest makes no difference.
  const name = text
    .slice(0, 64)
    .toUpperCase()
    .replace(/^VHDX_/, '');
  const words = new Set(name.split(/[^A-Z0-9]+/));
  const scored = CODES.map((code) => {
    const own = code.replace(/^VHDX_/, '');
    const shared = own.split('_').filter((word) => words.has(word)).length;
    return { code, score: distance(name, own) - 6 * shared };
  });
  return scored
    .toSorted((one, other) => one.score - other.score)
    .slice(0, count)
    .map(({ code }) => code);
}
