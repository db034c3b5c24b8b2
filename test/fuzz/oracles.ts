/** What must hold for every image, however it was made. */
import { type CheckReport, checkImage } from '../../runtime/check/check.js';
import { LIMITS } from '../../runtime/base/limits.js';
import { type DiskOptions, openDisk, type VhdxDisk } from '../../runtime/disk/disk.js';
import { planRepair, repairImage } from '../../runtime/change/repair.js';
import { codes, SEVERITIES, VhdxError } from '../../runtime/errors/errors.js';
import { severitiesOf } from '../support/findings.js';
import { inspectImage } from '../../runtime/image/info.js';
import { type SalvagedDisk, salvageDisk } from '../../runtime/salvage/salvage.js';
import type { ByteSource } from '../../runtime/io/byte-source.js';
import { imageTree } from '../../runtime/tree/tree.js';
import { imageUsage } from '../../runtime/image/usage.js';
import { MIB, TestImage } from '../support/image-builder.js';
import { isLong } from './apply.js';
import { FuzzFault, type FuzzImage, FuzzTarget, TooMuchWork } from './fuzz-image.js';

/** How much of a disk is read: its extents one by one, up to this many. */
const EXTENTS = 64;
/** A parent for whoever needs one. */
const PARENT: ByteSource = new TestImage({ allocate: [1] }).source;

function require(condition: boolean, what: string): void {
  if (!condition) throw new FuzzFault(what);
}

/** The error code with which `use` ends; undefined if it succeeds. Anything but a VhdxError is a fault. */
async function codeOf(what: string, use: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await use();
    return undefined;
  } catch (error) {
    if (error instanceof FuzzFault || error instanceof TooMuchWork) throw error;
    if (!(error instanceof VhdxError))
      throw new FuzzFault(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
    require(error.message !== '', `${what}: an error without a message`);
    return error.code;
  }
}

