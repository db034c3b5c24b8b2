/** What a stream that is written must be like in the end. */
import { equalBytes } from './bytes.js';
import { show } from './show.js';
import { WriteError } from './write-error.js';

/** A terminator that must stand at a position, written by whatever comes there. */
interface Follower {
  /** Made only when something is wrong. */
  readonly path: () => string;
  readonly at: number;
  readonly terminator: Uint8Array;
  /** Whether it must be there at the end of the stream as well. */
  readonly eosError: boolean;
}

export class Demands {
  readonly #ends: { readonly path: () => string; readonly at: number }[] = [];
  readonly #followers: Follower[] = [];

  /** Nothing may follow behind `at`. */
  end(path: () => string, at: number): void {
    this.#ends.push({ path, at });
  }

  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  /** @throws {WriteError} where the stream's bytes are not as demanded; a wrong end may be forgiven */
  check(bytes: Uint8Array, forgive: () => boolean): void {
    for (const { path, at } of this.#ends) {
      // Behind the end there is only what has no bytes.
      if (at >= bytes.length || forgive()) continue;
      throw new WriteError(
        path(),
        `the last of its stream, which goes on to ${bytes.length}`,
        `one that ends at ${at}`,
      );
    }
    for (const { path, at, terminator, eosError } of this.#followers) {
      const found = bytes.subarray(at, at + terminator.length);
      if (equalBytes(found, terminator) || (!eosError && found.length === 0)) continue;
      throw new WriteError(path(), `followed by its terminator ${show(terminator)}`, found);
    }
  }
}
