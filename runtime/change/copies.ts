/** Copies ranges within a file in pieces of bounded length. */
import { MIB } from '../base/units.js';

/** Bytes of a file that are to be somewhere else, too. */
export interface Copy {
  /** First byte where they are, and where they go. */
  readonly from: number;
  readonly to: number;
  /** Bytes. */
  readonly length: number;
}

/** Bytes that are copied at once, and how many copies are under way together. */
const PIECE = 4 * MIB;
const AT_ONCE = 4;

function* piecesOf<Each extends Copy>(copies: Iterable<Each>): Generator<Each> {
  for (const copy of copies) {
    const { from, to, length } = copy;
    for (let done = 0; done < length; done += PIECE) {
      yield { ...copy, from: from + done, to: to + done, length: Math.min(PIECE, length - done) };
    }
  }
}

/** Has `copyPiece` do all copies, in pieces and several at once. When one fails, the others are done before this throws. */
export async function copyInPieces<Each extends Copy>(
  copies: Iterable<Each>,
  copyPiece: (piece: Each) => Promise<void>,
): Promise<void> {
  const pieces = piecesOf(copies);
  const copySome = async (): Promise<void> => {
    for (const piece of pieces) await copyPiece(piece);
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, copySome));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
