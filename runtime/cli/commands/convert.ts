/** `vhdx convert`: checks the options and converts to a raw image or a VHDX. */
import type { VhdxDisk } from '../../index.js';
import { convertToRaw } from '../../node.js';
import type { ConvertToVhdxCommandOptions } from './convert-vhdx.js';
import { ExitCode } from '../exit-codes.js';
import { reportFailure } from '../error-report.js';
import { type ImageFormat, isVhdxName, nameRefusal } from '../format-names.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import { leftoverTeller } from '../leftover.js';
import { openDiskFile } from './open-disk.js';
import type { Output } from '../output.js';
import { shownName } from '../sources/image-name.js';
import { rawTableText } from './partition-text.js';
import { showProgress } from '../progress.js';
import { finishSalvage, reportObstacles, salvageRefusal } from './salvage-report.js';
import { sendDisk } from '../disk-to-stdout.js';

export interface ConvertCommandOptions extends ConvertToVhdxCommandOptions {
  readonly to?: ImageFormat;
}

/** Options that mean nothing for a raw image, and how they are given. */
const VHDX_OPTIONS = [
  ['type', '--type'],
  ['size', '--size'],
  ['blockSize', '--block-size'],
  ['logicalSectorSize', '--logical-sector-size'],
  ['physicalSectorSize', '--physical-sector-size'],
] as const;

/** Names of standard output. Whatever is behind them, a file of another name must not be put in its place. */
const STANDARD_OUTPUT = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']);

async function convert(
  disk: VhdxDisk,
  image: string,
  target: string,
  options: ConvertCommandOptions,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { force, sync } = options;
  reportObstacles(shownName(image), disk, output);
  const tableText = await rawTableText(disk);
  if (tableText !== undefined) output.warn(`${target}: ${tableText}`);
  const progress = await showProgress(disk.size, output.showsProgress);
  try {
    const onProgress = progress.update;
    if (STANDARD_OUTPUT.has(target)) await sendDisk(disk, 0, disk.size, output, { signal, onProgress });
    else {
      const onLeftover = leftoverTeller(target, output);
      await convertToRaw(disk, target, { force, sync, signal, onLeftover, onProgress });
    }
  } finally {
    progress.stop();
  }
  return finishSalvage(shownName(image), disk, { ...options, start: 0, end: disk.size }, output);
}

/** What the target is to be: its name says so, if nothing else does. */
function outputFormat(target: string, to: ImageFormat | undefined): ImageFormat {
  return to ?? (isVhdxName(target) ? 'vhdx' : 'raw');
}

/** Says why a raw image cannot be made as it was asked for; undefined if it can. */
function rawRefusal(image: string, options: ConvertCommandOptions): string | undefined {
  if (image === '-' || options.from === 'raw') return 'a raw image needs no conversion to raw: copy it';
  const found = VHDX_OPTIONS.find(([key]) => options[key] !== undefined);
  return found === undefined ? undefined : `${found[1]} is for VHDX targets alone: --to vhdx makes one under any name`;
}

/** Says why the work cannot be done as it was asked for; undefined if it can. */
function refusal(image: string, target: string, options: ConvertCommandOptions, output: Output): string | undefined {
  const { to, force } = options;
  const format = outputFormat(target, to);
  const misnamed = to === undefined ? nameRefusal(target, format) : undefined;
  if (misnamed !== undefined) return misnamed;
  if (format === 'vhdx') {
    return STANDARD_OUTPUT.has(target)
      ? 'a VHDX cannot go to standard output: it is not written from its beginning to its end'
      : undefined;
  }
  const refused = rawRefusal(image, options);
  if (refused !== undefined) return refused;
  if (STANDARD_OUTPUT.has(target) && output.isTerminal && force !== true) {
    return 'standard output is a terminal, which the bytes of a disk can leave unusable; --force writes them';
  }
  return undefined;
}

/** `vhdx convert`: the disk as a raw image, or as a VHDX of its own. What goes wrong leaves nothing half done under the target's name. */
export async function runConvert(
  image: string,
  target: string,
  options: ConvertCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const refused = refusal(image, target, options, output) ?? salvageRefusal(options, target);
  if (refused !== undefined) {
    output.error(refused);
    return ExitCode.COULD_NOT_RUN;
  }
  try {
    return await interruptible(async (signal) => {
      if (outputFormat(target, options.to) === 'vhdx') {
        const { convertImage } = await import('./convert-vhdx.js');
        return convertImage(image, target, options, output, signal);
      }
      const disk = await openDiskFile(image, options);
      try {
        return await convert(disk, image, target, options, output, signal);
      } finally {
        await disk.close();
      }
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) return reportFailure(error, image === '-' ? 'standard input' : image, output);
    const state = STANDARD_OUTPUT.has(target) ? 'the output is incomplete' : `${target} was not written`;
    output.error(`${error.message}: ${state}`);
    endBy(error);
    return ExitCode.COULD_NOT_RUN;
  }
}
