/** The GUID partition table of a disk: reading it, and moving its backup to a new end. */
import { crc32 } from '../base/crc32.js';
import { isZero } from '../base/bytes.js';
import { exactNumber } from '../base/units.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../io/byte-source.js';
import type { Piece } from '../io/byte-target.js';

/** Where the fields of a header are, in bytes. UEFI 2.10, 5.3.2, table 5.5 */
const FIELD = {
  headerSize: 12,
  headerCrc: 16,
  myLba: 24,
  alternateLba: 32,
  lastUsableLba: 48,
  entriesLba: 72,
  entryCount: 80,
  entrySize: 84,
  entriesCrc: 88,
} as const;
const SIGNATURE = 'EFI PART';
const HEADER_SIZES = { least: 92, most: 512 } as const;
/** Tables have 16 KiB; what claims to have more than this is none. */
const MOST_ENTRY_BYTES = 1024 * 1024;
const ENTRY = { lastLba: 40, leastSize: 48 } as const;
const PROTECTIVE = { type: 0xee, entry: 446, typeAt: 446 + 4, lengthAt: 446 + 12 } as const;

/** A GPT whose primary header and entries are valid. Offsets are bytes of the disk. */
export interface Gpt {
  readonly sectorSize: number;
  /** The sector of the primary header. */
  readonly header: Uint8Array;
  readonly entries: Uint8Array;
  /** Where the backup header is by the primary one, which may be past the end of the disk. */
  readonly backupOffset: number;
  /** First byte behind the last partition; 0 without any. */
  readonly partitionsEnd: number;
  /** Bytes at the end of a disk that entries and header of the backup take. */
  readonly backupLength: number;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function headerCrc(header: Uint8Array, size: number): number {
  const copy = header.slice(0, size);
  viewOf(copy).setUint32(FIELD.headerCrc, 0, true);
  return crc32(copy);
}

/** Last byte of the partitions in the entries, exclusive. */
function partitionsEnd(entries: Uint8Array, entrySize: number, sectorSize: number): number | undefined {
  let end = 0;
  for (let at = 0; at + entrySize <= entries.length; at += entrySize) {
    if (isZero(entries.subarray(at, at + 16))) continue;
    const last = exactNumber(viewOf(entries).getBigUint64(at + ENTRY.lastLba, true));
    if (last === undefined) return undefined;
    end = Math.max(end, (last + 1) * sectorSize);
  }
  return end;
}

/** The GPT of a disk with sectors of `sectorSize` bytes; `undefined` if there is none that is valid. */
export async function readGpt(
  disk: ByteSource,
  sectorSize: number,
  options?: SourceReadOptions,
): Promise<Gpt | undefined> {
  if (disk.size < 2 * sectorSize) return undefined;
  const header = await readExactly(disk, sectorSize, sectorSize, options);
  if (new TextDecoder('latin1').decode(header.subarray(0, 8)) !== SIGNATURE) return undefined;
  const view = viewOf(header);
  const size = view.getUint32(FIELD.headerSize, true);
  if (size < HEADER_SIZES.least || size > HEADER_SIZES.most) return undefined;
  if (view.getUint32(FIELD.headerCrc, true) !== headerCrc(header, size)) return undefined;
  const [count, entrySize] = [view.getUint32(FIELD.entryCount, true), view.getUint32(FIELD.entrySize, true)];
  const entriesLba = exactNumber(view.getBigUint64(FIELD.entriesLba, true));
  const backupLba = exactNumber(view.getBigUint64(FIELD.alternateLba, true));
  if (entriesLba === undefined || backupLba === undefined || entrySize < ENTRY.leastSize) return undefined;
  const length = count * entrySize;
  if (length > MOST_ENTRY_BYTES || entriesLba * sectorSize + length > disk.size) return undefined;
  const entries = await readExactly(disk, entriesLba * sectorSize, length, options);
  if (crc32(entries) !== view.getUint32(FIELD.entriesCrc, true)) return undefined;
  const end = partitionsEnd(entries, entrySize, sectorSize);
  if (end === undefined) return undefined;
  return {
    sectorSize,
    header,
    entries,
    backupOffset: backupLba * sectorSize,
    partitionsEnd: end,
    backupLength: (Math.ceil(length / sectorSize) + 1) * sectorSize,
  };
}

/** What has to be written so that a GPT fits a disk of another size. */
export interface MovedGpt {
  /** The backup, for the end of the disk. */
  readonly backup: Piece;
  /** Protective MBR and primary header, which refers to the backup. */
  readonly primary: Piece;
}

/**
 * The GPT of a disk that now has `diskSize` bytes, all of its partitions inside: backup at its end, primary header that
 * refers to it. `head`: the first sector of the disk. UEFI 2.10, 5.2.3, 5.3.2
 */
export function moveGpt(gpt: Gpt, head: Uint8Array, diskSize: number): MovedGpt {
  const { sectorSize, entries, backupLength } = gpt;
  const lastLba = diskSize / sectorSize - 1;
  const entriesLba = lastLba + 1 - backupLength / sectorSize;
  const size = viewOf(gpt.header).getUint32(FIELD.headerSize, true);
  const finish = (edit: (view: DataView) => void): Uint8Array => {
    const header = gpt.header.slice();
    const view = viewOf(header);
    view.setBigUint64(FIELD.lastUsableLba, BigInt(entriesLba - 1), true);
    edit(view);
    view.setUint32(FIELD.headerCrc, headerCrc(header, size), true);
    return header;
  };
  const backup = new Uint8Array(backupLength);
  backup.set(entries);
  const backupHeader = finish((view) => {
    view.setBigUint64(FIELD.myLba, BigInt(lastLba), true);
    view.setBigUint64(FIELD.alternateLba, 1n, true);
    view.setBigUint64(FIELD.entriesLba, BigInt(entriesLba), true);
  });
  backup.set(backupHeader, backupLength - sectorSize);
  const primary = new Uint8Array(2 * sectorSize);
  primary.set(head);
  if (primary[PROTECTIVE.typeAt] === PROTECTIVE.type) {
    viewOf(primary).setUint32(PROTECTIVE.lengthAt, Math.min(lastLba, 0xffff_ffff), true);
  }
  primary.set(
    finish((view) => view.setBigUint64(FIELD.alternateLba, BigInt(lastLba), true)),
    sectorSize,
  );
  return { backup: { offset: entriesLba * sectorSize, bytes: backup }, primary: { offset: 0, bytes: primary } };
}

/** First byte behind the last partition of an MBR; `undefined` if the disk has none. */
export async function readMbrEnd(
  disk: ByteSource,
  sectorSize: number,
  options?: SourceReadOptions,
): Promise<number | undefined> {
  if (disk.size < 512) return undefined;
  const head = await readExactly(disk, 0, 512, options);
  const view = viewOf(head);
  if (view.getUint16(510, true) !== 0xaa55) return undefined;
  let end: number | undefined;
  for (let at = PROTECTIVE.entry; at < 510; at += 16) {
    const [status = 0, type = 0] = [head[at], head[at + 4]];
    // The first sector of a file system has the same signature, and something else here.
    if ((status & 0x7f) !== 0) return undefined;
    const [first, length] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
    if (type === 0 || type === PROTECTIVE.type || first === 0 || length === 0) continue;
    end = Math.max(end ?? 0, (first + length) * sectorSize);
  }
  return end;
}
