import { explainCode, IMAGE_CODES, summaryText, type VhdxCode } from '../../rules.js';
import type { Finding, Severity } from '../../index.js';
import { helpUri } from './help-uri.js';
import { type Locations, locationUri } from './locations.js';
import { failureOf, type ImageReport, type SuppressedFinding, suppressionText, type Outcome, type ReportContext } from './outcome.js';
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

/** The report as SARIF 2.1.0, for code scanning and for editors. */
export function checkSarif(outcomes: readonly Outcome[], { locations, version, homepage }: ReportContext): Harmless {
  const ruleIndex = new Map(IMAGE_CODES.map((code, index) => [code, index]));
  const results: unknown[] = [];
  const notifications: unknown[] = [];
  for (const outcome of outcomes) {
    const { image, report } = outcome;
    if (report === undefined) {
      notifications.push(notOpened(image, outcome.error, locations));
      continue;
    }
    for (const found of [...report.findings, ...(report.suppressed ?? [])]) results.push(resultOf(image, found, { locations, ruleIndex }));
    notifications.push(...omissions(image, report));
  }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vhdx',
            version,
            informationUri: INFORMATION,
            rules: IMAGE_CODES.map((code) => ruleOf(code, homepage)),
          },
        },
        invocations: [
          {
            executionSuccessful: outcomes.every(({ report }) => report !== undefined),
            ...(notifications.length === 0 ? {} : { toolExecutionNotifications: notifications }),
          },
        ],
        artifacts: outcomes.map(({ image, report }) => ({
          location: { uri: locationUri(image, locations) },
          // Whether what follows the log was judged as it is stored or as it is after the replay.
          ...(report === undefined ? {} : { properties: { view: report.view } }),
        })),
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return shown`${json(log, 2)}\n`;
}
