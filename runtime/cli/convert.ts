import type { VhdxDisk } from '../index.js';
import { convertToRaw } from '../node.js';
import { ExitCode } from './exit-codes.js';
import { reportFailure } from './failure.js';
import { endBy, Interrupted, interruptible } from './interrupt.js';
import { type DiskCommandOptions, openDiskFile } from './open-disk.js';
import type { Output } from './output.js';
import { showProgress } from './progress.js';
import { sendDisk } from './send.js';

export interface ConvertCommandOptions extends DiskCommandOptions {
  readonly to?: 'raw' | 'vhdx';
  readonly force?: true;
  readonly sync?: true;
}

/** Names of standard output. Whatever is behind them, a file of another name must not be put in its place. */
const STANDARD_OUTPUT = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']);

async function convert(
  disk: VhdxDisk,
  target: string,
  { force, sync }: ConvertCommandOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const progress = await showProgress(disk.size, output.showsProgress);
  try {
    const onProgress = progress.update;
    if (STANDARD_OUTPUT.has(target)) await sendDisk(disk, 0, disk.size, output, { signal, onProgress });
    else await convertToRaw(disk, target, { force, sync, signal, onProgress });
  } finally {
    progress.stop();
  }
}

/** Says why the work cannot be done as it was asked for; undefined if it can. */
function refusal(target: string, { to, force }: ConvertCommandOptions, output: Output): string | undefined {
  if (to === 'vhdx' || (to === undefined && /\.a?vhdx$/i.test(target))) {
    return `cannot write ${target}: only raw images can be written so far; --to raw makes one under any name`;
  }
  if (STANDARD_OUTPUT.has(target) && output.isTerminal && force !== true) {
    return 'standard output is a terminal, which the bytes of a disk can leave unusable; --force writes them';
  }
  return undefined;
}

/** `vhdx convert`: the disk as a raw image. What goes wrong leaves nothing half done under the target's name. */
export async function runConvert(
  image: string,
  target: string,
  options: ConvertCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const refused = refusal(target, options, output);
  if (refused !== undefined) {
    output.complain(refused);
    return ExitCode.COULD_NOT_RUN;
  }
  try {
    await interruptible(async (signal) => {
      const disk = await openDiskFile(image, options);
      try {
        await convert(disk, target, options, output, signal);
      } finally {
        await disk.close();
      }
    });
    return ExitCode.CLEAN;
  } catch (error) {
    if (!(error instanceof Interrupted)) return reportFailure(error, image, output);
    const state = STANDARD_OUTPUT.has(target) ? 'the output is incomplete' : `${target} was not written`;
    output.complain(`${error.message}: ${state}`);
    endBy(error);
    return ExitCode.COULD_NOT_RUN;
  }
}
