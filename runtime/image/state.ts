/** What tells that an image has been written to, without reading it. */
import { VhdxHeader } from '../../generated/index.js';
import { HEADER_OFFSETS } from '../base/limits.js';
import { formatGuid } from '../base/guid.js';
import type { SignalOptions } from '../base/options.js';
import { installChecksums } from '../format/checksum.js';
import { chooseHeader } from '../format/header.js';
import { readAvailable } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';

/** What the current header says of the image's writers. [MS-VHDX] 2.2.2 */
export interface ImageState {
  /** Grows with every update of a header. */
  readonly sequenceNumber: bigint;
  /** Changes before the first write to the virtual disk of a session. */
  readonly dataWriteGuid: string;
  /** Changes before the first write to the file of a session. */
  readonly fileWriteGuid: string;
}

/**
 * The state of an image by its current header; `undefined` if it has none. Two states that differ are those of two
 * contents; two that are equal need not be, as a writer changes them only once in a session. Reads the two headers, 8 KiB.
 *
 * @throws what `source` throws, if its bytes cannot be read; TypeError if `source` is none
 */
export async function readImageState(source: Bytes, options: SignalOptions = {}): Promise<ImageState | undefined> {
  installChecksums();
  const bytes = toByteSource(source);
  const read = (at: number): Promise<Uint8Array> => readAvailable(bytes, at, VhdxHeader.SIZE, options);
  const slots = [await read(HEADER_OFFSETS[0]), await read(HEADER_OFFSETS[1])] as const;
  if (slots.some(({ length }) => length < VhdxHeader.SIZE)) return undefined;
  const { current } = chooseHeader(slots, () => undefined);
  if (current === undefined) return undefined;
  const { sequenceNumber, dataWriteGuid, fileWriteGuid } = current.header;
  return { sequenceNumber, dataWriteGuid: formatGuid(dataWriteGuid), fileWriteGuid: formatGuid(fileWriteGuid) };
}
