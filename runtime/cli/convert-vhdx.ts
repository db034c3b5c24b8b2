import { convertToVhdx, type ConvertToVhdxReport } from '../node.js';
import { openInput } from './convert-input.js';
import type { NewDiskCommandOptions } from './create.js';
import type { ImageFormat } from './format-names.js';
import type { DiskCommandOptions } from './open-disk.js';
import type { Output } from './output.js';
import { misfitText } from './partition-text.js';
import { showProgress } from './progress.js';
import { countText } from './text.js';

export interface ConvertToVhdxCommandOptions extends DiskCommandOptions, NewDiskCommandOptions {
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
): Promise<void> {
  const { from, type, size, blockSize, logicalSectorSize, physicalSectorSize, force, sync } = options;
  const input = await openInput(image, from, options, signal);
  const progress = await showProgress(size ?? input.size, output.showsProgress);
  let report: ConvertToVhdxReport;
  try {
    const disk = { type, size, blockSize, logicalSectorSize, physicalSectorSize };
    const onProgress = progress.update;
    report = await convertToVhdx(input.contents, target, { ...disk, force, sync, signal, onProgress });
  } finally {
    progress.stop();
    await input.close();
  }
  if (report.misfitPartitionTable !== undefined) {
    output.complain(`${target}: ${misfitText(report.misfitPartitionTable)}`);
  }
  // A size that was asked for is no surprise.
  if (size !== undefined || report.addedBytes === 0) return;
  output.complain(`${target}: ${countText(report.addedBytes, 'zero byte')} added, to end with a whole sector`);
}
