/** Runs `vhdx resize`. */
import { planResize, type ResizePlan } from '../../change.js';
import { nodeParentResolver } from '../../node.js';
import type { ExitCode } from '../exit-codes.js';
import { shown } from '../harmless.js';
import type { Output } from '../output.js';
import { exactSizeText } from '../text.js';
import { type ChangeCommandOptions, type ForceOptions, planOptions, runChange } from './change.js';

/** The size that a disk is to get: bytes, or how many more or less than it has. */
export type SizeArgument = { readonly size: number } | { readonly by: number };

export interface ResizeCommandOptions extends ChangeCommandOptions, ForceOptions {
  readonly toMinimum?: true;
  readonly discardData?: true;
  readonly fixGpt?: true;
  readonly parent?: string;
  readonly parentRoot?: readonly string[];
}

/** `vhdx resize`: 0 if the disk has the size that was asked for. */
export async function runResize(
  image: string,
  size: SizeArgument | undefined,
  options: ResizeCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const { toMinimum, discardData, fixGpt } = options;
  const request = { ...size, toMinimum, discardData, fixGpt };
  const change = {
    image,
    plan: (source: Parameters<typeof planResize>[0], signal: AbortSignal): Promise<ResizePlan> =>
      planResize(source, request, {
        ...planOptions(image, options, signal),
        parent: nodeParentResolver({ parent: options.parent, roots: options.parentRoot }),
      }),
    doneText: ({ plan, fileSize }: { readonly plan: ResizePlan; readonly fileSize: number }) =>
      shown`resized, ${exactSizeText(plan.newVirtualSize)} in a file of ${exactSizeText(fileSize)}`,
  };
  return runChange(change, options, output);
}
