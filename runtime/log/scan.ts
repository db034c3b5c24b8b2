/** Finds all valid entries of the log in one pass. [MS-VHDX] 2.3.3 */
import { VhdxLogEntryHeader } from '../../generated/index.js';
import { u32At } from '../base/bytes.js';
import { type GuidFields, guidsEqual } from '../base/guid.js';
import { LIMITS, LOG_SECTOR_SIZE } from '../base/limits.js';
import { decodeHeader, entryOf, headerFaultOf, type LogEntry } from './entry.js';
import { bodyFaultOf } from './entry-body.js';
import type { EntryFault } from './entry-fault.js';
import { descriptorAreaLength, LOG_SIGNATURES } from './layout.js';
import type { LogRing } from './ring.js';
import type { SourceReadOptions } from '../io/byte-source.js';

/** What a 4 KiB sector of the log begins with. */
const KIND = { other: 0, entry: 1, descriptor: 2, data: 3 } as const;

/** The smallest sectors that disks have, in bytes. */
const DISK_SECTOR_SIZE = 512;

/** An entry that carries the header's LogGuid, or at least looks like one, but is not valid. */
export interface InvalidEntry {
  /** From the start of the log, in bytes. */
  readonly start: number;
  readonly sequenceNumber: bigint;
  readonly fault: EntryFault;
}

/** What a pass over the whole log finds. */
export interface LogScan {
  /** Valid entries by ascending start. */
  readonly valid: readonly LogEntry[];
  /** Entries with the header's LogGuid that are not valid, by ascending start; a long list is cut. */
  readonly invalid: readonly InvalidEntry[];
  /** How many of those there are. */
  readonly invalidCount: number;
  /** How many sectors look like entries of other sessions (D5), and the first of them. */
  readonly foreign: { readonly count: number; readonly first: InvalidEntry | undefined };
  /** Where the first entry of this session begins that does not begin at a sector (D23), from the start of the log. */
  readonly misaligned: number | undefined;
}

function kindOf(signature: number): number {
  if (signature === LOG_SIGNATURES.entry) return KIND.entry;
  if (signature === LOG_SIGNATURES.data) return KIND.data;
  return signature === LOG_SIGNATURES.desc || signature === LOG_SIGNATURES.zero ? KIND.descriptor : KIND.other;
}

/**
 * True if the sectors after the first one are what an entry has there: descriptor sectors, each of which begins with a
 * descriptor, then data sectors. None of them can be the start of another entry that passes the same test, so entries
 * that do are disjoint, and all later work on them is linear in the length of the log, however it is made.
 */
function sectorsFit(kinds: Uint8Array, { start, length, descriptorCount }: LogEntry): boolean {
  const first = start / LOG_SECTOR_SIZE;
  const descriptors = descriptorAreaLength(descriptorCount) / LOG_SECTOR_SIZE;
  const sectors = length / LOG_SECTOR_SIZE;
  for (let index = 1; index < sectors; index += 1) {
    const expected = index < descriptors ? KIND.descriptor : KIND.data;
    if (kinds[(first + index) % kinds.length] !== expected) return false;
  }
  return true;
}

/** Notes what is not an entry to replay. */
class RejectedEntries {
  readonly #invalid: InvalidEntry[] = [];
  #invalidCount = 0;
  #foreignCount = 0;
  #firstForeign: InvalidEntry | undefined;
  #misaligned: number | undefined;

  /** True if no more invalid entries are kept, so that there is no need to find out what is wrong with them. */
  get isFull(): boolean {
    return this.#invalid.length >= LIMITS.listedInvalidEntries;
  }

  count(): void {
    this.#invalidCount += 1;
  }

  add(entry: InvalidEntry): void {
    if (entry.fault.code === 'VHDX_LOG_ENTRY_GUID_MISMATCH') {
      this.#foreignCount += 1;
      this.#firstForeign ??= entry;
      return;
    }
    this.count();
    if (!this.isFull) this.#invalid.push(entry);
  }

