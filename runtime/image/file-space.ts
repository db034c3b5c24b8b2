/** Free space of a file: taking and releasing it. */
import { type BatSurvey, surveyBat } from './bat-survey.js';
import { throwOnHarm } from '../errors/findings.js';
import type { VhdxImage } from './open.js';
import type { OwnershipMap } from './mib-ownership.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { MIB, roundUp } from '../base/units.js';

/** Storage for a block. */
export interface Storage {
  /** First byte in the file. */
  readonly fileOffset: number;
  /** Bytes. */
  readonly length: number;
  /** True if it lies behind all that the file has ever had, so that it reads as zeros; otherwise anything may be there. */
  readonly isNew: boolean;
}

/** Ranges of free MiBs, as [first, end). */
type FreeRange = readonly [number, number];

/** What a file has space for. */
export interface FileSpaceInit {
  /** Bytes of a payload block. */
  readonly blockSize: number;
  /** Free ranges inside of the file, in the order in which they are to be used. */
  readonly free: Iterable<FreeRange>;
  /** As the getters of these names. */
  readonly end: number;
  readonly lastUsed: number;
  /** Whose places behind the end of the file are not to be given to others. */
  readonly claims?: Pick<OwnershipMap, 'end' | 'isTaken'> | undefined;
}

/**
 * Which space of the file is free. Header section, log, all regions (unknown ones too), blocks and the places that
 * unmapped blocks still name are not, wherever they lie: also behind the end of the file, which then grows past them.
 * [MS-VHDX] 2.1, 2.2
 */
export class FileSpace {
  /** MiBs of a payload block: most of what is asked for has as many, and a sector bitmap block has one. */
  readonly #blockUnits: number;
  /** Free ranges with room for a payload block, and those without; the one to be used first stands last. */
  readonly #large: FreeRange[] = [];
  readonly #small: FreeRange[] = [];
  readonly #claims: FileSpaceInit['claims'];
  #end: number;
  #lastUsed: number;

  constructor({ blockSize, free, end, lastUsed, claims }: FileSpaceInit) {
    this.#blockUnits = blockSize / MIB;
    for (const range of [...free].toReversed()) this.#keep(range);
    this.#end = end;
    this.#lastUsed = lastUsed;
    // Most files have none behind their end, and then the map is not needed any more.
    this.#claims = claims !== undefined && claims.end * MIB > end ? claims : undefined;
  }

  /**
   * Goes through the whole BAT: 8 bytes for each block.
   *
   * @throws VhdxError the code of the first finding on the BAT of severity `error` or `refuse-write`: writing to such a
   * file would lose data
   */
  static async scan(image: VhdxImage, options?: SourceReadOptions): Promise<FileSpace> {
    return FileSpace.of(image, await surveyBat(image, throwOnHarm(), options));
  }

  /** The space of an image whose BAT has been gone through. */
  static of(
    { bat, view }: Pick<VhdxImage, 'bat' | 'view'>,
    survey: Pick<BatSurvey, 'owners' | 'payloadEnd'>,
  ): FileSpace {
    const { owners, payloadEnd } = survey;
    // The last block may be incomplete.
    const end = Math.max(roundUp(view.size, MIB), payloadEnd * MIB);
    return new FileSpace({
      blockSize: bat.geometry.blockSize,
      // A map that is incomplete knows nothing to be free: the file grows then.
      free: owners.incomplete ? [] : owners.free(view.size),
      end,
      lastUsed: Math.min(owners.end * MIB, end),
      claims: owners,
    });
  }

  /** Bytes that the file has when all that has been taken is in it: whole MiB. */
  get end(): number {
    return this.#end;
  }

  /** End in bytes of the last structure or block that there has been: whole MiB. [MS-VHDX] 2.3.1.1, LastFileOffset */
  get lastUsed(): number {
    return this.#lastUsed;
  }

  /** End in bytes of the last that is in use by now: what the file has behind it is free. Whole MiB. */
  get usedEnd(): number {
    let used = this.#end / MIB;
    const ranges = [...this.#large, ...this.#small].toSorted(([, one], [, other]) => other - one);
    for (const [first, end] of ranges) {
      if (end < used) break;
      used = first;
    }
    return used * MIB;
  }

  /** Takes `length` bytes, whole MiB: free space of the file if there is such a range, or else new space at its end. */
  take(length: number): Storage {
    const count = length / MIB;
    const taken = this.#takeFree(count);
    const first = taken ?? this.#behindEnd(count);
    const storage = { fileOffset: first * MIB, length, isNew: taken === undefined };
    this.#end = Math.max(this.#end, storage.fileOffset + length);
    this.#lastUsed = Math.max(this.#lastUsed, storage.fileOffset + length);
    return storage;
  }

  /** Takes note of something that reaches up to `end` bytes and was not taken from here. */
  reach(end: number): void {
    this.#end = Math.max(this.#end, end);
    this.#lastUsed = Math.max(this.#lastUsed, end);
  }

  /**
   * Gives storage back. Nothing refers to it any more, on stable storage neither. What an unmapped block had behind the
   * end of the file is not free: there is no file there.
   */
  release({ fileOffset, length }: Pick<Storage, 'fileOffset' | 'length'>): void {
    if (fileOffset + length > this.#end) return;
    this.#keep([fileOffset / MIB, (fileOffset + length) / MIB]);
  }

  /** First MiB behind the end of the file from which on `count` of them are nobody's. */
  #behindEnd(count: number): number {
    let first = this.#end / MIB;
    const { end = 0 } = this.#claims ?? {};
    while (first < end && this.#claims?.isTaken(first, count) === true) first += 1;
    return first;
  }

  #takeFree(count: number): number | undefined {
    const range =
      (count < this.#blockUnits ? popFitting(this.#small, count) : undefined) ?? popFitting(this.#large, count);
    if (range === undefined) return undefined;
    const [first, end] = range;
    this.#keep([first + count, end]);
    return first;
  }

  #keep([first, end]: FreeRange): void {
    if (first < end) (end - first < this.#blockUnits ? this.#small : this.#large).push([first, end]);
  }
}

/** Removes the range to be used first of those that have room for `count` MiBs: mostly the last one. */
function popFitting(ranges: FreeRange[], count: number): FreeRange | undefined {
  const index = ranges.findLastIndex(([first, end]) => end - first >= count);
  return index === -1 ? undefined : ranges.splice(index, 1)[0];
}
