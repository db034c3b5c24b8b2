/** The faults that a BAT entry can have, with code and words. */
import { payloadStateText } from '../format/bat-states.js';
import { extentText } from '../format/overlaps.js';
import { codes, type Severity, type VhdxCode } from '../errors/errors.js';
import type { DiskParameters } from '../format/metadata-items.js';
import { hex, MIB } from '../base/units.js';

/** A BAT entry as it is stored. */
export interface StoredEntry {
  readonly index: number;
  readonly state: number;
  readonly fileOffsetMb: number;
  /** Bits 3 to 19, where they have been read. */
  readonly reserved?: number;
}

/** What can be wrong with a BAT entry: one of a fixed set, so that judging an entry allocates nothing. */
export interface EntryFault {
  readonly code: VhdxCode;
  readonly severity: Severity;
  /** Section of [MS-VHDX], where it is not the code's usual one. */
  readonly section?: string;
  /** What is wrong; goes on behind the title of the entry. */
  readonly words: (entry: StoredEntry, context: FaultContext) => string;
}

/** What the words of a fault need to know beside the entry. */
export interface FaultContext {
  readonly disk: Pick<DiskParameters, 'type'>;
  /** Length of the file in bytes. */
  readonly fileSize: number;
  /** Bytes of the storage of an entry. */
  readonly storageLength: (entry: StoredEntry) => number;
  /** The structure that the storage of an entry lies on. */
  readonly structureText: (entry: StoredEntry) => string;
  /** The first MiB that an entry shares. */
  readonly sharedText: (entry: StoredEntry) => string;
}

function fault(
  code: VhdxCode,
  words: EntryFault['words'],
  { severity, section }: { severity?: Severity; section?: string } = {},
): EntryFault {
  return {
    code,
    // Looked up when it is wanted: a clean image needs no catalogue of codes.
    get severity() {
      return severity ?? codes[code].severity;
    },
    ...(section === undefined ? {} : { section }),
    words,
  };
}

/** Where the storage of an entry lies, in words. */
function storageText(entry: StoredEntry, context: FaultContext): string {
  return extentText({ fileOffset: entry.fileOffsetMb * MIB, length: context.storageLength(entry) });
}

const atZero = (): string => 'is present, but has the file offset 0, inside the header section';
const pastEnd: EntryFault['words'] = (entry, context) =>
  `has its storage at ${storageText(entry, context)}, but the file ends at ${hex(context.fileSize)}`;
const onStructure: EntryFault['words'] = (entry, context) =>
  `has its storage at ${storageText(entry, context)}, on ${context.structureText(entry)}`;
const formerContents = (entry: StoredEntry): string => `is ${payloadStateText(entry.state)} with former contents at`;

/** The faults that a single entry can have. */
export type FaultName =
  | 'reservedBits'
  | 'reservedState'
  | 'partialWithoutParent'
  | 'offsetZero'
  | 'beyondEnd'
  | 'beyondEndUnused'
  | 'shared'
  | 'onStructure'
  | 'offsetIgnored'
  | 'bitmapOffsetIgnored'
  | 'formerOutside'
  | 'formerOnStructure'
  | 'bitmapMissing'
  | 'bitmapState'
  | 'bitmapStateUnused'
  | 'bitmapWithoutParent'
  | 'bitmapOffsetZero'
  | 'bitmapBeyondEnd'
  | 'bitmapOnStructure'
  | 'bitmapShared'
  | 'bitmapUnused'
  | 'offsetTooLarge'
  | 'entryLost'
  | 'bitsLost';

