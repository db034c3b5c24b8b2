/** Streams whose size their own expressions ask for: it is found out by writing them until it no longer changes. */
import { KaitaiStruct, pathOf } from './struct.js';
import { WriteError } from './write-error.js';

/** How the size of a stream is found out. */
export interface Sizing {
  readonly size: number | undefined;
  /** Set where `size` is what the stream must have in the end. */
  readonly isFinal: boolean;
}

/** The writer of such a stream. */
interface MeasuredWriter {
  /** Whether an expression asked for the size. */
  readonly sizeWasAsked: boolean;
  /** Whether a contradiction was passed over that may come from a wrong guess at the size. */
  readonly hasForgiven: boolean;
  /** Whether an offset has become another one, so that what holds it must be written again. */
  readonly hasMoved: boolean;
  finish(): Uint8Array;
  close(): void;
}

/** More passes are not made to find the size of a stream that depends on its own size. */
const MAX_PASSES = 8;

/** Writes a stream whose size is not known: once, or until the size that its expressions were given is the one it has. */
export function writeMeasured<W extends MeasuredWriter>(
  struct: { _write(out: W): void },
  make: (sizing: Sizing) => W,
): W {
  let size = struct instanceof KaitaiStruct ? struct['_bytes']?.length : undefined;
  let isFinal = false;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const out = make({ size, isFinal });
    let length: number;
    try {
      struct._write(out);
      length = out.finish().length;
    } finally {
      out.close();
    }
    const isKnown = !out.sizeWasAsked || (length === size && (isFinal || !out.hasForgiven));
    if (isKnown && !out.hasMoved) return out;
    if (out.hasMoved) {
      size = length;
      isFinal = false;
    } else if (length === size) isFinal = true;
    else if (isFinal) break;
    else size = length;
  }
  throw new WriteError(
    struct instanceof KaitaiStruct ? pathOf(struct) : '',
    'of a size that does not depend on itself',
    'none',
  );
}
