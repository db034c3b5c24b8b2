/** The rules, as the catalogue of codes has them. */
import { catalogue, type CodeGroup, CODES, type VhdxCode } from './codes.js';

/** A rule with the codes under which it is reported. */
export interface Rule {
  /** `B2`, `HV1` */
  readonly rule: string;
  /** Group of the rule. */
  readonly group: CodeGroup;
  /** Codes that report the rule. */
  readonly codes: readonly VhdxCode[];
}

/** Scope of a check, which determines its rules. */
export interface CheckScope {
  /** Hosts that must accept the image. */
  readonly profiles: readonly string[];
  /** Whether parents are checked too. */
  readonly chain: boolean;
}

/** The codes of faults of images, in the order of the documentation. */
export const IMAGE_CODES: readonly VhdxCode[] = /* @__PURE__ */ CODES.filter((code) => catalogue[code].rule !== '');

function numberOf(rule: string): number {
  return Number(/\d+$/.exec(rule)?.[0]);
}

function rulesOfCodes(): readonly Rule[] {
  const rules = new Map<string, Rule & { codes: VhdxCode[] }>();
  for (const code of IMAGE_CODES) {
    const { rule, group } = catalogue[code];
    const known = rules.get(rule);
    if (known === undefined) rules.set(rule, { rule, group, codes: [code] });
    else known.codes.push(code);
  }
  const groups = [...new Set([...rules.values()].map(({ group }) => group))];
  const order = ({ rule, group }: Rule): number => 1000 * groups.indexOf(group) + numberOf(rule);
  return [...rules.values()].toSorted((one, other) => order(one) - order(other));
}

/** Every rule that has a code, by group and number. */
export const RULES: readonly Rule[] = /* @__PURE__ */ rulesOfCodes();

/** Rules that a check of this scope covers, by group and number. */
export function checkedRules({ profiles, chain }: CheckScope): readonly Rule[] {
  const isChecked = (code: VhdxCode): boolean => {
    const { chain: needsParents = false, profiles: hosts } = catalogue[code];
    return (chain || !needsParents) && (hosts === undefined || hosts.some((host) => profiles.includes(host)));
  };
  return RULES.filter((rule) => rule.codes.some(isChecked));
}
