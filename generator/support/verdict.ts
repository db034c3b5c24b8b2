/** What is found of values while all is written: it counts if they stay as they are until the end. */
import type { WriteError, WriteOptions, WriteViolation } from './write-error.js';

export class Verdict {
  readonly #violations: WriteViolation[] = [];
  #refusal: WriteError | undefined;

  /** Violations so far. */
  get count(): number {
    return this.#violations.length;
  }

  violate(violation: WriteViolation): void {
    this.#violations.push(violation);
  }

  /** Notes an error that is thrown in the end. */
  doubt(error: WriteError): void {
    this.#refusal ??= error;
  }

  /** Takes back all violations but the first `count`: what is behind them is written again. */
  keep(count: number): void {
    this.#violations.length = count;
  }

  /** Tells of the violations. */
  tell({ onViolation }: WriteOptions): void {
    for (const violation of this.#violations) onViolation?.(violation);
  }

  /** @throws WriteError the first that was noted */
  uphold(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }
}
