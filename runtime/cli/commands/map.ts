/** `vhdx map`: lists where each part of the virtual disk is stored. */
import { type Extent, type Finding, type UnreadableRange, type VhdxDisk } from '../../index.js';
import { PayloadState } from '../../format.js';
import { ExitCode } from '../exit-codes.js';
import { faultLine, reportFailure } from '../error-report.js';
import { type Harmless, joined, json, NOTHING, shown } from '../harmless.js';
import { runLocateFile, runLocateVirtual } from './locate.js';
import { runUsage, type UsageCommandOptions, wantsPicture } from './map-usage.js';
import { type DiskCommandOptions, namesOf, openDiskFile, openImageFile } from './open-disk.js';
import type { Output } from '../output.js';
import { shownName } from '../sources/image-name.js';
import { countText, hex } from '../text.js';

export interface MapCommandOptions extends DiskCommandOptions, UsageCommandOptions {
  readonly json?: true;
  readonly chain?: true;
  /** A byte of the file whose owner is wanted. */
  readonly at?: number;
  /** A byte of the virtual disk whose place is wanted. */
  readonly virtual?: number;
}

/** Lines and separators that are written at once. */
const BATCH = 1024;

const STATE_NAMES = new Map<number | undefined, string>(
  Object.entries(PayloadState).map(([name, state]) => [state, name]),
);

/** Text for an extent, which may be one that cannot be read: the line of a table, or a JSON object. */
type Describe = (extent: Extent, lost: Finding | undefined) => Harmless;

/** The ranges that cannot be read, as they come up, just before the extents that they are in. */
class LostRanges {
  /** How many there were. */
  count = 0;
  first: Finding | undefined;
  #ahead: UnreadableRange[] = [];

  readonly note = (range: UnreadableRange): void => {
    this.count += 1;
    this.first ??= range.finding;
    this.#ahead.push(range);
  };

  /** Why an extent cannot be read; undefined for one that can. Extents are asked for in order. */
  reasonOf({ virtualOffset }: Extent): Finding | undefined {
    this.#ahead = this.#ahead.filter((range) => range.virtualOffset + range.length > virtualOffset);
    const [next] = this.#ahead;
    return next !== undefined && next.virtualOffset <= virtualOffset ? next.finding : undefined;
  }
}

/**
 * The keys of `qemu-img map --output=json` in its order and form, then those that it has not. `present` is false for
 * what this image (with --chain: every image) leaves to others; without --chain that is neither zeros nor data, nor is
 * what cannot be read, which has an `error`.
 */
function jsonOf(names: readonly string[]): Describe {
  const filenames = names.map((name) => json(name));
  return (extent, lost) => {
    const { kind, virtualOffset, length, depth, state } = extent;
    const present = state !== PayloadState.NOT_PRESENT && kind !== 'parent';
    const place = kind === 'data' ? shown`, "offset": ${extent.fileOffset}` : NOTHING;
    const file = kind === 'data' ? shown`, "filename": ${filenames[depth] ?? NOTHING}` : NOTHING;
    const isZero = kind === 'zero' && lost === undefined;
    const contents = shown`"zero": ${isZero}, "data": ${kind === 'data'}${place}`;
    const error = lost === undefined ? NOTHING : shown`, "error": ${json(lost.code)}`;
    const stateName = json(STATE_NAMES.get(state) ?? String(state));
    return shown`{ "start": ${virtualOffset}, "length": ${length}, "depth": ${depth}, "present": ${present}, ${contents}, "state": ${stateName}${file}${error}}`;
  };
}

const COLUMNS = [16, 16, 16, 8, 0] as const;

function row(cells: readonly string[]): Harmless {
  return shown`${cells
    .map((cell, index) => cell.padEnd(COLUMNS[index] ?? 0))
    .join('')
    .trimEnd()}\n`;
}

/** A line of the table: offset, length, offset in the file, contents, state, and with parents the file. */
function textOf(names: readonly string[], chain: boolean): Describe {
  return (extent, lost) => {
    const { kind, virtualOffset, length, depth, state } = extent;
    const name = kind === 'data' ? names[depth] : undefined;
    const at = kind === 'data' ? hex(extent.fileOffset) : '-';
    const stateName = STATE_NAMES.get(state) ?? String(state);
    const last = chain ? `${stateName.padEnd(18)} ${depth}  ${name ?? '-'}` : stateName;
    return row([hex(virtualOffset), hex(length), at, lost === undefined ? kind : 'lost', last]);
  };
}

async function writeMap(disk: VhdxDisk, options: MapCommandOptions, output: Output): Promise<LostRanges> {
  const lost = new LostRanges();
  const names = namesOf(disk);
  const chain = options.chain === true;
  const isJson = options.json === true;
  const describe = isJson ? jsonOf(names) : textOf(names, chain);
  const title = chain ? `${'State'.padEnd(18)} Depth  File` : 'State';
  let lines = [isJson ? shown`[` : row(['Offset', 'Length', 'File offset', 'Kind', title])];
  let separator: Harmless = NOTHING;
  const wanted = { states: true, onUnreadable: lost.note };
  const extents = chain ? disk.extents(wanted) : disk.ranges(wanted);
  for await (const extent of extents) {
    lines.push(separator, describe(extent, lost.reasonOf(extent)));
    if (isJson) separator = shown`,\n`;
    if (lines.length < BATCH) continue;
    // The reader has closed the pipe.
    if (output.isClosed()) return lost;
    await output.send(joined(lines));
    lines = [];
  }
  await output.send(isJson ? shown`${joined(lines)}]\n` : joined(lines));
  return lost;
}

/** `vhdx map`: where each part of the virtual disk is stored; 2 where something of it cannot be read. */
export async function runMap(image: string, options: MapCommandOptions, output: Output): Promise<ExitCode> {
  if (options.at !== undefined) return runLocateFile(image, options.at, options, output);
  if (options.virtual !== undefined) return runLocateVirtual(image, options.virtual, options, output);
  if (wantsPicture(options)) return runUsage(image, options, output);
  try {
    const disk = await (options.chain === true ? openDiskFile : openImageFile)(image, options);
    try {
      // Storage that blocks share is lost as whatever else a check calls an error.
      await disk.survey();
      const { first, count } = await writeMap(disk, options, output);
      if (first === undefined) return ExitCode.CLEAN;
      const lost = `${countText(count, 'range')} of the disk cannot be read${count === 1 ? '' : ', the first'}`;
      output.error(faultLine(`${shownName(image)}: ${lost}`, first));
      return ExitCode.CORRUPT;
    } finally {
      await disk.close();
    }
  } catch (error) {
    return reportFailure(error, image, output);
  }
}
