/** Zeros to write, in pieces. */
import { MIB } from '../base/units.js';
import type { Piece } from './byte-target.js';

/** All who write zeros write these. */
const ZEROS = new Uint8Array(MIB);

/** The pieces, of a MiB at most, that make the range from `start` to `end` (exclusive, bytes) zeros. */
export function* zeros(start: number, end: number): Generator<Piece> {
  for (let at = start; at < end; at += ZEROS.length) {
    yield { offset: at, bytes: ZEROS.subarray(0, Math.min(ZEROS.length, end - at)) };
  }
}
