/** Formats of images by the names of files and options. */
import { basename } from 'node:path';

/** What a file is taken for, or made as. */
export type ImageFormat = 'raw' | 'vhdx';

/** The formats that options name. */
export const IMAGE_FORMATS: readonly ImageFormat[] = ['raw', 'vhdx'];

/** What the last part of a name promises, as a noun with its article; a format that can be read and made by its own name. */
const PROMISES: Readonly<Record<string, string>> = {
  vhdx: 'vhdx',
  avhdx: 'vhdx',
  vhdpmem: 'vhdx',
  raw: 'raw',
  dd: 'raw',
  iso: 'raw',
  vhd: 'a VHD',
  avhd: 'a VHD',
  vhds: 'a VHD set',
  vmdk: 'a VMDK',
  vdi: 'a VDI',
  qcow: 'a QCOW',
  qcow2: 'a QCOW2',
  qcow3: 'a QCOW2',
  qed: 'a QED',
  hdd: 'a Parallels disk',
  hds: 'a Parallels disk',
  dmg: 'a DMG',
  vma: 'a VMA archive',
  wim: 'a WIM',
  esd: 'a WIM',
  ova: 'an OVA archive',
  tar: 'a tar archive',
  zip: 'a ZIP archive',
  '7z': 'a 7z archive',
  gz: 'gzip data',
  tgz: 'gzip data',
  bz2: 'bzip2 data',
  xz: 'xz data',
  zst: 'Zstandard data',
  lz4: 'LZ4 data',
};

/** The last part of a name, in small letters; empty if there is none. */
function extensionOf(path: string): string {
  return /\.([^.]+)$/.exec(basename(path))?.[1]?.toLowerCase() ?? '';
}

function promiseOf(path: string): string | undefined {
  const extension = extensionOf(path);
  return Object.hasOwn(PROMISES, extension) ? PROMISES[extension] : undefined;
}

/** True for a name that says that the file is a VHDX. */
export function isVhdxName(path: string): boolean {
  return promiseOf(path) === 'vhdx';
}

/**
 * Why a file of this format should not get this name, which promises another one; undefined if nothing speaks against
 * it. Names like `disk.img`, or without an extension, promise nothing.
 */
export function nameRefusal(path: string, format: ImageFormat): string | undefined {
  const promise = promiseOf(path);
  if (promise === undefined || promise === format) return undefined;
  const promised = promise === 'raw' ? 'a raw image' : promise === 'vhdx' ? 'a VHDX' : promise;
  const made = format === 'raw' ? 'a raw image' : 'a VHDX';
  return `the name of ${path} promises ${promised}, but it would be ${made}: --to ${format} makes that under any name`;
}