  /**
   * Looks through the sector at `sector` of a piece that begins at `base` of the log. D23: footnote 3 speaks of an
   * alignment that may be smaller than 4 KiB; that of a disk's sectors is 512 bytes.
   */
  lookBetween(piece: DataView, base: number, sector: number, logGuid: GuidFields): void {
    if (this.#misaligned !== undefined) return;
    const end = sector + LOG_SECTOR_SIZE;
    for (let at = sector + DISK_SECTOR_SIZE; at < end; at += DISK_SECTOR_SIZE) {
      if (piece.getUint32(at, true) !== LOG_SIGNATURES.entry) continue;
      const bytes = new Uint8Array(piece.buffer, piece.byteOffset + at, VhdxLogEntryHeader.SIZE);
      const { header } = decodeHeader(bytes);
      if (guidsEqual(header.logGuid, logGuid)) this.#misaligned ??= base + at;
    }
  }

  result(): Omit<LogScan, 'valid'> {
    return {
      invalid: this.#invalid.toSorted((one, other) => one.start - other.start),
      invalidCount: this.#invalidCount,
      foreign: { count: this.#foreignCount, first: this.#firstForeign },
      misaligned: this.#misaligned,
    };
  }
}

/** Tells the kind of each sector and finds the headers that have no fault by themselves. */
async function classify(
  ring: LogRing,
  logGuid: GuidFields | undefined,
  kinds: Uint8Array,
  rejects: RejectedEntries,
  options?: SourceReadOptions,
): Promise<LogEntry[]> {
  const candidates: LogEntry[] = [];
  for await (const { start: base, bytes } of ring.chunks(options)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; at += LOG_SECTOR_SIZE) {
      const start = base + at;
      if (logGuid !== undefined) rejects.lookBetween(view, base, at, logGuid);
      const kind = kindOf(view.getUint32(at, true));
      kinds[start / LOG_SECTOR_SIZE] = kind;
      if (kind !== KIND.entry) continue;
      const decoded = decodeHeader(bytes.subarray(at, at + VhdxLogEntryHeader.SIZE));
      const { sequenceNumber, logGuid: own } = decoded.header;
      const fault = headerFaultOf(decoded, logGuid ?? own, ring.length);
      if (fault !== undefined) rejects.add({ start, sequenceNumber, fault });
      else candidates.push(entryOf(start, decoded));
    }
  }
  return candidates;
}

/**
 * Finds every valid entry of the log, 2.3.3 step 3; without a `logGuid` those of all sessions. Reads the log a few times
 * at most, whatever is in it, and keeps one small record for each entry.
 */
export async function scanLog(
  ring: LogRing,
  logGuid: GuidFields | undefined,
  options?: SourceReadOptions,
): Promise<LogScan> {
  const kinds = new Uint8Array(ring.length / LOG_SECTOR_SIZE);
  const rejects = new RejectedEntries();
  const valid: LogEntry[] = [];
  for (const entry of await classify(ring, logGuid, kinds, rejects, options)) {
    options?.signal?.throwIfAborted();
    const fits = sectorsFit(kinds, entry);
    if (!fits && rejects.isFull) {
      rejects.count();
      continue;
    }
    const fault = fits ? await bodyFaultOf(ring, entry, options) : await misfitFault(ring, entry, kinds, options);
    if (fault === undefined) valid.push(entry);
    else rejects.add({ start: entry.start, sequenceNumber: entry.sequenceNumber, fault });
  }
  return { valid, ...rejects.result() };
}

/** What to say of an entry whose sectors do not fit. It is not valid in any case; its checksum says why, if it is short. */
async function misfitFault(
  ring: LogRing,
  entry: LogEntry,
  kinds: Uint8Array,
  options?: SourceReadOptions,
): Promise<EntryFault> {
  // Long entries may overlap without bound here, so they are not read.
  if (entry.length <= LIMITS.misfitEntryBytes) {
    const fault = await bodyFaultOf(ring, entry, options);
    if (fault !== undefined) return fault;
  }
  const descriptors = descriptorAreaLength(entry.descriptorCount) / LOG_SECTOR_SIZE;
  let index = 1;
  const kindAt = (sector: number): number | undefined => kinds[(entry.start / LOG_SECTOR_SIZE + sector) % kinds.length];
  while (kindAt(index) === (index < descriptors ? KIND.descriptor : KIND.data)) index += 1;
  const offset = index * LOG_SECTOR_SIZE;
  return index < descriptors
    ? {
        code: 'VHDX_LOG_DESCRIPTOR_SIGNATURE_MISMATCH',
        offset,
        length: 4,
        path: '',
        message: `sector ${index} of the entry does not begin with a descriptor`,
      }
    : {
        code: 'VHDX_LOG_DATA_SECTOR_MISMATCH',
        offset,
        length: 4,
        path: `data_sectors[${index - descriptors}]`,
        message: `sector ${index} of the entry does not begin with the signature of a data sector`,
      };
}

/** D2: sectors that are an entry of this session but for their signature. Reads the log once more. */
export async function findUnsignedEntries(
  ring: LogRing,
  logGuid: GuidFields,
  options?: SourceReadOptions,
): Promise<InvalidEntry[]> {
  const found: InvalidEntry[] = [];
  for await (const { start, bytes } of ring.chunks(options)) {
    for (let at = 0; at < bytes.length; at += LOG_SECTOR_SIZE) {
      if (u32At(bytes, at) === LOG_SIGNATURES.entry) continue;
      const decoded = decodeHeader(bytes.subarray(at, at + VhdxLogEntryHeader.SIZE));
      const { sequenceNumber, logGuid: own } = decoded.header;
      if (!guidsEqual(own, logGuid)) continue;
      const fault = headerFaultOf(decoded, logGuid, ring.length);
      if (fault !== undefined && found.length < LIMITS.listedInvalidEntries)
        found.push({ start: start + at, sequenceNumber, fault });
    }
  }
  return found;
}
