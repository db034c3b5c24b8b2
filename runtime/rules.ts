/**
 * The catalogue of codes and rules with its documentation: everything that a check can report, and what `vhdx explain`
 * prints. An entry of its own, since reading and checking images does not need the long texts.
 */
export { type Profile, PROFILES } from './check/profiles.js';
export { GROUP_TEXTS, type GroupText } from './errors/catalogue/groups.js';
export { SEVERITY_MEANINGS } from './errors/catalogue/severities.js';
export { type Bound, UNREPORTED_RULES, type UnreportedRule } from './errors/catalogue/unreported.js';
export {
  type CodeEntry,
  type CodeGroup,
  codes,
  CODES,
  isCode,
  RULE_GROUPS,
  type RuleGroup,
  SEVERITIES,
  type Severity,
  summaryText,
  type VhdxCode,
} from './errors/codes.js';
export { explainCode, type ExplainedCode, type ExplainedRule, explainRule, nearestNames } from './errors/explain.js';
export { checkedRules, type CheckScope, IMAGE_CODES, type Rule, RULES } from './errors/rules.js';
