import type { Bat, BatGeometry } from '../bat.js';
import type { VhdxCode } from '../errors.js';
import { FindingTally, type Report } from '../findings.js';
import { BAT_ENTRY_SIZE } from '../limits.js';
import type { LogPatch } from '../log-replay.js';
import type { DiskParameters } from '../metadata-items.js';
import type { OwnershipMap } from '../ownership.js';
import { hex, MIB } from '../units.js';

/** What the pass over the BAT is about. */
export interface BatCheckInput {
  readonly bat: Bat;
  readonly disk: DiskParameters;
  /** Length of the file, after the log's replay. */
  readonly fileSize: number;
  /** Has the header section, the log and the regions; the blocks are entered here. */
  readonly owners: OwnershipMap;
  /** The pending writes of the log. */
  readonly patches: readonly LogPatch[];
}

/** Places from here on cannot be told from their neighbours in a `number` of bytes. */
const UNREACHABLE_MB = Number.MAX_SAFE_INTEGER / MIB - 256;

/** True for a FileOffsetMB whose bytes a `number` cannot count (I24). */
export function isUnreachable(fileOffsetMb: number): boolean {
  return fileOffsetMb > UNREACHABLE_MB;
}

/** The names of the states of payload blocks. [MS-VHDX] 2.5.1.1 */
export const STATE_NAMES: readonly string[] = [
  'NOT_PRESENT',
  'UNDEFINED',
  'ZERO',
  'UNMAPPED',
  '4',
  '5',
  'FULLY_PRESENT',
  'PARTIALLY_PRESENT',
];

/** The findings on BAT entries: there may be millions, so they are counted, and only the first ones made. */
export class BatFindings {
  readonly tally: FindingTally;
  readonly #bat: Bat;
  readonly #geometry: BatGeometry;

  constructor(bat: Bat, report: Report) {
    this.tally = new FindingTally(report);
    this.#bat = bat;
    this.#geometry = bat.geometry;
  }

  /** Where entry `index` stands. */
  at(index: number): { fileOffset: number; length: number; path: string } {
    return { fileOffset: this.#bat.entryOffset(index), length: BAT_ENTRY_SIZE, path: `bat[${index}]` };
  }

  /** How entry `index` is spoken of. */
  title(index: number): string {
    const { kind, number } = this.#geometry.entryAt(index);
    const what = kind === 'bitmap' ? `sector bitmap block ${number}` : `block ${number}`;
    return `bat[${index}] at ${hex(this.#bat.entryOffset(index))} (${what})`;
  }

  /** Says something of entry `index`; `message` goes on behind its title. */
  add(code: VhdxCode, index: number, message: () => string, detail: EntryDetail = {}): void {
    const make = (): ReturnType<BatFindings['at']> & { message: string; section?: string } => {
      const common = { ...this.at(index), message: `${this.title(index)} ${message()}.` };
      return detail.section === undefined ? common : { ...common, section: detail.section };
    };
    this.tally.add(code, make, detail.severity);
  }
}

/** What differs from the code's usual severity and section. */
export interface EntryDetail {
  readonly severity?: 'error' | 'warning';
  readonly section?: string;
}
