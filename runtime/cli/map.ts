import { type Extent, PayloadState, type VhdxDisk } from '../index.js';
import { ExitCode } from './exit-codes.js';
import { reportFailure } from './failure.js';
import { type Harmless, joined, json, NOTHING, shown } from './harmless.js';
import { runLocateFile, runLocateVirtual } from './locate.js';
import { runUsage, type UsageCommandOptions, wantsPicture } from './map-usage.js';
import { type DiskCommandOptions, namesOf, openDiskFile, openImageFile } from './open-disk.js';
import type { Output } from './output.js';
import { hex } from './text.js';

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

/** Text for an extent: the line of a table, or a JSON object. */
type Describe = (extent: Extent) => Harmless;

/**
 * The keys of `qemu-img map --output=json` in its order and form, then those that it has not. `present` is false for
 * what this image (with --chain: every image) leaves to others; without --chain that is neither zeros nor data.
 */
function jsonOf(names: readonly string[]): Describe {
  const filenames = names.map((name) => json(name));
  return (extent) => {
    const { kind, virtualOffset, length, depth, state } = extent;
    const present = state !== PayloadState.NOT_PRESENT && kind !== 'parent';
    const place = kind === 'data' ? shown`, "offset": ${extent.fileOffset}` : NOTHING;
    const file = kind === 'data' ? shown`, "filename": ${filenames[depth] ?? NOTHING}` : NOTHING;
    const contents = shown`"zero": ${kind === 'zero'}, "data": ${kind === 'data'}${place}`;
    const stateName = json(STATE_NAMES.get(state));
    return shown`{ "start": ${virtualOffset}, "length": ${length}, "depth": ${depth}, "present": ${present}, ${contents}, "state": ${stateName}${file}}`;
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
  return (extent) => {
    const { kind, virtualOffset, length, depth, state } = extent;
    const name = kind === 'data' ? names[depth] : undefined;
    const at = kind === 'data' ? hex(extent.fileOffset) : '-';
    const stateName = STATE_NAMES.get(state) ?? '';
    const last = chain ? `${stateName.padEnd(18)} ${depth}  ${name ?? '-'}` : stateName;
    return row([hex(virtualOffset), hex(length), at, kind, last]);
  };
}

async function writeMap(disk: VhdxDisk, options: MapCommandOptions, output: Output): Promise<void> {
  const names = namesOf(disk);
  const chain = options.chain === true;
  const isJson = options.json === true;
  const describe = isJson ? jsonOf(names) : textOf(names, chain);
  const title = chain ? `${'State'.padEnd(18)} Depth  File` : 'State';
  let lines = [isJson ? shown`[` : row(['Offset', 'Length', 'File offset', 'Kind', title])];
  let separator: Harmless = NOTHING;
  const extents = chain ? disk.extents({ states: true }) : disk.ranges({ states: true });
  for await (const extent of extents) {
    lines.push(separator, describe(extent));
    if (isJson) separator = shown`,\n`;
    if (lines.length < BATCH) continue;
    // Nobody reads any more.
    if (output.isClosed()) return;
    await output.send(joined(lines));
    lines = [];
  }
  await output.send(isJson ? shown`${joined(lines)}]\n` : joined(lines));
}

/** `vhdx map`: where each part of the virtual disk is stored. */
export async function runMap(image: string, options: MapCommandOptions, output: Output): Promise<ExitCode> {
  if (options.at !== undefined) return runLocateFile(image, options.at, options, output);
  if (options.virtual !== undefined) return runLocateVirtual(image, options.virtual, options, output);
  if (wantsPicture(options)) return runUsage(image, options, output);
  try {
    const disk = await (options.chain === true ? openDiskFile : openImageFile)(image, options);
    try {
      // Storage that blocks share is refused as whatever else a check calls an error.
      await disk.survey();
      await writeMap(disk, options, output);
      return ExitCode.CLEAN;
    } finally {
      await disk.close();
    }
  } catch (error) {
    return reportFailure(error, image, output);
  }
}
