/** Runs `vhdx merge`. */
import { rm } from 'node:fs/promises';
import { type MergePlan, planMerge } from '../../change.js';
import { VhdxError, type VhdxDisk } from '../../index.js';
import { findChildren, mergeToFile, openFile, systemPath } from '../../node.js';
import { reportFailure } from '../error-report.js';
import { ExitCode } from '../exit-codes.js';
import { json, shown } from '../harmless.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import { leftoverTeller } from '../leftover.js';
import type { Output } from '../output.js';
import { showProgress } from '../progress.js';
import { exactSizeText, roundedSizeText } from '../text.js';
import { type ChangeCommandOptions, runChange } from './change.js';
import { namesOf, openDiskFile } from './open-disk.js';

export interface MergeCommandOptions extends ChangeCommandOptions {
  readonly into?: string;
  readonly output?: string;
  readonly delete?: true;
  readonly force?: true;
  readonly parent?: string;
  readonly parentRoot?: readonly string[];
}

/** How many parents away the image `into` is; 1 if none is named. @throws VhdxError VHDX_MERGE_TARGET_UNFIT */
async function depthOf(disk: VhdxDisk, into: string | undefined): Promise<number> {
  if (into === undefined && disk.parent !== undefined) return 1;
  let depth = -1;
  if (into !== undefined) {
    const source = await openFile(into);
    await source.close();
    depth = disk.levels().findIndex(({ image }) => image.source.identity === source.identity);
  }
  if (depth > 0) return depth;
  const why =
    into === undefined ? 'it has no parent' : depth === 0 ? 'it is that image itself' : 'that is none of its parents';
  throw new VhdxError('VHDX_MERGE_TARGET_UNFIT', { message: `The image cannot be merged into another one: ${why}.` });
}

/** What is to be told of a merge into a copy, which is made first. */
function copyPlan(plan: MergePlan, path: string): MergePlan {
  const { fileSize } = plan;
  const message = `Copy the parent to ${path}: ${roundedSizeText(fileSize)}. What follows is done to the copy.`;
  const steps = [{ kind: 'payload', message, bytes: fileSize } as const, ...plan.steps];
  return { ...plan, steps, bytes: plan.bytes + fileSize };
}

async function mergeToCopy(
  disk: VhdxDisk,
  depth: number,
  path: string,
  { force, json: asJson }: MergeCommandOptions,
  output: Output,
): Promise<ExitCode> {
  try {
    return await interruptible(async (signal) => {
      const size = disk.levels()[depth]?.image.source.size ?? 0;
      const progress = await showProgress(size, output.showsProgress);
      try {
        const onLeftover = leftoverTeller(path, output);
        const { plan, fileSize } = await mergeToFile(disk, path, {
          depth,
          force,
          signal,
          onLeftover,
          onProgress: progress.update,
        });
        progress.stop();
        if (asJson === true) output.write(shown`${json({ filename: path, ...plan, changed: true }, 2)}\n`);
        else output.notice(shown`${path}: merged, ${exactSizeText(fileSize)}\n`);
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
  }
}

/** `vhdx merge`: 0 if the parent has all that the child had. */
export async function runMerge(image: string, options: MergeCommandOptions, output: Output): Promise<ExitCode> {
  let disk: VhdxDisk | undefined;
  try {
    // A parent that is another one by now may have all of the child: the plan finds out.
    disk = await openDiskFile(image, { ...options, ignoreIdMismatch: true });
    const child = disk;
    const depth = await depthOf(child, options.into);
    const names = namesOf(child);
    const parent = names[depth] ?? '';
    if (options.output !== undefined && options.dryRun !== true) {
      return await mergeToCopy(child, depth, options.output, options, output);
    }
    const otherChildren =
      options.output === undefined ? await findChildren(child, child.levels().slice(1, depth + 1)) : [];
    const { force } = options;
    const code = await runChange(
      {
        image: parent,
        plan: async (source, signal) => {
          const plan = await planMerge(source, { child, depth, otherChildren, force }, { signal });
          return options.output === undefined || plan.refusals.length > 0 ? plan : copyPlan(plan, options.output);
        },
        doneText: () => shown`merged ${names.slice(0, depth).join(', ')}`,
      },
      options,
      output,
    );
    if (code !== ExitCode.CLEAN || options.dryRun === true || options.delete !== true) return code;
    await child.close();
    disk = undefined;
    for (const name of names.slice(0, depth)) {
      await rm(systemPath(name));
      output.notice(shown`${name}: deleted\n`);
    }
    return code;
  } catch (error) {
    return reportFailure(error, image, output);
  } finally {
    await disk?.close();
  }
}
