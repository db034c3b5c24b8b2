/** Findings in SARIF 2.1.0, for code scanning and for editors. */
import { printable } from './escape.js';
import type { Severity } from './severity.js';

/** The levels of SARIF 2.1.0, 3.27.10, that are used. */
export type SarifLevel = 'error' | 'warning' | 'note';

/** What must not be written to is as bad for a build as what cannot be read. */
export const SARIF_LEVELS: Readonly<Record<Severity, SarifLevel>> = {
  error: 'error',
  'refuse-write': 'error',
  warning: 'warning',
  info: 'note',
};

/** A finding of a file. */
export interface SarifFinding {
  /** The id of its rule. */
  readonly rule: string;
  /** Its place among the driver's rules. */
  readonly ruleIndex: number;
  /** Decides the level. */
  readonly severity: Severity;
  /** Plain text. */
  readonly message: string;
  /** The file, as a reference. */
  readonly uri: string;
  /** In bytes from the start of the file, where that is known. */
  readonly offset: number | undefined;
  /** In bytes; 0 where it is not known. */
  readonly length: number | undefined;
  /** What in the file it is about; may be empty. */
  readonly path: string;
  /** The key of the fingerprint: the same fault at the same place is the same alert in the next run. */
  readonly fingerprint: string;
  /** Why it does not count. */
  readonly suppression?: string | undefined;
  /** The property bag of the result. */
  readonly properties: object;
}

/** The `result` object of a finding. SARIF 2.1.0, 3.27 */
export function sarifResult(finding: SarifFinding): object {
  const { rule, ruleIndex, severity, message, uri, offset, length, path, suppression, properties } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: SARIF_LEVELS[severity],
    message: { text: plainMessage(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          // Code scanning shows nothing without a line, which a binary file has not.
          region: { startLine: 1, ...(offset === undefined ? {} : { byteOffset: offset, byteLength: length ?? 0 }) },
        },
        ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: printable(path), kind: 'member' }] }),
      },
    ],
    partialFingerprints: { [finding.fingerprint]: `${rule}:${path}` },
    // SARIF 2.1.0, 3.35: outside of the file, by what is kept beside it.
    ...(suppression === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: suppression }] }),
    properties,
  };
}

/** Something about the run that is no finding. */
export interface SarifNotification {
  /** How grave it is. */
  readonly level: SarifLevel;
  /** Plain text. */
  readonly message: string;
  /** What kind of failure it is. */
  readonly id?: string;
  /** The rule that it is about. */
  readonly rule?: string;
  /** The file that it is about, as a reference. */
  readonly uri?: string;
}

/** The `notification` object of something about the run. SARIF 2.1.0, 3.58 */
export function sarifNotification({ level, message, id, rule, uri }: SarifNotification): object {
  return {
    level,
    ...(id === undefined ? {} : { descriptor: { id } }),
    message: { text: plainMessage(message) },
    ...(rule === undefined ? {} : { associatedRule: { id: rule } }),
    ...(uri === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: { uri } } }] }),
  };
}

/** What a log has of one file. */
export interface SarifFile {
  /** Its `artifact` object. SARIF 2.1.0, 3.24 */
  readonly artifact: unknown;
  /** What `sarifResult` makes. */
  readonly results: readonly unknown[];
  /** What `sarifNotification` makes. */
  readonly notifications: readonly unknown[];
}

/** A log with what it has of each file, in their order. `isComplete`: whether all could be read. */
export function sarifLog(driver: unknown, files: readonly SarifFile[], isComplete: boolean): object {
  const notifications = files.flatMap((each) => each.notifications);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [
          {
            executionSuccessful: isComplete,
            ...(notifications.length === 0 ? {} : { toolExecutionNotifications: notifications }),
          },
        ],
        artifacts: files.map(({ artifact }) => artifact),
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(({ results }) => results),
      },
    ],
  };
}

/** `text` as a plain message, without links: those have the form `[text](target)`. SARIF 2.1.0, 3.11.6 */
function plainMessage(text: string): string {
  return printable(text).replaceAll('](', String.raw`]\u{28}`);
}
