/** Runs `vhdx compact` and `vhdx defragment`. */
import { type CompactPlan, type CompactRequest, planCompact, planDefragment } from '../../change.js';
import type { ByteSource, VhdxDisk } from '../../index.js';
import { compactToFile, openFile } from '../../node.js';
import { reportFailure } from '../error-report.js';
import { ExitCode } from '../exit-codes.js';
import { json, shown } from '../harmless.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import { leftoverTeller } from '../leftover.js';
import type { Output } from '../output.js';
import { showProgress } from '../progress.js';
import { exactSizeText, roundedSizeText } from '../text.js';
import { type Change, type ChangeCommandOptions, runChange } from './change.js';
import { openDiskFile } from './open-disk.js';

export interface CompactCommandOptions extends ChangeCommandOptions {
  readonly output?: string;
  readonly zeros?: boolean;
  readonly move: boolean;
  readonly sort?: true;
  readonly againstParent?: true;
  readonly punchHoles?: true;
  readonly force?: true;
  readonly parent?: string;
  readonly parentRoot?: readonly string[];
}

export type DefragmentCommandOptions = ChangeCommandOptions;

function changeOf(
  image: string,
  plan: (source: ByteSource, signal: AbortSignal) => Promise<CompactPlan>,
): Change<CompactPlan> {
  return {
    image,
    plan,
    doneText: ({ plan: { fileSize, newFileSize } }) =>
      shown`${exactSizeText(fileSize)} before, ${exactSizeText(newFileSize)} now`,
  };
}

/** What is to be told of a copy: nothing moves in the image, and all that stays is written. */
function copyPlan(plan: CompactPlan, path: string): CompactPlan {
  const { newFileSize } = plan;
  const message = `Copy what stays to ${path}, the blocks in the order of the disk: ${roundedSizeText(newFileSize)}.`;
  const freeing = plan.steps.filter(({ kind }) => kind === 'free-blocks');
  const steps = [...freeing, { kind: 'payload', message, bytes: newFileSize } as const];
  return { ...plan, steps, moved: 0, bytes: newFileSize };
}

async function copy(
  image: string,
  path: string,
  request: CompactRequest,
  { force, json: asJson }: CompactCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const source = await openFile(image);
  try {
    return await interruptible(async (signal) => {
      const progress = await showProgress(source.size, output.showsProgress);
      try {
        const onLeftover = leftoverTeller(path, output);
        const report = await compactToFile(source, path, {
          ...request,
          force,
          signal,
          onLeftover,
          onProgress: progress.update,
        });
        progress.stop();
        const { fileSize, newFileSize } = report;
        if (asJson === true) output.write(shown`${json({ filename: image, output: path, ...report }, 2)}\n`);
        else output.notice(shown`${path}: ${exactSizeText(newFileSize)}; ${image}: ${exactSizeText(fileSize)}\n`);
        return ExitCode.CLEAN;
      } finally {
        progress.stop();
      }
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    output.error(`${error.message}: ${path} was not written`);
    endBy(error);
    return ExitCode.COULD_NOT_RUN;
  } finally {
    await source.close();
  }
}

/** `vhdx compact`: 0 if the file is as small as it can be. */
export async function runCompact(image: string, options: CompactCommandOptions, output: Output): Promise<ExitCode> {
  const { zeros, move, sort, againstParent, punchHoles } = options;
  let disk: VhdxDisk | undefined;
  try {
    // Only for its parent: the image itself is opened, and locked, for the change.
    if (againstParent === true) disk = await openDiskFile(image, options);
    const request = { zeros, move, sort, againstParent, punchHoles, parent: disk?.parent };
    if (options.output !== undefined && options.dryRun !== true) {
      return await copy(image, options.output, request, options, output);
    }
    const change = changeOf(image, async (source, signal) => {
      const plan = await planCompact(source, request, { signal });
      return options.output === undefined ? plan : copyPlan(plan, options.output);
    });
    return await runChange(change, options, output);
  } catch (error) {
    return reportFailure(error, image, output);
  } finally {
    await disk?.close();
  }
}

/** `vhdx defragment`: 0 if the blocks are in the order of the disk. */
export async function runDefragment(
  image: string,
  options: DefragmentCommandOptions,
  output: Output,
): Promise<ExitCode> {
  return runChange(
    changeOf(image, (source, signal) => planDefragment(source, { signal })),
    options,
    output,
  );
}
