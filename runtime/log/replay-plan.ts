/** What the replay of a sequence writes, in order, within bounds. [MS-VHDX] 2.3.3 */
import { VhdxLogDataDescriptor } from '../../generated/index.js';
import { u32At } from '../base/bytes.js';
import { type VhdxCode, VhdxError } from '../errors/errors.js';
import { type Finding, finding, findingOfViolation, type Report } from '../errors/findings.js';
import { LIMITS, LOG_SECTOR_SIZE, REGION_TABLE_OFFSETS } from '../base/limits.js';
import { type LogDescriptor, readDescriptors } from './descriptor.js';
import type { LogEntry } from './entry.js';
import type { EntryFault } from './entry-fault.js';
import { DATA_SECTOR, DESCRIPTOR_SIZE, descriptorOffset } from './layout.js';
import type { LogRing } from './ring.js';
import { areDisjoint, flattenPatches, type Patch } from '../io/overlay-source.js';
import type { Place } from '../errors/field-location.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { exactNumber, hex, MIB, sizeText } from '../base/units.js';

/** What one descriptor of the active sequence writes. */
export interface LogPatch extends Patch {
  readonly kind: 'data' | 'zero';
  /** Number of its entry in the sequence, from the tail on. */
  readonly entry: number;
  /** The descriptor in the log. */
  readonly descriptor: Place;
}

/** The replay of an active sequence, as a value. */
export interface LogReplay {
  /** In the order of the replay: of two that overlap the later one counts. */
  readonly patches: readonly LogPatch[];
  /** Number of descriptors, those of length zero included. */
  readonly descriptorCount: number;
}

const BEFORE_REGION_TABLES = BigInt(REGION_TABLE_OFFSETS[0]);

/** What the patches of one entry have in common. */
interface EntryPlace {
  readonly ring: LogRing;
  readonly start: number;
  /** Which entry of the sequence it is. */
  readonly number: number;
}

/** The entries were valid when the sequence was found, and are read a second time here. */
function changed({ ring, start }: EntryPlace, { offset, message }: EntryFault): VhdxError {
  const fileOffset = ring.fileOffsetOf(start + offset);
  return new VhdxError('VHDX_SOURCE_CHANGED', {
    message: `The log changed while it was read: at ${hex(fileOffset)} in a log entry that was valid before, ${message}.`,
    fileOffset,
  });
}

/**
 * What one descriptor writes. A hostile log has hundreds of thousands, so a patch keeps numbers only: where the
 * descriptor stands is worked out when it is asked for.
 */
abstract class DescriptorPatch implements LogPatch {
  abstract readonly kind: 'data' | 'zero';
  readonly position: number;
  readonly length: number;
  readonly #entry: EntryPlace;
  readonly #index: number;

  constructor(entry: EntryPlace, { index, target, length }: LogDescriptor) {
    this.#entry = entry;
    this.#index = index;
    this.position = Number(target);
    this.length = Number(length);
  }

  get entry(): number {
    return this.#entry.number;
  }

