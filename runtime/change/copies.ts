/** Copies ranges in pieces of bounded length. */
import { MIB } from '../base/units.js';
import { alignedBuffer } from '../io/aligned-buffer.js';

/** Bytes that are to be somewhere else, too. */
export interface Copy {
  /** First byte where they are, and where they go. */
  readonly from: number;
  readonly to: number;
  /** Bytes. */
  readonly length: number;
}

/**
 * Bytes that are copied at once: enough that waking a thread to read them costs little, and few enough that all of them
 * are still in the processor's cache when they are written.
 */
const PIECE = MIB;
/** Pieces that are under way together: one is read while another is written, and the third waits for its turn. */
const AT_ONCE = 3;

async function* piecesOf<Each extends Copy>(copies: Iterable<Each> | AsyncIterable<Each>): AsyncGenerator<Each> {
  for await (const copy of copies) {
    const { from, to, length } = copy;
    for (let done = 0; done < length; done += PIECE) {
      yield { ...copy, from: from + done, to: to + done, length: Math.min(PIECE, length - done) };
    }
  }
}

/** Does copies in pieces, several at once, with buffers that are used again: new memory costs as much as reading. */
export class Copier {
  readonly #buffers = Array.from({ length: AT_ONCE }, () => alignedBuffer(PIECE));

  /**
   * Has `copyPiece` do all copies, which are asked for one after the other; it gets a buffer of the length of the piece.
   * When one fails, the others are done before this throws. Not to be called while another call is running.
   */
  async copy<Each extends Copy>(
    copies: Iterable<Each> | AsyncIterable<Each>,
    copyPiece: (piece: Each, buffer: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const pieces = piecesOf(copies);
    const copySome = async (buffer: Uint8Array): Promise<void> => {
      for await (const piece of pieces) await copyPiece(piece, buffer.subarray(0, piece.length));
    };
    const results = await Promise.allSettled(this.#buffers.map(copySome));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
