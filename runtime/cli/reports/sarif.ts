/** The report of a check as SARIF 2.1.0. */
import { SARIF_LEVELS, type SarifFile, sarifLog, sarifNotification, sarifResult } from 'ksy-ts/reports';
import { explainCode, IMAGE_CODES, summaryText, type VhdxCode } from '../../rules.js';
import type { Finding } from '../../index.js';
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
import { type Harmless, json, shown } from '../harmless.js';

const INFORMATION = 'https://learn.microsoft.com/openspecs/windows_protocols/ms-vhdx/';

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
    defaultConfiguration: { level: SARIF_LEVELS[severity] },
    properties: { tags: ['vhdx', severity], rule, covers, section, precision: 'very-high' },
  };
}

function resultOf(
  image: string,
  found: Finding | SuppressedFinding,
  { locations, ruleIndex }: { readonly locations: Locations; readonly ruleIndex: ReadonlyMap<VhdxCode, number> },
): unknown {
  const { code, rule, severity, section, fileOffset, length, path, message, fix } = found;
  return sarifResult({
    rule: code,
    ruleIndex: ruleIndex.get(code) ?? -1,
    severity,
    message: fix === undefined ? message : `${message} What to do: ${fix}`,
    uri: locationUri(found.image ?? image, locations),
    offset: fileOffset,
    length,
    path,
    fingerprint: 'vhdxFinding/v1',
    suppression: 'suppression' in found ? suppressionText(found.suppression) : undefined,
    properties: { rule, severity, section },
  });
}

/** How many findings of a kind are not listed, as notifications: a result needs a place. */
function omissions(image: string, { groups }: ImageReport): unknown[] {
  return groups
    .filter((group) => group.count > group.shown)
    .map(({ code, count, shown: listed }) =>
      sarifNotification({
        level: 'note',
        message: `${image}: ${count - listed} more of ${count} findings ${code} are not listed.`,
        rule: code,
      }),
    );
}

function notOpened(image: string, error: unknown, locations: Locations): unknown {
  const { code: id, message } = failureOf(error);
  return sarifNotification({ level: 'error', message, id, uri: locationUri(image, locations) });
}

function loggedImage(outcome: Outcome, locations: Locations, ruleIndex: ReadonlyMap<VhdxCode, number>): SarifFile {
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

/** A log as text. */
export function sarifText(driver: unknown, images: readonly SarifFile[], isComplete: boolean): Harmless {
  return shown`${json(sarifLog(driver, images, isComplete), 2)}\n`;
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
  return sarifText(
    driver,
    images,
    outcomes.every(({ report }) => report !== undefined),
  );
}
