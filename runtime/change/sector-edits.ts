/** Edits of metadata, gathered by sector for a group of log entries. */
import { LOG_SECTOR_SIZE } from '../base/limits.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../io/byte-source.js';
import type { SectorUpdate } from '../log/entry-bytes.js';

/** Changes of metadata that are to take effect together, gathered as the 4 KiB updates that a log is made of. */
export class SectorEdits {
  readonly #source: ByteSource;
  readonly #sectors = new Map<number, Uint8Array>();

  /** `source`: the file as it is now. */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** How many sectors are changed. */
  get count(): number {
    return this.#sectors.size;
  }

  /** Adds `bytes` from `fileOffset` on, over what was added before; what is around them in their sectors stays. */
  async write(bytes: Uint8Array, fileOffset: number, options?: SourceReadOptions): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const inSector = (fileOffset + done) % LOG_SECTOR_SIZE;
      const part = bytes.subarray(done, done + LOG_SECTOR_SIZE - inSector);
      const sector = await this.#sector(fileOffset + done - inSector, options);
      sector.set(part, inSector);
      done += part.length;
    }
  }

  /** The updates in ascending order. */
  updates(): SectorUpdate[] {
    return Array.from(this.#sectors, ([fileOffset, bytes]) => ({ fileOffset, bytes })).toSorted(
      (one, other) => one.fileOffset - other.fileOffset,
    );
  }

  async #sector(fileOffset: number, options?: SourceReadOptions): Promise<Uint8Array> {
    const known = this.#sectors.get(fileOffset);
    if (known !== undefined) return known;
    const sector = await readExactly(this.#source, fileOffset, LOG_SECTOR_SIZE, options);
    this.#sectors.set(fileOffset, sector);
    return sector;
  }
}
