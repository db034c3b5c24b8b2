/** What the documentation says of codes and rules: not loaded by readers and checkers of images. */
import { GROUP_TEXTS } from './catalogue/groups.js';
import { UNREPORTED_RULES, type UnreportedRule } from './catalogue/unreported.js';
import {
  type CodeEntry,
  type CodeGroup,
  codes,
  CODES,
  isCode,
  isGroup,
  type Severity,
  type VhdxCode,
} from './codes.js';
import { EXPLANATIONS } from './explained-tables.js';
import { RULES } from './rules.js';

/** All that is known of a code. */
export interface ExplainedCode extends CodeEntry {
  /** The code. */
  readonly code: VhdxCode;
  /** Remedy, also of an error that is not a finding; empty if none is needed. */
  readonly remedy: string;
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
  const { meaning, advice, when = {}, lookedAt, related = [] } = EXPLANATIONS[code];
  const ofRule = RULES.find((each) => each.rule === rule)?.codes ?? [];
  const others = new Set([...ofRule, ...related].filter(isCode));
  others.delete(code);
  const entry = { code, rule, group, title: GROUP_TEXTS[group].title, section, severity, when, summary, meaning };
  return {
    ...entry,
    remedy: advice ?? remedy,
    lookedAt,
    related: [...others],
    ...(covers === undefined ? {} : { covers }),
  };
}

function groupOf(rule: string): CodeGroup | undefined {
  const letters = rule.replace(/\d+$/, '');
  return Object.keys(GROUP_TEXTS)
    .filter(isGroup)
    .find((group) => GROUP_TEXTS[group].letters === letters);
}

/** Explains a rule; undefined if there is none of this name. */
export function explainRule(rule: string): ExplainedRule | undefined {
  const group = groupOf(rule);
  if (group === undefined) return undefined;
  const reporting = CODES.filter((code) => codes[code].rule === rule || codes[code].covers?.includes(rule) === true);
  const unreported = Object.hasOwn(UNREPORTED_RULES, rule) ? UNREPORTED_RULES[rule] : undefined;
  if (reporting.length === 0 && unreported === undefined) return undefined;
  const explained = { rule, group, title: GROUP_TEXTS[group].title, codes: reporting };
  return unreported === undefined ? explained : { ...explained, unreported };
}

/** How many letters have to be changed, added or removed to get from one word to another (Levenshtein distance). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index += 1) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at += 1) {
      const [left = 0, above = 0, diagonal = 0] = [next[at], row[at + 1], row[at]];
      next.push(Math.min(left + 1, above + 1, diagonal + (one[index] === other[at] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The rules of a group whose numbers are next to that of `name`: `B24` for `B25`. */
function nearestRules(name: string, count: number): readonly string[] {
  const group = groupOf(name);
  const number = Number(/\d+$/.exec(name)?.[0]);
  if (group === undefined || Number.isNaN(number)) return [];
  const known = new Set([...CODES.map((code) => codes[code].rule), ...Object.keys(UNREPORTED_RULES)]);
  const away = (rule: string): number => Math.abs(Number(/\d+$/.exec(rule)?.[0]) - number);
  return [...known]
    .filter((rule) => rule !== '' && groupOf(rule) === group)
    .toSorted((one, other) => away(one) - away(other))
    .slice(0, count);
}

/** The letters of the words of `text` that no word of `name` has, by the most similar word. */
function strangeLetters(text: string, name: string): number {
  const words = name.split('_');
  return text
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '')
    .reduce((sum, word) => sum + Math.min(...words.map((each) => distance(word, each))), 0);
}

/** The codes, or for a text like `B25` the rules, whose names are most like `text`, the best first; none if none is. */
export function nearestNames(text: string, count = 3): readonly string[] {
  // A name has less than 50 letters; of a longer text the rest makes no difference.
  const name = text
    .slice(0, 64)
    .toUpperCase()
    .replace(/^VHDX_/, '');
  const rules = nearestRules(name, count);
  if (rules.length > 0) return rules;
  // More than a third of it misspelled is another word.
  const letters = name.replaceAll(/[^A-Z0-9]/g, '').length;
  return CODES.map((code) => {
    const own = code.replace(/^VHDX_/, '');
    return { code, strange: strangeLetters(name, own), away: distance(name, own) };
  })
    .filter(({ strange }) => 3 * strange < letters)
    .toSorted((one, other) => one.strange - other.strange || one.away - other.away)
    .slice(0, count)
    .map(({ code }) => code);
}