function judgeReport(report: CheckReport): void {
  const { findings, groups, counts, verdict } = report;
  for (const { code, rule, severity, fileOffset, length, message, path } of findings) {
    const at = `${code} at ${fileOffset}`;
    require(codes[code] !== undefined && rule === codes[code].rule, `${at}: unknown code`);
    require(severitiesOf(code).includes(severity), `${at}: severity ${severity}`);
    require(Number.isSafeInteger(fileOffset) && fileOffset >= 0, `${at}: no offset`);
    require(Number.isSafeInteger(length) && length >= 0, `${at}: length ${length}`);
    require(path !== '' &&
      message.length > 8 &&
      message.length < 16_384, `${at}: message of ${message.length} characters`);
    require(!/undefined|NaN|\[object/.test(message), `${at}: ${message}`);
  }
  for (const { code, severity, count, shown } of groups) {
    require(shown <= count && shown <= LIMITS.findingsPerGroup, `${code}: ${shown} of ${count}`);
    const listed = findings.filter((each) => each.code === code && each.severity === severity).length;
    require(listed === shown, `${code}: ${listed} listed, ${shown} said`);
  }
  for (const severity of SEVERITIES) {
    const sum = groups.reduce((all, group) => (group.severity === severity ? all + group.count : all), 0);
    require(sum === counts[severity], `${severity}: ${sum} counted, ${counts[severity]} said`);
  }
  const worst = counts.error > 0 ? 'corrupt' : counts['refuse-write'] > 0 ? 'needs-attention' : 'clean';
  require(verdict === 'not-vhdx' || verdict === worst, `verdict ${verdict}, expected ${worst}`);
}

/** Opener and checker agree: what keeps an image from being opened is an error of the report, and the other way round. */
function judgeOpening(code: string | undefined, { findings, verdict }: CheckReport): void {
  if (code === undefined) require(verdict !== 'not-vhdx', 'opened, although it is no VHDX');
  else {
    require(!code.startsWith('VHDX_SOURCE_'), `opening ends with ${code}`);
    require(findings.some(
      (found) => found.code === code && found.severity === 'error',
    ), `opening ends with ${code}, which is no error of the report: ${findings.map((found) => found.code).join(', ')}`);
  }
}

/** Reads every extent at both ends. */
async function readAll(disk: VhdxDisk): Promise<void> {
  const buffer = new Uint8Array(4096);
  let count = 0;
  let end = 0;
  for await (const { virtualOffset, length } of disk.extents()) {
    require(virtualOffset === end && length > 0, `extent at ${virtualOffset}, ${length} long, expected at ${end}`);
    end = virtualOffset + length;
    for (const at of [virtualOffset, Math.max(virtualOffset, end - buffer.length)]) {
      const expected = Math.min(buffer.length, disk.size - at);
      const read = await disk.read(buffer, at);
      require(read === expected, `${read} bytes read at ${at}, expected ${expected}`);
    }
    count += 1;
    if (count === EXTENTS) return;
  }
  require(end === disk.size, `extents end at ${end} of ${disk.size}`);
}

/** Whoever looks at structures gets all of them, and whoever draws a picture gets one or an error of the report. */
async function judgeViews(image: FuzzImage, { findings, verdict }: CheckReport): Promise<void> {
  let nodes = 0;
  const tree = await codeOf('tree', async () => {
    for await (const { path, fileOffset } of imageTree(image)) {
      require(path !== '' && fileOffset >= 0, `node ${path} at ${fileOffset}`);
      nodes += 1;
    }
  });
  require(verdict === 'not-vhdx' ||
    (tree === undefined && nodes > 0), `a tree of ${nodes} nodes, which ends with ${tree}`);
  const usage = await codeOf('usage', () => imageUsage(image));
  require(usage === undefined || findings.some(({ code }) => code === usage), `no picture: ${usage}`);
}

/** A repair mends what it says and nothing else: no error is added, and there is nothing left to do afterwards. */
async function judgeRepair(image: FuzzImage): Promise<void> {
  const { steps, before } = await planRepair(image);
  if (steps.length === 0) return;
  const done = steps.map(({ kind }) => kind).join(', ');
  const { after } = await repairImage(new FuzzTarget(image));
  for (const { code, severity, count } of after.groups) {
    if (severity !== 'error' && severity !== 'refuse-write') continue;
    const was = before.groups.find((group) => group.code === code && group.severity === severity)?.count ?? 0;
    require(count <= was, `${code} after ${done}, which was not there before`);
  }
  for (const { code } of steps) {
    require(!after.findings.some(
      (found) => found.code === code && found.severity !== 'error',
    ), `${code} after ${done}`);
  }
  const again = (await planRepair(image)).steps.map(({ kind }) => kind);
  require(again.length === 0, `${again.join(', ')} after ${done}`);
}

/** What opens can be read to its end by a salvage, and of a sound image nothing is lost. */
async function judgeSalvage(image: FuzzImage, { counts }: CheckReport, options: DiskOptions): Promise<void> {
  const opened: SalvagedDisk[] = [];
  const opening = await codeOf('salvage', async () => opened.push(await salvageDisk(image, options)));
  require(opening === undefined || counts.error > 0, `no error was found, but a salvage ends with ${opening}`);
  const [disk] = opened;
  if (disk === undefined) return;
  const { obstacles, lost } = disk;
  const reading = await codeOf('salvage', () => readAll(disk));
  require(reading === undefined, `reading a salvaged disk ends with ${reading}`);
  const isChain = obstacles.some(({ code }) => CHAIN_CODES.test(code));
  require(counts.error > 0 || isChain || obstacles.length === 0, `obstacle ${obstacles[0]?.code} in a sound image`);
  require(counts.error > 0 || isChain || lost.ranges.length === 0, `lost of a sound image: ${lost.ranges[0]?.message}`);
}

/** Errors of a chain that have nothing to do with the child being sound. */
const CHAIN_CODES = /^VHDX_(PARENT_SECTOR_SIZE_MISMATCH|PARENT_NOT_FOUND|CHAIN_)/;

/** How closely a case is looked at: by the checker alone, by opener and reader too, or also drawn and repaired. */
export type Depth = 'check' | 'read' | 'all';

/** @throws FuzzFault for what must not happen; TooMuchWork where a long file was given up */
async function judge(image: FuzzImage, depth: Depth): Promise<void> {
  let report: CheckReport | undefined;
  const code = await codeOf('check', async () => (report = await checkImage(image)));
  if (report === undefined) throw new FuzzFault(`check ends with ${code}`);
  judgeReport(report);
  if (depth === 'check') return;
  JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  judgeOpening(await codeOf('inspect', () => inspectImage(image)), report);
  image.mayPassEnd = true;
  const options = { parent: () => Promise.resolve(PARENT), ignoreIdMismatch: true };
  const reading = await codeOf('read', async () => readAll(await openDisk(image, options)));
  const isRead = reading === undefined || CHAIN_CODES.test(reading);
  require(isRead || report.counts.error > 0, `no error was found, but reading ends with ${reading}`);
  await judgeSalvage(image, report, options);
  image.mayPassEnd = false;
  if (depth === 'read') return;
  await judgeViews(image, report);
  const repair = await codeOf('repair', () => judgeRepair(image));
  require(repair === undefined, `a repair ends with ${repair}`);
}

/** What is wrong with the way an image was treated; undefined if nothing is. */
export async function faultOf(image: FuzzImage, depth: Depth): Promise<string | undefined> {
  try {
    await judge(image, depth);
    return undefined;
  } catch (error) {
    if (error instanceof TooMuchWork) return isLong(image.size) ? undefined : `too much work: ${error.message}`;
    if (error instanceof FuzzFault) return error.message;
    throw error;
  }
}

/** Memory that a case may have beyond that of the process at its start, in bytes. */
export const MEMORY_BOUND: number = 256 * MIB;
