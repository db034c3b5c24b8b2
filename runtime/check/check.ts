/** The checker: walks an image, collects all findings, and derives the verdict. */
import type { SignalOptions } from '../base/options.js';
import { requireCount, requireOneOf, requireOptions } from '../base/arguments.js';
import { catalogue, type CatalogueEntry, RULE_GROUPS, type RuleGroup, type Severity } from '../errors/codes.js';
import {
  type Finding,
  finding,
  FindingCollector,
  type FindingGroup,
  type Verdict,
  verdictOf,
} from '../errors/findings.js';
import { HEADER_SECTION_SIZE, LIMITS } from '../base/limits.js';
import type { LogSummary } from '../log/summary.js';
import type { ByteSource } from '../io/byte-source.js';
import { Scratch } from '../io/scratch.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { type Walk, walkImage } from '../image/walk.js';
import { checkBat } from './bat-check.js';
import { judgeProfiles, type Profile, PROFILES } from './profiles.js';
import { judgeSectorBitmaps } from './sector-bitmaps.js';
import { accountSpace, judgeBatRest, judgeFile, judgeMetadataRest, type SpaceSummary } from './space.js';

/** Options of `checkImage`. */
export interface CheckOptions extends SignalOptions {
  /** Most findings of one code and severity in the report; 20 by default. The others are counted. */
  readonly findingsPerGroup?: number | undefined;
  /** Hosts that must accept the image, beyond the specification. */
  readonly profiles?: readonly Profile[] | undefined;
}

/** The result of a check. */
export interface CheckReport {
  /** Verdict on the image. */
  readonly verdict: Verdict;
  /** In the order of the file's structures. */
  readonly findings: readonly Finding[];
  /** One for each code and severity, with the number of all. */
  readonly groups: readonly FindingGroup[];
  /** Number of findings of each severity, including those omitted from `findings`. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Whether everything after the log was judged as it is stored, or as it is after the replay of the log. */
  readonly view: 'stored' | 'replayed';
  /** Summary of the log; `undefined` if it could not be read. */
  readonly log: LogSummary | undefined;
  /** Use of the file; `undefined` if it cannot be determined. */
  readonly space: SpaceSummary | undefined;
  /** Detected format of a file that is not a VHDX, with its article: `a QCOW2 (QEMU)`. */
  readonly looksLike: string | undefined;
  /** Groups of rules that were checked: those whose structures exist and could be read. */
  readonly checked: readonly RuleGroup[];
}

/** What a check found out, and what it walked through; `walk` is undefined for a file that is no VHDX. */
export interface Examination {
  readonly report: CheckReport;
  readonly walk: Walk | undefined;
}

async function checkBlocks(
  walk: Walk,
  { report, groups }: FindingCollector,
  options: CheckOptions,
): Promise<SpaceSummary | undefined> {
  const { bat, disk, view, regions, items, log, header } = walk;
  const hasError = (isMeant: (entry: CatalogueEntry) => boolean): boolean =>
    groups.some(({ code, severity }) => severity === 'error' && isMeant(catalogue[code]));
  const isShared = hasError(({ sharesRegion }) => sharesRegion === true);
  // Of items that are not where they belong the bytes that are left behind need no word of their own (F19).
  const isStray = hasError(({ misplaces }) => misplaces === 'metadata-item');
  if (regions?.metadata !== undefined && items !== undefined && !isShared && !isStray) {
    await judgeMetadataRest(view, regions.metadata, items, report, options);
  }
  if (bat === undefined || disk === undefined || regions?.bat === undefined) return undefined;
  const patches = walk.source === view ? [] : (log?.sequence?.replay?.patches ?? []);
  const { bitmaps, owners } = await checkBat({ bat, disk, view, log, regions }, patches, report, options);
  if (!isShared) await judgeBatRest(view, regions.bat, bat.geometry.byteLength, report, options);
  await judgeSectorBitmaps(view, bat, bitmaps, report, options);
  if (owners.incomplete) {
    report(
      finding('VHDX_OWNERSHIP_INCOMPLETE', {
        fileOffset: 0,
        length: view.size,
        path: 'file',
        message:
          'Some blocks lie beyond 0x1000000000000 (256 TiB): overlaps and free space beyond that were not searched for.',
      }),
    );
    return undefined;
  }
  // A structure at an unknown place would seem free (A7, A8); without a current header that is the log.
  const isMisplaced = hasError(({ misplaces }) => misplaces === 'log' || misplaces === 'region');
  return header === undefined || isMisplaced ? undefined : accountSpace(owners, view.size, report);
}

