/** Reports of a salvage: obstacles, assumptions, and what was lost. */
import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { LostRange, SalvagedDisk, VhdxDisk } from '../../index.js';
import { systemPath } from '../../node.js';
import { ExitCode } from '../exit-codes.js';
import { faultLine } from '../error-report.js';
import type { Output } from '../output.js';
import { ddrescueMap, jsonMap } from './salvage-map.js';
import type { SalvageOptions } from './salvage-options.js';
import { countText, hex, roundedSizeText } from '../text.js';

/** Lines for single ranges; all of them are in the map. */
const LISTED = 20;

/** Says why a salvage cannot be made as it was asked for; undefined if it can. `target`: what else is written. */
export function salvageRefusal({ salvage, salvageMap }: SalvageOptions, target?: string): string | undefined {
  if (salvageMap === undefined) return undefined;
  if (salvage !== true) return '--salvage-map is for --salvage alone';
  if (target !== undefined && resolve(target) === resolve(salvageMap)) return 'map and target are the same file';
  if (existsSync(systemPath(salvageMap)) && !isEmpty(salvageMap))
    return `cannot write the map ${salvageMap}: it exists already`;
  return existsSync(dirname(salvageMap)) ? undefined : `cannot write the map ${salvageMap}: there is no such folder`;
}

/** True for a file that has nothing to lose: what mktemp makes, or a device such as /dev/stderr. */
function isEmpty(path: string): boolean {
  const stats = statSync(systemPath(path));
  return !stats.isDirectory() && !stats.isBlockDevice() && stats.size === 0;
}

/** Names what is in the way of opening a damaged image, and what is assumed instead. */
export function reportObstacles(image: string, disk: VhdxDisk | SalvagedDisk, output: Output): void {
  if (!('obstacles' in disk)) return;
  for (const { assumed, image: parent, ...fault } of disk.obstacles) {
    const line = faultLine(parent === undefined ? image : `${image}: its parent ${parent}`, { ...fault, section: '' });
    output.error(assumed === undefined ? line : `${line}. ${assumed.replace(/\.$/, '')}`);
  }
}

/** `before`: the range that was listed last; its cause need not be told again. */
function lostRangeLine(
  { virtualOffset, length, code, message, image }: LostRange,
  before: LostRange | undefined,
): string {
  const where = `${hex(virtualOffset)} to ${hex(virtualOffset + length)} (${roundedSizeText(length)})`;
  if (before?.message === message && before.image === image) return `lost, now zeros: ${where}: as before (${code})`;
  const cause = faultLine(image === undefined ? '' : `its parent ${image}`, { code, message, section: '' });
  return `lost, now zeros: ${where}: ${cause.replace(/^: /, '')}`;
}

/**
 * Lists what was lost of a disk of which the bytes from `start` to `end` (exclusive) have been read, writes the map, and
 * returns the exit code.
 */
export async function finishSalvage(
  image: string,
  disk: VhdxDisk | SalvagedDisk,
  { salvageMap, start, end }: Pick<SalvageOptions, 'salvageMap'> & { readonly start: number; readonly end: number },
  output: Output,
): Promise<ExitCode> {
  if (!('obstacles' in disk)) return ExitCode.CLEAN;
  const { lost, obstacles } = disk;
  for (const [index, range] of lost.ranges.slice(0, LISTED).entries()) {
    output.error(`${image}: ${lostRangeLine(range, lost.ranges[index - 1])}`);
  }
  const more = lost.ranges.length - LISTED;
  if (more > 0) output.error(`${image}: ${countText(more, 'more range')} lost, which --salvage-map lists`);
  if (lost.ranges.length > 0) {
    const atLeast = lost.unlistedFrom === Infinity ? '' : 'at least ';
    output.error(
      `${image}: ${atLeast}${roundedSizeText(lost.bytes)} in ${countText(lost.ranges.length, 'range')} lost and now zeros`,
    );
  }
  if (salvageMap !== undefined) {
    const map = /\.json$/i.test(salvageMap) ? jsonMap : ddrescueMap;
    try {
      await writeFile(systemPath(salvageMap), map({ image, disk, start, end }), {
        flag: existsSync(systemPath(salvageMap)) && isEmpty(salvageMap) ? 'w' : 'wx',
      });
    } catch (error) {
      output.error(`cannot write the map ${salvageMap}: ${error instanceof Error ? error.message : String(error)}`);
      return ExitCode.COULD_NOT_RUN;
    }
  }
  return lost.ranges.length > 0 || obstacles.length > 0 ? ExitCode.NEEDS_ATTENTION : ExitCode.CLEAN;
}
