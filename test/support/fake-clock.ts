import type { Clock } from '../../runtime/io/http/retry.js';

/** 2024-05-01 00:00:00 UTC, in milliseconds. */
export const NOW = Date.UTC(2024, 4, 1);

/** A clock on which every pause is over at once and is written down, and timers expire when they are told to. */
export class FakeClock implements Clock {
  /** Milliseconds of each pause so far. */
  readonly pauses: number[] = [];
  /** Milliseconds since `NOW`; moved by tests alone. */
  elapsed = 0;
  /** What `random` gives. */
  chance = 0;
  /** Called in each pause, before its end. */
  onPause: () => void = () => undefined;
  readonly #timers = new Set<() => void>();
  #armed = 0;
  readonly #waiting: { count: number; resolve: () => void }[] = [];

  now(): number {
    return NOW + this.elapsed;
  }

  random(): number {
    return this.chance;
  }

  async pause(time: number, signal: AbortSignal): Promise<void> {
    this.pauses.push(time);
    this.onPause();
    await Promise.resolve();
    signal.throwIfAborted();
  }

  timer(_time: number, expire: () => void): () => void {
    this.#timers.add(expire);
    this.#armed += 1;
    for (const { count, resolve } of this.#waiting) if (this.#armed >= count) resolve();
    return () => {
      this.#timers.delete(expire);
    };
  }

  /** Timers that run now. */
  get running(): number {
    return this.#timers.size;
  }

  /** Ends when a timer has been set `times` times from now on. */
  armed(times: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count: this.#armed + times, resolve });
    });
  }

  /** Lets all timers expire that run now. */
  expire(): void {
    for (const expire of this.#timers) expire();
  }
}
