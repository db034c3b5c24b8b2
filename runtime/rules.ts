/** What a check can say: codes, severities, groups of rules, profiles. */
export { RULE_GROUPS, type RuleGroup } from './check/check.js';
export { type Profile, PROFILES } from './check/profiles.js';
export { type CodeEntry, codes, SEVERITIES, type Severity, type VhdxCode } from './errors/errors.js';
