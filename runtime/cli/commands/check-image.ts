/** What `vhdx check` does with one image: looks it up, repairs it if that is wanted, checks it. */
import { clock } from '../clock.js';
import { InternalError } from '../../errors/internal-error.js';
import type { ResultCache } from '../cache/result-cache.js';
import type { Examination, Examined } from '../fleet/examine.js';
import type { Examiner } from '../fleet/examiner.js';
import type { PlacedInput } from '../fleet/shard.js';
import type { CheckInput } from '../inputs/find-inputs.js';
import { Interrupted } from '../interrupt.js';
import type { Output } from '../output.js';
import type { ImageReport, Outcome } from '../reports/outcome.js';
import { isUrl, shownName } from '../sources/image-name.js';

/** How each image is treated. */
export interface CheckJob {
  readonly options: {
    readonly repair?: true;
    readonly dryRun?: true;
    /** Whether it is to be known how long each image took. */
    readonly times: boolean;
  };
  readonly examination: Examination;
  readonly examiner: Examiner;
  readonly cache: ResultCache | undefined;
  /** Whether a plan or a repair is said in a report of text. */
  readonly isText: boolean;
  readonly output: Output;
  /** Images of all shards. */
  readonly total: number;
}

/** A report, or why there is none. */
type Result = { readonly milliseconds: number } & (
  | { readonly report: ImageReport }
  | { readonly report: undefined; readonly error: unknown }
);

/** Checks the image, unless it is known to be clean. */
async function checked(image: string, { examiner, cache }: CheckJob): Promise<Result> {
  const { task, take } = cache?.taskFor(image) ?? { task: { image }, take: ({ report }: Examined) => report };
  const timed = await examiner.examine(task);
  const { milliseconds } = timed;
  if ('error' in timed) return { report: undefined, error: timed.error, milliseconds };
  const report = take(timed.examined);
  if (report === undefined) throw new InternalError('an image that is not known was not checked');
  return { report, milliseconds };
}

async function reportOf(image: string, job: CheckJob): Promise<ImageReport> {
  const result = await checked(image, job);
  if (result.report === undefined) throw result.error;
  return result.report;
}

/** Repairs the image if it is no link to elsewhere, and checks it; parents are never changed. */
async function repairAndCheck({ image, isOutside = false }: CheckInput, job: CheckJob): Promise<ImageReport> {
  const { options, examination, isText, output } = job;
  if (isUrl(image) || isOutside) {
    const why = isUrl(image) ? 'it is on a server' : 'it is a link that leads out of its folder; name it to repair it';
    output.error(`${shownName(image)}: not repaired: ${why}`);
    return reportOf(image, job);
  }
  const { repairFile } = await import('./check-repair.js');
  try {
    const how = { isText, profiles: examination.profiles, dryRun: options.dryRun === true };
    const { repair, report } = await repairFile(image, how, output);
    const after = report === undefined || examination.chain ? await reportOf(image, job) : report;
    return { ...after, repair };
  } catch (failure) {
    if (failure instanceof Interrupted) throw failure;
    // The image can be judged all the same, unless it cannot be read either.
    return { ...(await reportOf(image, job)), repair: { done: false, steps: [], refusals: [], failure } };
  }
}

async function repaired(input: CheckInput, job: CheckJob): Promise<Result> {
  const begin = clock();
  const took = (): number => clock() - begin;
  try {
    return { report: await repairAndCheck(input, job), milliseconds: took() };
  } catch (error) {
    return { report: undefined, error, milliseconds: took() };
  }
}

/** What becomes of an image; never rejects for what the image or its host are to blame for. */
export async function outcomeOf(input: CheckInput | PlacedInput, job: CheckJob): Promise<Outcome> {
  const place = 'position' in input ? { shard: { position: input.position, of: job.total } } : {};
  const common = { image: shownName(input.image), ...place };
  if (input.error !== undefined) return { ...common, report: undefined, error: input.error };
  const { options } = job;
  const { milliseconds, ...result } = await (options.repair === true
    ? repaired(input, job)
    : checked(input.image, job));
  return { ...common, ...result, ...(options.times ? { milliseconds } : {}) };
}
