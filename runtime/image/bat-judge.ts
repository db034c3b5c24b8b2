/** Judges single BAT entries, for checker, reader and writer alike. */
import type { Bat } from '../format/bat.js';
import { isPresent, PayloadState, SectorBitmapState } from '../format/bat-states.js';
import { ENTRY_FAULTS, type EntryFault, type FaultContext, type StoredEntry } from './bat-faults.js';
import type { VhdxError } from '../errors/errors.js';
import { errorOf, type Finding, finding } from '../errors/findings.js';
import { BAT_ENTRY_SIZE, SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import type { DiskParameters } from '../format/metadata-items.js';
import type { OwnershipMap } from './mib-ownership.js';
import type { ByteSource } from '../io/byte-source.js';
import { hex, MIB } from '../base/units.js';

/** What entries are judged by. */
export interface BatJudgeInput {
  readonly bat: Bat;
  readonly disk: Pick<DiskParameters, 'type' | 'hasParent'>;
  /** The file after the log's replay; its length may grow. */
  readonly view: Pick<ByteSource, 'size'>;
  /** Has the header section, the log and the regions; with the blocks in it, shared storage is found too. */
  readonly owners: OwnershipMap;
}

/** Places from here on cannot be told from their neighbours in a `number` of bytes. */
const UNREACHABLE_MB = Number.MAX_SAFE_INTEGER / MIB - 256;

/** True for a FileOffsetMB whose bytes a `number` cannot count (I24). */
export function isUnreachable(fileOffsetMb: number): boolean {
  return fileOffsetMb > UNREACHABLE_MB;
}

/**
 * The one judgement of BAT entries, for checker, reader and writer: which rule an entry breaks, how bad that is, and how
 * it is said. The checker collects what it says, the reader throws what it meets, and the writer refuses an image that
 * has a fault of severity `error` or `refuse-write`. Judges one entry at a time, in memory; what needs several of them
 * is found by `surveyBat`, after which `owners` also tells of shared storage. [MS-VHDX] 2.5.1
 */
export class BatJudge implements FaultContext {
  readonly disk: BatJudgeInput['disk'];
  readonly owners: OwnershipMap;
  readonly #bat: Bat;
  readonly #view: Pick<ByteSource, 'size'>;
  /** MiBs of a payload block. */
  readonly #blockUnits: number;

  constructor({ bat, disk, view, owners }: BatJudgeInput) {
    this.disk = disk;
    this.owners = owners;
    this.#bat = bat;
    this.#view = view;
    this.#blockUnits = bat.geometry.blockSize / MIB;
  }

  /** The same judgement by another map of owners. */
  withOwners(owners: OwnershipMap): BatJudge {
    return new BatJudge({ bat: this.#bat, disk: this.disk, view: this.#view, owners });
  }

  /** Length of the file in bytes, after the log's replay. */
  get fileSize(): number {
    return this.#view.size;
  }

  /** Bytes of the storage of an entry. */
  storageLength({ index }: StoredEntry): number {
    return this.#bat.geometry.storageLength(index);
  }

  /** I5, I6, I11: state of a payload block. */
  payloadState(state: number, fileOffsetMb: number): EntryFault | undefined {
    switch (state) {
      case PayloadState.FULLY_PRESENT:
      case PayloadState.UNDEFINED:
      case PayloadState.UNMAPPED:
        return undefined;
      case PayloadState.PARTIALLY_PRESENT:
        return this.disk.hasParent ? undefined : ENTRY_FAULTS.partialWithoutParent;
      case PayloadState.NOT_PRESENT:
      case PayloadState.ZERO:
        return fileOffsetMb === 0 ? undefined : ENTRY_FAULTS.offsetIgnored;
      default:
        return ENTRY_FAULTS.reservedState;
    }
  }

  /**
   * Places in MiB, inclusive, at which the storage of a present payload block breaks none of I7, I8, I10 and I24, as that
   * of nearly every one does.
   */
  get apart(): { readonly lowest: number; readonly highest: number } {
    return { lowest: this.owners.structuresEnd, highest: Math.floor(this.#view.size / MIB) - this.#blockUnits };
  }

  /** Whether a place is one of those. */
  isApart(fileOffsetMb: number): boolean {
    const { lowest, highest } = this.apart;
    return fileOffsetMb >= lowest && fileOffsetMb <= highest;
  }

  /** I7, I8, I24: whether the storage of a present payload block, of which `used` bytes hold the disk, is in the file. */
  payloadPlace(fileOffsetMb: number, used: number): EntryFault | undefined {
    const start = fileOffsetMb * MIB;
    const { fileSize } = this;
    if (fileOffsetMb !== 0 && start + this.#bat.geometry.blockSize <= fileSize) return undefined;
    if (fileOffsetMb === 0) return ENTRY_FAULTS.offsetZero;
    if (isUnreachable(fileOffsetMb)) return ENTRY_FAULTS.offsetTooLarge;
    return start + used <= fileSize ? ENTRY_FAULTS.beyondEndUnused : ENTRY_FAULTS.beyondEnd;
  }

  /** I10: whether `length` bytes of payload lie apart from header section, log and regions. */
  payloadOnStructure(fileOffsetMb: number, length: number): EntryFault | undefined {
    return this.owners.touchesExtent(fileOffsetMb * MIB, length) ? ENTRY_FAULTS.onStructure : undefined;
  }

  /** I12: the place of the former contents of an UNDEFINED or UNMAPPED block. */
  formerPlace(fileOffsetMb: number): EntryFault | undefined {
    const { blockSize } = this.#bat.geometry;
    const start = fileOffsetMb * MIB;
    if (isUnreachable(fileOffsetMb)) return ENTRY_FAULTS.formerOutside;
    if (this.owners.touchesExtent(start, blockSize)) return ENTRY_FAULTS.formerOnStructure;
    return start + blockSize > this.fileSize ? ENTRY_FAULTS.formerOutside : undefined;
  }

  /** I11, I18, I19: state of a sector bitmap block. */
  bitmapState(state: number, fileOffsetMb: number): EntryFault | undefined {
    const { hasParent } = this.disk;
    if (state === SectorBitmapState.PRESENT) return hasParent ? undefined : ENTRY_FAULTS.bitmapWithoutParent;
    if (state !== SectorBitmapState.NOT_PRESENT) {
      return hasParent ? ENTRY_FAULTS.bitmapState : ENTRY_FAULTS.bitmapStateUnused;
    }
    return fileOffsetMb === 0 ? undefined : ENTRY_FAULTS.bitmapOffsetIgnored;
  }

  /** I20, I24: the storage of a present sector bitmap block of a differencing disk. */
  bitmapPlace(fileOffsetMb: number): EntryFault | undefined {
    const start = fileOffsetMb * MIB;
    if (fileOffsetMb === 0) return ENTRY_FAULTS.bitmapOffsetZero;
    if (isUnreachable(fileOffsetMb)) return ENTRY_FAULTS.offsetTooLarge;
    if (start + SECTOR_BITMAP_BLOCK_SIZE > this.fileSize) return ENTRY_FAULTS.bitmapBeyondEnd;
    return this.owners.touchesExtent(start, SECTOR_BITMAP_BLOCK_SIZE) ? ENTRY_FAULTS.bitmapOnStructure : undefined;
  }

  /** True if storage of `count` MiBs from `fileOffsetMb` on has no fault: the short way, for many blocks. */
  isReadable(fileOffsetMb: number, count: number): boolean {
    const length = count * MIB;
    return (
      fileOffsetMb !== 0 &&
      fileOffsetMb * MIB + length <= this.fileSize &&
      !this.owners.touchesExtent(fileOffsetMb * MIB, length) &&
      !this.owners.isShared(fileOffsetMb, count)
    );
  }

  /** Whether an entry itself could not be read, so that nothing else is to be said of it. */
  lost({ index }: StoredEntry): EntryFault | undefined {
    return this.#bat.isLost(index) ? ENTRY_FAULTS.entryLost : undefined;
  }

  /** Why a payload block cannot be read up to `end` bytes from its start (exclusive), or `undefined`. */
  unreadable({ state, fileOffsetMb }: StoredEntry, end: number): EntryFault | undefined {
    if (isPresent(state)) {
      const { blockSize } = this.#bat.geometry;
      return (
        errorOnly(this.payloadState(state, fileOffsetMb)) ??
        errorOnly(this.payloadPlace(fileOffsetMb, end)) ??
        this.payloadOnStructure(fileOffsetMb, blockSize) ??
        (this.owners.isShared(fileOffsetMb, blockSize / MIB) ? ENTRY_FAULTS.shared : undefined)
      );
    }
    return errorOnly(this.payloadState(state, fileOffsetMb));
  }

  /** Why the sector bitmap of a partially present block cannot be read, or `undefined`. */
  unreadableBitmap(entry: StoredEntry): EntryFault | undefined {
    const { state, fileOffsetMb } = entry;
    const lost = this.lost(entry);
    if (lost !== undefined) return lost;
    if (state === SectorBitmapState.NOT_PRESENT) return ENTRY_FAULTS.bitmapMissing;
    return (
      errorOnly(this.bitmapState(state, fileOffsetMb)) ??
      this.bitmapPlace(fileOffsetMb) ??
      (this.owners.isShared(fileOffsetMb, 1) ? ENTRY_FAULTS.bitmapShared : undefined)
    );
  }

  /** How entry `index` is spoken of: `bat[5] at 0x200028 (block 5)`. */
  title(index: number): string {
    const { kind, number } = this.#bat.geometry.entryAt(index);
    const what = kind === 'bitmap' ? `sector bitmap block ${number}` : `block ${number}`;
    return `bat[${index}] at ${hex(this.#bat.entryOffset(index))} (${what})`;
  }

  /** Where entry `index` stands. */
  at(index: number): Pick<Finding, 'fileOffset' | 'length' | 'path'> {
    return { fileOffset: this.#bat.entryOffset(index), length: BAT_ENTRY_SIZE, path: `bat[${index}]` };
  }

  /** A fault of an entry as a finding. */
  finding({ code, severity, section, words }: EntryFault, entry: StoredEntry): Finding {
    return finding(code, {
      ...this.at(entry.index),
      severity,
      ...(section === undefined ? {} : { section }),
      message: `${this.title(entry.index)} ${words(entry, this)}.`,
    });
  }

  /** A fault of an entry as it is thrown: code, place and words of the finding. */
  error(fault: EntryFault, entry: StoredEntry): VhdxError {
    return errorOf(this.finding(fault, entry));
  }

  /** The structure that the storage of an entry lies on. */
  structureText(entry: StoredEntry): string {
    const extent = this.owners.extentAt(entry.fileOffsetMb * MIB, this.storageLength(entry));
    return extent === undefined
      ? 'a structure of the file'
      : `${extent.title} (${hex(extent.fileOffset)} to ${hex(extent.fileOffset + extent.length)})`;
  }

  /** The first MiB that an entry shares. */
  sharedText(entry: StoredEntry): string {
    const end = entry.fileOffsetMb + this.storageLength(entry) / MIB;
    let unit = entry.fileOffsetMb;
    while (unit < end - 1 && !this.owners.isShared(unit, 1)) unit += 1;
    return sharedUnitText(unit);
  }
}

/** How a MiB of the file is named that two blocks have. */
export function sharedUnitText(unit: number): string {
  return `the MiB at ${hex(unit * MIB)}`;
}

function errorOnly(fault: EntryFault | undefined): EntryFault | undefined {
  return fault?.severity === 'error' ? fault : undefined;
}
