/** What kind of file a file is, by its first and last bytes. */
import type { SignalOptions } from '../base/options.js';
import { VhdxHeader } from '../../generated/index.js';
import { checksumAround } from '../../generated/kaitai/checksums.js';
import { requireOptions } from '../base/arguments.js';
import { isZero, u32At } from '../base/bytes.js';
import { crc32c } from './checksum.js';
import { hasSignature } from './file-type-identifier.js';
import { HEADER_OFFSETS, HEADER_SLOT_SIZE, REGION_TABLE_OFFSETS, REGION_TABLES_END } from '../base/limits.js';
import { type ByteSource, readAvailable, type SourceReadOptions } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';

const TEXT = new TextDecoder('latin1');

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return TEXT.decode(bytes.subarray(offset, offset + length));
}

/** The contents of a disc, which are a raw image too. */
const ISO = 'an ISO 9660 disc';

/** What begins with which bytes; the longest first where one is the start of another. */
const MAGICS: readonly (readonly [number, string, string])[] = [
  [0, 'conectix', 'a dynamic or differencing VHD (the older format of Virtual PC and Hyper-V)'],
  [0, 'KDMV', 'a VMDK (VMware)'],
  [0, 'COWD', 'a VMDK (VMware ESX)'],
  [0, '# Disk DescriptorFile', 'the descriptor of a VMDK (VMware)'],
  [0, 'QFI\u00fb', 'a QCOW2 (QEMU)'],
  [0, 'QED\0', 'a QED (QEMU)'],
  [0, 'WithoutFreeSpace', 'a Parallels disk'],
  [0, 'WithouFreSpacExt', 'a Parallels disk'],
  [64, '\x7f\x10\xda\xbe', 'a VDI (VirtualBox)'],
  [32769, 'CD001', ISO],
  [0, 'MSWIM\0\0\0', 'a WIM (Windows Imaging)'],
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, '7z\xbc\xaf\x27\x1c', 'a 7z archive'],
  [0, '\x1f\x8b', 'gzip data'],
  [0, 'BZh', 'bzip2 data'],
  [0, '\xfd7zXZ\0', 'xz data'],
  [0, '\x28\xb5\x2f\xfd', 'Zstandard data'],
  [0, 'MZ', 'a Windows program'],
  [0, '\x7fELF', 'an ELF program'],
];

/** Both ends of a file, by which its format is known. */
export interface FileEnds {
  readonly size: number;
  /** The first 320 KiB: the magic bytes of all formats, and the headers and region tables of a VHDX. */
  readonly head: Uint8Array;
  /** The last 512 bytes. */
  readonly tail: Uint8Array;
}

const HEAD_LENGTH = REGION_TABLES_END;
const TAIL_LENGTH = 512;
/** A file that has only zeros up to here has no beginning. */
const WIPED_LENGTH = 32 * 1024;

export async function readEnds(source: ByteSource, options?: SourceReadOptions): Promise<FileEnds> {
  const { size } = source;
  const head = await readAvailable(source, 0, HEAD_LENGTH, options);
  const tail = await readAvailable(source, Math.max(0, size - TAIL_LENGTH), TAIL_LENGTH, options);
  return { size, head, tail };
}

/** The structures of the header section behind the file type identifier. [MS-VHDX] 2.2 */
const STRUCTURES = [
  ...HEADER_OFFSETS.map((offset) => ({ offset, length: VhdxHeader.SIZE, signature: 'head' })),
  ...REGION_TABLE_OFFSETS.map((offset) => ({ offset, length: HEADER_SLOT_SIZE, signature: 'regi' })),
];
/** Where the checksum stands in each of them. [MS-VHDX] 2.2.2, 2.2.3.1 */
const CHECKSUM = { offset: 4, size: 4 };

/**
 * True if the header section of a VHDX is in its place, whatever the first bytes of the file say: one of its structures
 * is valid, or two have at least their signature. [MS-VHDX] 2.2
 */
export function hasVhdxStructures({ head }: FileEnds): boolean {
  const signed = STRUCTURES.filter(({ offset, signature }) => textAt(head, offset, signature.length) === signature);
  if (signed.length > 1) return true;
  return signed.some(({ offset, length }) => {
    const bytes = head.subarray(offset, offset + length);
    return (
      bytes.length === length && checksumAround(crc32c, bytes, 0, length, CHECKSUM) === u32At(bytes, CHECKSUM.offset)
    );
  });
}

/** The format whose magic bytes a file has. */
function signatureFormat({ head, tail }: FileEnds): string | undefined {
  const found = MAGICS.find(([offset, magic]) => textAt(head, offset, magic.length) === magic);
  if (found !== undefined) return found[2];
  const hasFooter = textAt(tail, 0, 8) === 'conectix';
  return hasFooter ? 'a fixed VHD (the older format of Virtual PC and Hyper-V)' : undefined;
}

/** What a file that is no VHDX looks like, as a noun with its article, or `undefined` if there is nothing to say. */
export function describeFile(ends: FileEnds): string | undefined {
  const { head, size } = ends;
  if (size === 0) return 'an empty file';
  if (hasVhdxStructures(ends)) return 'a VHDX whose first bytes have been overwritten: its headers are in their places';
  const format = signatureFormat(ends);
  if (format !== undefined) return format;
  if (head.length >= 512 && u32At(head, 508) >>> 16 === 0xaa55) {
    return textAt(head, 512, 8) === 'EFI PART'
      ? 'a raw disk image (with a GUID partition table)'
      : 'a raw disk image (with a boot sector)';
  }
  if (textAt(head, 512, 8) === 'EFI PART') return 'a raw disk image (with a GUID partition table)';
  if (isZero(head.subarray(0, WIPED_LENGTH)))
    return 'a file whose beginning was never written or has been wiped (all zeros)';
  return undefined;
}

/** Detected kind of the contents of a file. */
export interface ContentsKind {
  /**
   * `vhdx`: there is a VHDX signature, or the header section of a VHDX after it. `raw`: nothing indicates a format, so
   * the file holds the bytes of a disk. `other`: another format.
   */
  readonly kind: 'vhdx' | 'raw' | 'other';
  /** Detected format of a file without a VHDX signature, as a noun with its article, if known. */
  readonly looksLike: string | undefined;
}

/**
 * Tells from the first and last bytes of a file what it holds. Costs two reads. The source stays open.
 *
 * @throws what reading it throws; TypeError if it is no source
 */
export async function identifyContents(source: Bytes, options: SignalOptions = {}): Promise<ContentsKind> {
  requireOptions(options);
  const ends = await readEnds(toByteSource(source), options);
  if (hasSignature(ends.head)) return { kind: 'vhdx', looksLike: undefined };
  const looksLike = describeFile(ends);
  if (hasVhdxStructures(ends)) return { kind: 'vhdx', looksLike };
  const format = signatureFormat(ends);
  return { kind: format === undefined || format === ISO ? 'raw' : 'other', looksLike };
}

/** Whether `identifyContents` takes the bytes of a file for those of a disk; throws as it does. */
export async function looksRaw(source: Bytes, options?: SignalOptions): Promise<boolean> {
  return (await identifyContents(source, options)).kind === 'raw';
}
