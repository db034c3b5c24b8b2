/** Options that mean the same wherever they are taken. */

/** Of whatever takes time. */
export interface SignalOptions {
  /**
   * Gives the work up: the promise is rejected with the signal's reason. A function that writes says what is left then.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Of whatever goes through a whole disk. */
export interface ProgressOptions {
  /** Takes the number of bytes of the virtual disk that are done, each time more than before. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Which part of a disk, or of other bytes, is meant. */
export interface RangeOptions {
  /** First byte, inclusive; 0 if not given. */
  readonly start?: number | undefined;
  /** Last byte, exclusive; the end of the disk if not given. */
  readonly end?: number | undefined;
}
