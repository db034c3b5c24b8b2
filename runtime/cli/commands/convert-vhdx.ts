/** `vhdx convert` to a VHDX. */
import { convertToVhdx, type ConvertToVhdxReport } from '../../node.js';
import { openInput } from './convert-input.js';
import type { NewDiskCommandOptions } from './create.js';
import { ExitCode } from '../exit-codes.js';
import type { ImageFormat } from '../format-names.js';
import { leftoverTeller } from '../leftover.js';
import type { DiskCommandOptions } from './open-disk.js';
import type { Output } from '../output.js';
import { shownName } from '../sources/image-name.js';
import { misfitText } from './partition-text.js';
import type { SalvageOptions } from './salvage-options.js';
import { finishSalvage, reportObstacles } from './salvage-report.js';
import { showProgress } from '../progress.js';
import { countText } from '../text.js';

export interface ConvertToVhdxCommandOptions extends DiskCommandOptions, NewDiskCommandOptions, SalvageOptions {
  readonly from?: ImageFormat;
  readonly type?: 'dynamic' | 'fixed';
  readonly sync?: true;
}

/** `vhdx convert IN OUT.vhdx`: the contents of a raw image, a disk or standard input as a VHDX of their own. */
export async function convertImage(
  image: string,
  target: string,
  options: ConvertToVhdxCommandOptions,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { from, type, size, blockSize, logicalSectorSize, physicalSectorSize, force, sync } = options;
  const input = await openInput(image, from, options, signal);
  const { disk } = input;
  if (disk === undefined && options.salvage === true) {
    await input.close();
    output.error(
      `${shownName(image)}: --salvage reads a damaged VHDX; GNU ddrescue copies a raw image from a bad drive`,
    );
    return ExitCode.COULD_NOT_RUN;
  }
  if (disk !== undefined) reportObstacles(shownName(image), disk, output);
  const progress = await showProgress(size ?? input.size, output.showsProgress);
  try {
    const made = { type, size, blockSize, logicalSectorSize, physicalSectorSize };
    const onProgress = progress.update;
    const onLeftover = leftoverTeller(target, output);
    const report = await convertToVhdx(input.contents, target, {
      ...made,
      force,
      sync,
      signal,
      onLeftover,
      onProgress,
    });
    progress.stop();
    reportMade(target, report, size !== undefined, output);
    if (disk === undefined) return ExitCode.CLEAN;
    return await finishSalvage(shownName(image), disk, { ...options, start: 0, end: disk.size }, output);
  } finally {
    progress.stop();
    await input.close();
  }
}

/** Says what may be unexpected of a new image. */
function reportMade(target: string, report: ConvertToVhdxReport, hasSize: boolean, output: Output): void {
  if (report.misfitPartitionTable !== undefined) {
    output.warn(`${target}: ${misfitText(report.misfitPartitionTable)}`);
  }
  // A size that was asked for is no surprise.
  if (hasSize || report.addedBytes === 0) return;
  output.warn(`${target}: ${countText(report.addedBytes, 'zero byte')} added, to end with a whole sector`);
}
