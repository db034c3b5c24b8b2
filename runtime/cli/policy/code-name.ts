/** Names of codes as a team writes them. */
import { isCode, nearestNames, RULES, type VhdxCode } from '../../rules.js';

/** What to write instead of a name that is no code. */
function hintOn(name: string): string {
  const rule = RULES.find((each) => each.rule === name.toUpperCase());
  if (rule !== undefined) {
    const words = rule.codes.length === 1 ? ['code', 'is'] : ['codes', 'are'];
    return `the ${words[0]} of rule ${rule.rule} ${words[1]} ${rule.codes.join(', ')}`;
  }
  const near = nearestNames(name).filter(isCode);
  return near.length === 0 ? 'vhdx explain lists them' : `did you mean ${near.join(' or ')}?`;
}

/** The code of this name; otherwise `refuse` is told what there is instead. */
export function codeNamed(name: string, refuse: (hint: string) => never): VhdxCode {
  return isCode(name) ? name : refuse(hintOn(name));
}
