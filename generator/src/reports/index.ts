/** Reports on files that were checked, whatever their format: what `vhdx check` and `ksy-ts validate` have in common. */
export { jsonText, printable, visible, withoutCommands, xmlText } from './escape.js';
export { junitDocument, junitReport, type JUnitCase, type JUnitSuite, type JUnitTotals } from './junit.js';
export {
  SARIF_LEVELS,
  sarifLog,
  sarifNotification,
  sarifResult,
  type SarifFile,
  type SarifFinding,
  type SarifLevel,
  type SarifNotification,
} from './sarif.js';
export { SEVERITIES, fails, type Severity } from './severity.js';
