/** Raw images being written, to files and block devices. */
import { readSync } from 'node:fs';
import { runsOfData } from '../../base/bytes.js';
import { VhdxError } from '../../errors/errors.js';
import { DraftFile, type DraftOptions } from './atomic-file.js';

/** How a raw image is to be made; with `force` a block device is overwritten too. */
export interface RawFileOptions extends DraftOptions {
  /** Bytes of the image. */
  readonly size: number;
}

/** Zeros are left out in units of this many bytes, the block size of most file systems. */
const PAGE = 4096;

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
  static async create(path: string, { size, ...options }: RawFileOptions): Promise<RawFile> {
    const checkDevice = (device: number): void => refuseSmallDevice(device, path, size);
    const file = await DraftFile.create(path, { ...options, checkDevice });
    try {
      if (!file.isDevice) file.truncate(size);
      return new RawFile(file);
    } catch (cause) {
      file.discard();
      await file.release();
      throw cause;
    }
  }

  /**
   * Writes `bytes` to `position`. Pages of zeros become holes.
   *
   * @throws VhdxError VHDX_TARGET_FULL, VHDX_TARGET_IO
   */
  write(bytes: Uint8Array, position: number): void {
    if (this.needsZeros) return this.#file.write(bytes, 0, bytes.length, position);
    for (const [start, end] of runsOfData(bytes, PAGE)) this.#file.write(bytes, start, end, position + start);
  }

  /** As `DraftFile.commit`. */
  commit(options: { readonly sync?: boolean | undefined }): Promise<void> {
    return this.#file.commit(options);
  }

  /** As `DraftFile.discard`. */
  discard(): void {
    this.#file.discard();
  }

  /** As `DraftFile.release`. */
  release(): Promise<void> {
    return this.#file.release();
  }
}

/** A block device has no length of its own in `stat`; it is long enough if its last byte that is needed can be read. */
function refuseSmallDevice(device: number, path: string, size: number): void {
  if (size === 0 || readSync(device, Buffer.alloc(1), 0, 1, size - 1) === 1) return;
  throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
    message: `Cannot write ${path}: the device is shorter than the ${size} bytes of the disk.`,
  });
}
