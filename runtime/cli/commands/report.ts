/** `vhdx report`: merges the reports of shards. */
import { readFile } from 'node:fs/promises';
import { systemPath } from '../../node.js';
import { ExitCode } from '../exit-codes.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import { filesNamed } from '../inputs/find-inputs.js';
import type { Output } from '../output.js';
import { type Destination, toFile, toOutput } from '../reports/destination.js';
import { mergeReports } from '../reports/merge.js';
import type { ReadReport } from '../reports/merge-parts.js';
import { fileOf } from '../reports/wanted.js';
import { countText } from '../text.js';
import { UsageError } from '../usage-error.js';

export interface ReportCommandOptions {
  readonly output?: string;
}

async function readReport(name: string): Promise<ReadReport> {
  try {
    return { name, text: await readFile(systemPath(name), 'utf8') };
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The first of the places, and how many more there are: `1, 5, 7 and 12 more`. */
function placesText(missing: readonly number[]): string {
  const listed = missing.slice(0, 5).map((position) => String(position + 1));
  return `${listed.join(', ')}${missing.length > listed.length ? ` and ${missing.length - listed.length} more` : ''}`;
}

/** Writes the report to a file, which is left as it was if the run is aborted meanwhile. */
async function writeUnlessAborted(
  file: string,
  text: Parameters<Destination['write']>[0],
  { signal, output }: { readonly signal: AbortSignal; readonly output: Output },
): Promise<void> {
  const destination = await toFile(file, output);
  await destination.write(text);
  if (signal.aborted) await destination.discard();
  signal.throwIfAborted();
  await destination.end();
  // Too late to change anything; a shell wants to know of it all the same.
  signal.throwIfAborted();
}

/** `vhdx report merge`: 1 if images of the run are in none of the reports, which are merged all the same. */
export async function runMerge(
  files: readonly string[],
  options: ReportCommandOptions,
  output: Output,
): Promise<ExitCode> {
  try {
    const { text, count, missing, cut } = mergeReports(await Promise.all((await filesNamed(files)).map(readReport)));
    const file = fileOf(options.output);
    if (file === undefined) await toOutput(output).write(text);
    else await interruptible((signal) => writeUnlessAborted(file, text, { signal, output }));
    for (const name of cut) output.error(`${name}: its last line is not whole, and was left out`);
    if (missing.length === 0) return cut.length === 0 ? ExitCode.CLEAN : ExitCode.COULD_NOT_RUN;
    const all = countText(count + missing.length, 'image');
    output.error(`${missing.length} of ${all} are in none of the reports: number ${placesText(missing)}`);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Interrupted)) throw error;
    output.error(error.message);
    if (error instanceof Interrupted) endBy(error);
  }
  return ExitCode.COULD_NOT_RUN;
}
