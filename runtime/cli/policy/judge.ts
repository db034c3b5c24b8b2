/** Puts configuration, suppressions and baseline of a run together. */
import { join } from 'node:path';
import type { Matcher } from '../inputs/pattern.js';
import type { Output } from '../output.js';
import type { Outcome } from '../reports/outcome.js';
import { countText } from '../text.js';
import { UsageError } from '../usage-error.js';
import type { Config } from './config.js';

/** What of the options is about findings that a team lives with. */
export interface JudgeOptions {
  readonly config?: string | false;
  readonly ignore?: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline?: true;
}

/** Applies what a team has decided to the reports. */
export interface Judge {
  /** Tells which images are left out; undefined if none is. */
  readonly isExcluded?: Matcher | undefined;
  /** The file of the cache, if the configuration names one. */
  readonly cache?: string | undefined;
  /** How an image has to be examined so that it can be judged. */
  readonly examination: { readonly findingsPerGroup?: number };
  readonly apply: (outcome: Outcome) => Outcome;
  /** Writes the baseline if that is wanted, and says what is out of date. @throws UsageError */
  readonly end: (output: Output) => Promise<void>;
}

/** Leaves everything as it is. */
const INDIFFERENT: Judge = {
  examination: {},
  apply: (outcome) => outcome,
  end: () => Promise.resolve(),
};

function baselineFile({ baseline }: JudgeOptions, config: Config | undefined): string | undefined {
  if (baseline !== undefined || config?.baseline === undefined) return baseline;
  return join(config.folder, config.baseline);
}

/** @throws UsageError for a configuration or a baseline that cannot be */
export async function openJudge(options: JudgeOptions): Promise<Judge> {
  const { loadConfig } = await import('./config.js');
  const config = loadConfig(options.config, process.cwd());
  const file = baselineFile(options, config);
  const isUpdate = options.updateBaseline === true;
  if (isUpdate && file === undefined) throw new UsageError('--update-baseline goes with --baseline FILE');
  const { ignore = [] } = options;
  if (config === undefined && file === undefined && ignore.length === 0) return INDIFFERENT;
  const [{ Policy, FINDINGS_TO_JUDGE, limitGroups, matcherOf }, { Baseline }] = await Promise.all([
    import('./policy.js'),
    import('./baseline.js'),
  ]);
  const today = new Date().toISOString().slice(0, 10);
  const baseline = file === undefined ? undefined : Baseline.read(file, { isUpdate, today });
  const expired = baseline === undefined || isUpdate ? [] : baseline.expired;
  const policy = new Policy({ config, ignore, baseline: isUpdate ? undefined : baseline, today });
  let gone = 0;
  return {
    isExcluded:
      config === undefined || config.exclude.length === 0 ? undefined : matcherOf(config.exclude, config.folder),
    cache: config?.cache === undefined ? undefined : join(config.folder, config.cache),
    examination: { findingsPerGroup: FINDINGS_TO_JUDGE },
    apply: (outcome) => {
      if (outcome.report === undefined) return outcome;
      const first = policy.apply(outcome.image, outcome.report);
      if (!isUpdate || baseline === undefined) {
        gone += first.gone;
        return { ...outcome, report: limitGroups(first.report) };
      }
      // What is known from now on is judged as it will be judged the next time.
      baseline.update(outcome.image, first.report);
      const known = new Policy({ config, ignore, baseline, today });
      return { ...outcome, report: limitGroups(known.apply(outcome.image, outcome.report).report) };
    },
    end: async (output) => {
      for (const line of [...policy.expired, ...expired]) output.warn(line);
      if (isUpdate) await baseline?.write(output);
      else if (gone > 0) {
        const are = gone === 1 ? 'is' : 'are';
        output.warn(
          `${file ?? ''}: ${countText(gone, 'finding')} of the baseline ${are} gone; --update-baseline drops ${gone === 1 ? 'it' : 'them'}`,
        );
      }
    },
  };
}
