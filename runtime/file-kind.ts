import { u32At } from './bytes.js';

const TEXT = new TextDecoder('latin1');

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return TEXT.decode(bytes.subarray(offset, offset + length));
}

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
  [32769, 'CD001', 'an ISO 9660 disc'],
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

/**
 * What a file that is no VHDX looks like, as a noun with its article, or `undefined` if there is nothing to say.
 * `head` is its beginning (34 KiB are enough), `tail` its last 512 bytes, `size` its length in bytes.
 */
export function describeFile(head: Uint8Array, tail: Uint8Array, size: number): string | undefined {
  if (size === 0) return 'an empty file';
  for (const [offset, magic, name] of MAGICS) if (textAt(head, offset, magic.length) === magic) return name;
  if (textAt(tail, 0, 8) === 'conectix') return 'a fixed VHD (the older format of Virtual PC and Hyper-V)';
  if (head.length >= 512 && u32At(head, 508) >>> 16 === 0xaa55) {
    return textAt(head, 512, 8) === 'EFI PART'
      ? 'a raw disk image (with a GUID partition table)'
      : 'a raw disk image (with a boot sector)';
  }
  if (textAt(head, 512, 8) === 'EFI PART') return 'a raw disk image (with a GUID partition table)';
  if (head.every((byte) => byte === 0)) return 'a file whose beginning was never written or has been wiped (all zeros)';
  return undefined;
}
