/** Checks an image together with its parents. */
import { VhdxParentLocatorEntry } from '../../generated/index.js';
import { InternalError } from '../errors/internal-error.js';
import { requireFunction, requireOptions } from '../base/arguments.js';
import { type ChainLink, findParent, parentFaults, type ParentResolver } from '../disk/chain.js';
import { isSourceError, type VhdxCode, VhdxError } from '../errors/errors.js';
import {
  type Finding,
  finding,
  FindingCollector,
  type FindingDetail,
  type Report,
  type Verdict,
} from '../errors/findings.js';
import type { Place } from '../errors/field-location.js';
import { GUIDS } from '../base/guid.js';
import { itemPath } from '../format/metadata-items.js';
import type { KnownItemName } from '../format/metadata-table.js';
import type { ByteSource } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { hex, sizeTexts } from '../base/units.js';
import type { Walk } from '../image/walk.js';
import { type CheckOptions, type CheckReport, type Examination, examineImage, reportOf } from './check.js';

/** Options of `checkChain`. */
export interface ChainCheckOptions extends CheckOptions {
  /** Finds the parents; it decides what may be opened. */
  readonly parent: ParentResolver;
  /** Name of a parent in the findings; `parent 1`, `parent 2` … by default. */
  readonly nameOf?: ((source: ByteSource, depth: number) => string) | undefined;
}

/** An image of the chain above the one that was asked for. */
export interface ParentVerdict {
  /** As `nameOf` calls it. */
  readonly image: string;
  /** Verdict on the parent. */
  readonly verdict: Verdict;
}

/** The result of a check of an image with its parents. */
export interface ChainReport extends CheckReport {
  /** The parents that were found, the nearest first. */
  readonly parents: readonly ParentVerdict[];
}

/** An image of the chain, as it was found. */
interface Level {
  readonly image: string | undefined;
  readonly examination: Examination;
}

/** Where a metadata item lies, so that a finding can be placed. */
function itemPlace(
  { items, source }: Walk,
  name: KnownItemName,
): Pick<FindingDetail, 'fileOffset' | 'length' | 'path'> {
  const item = items?.find((candidate) => candidate.name === name);
  return item === undefined
    ? { fileOffset: 0, length: source.size, path: 'file' }
    : { fileOffset: item.fileOffset, length: item.length, path: itemPath(name) };
}

/** Where the pair of the parent locator stands that says which parent it has to be. */
function linkagePlace(walk: Walk): Pick<FindingDetail, 'fileOffset' | 'length' | 'path'> {
  const pair = walk.parent?.entries.find(({ key }) => key === 'parent_linkage');
  return pair === undefined
    ? itemPlace(walk, 'parent_locator')
    : { ...pair.place, length: VhdxParentLocatorEntry.SIZE };
}

/** A sentence with the place in the child that it is about, and the parent where that is known. */
function locatedText(
  sentence: string,
  { path, fileOffset }: Pick<Place, 'path' | 'fileOffset'>,
  parent?: string,
): string {
  const where = `${path} at ${hex(fileOffset)}`;
  return `${sentence.replace(/\.$/, '')} (${parent === undefined ? where : `${parent}; ${where}`}).`;
}

/** H9, H15: why there is no parent to look at; errors of the host are thrown on. */
async function openParent(
  line: readonly Walk[],
  child: Walk,
  parent: ParentResolver,
  report: Report,
): Promise<ByteSource | undefined> {
  const links: readonly ChainLink[] = line;
  try {
    return await findParent(links, { parent });
  } catch (error) {
    if (!(error instanceof VhdxError) || isSourceError(error)) throw error;
    const place = itemPlace(child, 'parent_locator');
    report(finding(error.code, { ...place, message: locatedText(error.message, place) }));
    return undefined;
  }
}

