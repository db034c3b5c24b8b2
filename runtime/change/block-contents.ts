/** What the contents of a block say about its storage: zeros, unused by the guest, or equal to the parent. */
import { bytesEqual, isZero } from '../base/bytes.js';
import type { SignalOptions } from '../base/options.js';
import { KIB } from '../base/units.js';
import { VhdxDisk } from '../disk/disk.js';
import type { DiskRange } from '../disk/translator.js';
import type { VhdxImage } from '../image/open.js';
import { type ByteSource, readInto, readPadded } from '../io/byte-source.js';
import { FreeRangeCursor, type FreeRanges, type VirtualRange, without } from './free-ranges.js';

/** Why the storage of a block is not needed. */
export type Needless = 'zero' | 'unused' | 'parent';

/** What is looked for in the contents of blocks. */
export interface ContentsQuestions {
  /** Blocks that are all zero. */
  readonly zeros: boolean;
  /** Blocks that equal what lies there in the parent. */
  readonly againstParent: boolean;
  readonly parent: VhdxDisk | undefined;
  readonly freeRanges: FreeRanges | undefined;
}

/** Nearly all blocks with data have some here. */
const FIRST_LOOK = 4 * KIB;
/** Each look is so many times as long as all before it. */
const GROWTH = 16;
/** No look is longer: a file reads so much without a thread. */
const LONGEST_LOOK = 256 * KIB;

/** Looks at blocks in ascending order and says whose storage is not needed. Reads no more than what settles that. */
export class BlockContents {
  readonly #own: VhdxDisk;
  readonly #view: ByteSource;
  readonly #questions: ContentsQuestions;
  readonly #options: SignalOptions;
  readonly #free: FreeRangeCursor | undefined;
  readonly #buffer = new Uint8Array(LONGEST_LOOK);
  readonly #parentBuffer = new Uint8Array(LONGEST_LOOK);

  /** `image`: its BAT is sound. */
  constructor(image: VhdxImage, questions: ContentsQuestions, options: SignalOptions) {
    const { freeRanges, parent } = questions;
    this.#own = new VhdxDisk(image, undefined);
    this.#view = image.view;
    this.#questions = questions;
    this.#options = options;
    if (freeRanges !== undefined) {
      this.#free = new FreeRangeCursor(freeRanges(new VhdxDisk(image, parent), options));
    }
  }

  /**
   * Why the storage of a block that has some is not needed; `undefined` if it is. `fileOffset`: where all of it lies, if it
   * is fully present.
   */
  async needless(start: number, length: number, fileOffset: number | undefined): Promise<Needless | undefined> {
    const whole = { start, end: start + length };
    const free = (await this.#free?.within(whole)) ?? [];
    const used = [...without(whole, free)];
    if (used.length === 0) return 'unused';
    const { zeros, againstParent, parent } = this.#questions;
    const ranges = await this.#rangesOf(used, start, fileOffset);
    // What the parent supplies now would be covered by zeros.
    const mayBeZero = (zeros || free.length > 0) && ranges.every(({ kind }) => kind !== 'parent');
    // What is free may be other bytes in the parent, and then it would change to those.
    const mayBeParents = free.length === 0;
    if (mayBeParents && ranges.every(({ kind }) => kind === 'parent')) return 'parent';
    const otherwise = mayBeParents && againstParent ? parent : undefined;
    const found = await this.#judge(ranges, mayBeZero, otherwise);
    return found === 'zero' && free.length > 0 ? 'unused' : found;
  }

  /** To be called behind the last block. @throws RangeError if the free ranges were not in order */
  async finish(): Promise<void> {
    await this.#free?.finish();
  }

  async #rangesOf(
    parts: readonly VirtualRange[],
    start: number,
    fileOffset: number | undefined,
  ): Promise<readonly DiskRange[]> {
    if (fileOffset === undefined) {
      return (await Promise.all(parts.map((part) => this.#own.resolve(part.start, part.end - part.start)))).flat();
    }
    return parts.map((part) => ({
      kind: 'data',
      virtualOffset: part.start,
      length: part.end - part.start,
      fileOffset: fileOffset + part.start - start,
    }));
  }

  async #judge(
    ranges: readonly DiskRange[],
    mayBeZero: boolean,
    parent: VhdxDisk | undefined,
  ): Promise<Needless | undefined> {
    let couldBeZero = mayBeZero;
    let couldBeParents = parent !== undefined;
    for (const range of ranges) {
      if (range.kind !== 'data') continue;
      for (let done = 0; done < range.length;) {
        if (!couldBeZero && !couldBeParents) return undefined;
        const length = Math.min(range.length - done, LONGEST_LOOK, Math.max(FIRST_LOOK, done * (GROWTH - 1)));
        const bytes = this.#buffer.subarray(0, length);
        await readInto(this.#view, bytes, range.fileOffset + done, this.#options);
        couldBeZero &&= isZero(bytes);
        couldBeParents &&= parent !== undefined && (await this.#equals(bytes, parent, range.virtualOffset + done));
        done += length;
      }
    }
    if (couldBeZero) return 'zero';
    return couldBeParents ? 'parent' : undefined;
  }

  /** Past its end a parent reads as zeros. [MS-VHDX] 2.6.2.2 */
  async #equals(bytes: Uint8Array, parent: VhdxDisk, position: number): Promise<boolean> {
    const others = this.#parentBuffer.subarray(0, bytes.length);
    await readPadded(parent, others, position, this.#options);
    return bytesEqual(bytes, others);
  }
}
