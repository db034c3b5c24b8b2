/**
 * A state that cannot be, unless this library has a fault: nothing that is in an image, that a host does, or that a
 * caller gives leads here.
 */
export class InternalError extends Error {
  override readonly name = 'InternalError';

  /** `what`: the state, in one sentence without a full stop. */
  constructor(what: string, cause?: unknown) {
    super(
      `Internal error: ${what}. This is a fault of the vhdx library: please report it with this message, the stack, and ` +
        'the image or how it was made.',
      cause === undefined ? undefined : { cause },
    );
  }
}
