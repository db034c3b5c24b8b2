/** All reports of a run. */
import { NOTHING, shown } from '../harmless.js';
import type { Output, Paint } from '../output.js';
import { type Destination, toFile, toOutput } from './destination.js';
import { limitFindings } from './limit.js';
import type { Outcome, ReportContext } from './outcome.js';
import type { WantedReport } from './wanted.js';
import type { Format } from './formats.js';
import { createWriter, type ReportWriter, type WriterOptions } from './writer.js';

interface OpenReport {
  readonly format: Format;
  readonly writer: ReportWriter;
  readonly destination: Destination;
  readonly isFile: boolean;
}

const plain: Paint = (_style, text) => shown`${text}`;

/** Where nothing is wanted. */
const NOWHERE: Destination = {
  write: () => Promise.resolve(),
  end: () => Promise.resolve(),
  discard: () => Promise.resolve(),
};

/** All reports of a run, each in its form and place. */
export class ReportSet {
  readonly #reports: readonly OpenReport[];
  readonly #maxFindings: number;

  private constructor(reports: readonly OpenReport[], maxFindings: number) {
    this.#reports = reports;
    this.#maxFindings = maxFindings;
  }

  /**
   * `maxFindings`: how many findings of an image are listed at most.
   *
   * @throws UsageError for a file that cannot be written
   */
  static async open(
    wanted: readonly WantedReport[],
    context: WriterOptions,
    { output, maxFindings = Infinity }: { readonly output: Output; readonly maxFindings?: number | undefined },
  ): Promise<ReportSet> {
    const reports: OpenReport[] = [];
    try {
      for (const { format, file } of wanted) {
        const writer = createWriter(format, context, file === undefined ? output.paint : plain);
        // Text on standard output is what --quiet is about.
        const isUnwanted = file === undefined && format === 'text' && output.isQuiet;
        const destination = isUnwanted ? NOWHERE : file === undefined ? toOutput(output) : await toFile(file, output);
        reports.push({ format, writer, destination, isFile: file !== undefined });
      }
    } catch (error) {
      await Promise.all(reports.map(({ destination }) => destination.discard()));
      throw error;
    }
    return new ReportSet(reports, maxFindings);
  }

  /** @throws UsageError if a file cannot be written */
  async add(outcome: Outcome): Promise<void> {
    const { report } = outcome;
    const listed = report === undefined ? outcome : { ...outcome, report: limitFindings(report, this.#maxFindings) };
    for (const { writer, destination } of this.#reports) {
      const text = writer.add(listed);
      if (text !== NOTHING) await destination.write(text);
    }
  }

  /** @throws UsageError if a file cannot be written */
  async end(context: ReportContext): Promise<void> {
    for (const { writer, destination } of this.#reports) {
      const text = await writer.end(context);
      if (text !== NOTHING) await destination.write(text);
      await destination.end();
    }
  }

  /** As `discard`; what has been written to standard output gets an end that says, by `words`, that there is no more. */
  async cut(words: string): Promise<void> {
    for (const { writer, destination, isFile } of this.#reports) {
      const text = isFile ? NOTHING : writer.cut(words);
      if (text !== NOTHING) await destination.write(text);
    }
    await this.discard();
  }

  /** Leaves all files as they were. */
  async discard(): Promise<void> {
    await Promise.all(this.#reports.map(({ destination }) => destination.discard().catch(() => undefined)));
  }
}
