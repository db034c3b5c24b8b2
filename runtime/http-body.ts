import { httpError } from './http-answer.js';
import type { Exchange } from './http-connection.js';
import { PassingFailure } from './http-retry.js';

/** Reads a body of at most `limit` bytes into memory; `undefined` if it is longer. */
export async function readWhole({ readBody }: Exchange, limit: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const tooLong = new Error('too long');
  try {
    await readBody((bytes) => {
      length += bytes.length;
      if (length > limit) throw tooLong;
      pieces.push(bytes);
    });
  } catch (error) {
    if (error === tooLong) return undefined;
    throw error;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Fills `into` from the body, and says how many bytes there were, and why not all if that may pass. */
export async function readPart(
  { readBody }: Exchange,
  into: Uint8Array,
  url: string,
): Promise<{ readonly length: number; readonly failure: PassingFailure | undefined }> {
  let length = 0;
  try {
    await readBody((bytes) => {
      if (length + bytes.length > into.length) {
        throw httpError('VHDX_SOURCE_ANSWER_INVALID', url, 'the answer has more bytes than its Content-Range says');
      }
      into.set(bytes, length);
      length += bytes.length;
    });
  } catch (error) {
    if (error instanceof PassingFailure) return { length, failure: error };
    throw error;
  }
  const cut = `the answer ended after ${length} of ${into.length} bytes`;
  return { length, failure: length < into.length ? new PassingFailure(cut) : undefined };
}
