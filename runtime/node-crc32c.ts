import { crc32c as native } from '@node-rs/crc32';

/** CRC-32C of `bytes`. `previous` is the CRC-32C of what stands before them: the results chain. */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  return native(bytes, previous);
}
