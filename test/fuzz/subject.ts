/** What the fuzzer runs: cases by their number, always the same ones for the same seed. */
export interface Subject {
  /** Runs a case, with one in `every` looked at more closely; what is wrong, or undefined. */
  run(seed: number, number: number, every: number): Promise<string | undefined>;
  end(): void;
}
