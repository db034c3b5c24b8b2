/** Runs `vhdx rebase`. */
import { planRebase, type RebasePlan } from '../../change.js';
import { nodeParentResolver, openNewParent } from '../../node.js';
import { reportFailure } from '../error-report.js';
import { ExitCode } from '../exit-codes.js';
import { shown } from '../harmless.js';
import type { Output } from '../output.js';
import { countText } from '../text.js';
import { type ChangeCommandOptions, type ForceOptions, planOptions, runChange } from './change.js';

export interface RebaseCommandOptions extends ChangeCommandOptions, ForceOptions {
  readonly parent: string;
  readonly oldParent?: string;
  readonly parentRoot?: readonly string[];
  readonly ignoreIdMismatch?: true;
  readonly flatten?: true;
}

/** `vhdx rebase`: 0 if the image has the parent that was asked for. */
export async function runRebase(image: string, options: RebaseCommandOptions, output: Output): Promise<ExitCode> {
  const { parent, oldParent, parentRoot, ignoreIdMismatch, flatten } = options;
  let file: Awaited<ReturnType<typeof openNewParent>>;
  try {
    file = await openNewParent(image, parent);
  } catch (error) {
    reportFailure(error, parent, output);
    return ExitCode.COULD_NOT_RUN;
  }
  const { newParent, relativePath, volumePath, absoluteWin32Path } = file;
  const named = { newParent, relativePath, volumePath, absoluteWin32Path };
  try {
    const change = {
      image,
      plan: (source: Parameters<typeof planRebase>[0], signal: AbortSignal): Promise<RebasePlan> =>
        planRebase(
          source,
          { ...named, ignoreIdMismatch, flatten },
          {
            ...planOptions(image, options, signal),
            parent: nodeParentResolver({ parent: oldParent, roots: parentRoot }),
          },
        ),
      doneText: ({ plan }: { readonly plan: RebasePlan }) =>
        plan.copiedBlocks === 0
          ? shown`its parent is ${parent}`
          : shown`its parent is ${parent}; ${countText(plan.copiedBlocks, 'block')} copied`,
    };
    return await runChange(change, options, output);
  } finally {
    await file.close();
  }
}
