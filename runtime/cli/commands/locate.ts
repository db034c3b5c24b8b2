/** Looks up one byte: of the file (`vhdx tree IMAGE @OFFSET`, `map --at`) or of the virtual disk (`map --virtual`). */
import { locateFileOffset, locateVirtualOffset, type VhdxDisk, type VirtualLocation } from '../../index.js';
import { ExitCode } from '../exit-codes.js';
import { reportFailure } from '../error-report.js';
import { json, shown } from '../harmless.js';
import { fileLocationText, virtualLocationText } from './locate-text.js';
import { openSource, type SourceCommandOptions } from '../sources/open-source.js';
import { shownName } from '../sources/image-name.js';
import { type DiskCommandOptions, namesOf, openDiskFile, openImageFile } from './open-disk.js';
import type { Output } from '../output.js';
import { hex, roundedSizeText } from '../text.js';
import { nodeJson } from './tree-json.js';

interface LocateOptions extends SourceCommandOptions {
  readonly json?: true;
}

/** `vhdx tree IMAGE @OFFSET` and `vhdx map IMAGE --at OFFSET`: what a byte of the file belongs to. */
export async function runLocateFile(
  image: string,
  offset: number,
  options: LocateOptions,
  output: Output,
): Promise<ExitCode> {
  try {
    const source = await openSource(image, options);
    try {
      const found = await locateFileOffset(source, offset);
      if (found === undefined) {
        output.error(`${shownName(image)}: not a VHDX, so nothing is known of ${hex(offset)}`);
        return ExitCode.NOT_VHDX;
      }
      if (found.kind === 'outside' && found.structure === undefined && found.blockCount === 0) {
        output.error(`${shownName(image)}: ${hex(offset)} is past the end of the file at ${hex(found.fileSize)}`);
        return ExitCode.COULD_NOT_RUN;
      }
      if (options.json === true) {
        const nodes = found.nodes.map((node) => nodeJson(node, [], false));
        output.write(shown`${json({ ...found, nodes }, 2)}\n`);
      } else output.write(fileLocationText(found, output.paint));
      return ExitCode.CLEAN;
    } finally {
      await source.close();
    }
  } catch (error) {
    return reportFailure(error, image, output);
  }
}

/** `vhdx map IMAGE --virtual OFFSET`: where a byte of the virtual disk is; parents are opened if they have it. */
export async function runLocateVirtual(
  image: string,
  offset: number,
  options: LocateOptions & DiskCommandOptions,
  output: Output,
): Promise<ExitCode> {
  try {
    let found = await located(await openImageFile(image, options), offset);
    if (found.place.levels.length === 0) {
      const { virtualSize } = found.place;
      output.error(
        `${shownName(image)}: ${hex(offset)} is past the end of the virtual disk of ${roundedSizeText(virtualSize)}`,
      );
      return ExitCode.COULD_NOT_RUN;
    }
    if (found.place.levels.at(-1)?.kind === 'parent') found = await located(await openDiskFile(image, options), offset);
    const { place, names } = found;
    if (options.json === true) {
      const levels = place.levels.map((level, depth) => ({ filename: names[depth], ...level }));
      output.write(shown`${json({ ...place, levels }, 2)}\n`);
    } else output.write(virtualLocationText(place, names, output.paint));
    return ExitCode.CLEAN;
  } catch (error) {
    return reportFailure(error, image, output);
  }
}

/** The place of a byte, and the names of the files of the chain. Closes the disk. */
async function located(
  disk: VhdxDisk,
  offset: number,
): Promise<{ readonly place: VirtualLocation; readonly names: readonly string[] }> {
  try {
    // Reports storage that blocks share, as reading it would.
    await disk.survey();
    return { place: await locateVirtualOffset(disk, offset), names: namesOf(disk) };
  } finally {
    await disk.close();
  }
}
