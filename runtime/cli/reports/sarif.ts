/** The report of a check as SARIF 2.1.0. */
import { explainCode, IMAGE_CODES, summaryText, type VhdxCode } from '../../rules.js';
import type { Finding, Severity } from '../../index.js';
import { helpUri } from './help-uri.js';
import { type Locations, locationUri } from './locations.js';
import {
  failureOf,
  type ImageReport,
  type SuppressedFinding,
  suppressionText,
  type Outcome,
  type ReportContext,
} from './outcome.js';
import { type Harmless, json, printable, shown } from '../harmless.js';

type Level = 'error' | 'warning' | 'note';

/** What must not be written to is as bad for a build as what cannot be read. */
const LEVELS: Readonly<Record<Severity, Level>> = {
  error: 'error',
  'refuse-write': 'error',
  warning: 'warning',
  info: 'note',
};

const INFORMATION = 'https://learn.microsoft.com/openspecs/windows_protocols/ms-vhdx/';

/** `text` as a plain message, without links: those have the form `[text](target)`. SARIF 2.1.0, 3.11.6 */
function plainMessage(text: string): string {
  return printable(text).replaceAll('](', String.raw`]\u{28}`);
}

/** `VHDX_HEADER_CHECKSUM_MISMATCH` as `HeaderChecksumMismatch`. */
function pascalCase(code: string): string {
  const words = code
    .replace(/^VHDX_/, '')
    .toLowerCase()
    .split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function ruleOf(code: VhdxCode, homepage: string | undefined): unknown {
  const { rule, section, severity, when, meaning, remedy, covers = [] } = explainCode(code);
  const sentence = `${summaryText(code)}.`;
  const spec = section === '' ? '' : ` [MS-VHDX] ${section}.`;
  const remedyText = remedy === '' ? 'Nothing needs to be done.' : remedy;
  const others = Object.entries(when).map(([other, words]) => ` Severity ${other} if ${words}.`);
  const uri = helpUri(code, homepage);
  return {
    id: code,
    name: pascalCase(code),
    shortDescription: { text: sentence },
    fullDescription: { text: `${sentence} Rule ${rule}, severity ${severity}.${others.join('')}${spec}` },
    help: {
      text: `${sentence} ${meaning}${spec} ${remedyText}`,
      markdown: `**${rule}**, ${severity}: ${sentence} ${meaning}${others.join('')}${spec}\n\n${remedyText}`,
    },
    ...(uri === undefined ? {} : { helpUri: uri }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['vhdx', severity], rule, covers, section, precision: 'very-high' },
  };
}

function resultOf(
  image: string,
  found: Finding | SuppressedFinding,
  { locations, ruleIndex }: { readonly locations: Locations; readonly ruleIndex: ReadonlyMap<VhdxCode, number> },
): unknown {
  const { code, rule, severity, section, fileOffset, length, path, message, fix } = found;
  return {
    ruleId: code,
    ruleIndex: ruleIndex.get(code) ?? -1,
    level: LEVELS[severity],
    message: { text: plainMessage(fix === undefined ? message : `${message} What to do: ${fix}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: locationUri(found.image ?? image, locations) },
          // Code scanning shows nothing without a line, which a disk image has not.
          region: { startLine: 1, byteOffset: fileOffset, byteLength: length },
        },
        ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: printable(path), kind: 'member' }] }),
      },
    ],
    // The same fault at the same place is the same alert in the next run.
    partialFingerprints: { 'vhdxFinding/v1': `${code}:${path}` },
    // SARIF 2.1.0, 3.35: outside of the image, by what is kept beside it.
    ...('suppression' in found
      ? { suppressions: [{ kind: 'external', status: 'accepted', justification: suppressionText(found.suppression) }] }
      : {}),
    properties: { rule, severity, section },
  };
}

/** How many findings of a kind are not listed, as notifications: a result needs a place. */
function omissions(image: string, { groups }: ImageReport): unknown[] {
  return groups
    .filter((group) => group.count > group.shown)
    .map(({ code, count, shown: listed }) => ({
      level: 'note',
      message: { text: plainMessage(`${image}: ${count - listed} more of ${count} findings ${code} are not listed.`) },
      associatedRule: { id: code },
    }));
}

function notOpened(image: string, error: unknown, locations: Locations): unknown {
  const { code, message } = failureOf(error);
  return {
    level: 'error',
    descriptor: { id: code },
    message: { text: plainMessage(message) },
    locations: [{ physicalLocation: { artifactLocation: { uri: locationUri(image, locations) } } }],
  };
}

/** What a log has of one image. */
export interface LoggedImage {
  readonly artifact: unknown;
  readonly results: readonly unknown[];
  readonly notifications: readonly unknown[];
}

/** A log with what it has of each image, in their order. `isComplete`: whether all could be read. */
export function sarifLog(driver: unknown, images: readonly LoggedImage[], isComplete: boolean): Harmless {
  const notifications = images.flatMap((each) => each.notifications);
  const log = {
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
        artifacts: images.map(({ artifact }) => artifact),
        columnKind: 'utf16CodeUnits',
        results: images.flatMap(({ results }) => results),
      },
    ],
  };
  return shown`${json(log, 2)}\n`;
}

function loggedImage(outcome: Outcome, locations: Locations, ruleIndex: ReadonlyMap<VhdxCode, number>): LoggedImage {
  const { image, report, shard } = outcome;
  const location = { uri: locationUri(image, locations) };
  const found = report === undefined ? [] : [...report.findings, ...(report.suppressed ?? [])];
  const results = found.map((each) => resultOf(image, each, { locations, ruleIndex }));
  const notifications = report === undefined ? [notOpened(image, outcome.error, locations)] : omissions(image, report);
  const properties = {
    // Whether what follows the log was judged as it is stored or as it is after the replay.
    ...(report === undefined ? {} : { view: report.view }),
    ...(report?.unchanged === true ? { unchanged: true } : {}),
    // For merging: which of the results are those of this image.
    ...(shard === undefined
      ? {}
      : { shard: { ...shard, results: results.length, notifications: notifications.length } }),
  };
  const artifact = { location, ...(Object.keys(properties).length === 0 ? {} : { properties }) };
  return { artifact, results, notifications };
}

/** The report as SARIF 2.1.0, for code scanning and for editors. */
export function checkSarif(outcomes: readonly Outcome[], { locations, version, homepage }: ReportContext): Harmless {
  const ruleIndex = new Map(IMAGE_CODES.map((code, index) => [code, index]));
  const driver = {
    name: 'vhdx',
    version,
    informationUri: INFORMATION,
    rules: IMAGE_CODES.map((code) => ruleOf(code, homepage)),
  };
  const images = outcomes.map((outcome) => loggedImage(outcome, locations, ruleIndex));
  return sarifLog(
    driver,
    images,
    outcomes.every(({ report }) => report !== undefined),
  );
}
