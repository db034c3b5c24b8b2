import { codes, type Profile, type RuleGroup, type VhdxCode } from '../../index.js';
import { RULE_GROUPS } from '../../rules.js';

/** A rule that a check looks at, with the codes under which it is reported. */
export interface CheckedRule {
  readonly rule: string;
  /** Group of the rule; undefined for what a host asks for beyond the specification. */
  readonly group: RuleGroup | undefined;
  readonly codes: readonly VhdxCode[];
}

/** How the rules of a profile are numbered. */
const PREFIXES: Readonly<Record<Profile, RegExp | undefined>> = {
  spec: undefined,
  hyperv: /^HV\d/,
  azure: /^AZ\d/,
  // The rules on BAT entries are those of the driver that WSL shares with Hyper-V.
  wsl: /^(?:WSL\d|HV2$)/,
};

/** Rules that only a check of a chain looks at. H9 has a part that it does not need parents for. */
const OF_CHAINS: readonly string[] = ['G15', 'G16', 'G17', 'H13', 'H15', 'J5'];

function isCode(text: string): text is VhdxCode {
  return text in codes;
}

/** The codes of image faults, all of them. */
export function imageCodes(): readonly VhdxCode[] {
  const isImageCode = (code: string): code is VhdxCode => isCode(code) && codes[code].rule !== '';
  return Object.keys(codes).filter(isImageCode);
}

/** The rules that a check with these options looks at, in the order of their numbers. */
export function checkedRules({
  profiles,
  chain,
}: {
  readonly profiles: readonly Profile[];
  readonly chain: boolean;
}): readonly CheckedRule[] {
  const rules = new Map<string, CheckedRule & { codes: VhdxCode[] }>();
  for (const code of imageCodes()) {
    const { rule } = codes[code];
    const group = /^[A-J]\d/.test(rule) ? RULE_GROUPS.find((each) => rule.startsWith(each)) : undefined;
    const wanted = group === undefined ? profiles.some((each) => PREFIXES[each]?.test(rule)) : true;
    if (!wanted || (!chain && OF_CHAINS.includes(rule))) continue;
    const known = rules.get(rule);
    if (known === undefined) rules.set(rule, { rule, group, codes: [code] });
    else known.codes.push(code);
  }
  const order = ({ rule, group }: CheckedRule): readonly [string, number] => [
    group ?? `~${rule.replace(/\d+$/, '')}`,
    Number(/\d+$/.exec(rule)?.[0]),
  ];
  return [...rules.values()].toSorted((one, other) => {
    const [[letter, number], [otherLetter, otherNumber]] = [order(one), order(other)];
    return letter === otherLetter ? number - otherNumber : letter < otherLetter ? -1 : 1;
  });
}