/** H13, G15 to G17, J5: what child and parent are to each other. */
function judgePair(child: Walk, parent: Walk, parentName: string, report: Report): void {
  const { header, disk } = parent;
  if (header === undefined || disk === undefined || child.disk === undefined) return;
  for (const { code, message } of parentFaults({ parent: child.parent, disk: child.disk }, { header, disk })) {
    const place =
      code === 'VHDX_PARENT_LINKAGE_MISMATCH' ? linkagePlace(child) : itemPlace(child, 'logical_sector_size');
    report(finding(code, { ...place, message: locatedText(message, place, parentName) }));
  }
  const say = (code: VhdxCode, item: KnownItemName, message: string): void =>
    report(finding(code, { ...itemPlace(child, item), message }));
  const where = (item: KnownItemName): string => ` at ${hex(itemPlace(child, item).fileOffset)}`;
  if (child.disk.virtualSize !== disk.virtualSize) {
    const [own, others] = sizeTexts(child.disk.virtualSize, disk.virtualSize);
    const consequence =
      child.disk.virtualSize > disk.virtualSize
        ? 'what lies past the end of the parent reads as zeros'
        : 'the end of the parent cannot be seen';
    say(
      'VHDX_PARENT_SIZE_DIFFERS',
      'virtual_disk_size',
      `The virtual disk size${where('virtual_disk_size')} is ${own}, that of ${parentName} is ${others}: ${consequence}.`,
    );
  }
  if (child.disk.virtualDiskId !== disk.virtualDiskId) {
    say(
      'VHDX_PARENT_DISK_ID_DIFFERS',
      'virtual_disk_id',
      `The virtual disk ID${where('virtual_disk_id')} is ${child.disk.virtualDiskId}, that of ${parentName} is ${disk.virtualDiskId}.`,
    );
  }
  if (parent.log?.state === 'pending') {
    const { fileOffset } = header.place;
    say(
      'VHDX_PARENT_LOG_PENDING',
      'parent_locator',
      `The log of ${parentName} has not been replayed; its DataWriteGuid was compared as stored in its header at ${hex(fileOffset)}.`,
    );
  }
}

/** Has a parent that can be looked for: the locator is there, and of the type that the specification describes. */
function isChild(walk: Walk | undefined): walk is Walk {
  return walk?.disk?.hasParent === true && walk.parent?.typeGuid === GUIDS.vhdxParentLocator;
}

/**
 * Checks an image and, for a differencing disk, its parents and whether each fits its child. The verdict is that of the
 * whole chain; a finding on a parent names it in `image`. Logs of parents are replayed in memory only. The source stays
 * open; what the resolver opens is closed.
 *
 * @throws VhdxError and others as `checkImage`, also for a parent whose bytes cannot be read
 */
export async function checkChain(source: Bytes, options: ChainCheckOptions): Promise<ChainReport> {
  requireOptions(options);
  requireFunction(options.parent, 'parent');
  requireFunction(options.nameOf, 'nameOf');
  const opened: ByteSource[] = [];
  const collector = new FindingCollector(options.findingsPerGroup);
  try {
    const levels = [{ image: undefined, examination: await examineImage(toByteSource(source), options) }] as Level[];
    const line: Walk[] = [];
    const own = new Map<Level, Finding[]>();
    for (let level = levels[0]; level !== undefined; level = levels[line.length]) {
      const { walk } = level.examination;
      if (!isChild(walk)) break;
      line.push(walk);
      const found: Finding[] = [];
      own.set(level, found);
      const report: Report = (each) => found.push(each);
      const parent = await openParent(line, walk, options.parent, report);
      if (parent === undefined) break;
      opened.push(parent);
      const image = options.nameOf?.(parent, line.length) ?? `parent ${line.length}`;
      const examination = await examineImage(parent, options);
      levels.push({ image, examination });
      if (examination.walk !== undefined) judgePair(walk, examination.walk, image, report);
    }
    for (const level of levels) addLevel(level, own.get(level) ?? [], collector);
    const [leaf] = levels;
    if (leaf === undefined) throw new InternalError('a chain has no image');
    const parents = levels.flatMap(({ image, examination }) =>
      image === undefined ? [] : [{ image, verdict: examination.report.verdict }],
    );
    return { ...reportOf(leaf.examination.report, collector), parents };
  } finally {
    await Promise.all(opened.map(async (each) => each.close?.()));
  }
}

/** Takes over what was found in an image, with what was left out, and what its place in the chain came to. */
function addLevel({ image, examination }: Level, links: readonly Finding[], collector: FindingCollector): void {
  const { findings, groups } = examination.report;
  const named = (found: Finding): Finding => (image === undefined ? found : { ...found, image });
  for (const found of findings) collector.report(named(found));
  for (const { code, severity, rule, count, shown } of groups) collector.count({ code, severity, rule }, count - shown);
  for (const found of links) collector.report(named(found));
}
