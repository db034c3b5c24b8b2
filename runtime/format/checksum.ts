/** Installs the platform's CRC-32C in the generated readers and writers. */
import { crc32c } from '#crc32c';
import { checksums } from '../../generated/kaitai/checksums.js';

/** Lets the generated readers and writers compute CRC-32C the fast way of the platform. May be called again. */
export function installChecksums(): void {
  checksums.crc32c = crc32c;
}

export { crc32c };
