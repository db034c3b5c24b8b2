/** The error for states that only a bug of this library can cause. */
/**
 * A state that only a bug of this library can lead to: nothing that is in an image, that a host does, or that a caller
 * passes.
 */
export class InternalError extends Error {
  override readonly name = 'InternalError';

  /** `what`: the state, in one sentence without a full stop. */
  constructor(what: string, cause?: unknown) {
    super(
      `Internal error: ${what}. This is a bug in vhdx: please report it with this message, the stack trace, and the ` +
        'image or how it was made.',
      cause === undefined ? undefined : { cause },
    );
  }
}
