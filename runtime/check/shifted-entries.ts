/** Detects BAT entries that QEMU issue 727 has moved by one. */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { PayloadState, payloadStateText } from '../format/bat-states.js';
import type { BatSurvey, SurveyedImage } from '../image/bat-survey.js';
import { finding, type Report } from '../errors/findings.js';
import { BAT_ENTRY_SIZE, LOG_SECTOR_SIZE } from '../base/limits.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { countText, hex, MIB } from '../base/units.js';

/** Entries that go to the log together. */
const SECTOR_ENTRIES = LOG_SECTOR_SIZE / BAT_ENTRY_SIZE;

/** The entries of one sector of the BAT. */
interface Sector {
  /** Index of its first entry. */
  readonly first: number;
  readonly entries: VhdxPayloadBatEntryView;
}

/** What shows that the entries of a sector were moved: the last of them, and those that lie before the first one's. */
interface Evidence {
  /** Index of the entry that no block uses, and its state. */
  readonly trace: number;
  readonly traceState: number;
  readonly moved: readonly number[];
}

/** Looks for the traces of QEMU issue 727 in a disk without a parent. */
class ShiftCheck {
  readonly #image: SurveyedImage;
  readonly #survey: BatSurvey;

  constructor(image: SurveyedImage, survey: BatSurvey) {
    this.#image = image;
    this.#survey = survey;
  }

  /** The evidence in the sector that has the entry `trace`, which no block of the disk uses; `undefined` if there is none. */
  async evidence(trace: number, options: SourceReadOptions): Promise<Evidence | undefined> {
    const at = trace % SECTOR_ENTRIES;
    // The entry that is written first in a sector is its first: nothing is moved into that one.
    if (at === 0) return undefined;
    const first = trace - at;
    const entries = new VhdxPayloadBatEntryView(await this.#image.bat.readEntries(first, SECTOR_ENTRIES, options));
    const sector = { first, entries };
    if (!this.#isPayload(first) || entries.state(0) !== PayloadState.FULLY_PRESENT) return undefined;
    if (!this.#isTrace(sector, at)) return undefined;
    const isOlder = (entry: number): boolean =>
      entries.state(entry) === PayloadState.FULLY_PRESENT && entries.fileOffsetMb(entry) < entries.fileOffsetMb(0);
    // What was the first entry when they were moved had no storage yet: it is the second now.
    if (isOlder(1)) return undefined;
    const moved: number[] = [];
    for (let entry = 2; entry < SECTOR_ENTRIES; entry += 1) if (isOlder(entry)) moved.push(first + entry);
    return moved.length === 0 ? undefined : { trace, traceState: entries.state(at), moved };
  }

  #isPayload(index: number): boolean {
    const { geometry } = this.#image.bat;
    const { kind, number } = geometry.entryAt(index);
    return kind === 'payload' && number < geometry.payloadBlocks;
  }

  /** Whether an unused entry has what one of a payload block had before it: ZERO, or storage that belongs to no other. */
  #isTrace({ entries }: Sector, at: number): boolean {
    const place = entries.fileOffsetMb(at);
    if (entries.reserved(at) !== 0) return false;
    if (entries.state(at) === PayloadState.ZERO) return place === 0;
    const units = this.#image.bat.geometry.blockSize / MIB;
    if (entries.state(at) !== PayloadState.FULLY_PRESENT || units === 1 || place === 0) return false;
    // A sector bitmap block, which some writers make for disks without a parent too, has a MiB and no more.
    return (place + units) * MIB <= this.#image.view.size && !this.#survey.owners.isTaken(place + 1, units - 1);
  }

  report({ trace, traceState, moved }: Evidence, report: Report): void {
    const { judge } = this.#survey;
    const { bat } = this.#image;
    const first = trace - (trace % SECTOR_ENTRIES);
    const [one = trace] = moved;
    const what = trace < bat.geometry.entries ? '' : ' after the last block';
    const more =
      moved.length === 1 ? '' : ` and ${countText(moved.length - 1, 'more entry', 'more entries')} of its sector`;
    report(
      finding('VHDX_BAT_ENTRIES_SHIFTED', {
        ...judge.at(one),
        message:
          `bat[${one}] at ${hex(bat.entryOffset(one))}${more} may belong one place lower: the storage was allocated before that of ` +
          `${judge.title(first)}, and bat[${trace}] at ${hex(bat.entryOffset(trace))}${what}, which nothing uses, is ${payloadStateText(traceState)}. ` +
          'QEMU before 7.2.2 and 8.1 moves the entries of a 4 KiB sector up by one when it allocates the block of the first ' +
          '(QEMU issue 727); what was written to a block then reads as the contents of the next one.',
      }),
    );
  }
}

/**
 * Warns where QEMU issue 727 may have moved blocks. Two things have to be there in one 4 KiB sector of the BAT: an entry
 * that no block uses (of a sector bitmap block, or behind the last entry) with what a block's has, which the fault alone
 * leaves in every disk, and blocks whose storage lies before that of the sector's first entry: QEMU allocates at the end
 * of the file. Reads 4 KiB for each entry of the first kind. Source: QEMU commit 8af037fe4cfe, "block/vhdx: fix dynamic
 * VHDX BAT corruption".
 */
export async function judgeShiftedEntries(
  image: SurveyedImage,
  survey: BatSurvey,
  report: Report,
  options: SourceReadOptions = {},
): Promise<void> {
  if (image.disk.hasParent) return;
  const check = new ShiftCheck(image, survey);
  const sectors = new Set<number>();
  for (const trace of [...survey.unusedBitmapEntries, image.bat.geometry.entries]) {
    const sector = Math.floor(trace / SECTOR_ENTRIES);
    if (sectors.has(sector)) continue;
    options.signal?.throwIfAborted();
    const evidence = await check.evidence(trace, options);
    if (evidence === undefined) continue;
    sectors.add(sector);
    check.report(evidence, report);
  }
}