/** Which groups of rules there was something to look at for. */
function groupsOf({ header, log, regions, items, disk, parent, bat }: Walk): RuleGroup[] {
  const there: Readonly<Record<RuleGroup, boolean>> = {
    file: true,
    headers: header !== undefined || regions !== undefined,
    'region-tables': regions !== undefined,
    'log-entries': log !== undefined,
    'log-sequence': log !== undefined,
    'metadata-table': items !== undefined,
    'metadata-items': items !== undefined,
    'parent-locator': disk?.hasParent === true && parent !== undefined,
    bat: bat !== undefined,
    'whole-file': bat !== undefined,
  };
  return RULE_GROUPS.filter((group) => there[group]);
}

/** As `checkImage`, with what was walked through, whose bytes are in `scratch` if that is given. */
export async function examineImage(
  source: ByteSource,
  options: CheckOptions = {},
  scratch?: Scratch,
): Promise<Examination> {
  requireOptions(options);
  requireCount(options.findingsPerGroup, 'findingsPerGroup', 0);
  for (const profile of options.profiles ?? []) requireOneOf(profile, 'a profile', PROFILES);
  const collector = new FindingCollector(options.findingsPerGroup ?? LIMITS.findingsPerGroup);
  const { report } = collector;
  const walk = await walkImage(source, report, { signal: options.signal, scratch });
  const image = walk.kind === 'image' ? walk : undefined;
  let space: SpaceSummary | undefined;
  if (image !== undefined) {
    space = await checkBlocks(image, collector, options);
    // A file that ends inside of its header section (A1) has an odd length for that reason.
    if (source.size >= HEADER_SECTION_SIZE) judgeFile(source, report);
    await judgeProfiles(image, options.profiles ?? [], report, options);
  }
  const found = {
    verdict: image === undefined ? ('not-vhdx' as const) : ('clean' as const),
    view: image === undefined || image.view === source ? ('stored' as const) : ('replayed' as const),
    log: image?.logSummary,
    space,
    looksLike: walk.kind === 'foreign' ? walk.looksLike : undefined,
    checked: image === undefined ? (['file'] as const) : groupsOf(image),
  };
  return { report: reportOf(found, collector), walk: image };
}

/** The report on an image with the findings of `collector`, and the verdict that they come to. */
export function reportOf(
  image: Omit<CheckReport, 'findings' | 'groups' | 'counts'>,
  { findings, groups, counts }: FindingCollector,
): CheckReport {
  const verdict = image.verdict === 'not-vhdx' ? image.verdict : verdictOf(counts);
  return { ...image, verdict, findings, groups, counts };
}

/**
 * Checks an image against the rules of [MS-VHDX] and reports every violation. No content of the image makes it throw.
 * Reads the structures, the BAT and the sector bitmaps, but no payload. The source stays open. `JSON.stringify`
 * serializes the report; see `LogSummary` for its 64-bit fields.
 *
 * @throws VhdxError VHDX_SOURCE_SHORT_READ or what else `source` throws, if its bytes cannot be read; TypeError or
 * RangeError if `source` is none, or an option cannot be.
 */
export async function checkImage(source: Bytes, options: CheckOptions = {}): Promise<CheckReport> {
  const bytes = toByteSource(source);
  const scratch = new Scratch();
  const { report } = await examineImage(bytes, options, scratch);
  // Not after an error, since a source may be reading into it still.
  scratch.release();
  return report;
}
