/** Plausible headers and logs for a salvage, where no valid ones are left. */
import { VhdxError } from '../errors/errors.js';
import { finding, type Report } from '../errors/findings.js';
import { GUIDS } from '../base/guid.js';
import { type HeaderCopy, locateLog } from '../format/header.js';
import { isLocalFault } from '../io/hole-source.js';
import { type LogState, readLog } from '../log/read-log.js';
import type { Patch } from '../io/overlay-source.js';
import type { ByteSource, SourceReadOptions } from '../io/byte-source.js';
import { hex } from '../base/units.js';
import type { Assume } from '../errors/assume.js';

/** A log that is not replayed, whatever it holds. */
const NO_LOG: LogState = { state: 'clean', guid: GUIDS.zero, place: undefined, sequence: undefined };

const ignore: Report = () => undefined;

/** True for a header that says what a valid one could say: of the version that is known, its log where one can be. */
function isPlausible({ header }: HeaderCopy): boolean {
  return header.version === 1 && header.logVersion === 0;
}

/** The header that a salvage goes on with, and the state of its log. */
export interface GuessedHeader {
  readonly header: HeaderCopy;
  readonly log: LogState;
}

/**
 * Chooses between headers none of which is current by the rules: of those that are plausible in all but their checksum
 * (or their sequence number) the newer one, but rather one whose log can be used. What makes a header invalid has been
 * reported. [MS-VHDX] 2.2.2
 */
export async function guessHeader(
  source: ByteSource,
  copies: readonly [HeaderCopy, HeaderCopy],
  assume: Assume,
  options: SourceReadOptions,
): Promise<GuessedHeader> {
  const newestFirst = copies
    .filter((copy) => isPlausible(copy))
    .toSorted((one, other) => Number(other.header.sequenceNumber - one.header.sequenceNumber));
  const guesses: GuessedHeader[] = [];
  for (const header of newestFirst) {
    const place = locateLog(header, source.size, ignore);
    if (place === undefined) continue;
    guesses.push({ header, log: await readLogAnyway(source, header, place, ignore, options) });
  }
  const guess = guesses.find(({ log }) => log.state !== 'invalid') ?? guesses[0];
  if (guess === undefined) {
    assume('Neither header is of use. If there was a log to replay, what it held is missing.');
    return { header: copies[0], log: NO_LOG };
  }
  const { place, header } = guess.header;
  assume(
    `The header at ${hex(place.fileOffset)} (sequence number ${header.sequenceNumber}) is taken for the current one: what it says is plausible.`,
  );
  return guess;
}

/** As `readLog`; a log with bytes that cannot be had is one that cannot be replayed. */
export async function readLogAnyway(
  source: ByteSource,
  header: HeaderCopy,
  place: LogState['place'],
  report: Report,
  options: SourceReadOptions,
): Promise<LogState> {
  try {
    return await readLog(source, header, place, report, options);
  } catch (error) {
    if (!isLocalFault(error)) throw error;
    const { fileOffset, length } = place ?? { fileOffset: 0, length: 0 };
    report(finding('VHDX_SOURCE_IO', { fileOffset, length, path: 'log', message: error.message }));
    return { ...NO_LOG, state: 'invalid', place };
  }
}

/** What a file that has been cut off lacks: patches that cannot be had, from its end to where the log says that it was. */
export function missingEnd(source: ByteSource, { sequence }: LogState): Patch[] {
  const { size } = source;
  const length = (sequence?.lastFileOffset ?? 0) - size;
  if (sequence === undefined || length <= 0 || sequence.head.flushedFileOffset <= BigInt(size)) return [];
  const fill = (_into: Uint8Array, offset: number): Promise<void> => {
    const message = `The file ends at ${hex(size)}.`;
    return Promise.reject(new VhdxError('VHDX_SOURCE_SHORT_READ', { message, fileOffset: size + offset }));
  };
  return [{ position: size, length, fill }];
}
