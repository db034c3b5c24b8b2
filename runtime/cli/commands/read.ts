/** `vhdx read`: bytes of the virtual disk to standard output. */
import { ExitCode } from '../exit-codes.js';
import { reportFailure } from '../error-report.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import { type DiskCommandOptions, openDiskFile } from './open-disk.js';
import type { Output } from '../output.js';
import { shownName } from '../sources/image-name.js';
import type { SalvageOptions } from './salvage-options.js';
import { finishSalvage, reportObstacles, salvageRefusal } from './salvage-report.js';
import { sendDisk } from '../disk-to-stdout.js';

export interface ReadCommandOptions extends DiskCommandOptions, SalvageOptions {
  /** Bytes. */
  readonly offset: number;
  /** Bytes; up to the end of the disk if not given. */
  readonly length?: number;
  readonly force?: true;
}

/** `vhdx read`: bytes of the virtual disk to standard output. What lies past its end is left out. */
export async function runRead(image: string, options: ReadCommandOptions, output: Output): Promise<ExitCode> {
  const { offset, length = Infinity, force } = options;
  if (output.isTerminal && force !== true) {
    output.error('standard output is a terminal, which the bytes of a disk can leave unusable; --force writes them');
    return ExitCode.COULD_NOT_RUN;
  }
  const refused = salvageRefusal(options);
  if (refused !== undefined) {
    output.error(refused);
    return ExitCode.COULD_NOT_RUN;
  }
  try {
    return await interruptible(async (signal) => {
      const disk = await openDiskFile(image, options);
      try {
        reportObstacles(shownName(image), disk, output);
        if (offset > disk.size) {
          output.error(
            `${shownName(image)}: the offset ${offset} lies past the end of the disk, which has ${disk.size} bytes`,
          );
          return ExitCode.COULD_NOT_RUN;
        }
        const range = { start: offset, end: Math.min(disk.size, offset + length) };
        await sendDisk(disk, range.start, range.end, output, { signal });
        return await finishSalvage(shownName(image), disk, { ...options, ...range }, output);
      } finally {
        await disk.close();
      }
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) return reportFailure(error, image, output);
    output.error(`${error.message}: the output is incomplete`);
    endBy(error);
    return ExitCode.COULD_NOT_RUN;
  }
}
