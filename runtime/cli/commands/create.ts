/** `vhdx create`: makes an image, empty or as the child of a parent. */
import type { DiskType } from '../../index.js';
import { createFile } from '../../node.js';
import { ExitCode } from '../exit-codes.js';
import { reportFailure } from '../error-report.js';
import { nameRefusal } from '../format-names.js';
import { shown } from '../harmless.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import { leftoverTeller } from '../leftover.js';
import type { Output } from '../output.js';
import { showProgress } from '../progress.js';
import { exactSizeText } from '../text.js';

/** What disk to make, as `create` and `convert` are told it. */
export interface NewDiskCommandOptions {
  readonly size?: number;
  readonly blockSize?: number;
  readonly logicalSectorSize?: number;
  readonly physicalSectorSize?: number;
  readonly force?: true;
}

export interface CreateCommandOptions extends NewDiskCommandOptions {
  readonly type?: DiskType;
  readonly parent?: string;
  readonly parentRoot?: readonly string[];
  readonly logSize?: number;
  readonly to?: 'vhdx';
}

async function create(
  image: string,
  { logSize, parentRoot, to: _to, ...options }: CreateCommandOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  // Only a fixed disk takes long.
  const progress = await showProgress(options.size ?? 0, output.showsProgress && options.type === 'fixed');
  try {
    const onLeftover = leftoverTeller(image, output);
    const asked = { ...options, logLength: logSize, parentRoots: parentRoot };
    const given = { ...asked, signal, onLeftover, onProgress: progress.update };
    const { virtualSize, type, parentLogPending } = await createFile(image, given);
    output.notice(shown`${image}: created, ${type}, ${exactSizeText(virtualSize)}\n`);
    if (!parentLogPending) return;
    output.warn(`${options.parent}: has a pending log; vhdx replay writes it without parting it from its child`);
  } finally {
    progress.stop();
  }
}

/** `vhdx create`: 0 if the image has been made. What goes wrong leaves nothing under its name. */
export async function runCreate(image: string, options: CreateCommandOptions, output: Output): Promise<ExitCode> {
  const misnamed = options.to === undefined ? nameRefusal(image, 'vhdx') : undefined;
  if (misnamed !== undefined) {
    output.error(misnamed);
    return ExitCode.COULD_NOT_RUN;
  }
  try {
    await interruptible((signal) => create(image, options, output, signal));
    return ExitCode.CLEAN;
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      reportFailure(error, image, output);
      // Whatever is wrong, it is not that an image was judged.
      return ExitCode.COULD_NOT_RUN;
    }
    output.error(`${error.message}: ${image} was not made`);
    endBy(error);
    return ExitCode.COULD_NOT_RUN;
  }
}
