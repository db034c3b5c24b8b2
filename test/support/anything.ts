import type { WriteOptions } from '../../generated/kaitai/write-error.js';

/** Images are also made to be wrong: what a schema forbids is written all the same. */
export const ANYTHING: WriteOptions = { onViolation: () => undefined };