  get descriptor(): Place {
    const { ring, start, number } = this.#entry;
    return {
      fileOffset: ring.fileOffsetOf(start + descriptorOffset(this.#index)),
      path: `log.entries[${number}].descriptors[${this.#index}]`,
    };
  }

  abstract fill(into: Uint8Array, offset: number, options?: SourceReadOptions): Promise<void>;
}

class ZeroPatch extends DescriptorPatch {
  get kind(): 'zero' {
    return 'zero';
  }

  fill(into: Uint8Array): Promise<void> {
    into.fill(0);
    return Promise.resolve();
  }
}

/** A 4 KiB update: the data sector, with the bytes that its descriptor keeps put back. [MS-VHDX] 2.3.1.3, 2.3.1.4 */
class DataPatch extends DescriptorPatch {
  readonly #ring: LogRing;
  /** Where the data sector stands, in bytes from the start of the log. */
  readonly #dataPosition: number;
  /** The bytes of the update that are not in its data sector, as signed numbers, which take the least room. */
  readonly #leading: readonly [number, number];
  readonly #trailing: number;

  constructor(entry: EntryPlace, read: LogDescriptor, { leadingBytes, trailingBytes }: VhdxLogDataDescriptor) {
    super(entry, read);
    this.#ring = entry.ring;
    this.#dataPosition = read.dataPosition;
    this.#leading = [u32At(leadingBytes, 0) | 0, u32At(leadingBytes, 4) | 0];
    this.#trailing = u32At(trailingBytes, 0) | 0;
  }

  get kind(): 'data' {
    return 'data';
  }

  async fill(into: Uint8Array, offset: number, options?: SourceReadOptions): Promise<void> {
    const isWhole = into.length === LOG_SECTOR_SIZE;
    const sector = isWhole ? into : new Uint8Array(LOG_SECTOR_SIZE);
    await this.#ring.readInto(sector, this.#dataPosition, options);
    const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
    // In place of the fields around its data.
    view.setInt32(DATA_SECTOR.signature, this.#leading[0], true);
    view.setInt32(DATA_SECTOR.sequenceHigh, this.#leading[1], true);
    view.setInt32(DATA_SECTOR.sequenceLow, this.#trailing, true);
    if (!isWhole) into.set(sector.subarray(offset, offset + into.length));
  }
}

function patchOf(entry: EntryPlace, read: LogDescriptor): LogPatch {
  const { raw } = read;
  return raw instanceof VhdxLogDataDescriptor ? new DataPatch(entry, read, raw) : new ZeroPatch(entry, read);
}

/** D18, D19, D21: what makes a target hostile, or `undefined`. `bound`: where the file may end. */
function hostileTarget(read: LogDescriptor, patch: LogPatch, ring: LogRing, bound: bigint): Finding | undefined {
  // A zero descriptor of length zero writes nothing, wherever it points.
  if (read.length === 0n) return undefined;
  const end = read.target + read.length;
  const hostile = (code: VhdxCode, words: string): Finding => {
    const place = patch.descriptor;
    const written = `${hex(read.target)} to ${hex(end)}`;
    const message = `The ${read.kind} descriptor ${place.path} at ${hex(place.fileOffset)} writes ${written}${words}`;
    return finding(code, { ...place, length: DESCRIPTOR_SIZE, message });
  };
  if (read.target < BEFORE_REGION_TABLES) {
    const words = `the file type identifier and the headers, before ${hex(BEFORE_REGION_TABLES)}, are never logged.`;
    return hostile('VHDX_LOG_TARGET_HEADER', `: ${words}`);
  }
  const log = BigInt(ring.fileOffset);
  const logEnd = log + BigInt(ring.length);
  if (read.target < logEnd && end > log) {
    return hostile('VHDX_LOG_TARGET_LOG', `, inside the log itself (${hex(log)} to ${hex(logEnd)}).`);
  }
  if (end > bound || exactNumber(end) === undefined) {
    return hostile('VHDX_LOG_TARGET_BEYOND_END', `, but by the log the file ends at ${hex(bound)}.`);
  }
  return undefined;
}

/** D22: two descriptors of one entry that write the same sector. */
function reportRepeats(patches: readonly LogPatch[], entryOffset: number, report: Report): void {
  if (areDisjoint(patches)) return;
  const sorted = patches.toSorted((one, other) => one.position - other.position);
  for (const [index, patch] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || before.position + before.length <= patch.position) continue;
    report(
      finding('VHDX_LOG_TARGETS_REPEAT', {
        ...patch.descriptor,
        length: DESCRIPTOR_SIZE,
        message: `${before.descriptor.path} and ${patch.descriptor.path} of the entry at ${hex(entryOffset)} both write the sector at ${hex(patch.position)}.`,
      }),
    );
    return;
  }
}

/** `D21`: where the file may end, by the entry and the file as it is, rounded up to a whole MiB. */
function fileBound({ flushedFileOffset, lastFileOffset }: LogEntry, fileSize: number): bigint {
  const unit = BigInt(MIB);
  let bound = BigInt(fileSize);
  for (const size of [flushedFileOffset, lastFileOffset]) if (size > bound) bound = size;
  return ((bound + unit - 1n) / unit) * unit;
}

/** D21: how much a replay writes, each byte counted once. The sum of all lengths is quicker, and mostly little enough. */
function isBounded(patches: readonly LogPatch[]): boolean {
  const all = patches.reduce((sum, { length }) => sum + length, 0);
  if (all <= LIMITS.replayBytes) return true;
  return flattenPatches(patches).reduce((sum, { position, end }) => sum + end - position, 0) <= LIMITS.replayBytes;
}

/**
 * What the replay of `sequence` (tail first) writes. `undefined` if it must not be replayed: a target is hostile or
 * there is too much (D18, D19, D21, reported). Also reports D15's reserved field and D22. [MS-VHDX] 2.3.3
 */
export async function planReplay(
  ring: LogRing,
  sequence: readonly LogEntry[],
  fileSize: number,
  report: Report,
  options?: SourceReadOptions,
): Promise<LogReplay | undefined> {
  const whole = { fileOffset: ring.fileOffset, length: ring.length, path: 'log' };
  const descriptorCount = sequence.reduce((sum, entry) => sum + entry.descriptorCount, 0);
  if (descriptorCount > LIMITS.replayDescriptors) {
    report(
      finding('VHDX_LOG_TOO_MANY_DESCRIPTORS', {
        ...whole,
        message: `The active sequence of the log of ${sizeText(ring.length)} has ${descriptorCount} descriptors; more than ${LIMITS.replayDescriptors} are not replayed.`,
      }),
    );
    return undefined;
  }
  const patches: LogPatch[] = [];
  let hostile = false;
  for (const [number, entry] of sequence.entries()) {
    if (entry.descriptorCount === 0) continue;
    const place: EntryPlace = { ring, start: entry.start, number };
    const bound = fileBound(entry, fileSize);
    const first = patches.length;
    for await (const batch of readDescriptors(ring, entry, true, options)) {
      for (const read of batch) {
        if ('fault' in read) throw changed(place, read.fault);
        const { descriptor, violations } = read;
        const patch = patchOf(place, descriptor);
        for (const violation of violations) report(findingOfViolation(violation, patch.descriptor));
        const harm = hostileTarget(descriptor, patch, ring, bound);
        if (harm !== undefined) {
          hostile = true;
          report(harm);
        } else if (descriptor.length > 0n) patches.push(patch);
      }
    }
    reportRepeats(patches.slice(first), ring.fileOffsetOf(entry.start), report);
  }
  if (hostile) return undefined;
  if (isBounded(patches)) return { patches, descriptorCount };
  report(
    finding('VHDX_LOG_REPLAY_TOO_LARGE', {
      ...whole,
      message: `The log would write more than ${sizeText(LIMITS.replayBytes)}, which is more than all metadata can have.`,
    }),
  );
  return undefined;
}
