import { requireOptions } from './arguments.js';
import { u32At } from './bytes.js';
import { hasSignature } from './file-type-identifier.js';
import { type ByteSource, readAvailable, type SourceReadOptions } from './source.js';
import { type Bytes, toByteSource } from './to-byte-source.js';

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
  /** The first 34 KiB. */
  readonly head: Uint8Array;
  /** The last 512 bytes. */
  readonly tail: Uint8Array;
}

const HEAD_LENGTH = 34 * 1024;
const TAIL_LENGTH = 512;

export async function readEnds(source: ByteSource, options?: SourceReadOptions): Promise<FileEnds> {
  const { size } = source;
  const head = await readAvailable(source, 0, HEAD_LENGTH, options);
  const tail = await readAvailable(source, Math.max(0, size - TAIL_LENGTH), TAIL_LENGTH, options);
  return { size, head, tail };
}

/** The format whose magic bytes a file has. */
function formatOf({ head, tail }: FileEnds): string | undefined {
  const found = MAGICS.find(([offset, magic]) => textAt(head, offset, magic.length) === magic);
  if (found !== undefined) return found[2];
  const hasFooter = textAt(tail, 0, 8) === 'conectix';
  return hasFooter ? 'a fixed VHD (the older format of Virtual PC and Hyper-V)' : undefined;
}

/** What a file that is no VHDX looks like, as a noun with its article, or `undefined` if there is nothing to say. */
export function describeFile(ends: FileEnds): string | undefined {
  const { head, size } = ends;
  if (size === 0) return 'an empty file';
  const format = formatOf(ends);
  if (format !== undefined) return format;
  if (head.length >= 512 && u32At(head, 508) >>> 16 === 0xaa55) {
    return textAt(head, 512, 8) === 'EFI PART'
      ? 'a raw disk image (with a GUID partition table)'
      : 'a raw disk image (with a boot sector)';
  }
  if (textAt(head, 512, 8) === 'EFI PART') return 'a raw disk image (with a GUID partition table)';
  if (head.every((byte) => byte === 0)) return 'a file whose beginning was never written or has been wiped (all zeros)';
  return undefined;
}

/**
 * Whether the bytes of a file may be those of a disk, one behind the other: it is no VHDX, and has no other format that
 * is known from its first or last bytes. Costs two reads. The source stays open.
 *
 * @throws what reading it throws; TypeError if it is no source
 */
export async function looksRaw(source: Bytes, options: SourceReadOptions = {}): Promise<boolean> {
  requireOptions(options);
  const ends = await readEnds(toByteSource(source), options);
  const format = formatOf(ends);
  return !hasSignature(ends.head) && (format === undefined || format === ISO);
}
