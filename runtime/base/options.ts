/** Options that mean the same wherever they are taken. */

/** Of whatever takes time. */
export interface SignalOptions {
  /**
   * Aborts the operation: the promise rejects with the reason of the signal. A function that writes documents what
   * remains then.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Of whatever goes through a whole disk. */
export interface ProgressOptions {
  /** Takes the number of bytes of the virtual disk that are done, each time more than before. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** A part of a disk or of other bytes. */
export interface RangeOptions {
  /** First byte, inclusive; 0 if not given. */
  readonly start?: number | undefined;
  /** Last byte, exclusive; the end of the disk if not given. */
  readonly end?: number | undefined;
}
