/** Runs `vhdx set`. */
import { planSet } from '../../change.js';
import type { ExitCode } from '../exit-codes.js';
import { shown } from '../harmless.js';
import type { Output } from '../output.js';
import { type ChangeCommandOptions, type ForceOptions, planOptions, runChange } from './change.js';

export interface SetCommandOptions extends ChangeCommandOptions, ForceOptions {
  readonly newDiskId?: true;
  readonly diskId?: string;
  readonly physicalSectorSize?: number;
  readonly creator?: string;
  readonly newDataWriteId?: true;
}

/** `vhdx set`: 0 if what was given is set. */
export async function runSet(image: string, options: SetCommandOptions, output: Output): Promise<ExitCode> {
  const settings = {
    virtualDiskId: options.newDiskId === true ? 'new' : options.diskId,
    physicalSectorSize: options.physicalSectorSize,
    creator: options.creator,
    newDataWriteGuid: options.newDataWriteId,
  };
  const change = {
    image,
    plan: (source: Parameters<typeof planSet>[0], signal: AbortSignal) =>
      planSet(source, settings, planOptions(image, options, signal)),
    doneText: () => shown`set`,
  };
  return runChange(change, options, output);
}
