/** `vhdx info`: describes an image. */
import { inspectImage } from '../../index.js';
import { ExitCode } from '../exit-codes.js';
import { reportFailure } from '../error-report.js';
import { json, shown } from '../harmless.js';
import { infoJson } from './info-json.js';
import { infoText } from './info-text.js';
import type { Output } from '../output.js';
import { shownName } from '../sources/image-name.js';
import { openSource, type SourceCommandOptions } from '../sources/open-source.js';

export interface InfoCommandOptions extends SourceCommandOptions {
  readonly json?: true;
}

/** `vhdx info`: 0 if the image could be described, whatever else is to be said of it; that is what `check` is for. */
export async function runInfo(image: string, options: InfoCommandOptions, output: Output): Promise<ExitCode> {
  try {
    const source = await openSource(image, options);
    try {
      const info = await inspectImage(source);
      const host = { filename: shownName(image), allocatedSize: source.hostAllocatedSize };
      if (options.json === true) output.write(shown`${json(infoJson(info, host), 2)}\n`);
      else output.write(infoText(info, host, output.paint));
      return ExitCode.CLEAN;
    } finally {
      await source.close();
    }
  } catch (error) {
    return reportFailure(error, image, output);
  }
}
