/** `vhdx map --picture` and `--svg`: measures the use of file and disk, and draws it. */
import { writeFile } from 'node:fs/promises';
import { imageUsage } from '../../index.js';
import { systemPath } from '../../node.js';
import { ExitCode } from '../exit-codes.js';
import { reportFailure } from '../error-report.js';
import type { Harmless } from '../harmless.js';
import { PICTURE_CELLS, pictureText } from './map-picture.js';
import { pictureSvg, SVG_CELLS } from './map-svg.js';
import type { Output } from '../output.js';
import { shownName } from '../sources/image-name.js';
import { openSource, type SourceCommandOptions } from '../sources/open-source.js';

export interface UsageCommandOptions extends SourceCommandOptions {
  /** Print a picture of characters. */
  readonly picture?: true;
  /** File for a picture; `-` for standard output. */
  readonly svg?: string;
}

/** Whether a picture is wanted instead of a list. */
export function wantsPicture({ picture, svg }: UsageCommandOptions): boolean {
  return picture === true || svg !== undefined;
}

/** `vhdx map --picture` and `--svg`: how the image uses its file and its virtual disk. */
export async function runUsage(image: string, options: UsageCommandOptions, output: Output): Promise<ExitCode> {
  const { picture, svg } = options;
  try {
    const source = await openSource(image, options);
    try {
      if (picture === true)
        output.write(pictureText(shownName(image), await imageUsage(source, { cells: PICTURE_CELLS }), output.paint));
      if (svg === undefined) return ExitCode.CLEAN;
      const text = pictureSvg(shownName(image), await imageUsage(source, { cells: SVG_CELLS }));
      if (svg === '-') output.write(text);
      else return await save(svg, text, output);
      return ExitCode.CLEAN;
    } finally {
      await source.close();
    }
  } catch (error) {
    return reportFailure(error, image, output);
  }
}

/** Writes a new file: a name that is there already may be that of an image. */
async function save(path: string, picture: Harmless<'xml'>, output: Output): Promise<ExitCode> {
  try {
    await writeFile(systemPath(path), String(picture), { flag: 'wx' });
    return ExitCode.CLEAN;
  } catch (error) {
    output.error(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return ExitCode.COULD_NOT_RUN;
  }
}
