/** Byte targets: the interface that everything is written through. */
import type { ByteSource } from './byte-source.js';

/**
 * Bytes that can be read and written at any position: a file, a buffer. Operations may be given while others are not
 * done yet; those that overlap are given one after the other.
 */
export interface ByteTarget extends ByteSource {
  /**
   * Writes all of `bytes` from `position` (bytes) on; the target becomes longer if it has to, with zeros in between.
   * `bytes` belongs to the target until the promise is settled. What has been written may be lost, in part and in any
   * order, if the host fails before the next `flush` is done.
   */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Makes the target `size` bytes long: what is cut off is gone, what is added is zeros. Durable after a `flush`. */
  truncate(size: number): Promise<void>;
  /** Settled when everything that was done before the call is on stable storage, the size included. */
  flush(): Promise<void>;
  /**
   * Gives the host's storage of `length` bytes from `position` on back, where that is in the target: they read as zeros
   * afterwards, and the target is as long as before. Of no bytes, nothing is done, but what the host cannot do is said.
   * Left out where there is no such thing.
   *
   * @throws VhdxError VHDX_TARGET_NO_HOLES if the host cannot do it; nothing has been changed then
   */
  discard?(position: number, length: number): Promise<void>;
}

/** Bytes of a file and where they belong. */
export interface Piece {
  /** First byte in the file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}
