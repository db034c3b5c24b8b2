import { readSync } from 'node:fs';
import { VhdxError } from './errors.js';
import { DraftFile, type DraftOptions } from './node-draft-file.js';

/** How a raw image is to be made; with `force` a block device is overwritten too. */
export interface RawFileOptions extends DraftOptions {
  /** Bytes of the image. */
  readonly size: number;
}

/** Zeros are left out in units of this many bytes, the block size of most file systems. */
const PAGE = 4096;
/** The longest part that `write` takes, in bytes: it fits the cache of a processor core, with room for the kernel's. */
export const RAW_PART_BYTES: number = 512 * 1024;
const ZEROS = Buffer.alloc(RAW_PART_BYTES);

/** A raw image that is being written: a draft, or a block device. */
export class RawFile {
  readonly #file: DraftFile;
  /** Whether zeros have to be written, because something else may be there. */
  readonly needsZeros: boolean;

  private constructor(file: DraftFile) {
    this.#file = file;
    this.needsZeros = file.isDevice;
  }

  /**
   * Makes the file, empty and of full length. A symbolic link is followed.
   *
   * @throws VhdxError as `DraftFile.create`; VHDX_TARGET_UNSUITABLE also for a device that is too small,
   * VHDX_TARGET_FULL also where the file system has no files of that length
   */
  static create(path: string, { size, ...options }: RawFileOptions): RawFile {
    const checkDevice = (device: number): void => refuseSmallDevice(device, path, size);
    const file = DraftFile.create(path, { ...options, checkDevice });
    try {
      if (!file.isDevice) file.truncate(size);
      return new RawFile(file);
    } catch (cause) {
      file.discard();
      throw cause;
    }
  }

  /**
   * Writes `bytes`, at most RAW_PART_BYTES, to `position`. Pages of zeros become holes.
   *
   * @throws VhdxError VHDX_TARGET_FULL, VHDX_TARGET_IO
   */
  write(bytes: Buffer, position: number): void {
    if (this.needsZeros || !mayHaveZeroPages(bytes)) this.#file.write(bytes, 0, bytes.length, position);
    else this.#writePages(bytes, position);
  }

  #writePages(bytes: Buffer, position: number): void {
    const { length } = bytes;
    if (isZero(bytes, 0, length)) return;
    let start = -1;
    for (let at = 0; at < length; at += PAGE) {
      if (!isZero(bytes, at, Math.min(at + PAGE, length))) {
        if (start < 0) start = at;
      } else if (start >= 0) {
        this.#file.write(bytes, start, at, position + start);
        start = -1;
      }
    }
    if (start >= 0) this.#file.write(bytes, start, length, position + start);
  }

  /** Makes `length` bytes from `position` on zeros. Nothing is to be done in a new file. */
  writeZeros(length: number, position: number): void {
    if (!this.needsZeros) return;
    for (let done = 0; done < length; done += ZEROS.length) {
      this.#file.write(ZEROS, 0, Math.min(ZEROS.length, length - done), position + done);
    }
  }

  /** As `DraftFile.commit`. */
  commit(options: { readonly sync?: boolean | undefined }): void {
    this.#file.commit(options);
  }

  /** As `DraftFile.discard`. */
  discard(): void {
    this.#file.discard();
  }
}

/** False if no page has zeros only. Told by the ends of each: nearly all that is no zeros has something else there. */
function mayHaveZeroPages(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += PAGE) {
    if (bytes[at] === 0 && (bytes[at + PAGE - 1] ?? 0) === 0) return true;
  }
  return false;
}

function isZero(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== 0 || bytes[end - 1] !== 0) return false;
  return ZEROS.compare(bytes, start, end, 0, end - start) === 0;
}

/** A block device has no length of its own in `stat`; it is long enough if its last byte that is needed can be read. */
function refuseSmallDevice(device: number, path: string, size: number): void {
  if (size === 0 || readSync(device, Buffer.alloc(1), 0, 1, size - 1) === 1) return;
  throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
    message: `Cannot write ${path}: the device is shorter than the ${size} bytes of the disk.`,
  });
}