/** Every fault of a single entry, with the rule that it breaks. */
export const ENTRY_FAULTS: Readonly<Record<FaultName, EntryFault>> = {
  /** I4 */
  reservedBits: fault(
    'VHDX_BAT_RESERVED_NONZERO',
    ({ reserved = 0 }) => `has the reserved bits 3 to 19 set to ${hex(reserved)}, expected 0`,
  ),
  /** I5 */
  reservedState: fault('VHDX_BAT_STATE_RESERVED', ({ state }) => `has the state ${state}, which is reserved`),
  /** I6 */
  partialWithoutParent: fault(
    'VHDX_BAT_PARTIAL_WITHOUT_PARENT',
    (entry, { disk }) => `is ${payloadStateText(entry.state)}, but the disk is ${disk.type}`,
  ),
  /** I7 */
  offsetZero: fault('VHDX_BAT_OFFSET_ZERO', atZero),
  /** I8 */
  beyondEnd: fault('VHDX_BAT_BLOCK_BEYOND_END', pastEnd),
  /** I8, tolerated for what the last block has past the end of the disk. */
  beyondEndUnused: fault(
    'VHDX_BAT_BLOCK_BEYOND_END',
    (entry, context) => `${pastEnd(entry, context)}; only bytes past the end of the virtual disk are missing`,
    { severity: 'warning' },
  ),
  /** I9; `BlockCollisions` names the other block. */
  shared: fault('VHDX_BAT_BLOCK_OVERLAP', (entry, context) => `shares ${context.sharedText(entry)} with another block`),
  /** I10 */
  onStructure: fault('VHDX_BAT_BLOCK_ON_STRUCTURE', onStructure),
  /** I11 */
  offsetIgnored: fault(
    'VHDX_BAT_OFFSET_IGNORED',
    (entry) => `is ${payloadStateText(entry.state)}, but has the file offset ${entry.fileOffsetMb} MiB, expected 0`,
  ),
  /** I11, of a sector bitmap block. */
  bitmapOffsetIgnored: fault(
    'VHDX_BAT_OFFSET_IGNORED',
    (entry) => `is ${payloadStateText(entry.state)}, but has the file offset ${entry.fileOffsetMb} MiB, expected 0`,
    { section: '2.5.1.2' },
  ),
  /** I12 */
  formerOutside: fault(
    'VHDX_BAT_SOFT_ANCHOR_INVALID',
    (entry, { fileSize }) =>
      `${formerContents(entry)} ${hex(entry.fileOffsetMb * MIB)}, but the file ends at ${hex(fileSize)}`,
  ),
  /** I12 */
  formerOnStructure: fault(
    'VHDX_BAT_SOFT_ANCHOR_COLLISION',
    (entry, context) => `${formerContents(entry)} ${hex(entry.fileOffsetMb * MIB)}, on ${context.structureText(entry)}`,
  ),
  /** I17 */
  bitmapMissing: fault(
    'VHDX_BAT_BITMAP_MISSING',
    () => 'is NOT_PRESENT (0), but a block of its chunk is PARTIALLY_PRESENT (7)',
  ),
  /** I18 */
  bitmapState: fault('VHDX_BAT_BITMAP_STATE_RESERVED', ({ state }) => `has the state ${state}, expected 0 or 6`),
  /** I18, without a parent: no reader uses the entry. */
  bitmapStateUnused: fault(
    'VHDX_BAT_BITMAP_STATE_RESERVED',
    ({ state }, { disk }) =>
      `has the state ${state}, expected 0 or 6. No reader uses the entry, since the disk is ${disk.type}; ` +
      'QEMU before 7.2.2 and 8.1 leaves such entries behind (QEMU issue 727)',
    { severity: 'warning' },
  ),
  /** I19 */
  bitmapWithoutParent: fault(
    'VHDX_BAT_BITMAP_WITHOUT_PARENT',
    (_, { disk }) => `is PRESENT (6), but the disk is ${disk.type}`,
  ),
  /** I20 */
  bitmapOffsetZero: fault('VHDX_BAT_BITMAP_OFFSET_ZERO', atZero),
  /** I20 */
  bitmapBeyondEnd: fault('VHDX_BAT_BITMAP_BEYOND_END', pastEnd),
  /** I20 */
  bitmapOnStructure: fault('VHDX_BAT_BITMAP_OVERLAP', onStructure),
  /** I20 */
  bitmapShared: fault(
    'VHDX_BAT_BITMAP_OVERLAP',
    (entry, context) => `shares ${context.sharedText(entry)} with another block`,
  ),
  /** I21 */
  bitmapUnused: fault('VHDX_BAT_BITMAP_UNUSED', () => 'is PRESENT (6), but no block of its chunk is partially present'),
  /** I24 */
  offsetTooLarge: fault(
    'VHDX_BAT_OFFSET_TOO_LARGE',
    ({ fileOffsetMb }) => `has the file offset ${fileOffsetMb} MiB, which is more than 2^53 bytes`,
  ),
  /** Of a salvage: the entry lies past the end of the file, or in a bad sector. */
  entryLost: fault('VHDX_SOURCE_IO', () => 'cannot be read, so that nothing is known of its block'),
  /** Of a salvage, likewise. */
  bitsLost: fault('VHDX_SOURCE_IO', () => 'has bits that cannot be read, so that nothing is known of their sectors'),
};
