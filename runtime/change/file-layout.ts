/** What lies in each MiB of a file, to try moves on. */
/** Nobody's MiB. */
export const FREE = 0;
/** A MiB that must stay where it is: the header section, and what lies in no whole MiBs of the file. */
export const FIXED = 1;
/** The lowest number of something that can be moved. */
export const FIRST_MOVABLE = 2;

/** Something of a file that lies in one piece, in whole MiB. */
export interface Move {
  /** What is moved: the number that `FileLayout` has it under. */
  readonly id: number;
  /** First MiB where it lies, and where it goes. */
  readonly from: number;
  readonly to: number;
  /** MiBs. */
  readonly units: number;
}

/** What blocks of a file are like. */
export interface MovableSizes {
  /** MiBs of a payload block. */
  readonly blockUnits: number;
  /** Numbers from here on are of things of one MiB: sector bitmap blocks. Those below are of payload blocks. */
  readonly firstSmall: number;
  /** Numbers from here on are of structures: the log and regions. None, if it is left out. */
  readonly firstStructure?: number;
  /** MiBs of each structure, in the order of their numbers. */
  readonly structureUnits?: readonly number[];
  /** First MiB behind what has been claimed past the end of the file; 0 if nothing has. */
  readonly claimedEnd?: number;
}

/** Room in an array for what is appended, so that not each unit lets it grow. */
const SLACK = 1024;

/**
 * What lies in each MiB of a file, to try moves on. Four bytes for each MiB of the file: 256 MiB for one of 64 TiB.
 */
export class FileLayout {
  readonly blockUnits: number;
  readonly firstSmall: number;
  readonly firstStructure: number;
  readonly claimedEnd: number;
  readonly #structureUnits: readonly number[];
  #owners: Uint32Array;
  #end: number;

  /** `units`: MiBs of the file. */
  constructor(units: number, sizes: MovableSizes) {
    const { blockUnits, firstSmall, firstStructure = Infinity, structureUnits = [], claimedEnd = 0 } = sizes;
    this.blockUnits = blockUnits;
    this.firstSmall = firstSmall;
    this.firstStructure = firstStructure;
    this.#structureUnits = structureUnits;
    this.claimedEnd = claimedEnd;
    this.#owners = new Uint32Array(units + SLACK);
    this.#end = 0;
  }

  /** First MiB behind everything, what is fixed included. */
  get end(): number {
    return this.#end;
  }

  /** What has the MiB `unit`: `FREE`, `FIXED`, or the number of something that can be moved. */
  at(unit: number): number {
    return this.#owners[unit] ?? FREE;
  }

  unitsOf(id: number): number {
    if (id >= this.firstStructure) return this.#structureUnits[id - this.firstStructure] ?? 1;
    return id < this.firstSmall ? this.blockUnits : 1;
  }

  /** Whether something is a structure, which moves by itself. */
  isStructure(id: number): boolean {
    return id >= this.firstStructure;
  }

  /** True if all `units` MiBs from `first` on are nobody's. */
  isFree(first: number, units: number): boolean {
    for (let unit = first; unit < first + units; unit += 1) if (this.at(unit) !== FREE) return false;
    return true;
  }

  put(id: number, first: number, units: number): void {
    const end = first + units;
    if (end > this.#owners.length) this.#grow(end);
    this.#owners.fill(id, first, end);
    this.#end = Math.max(this.#end, end);
  }

  remove(first: number, units: number): void {
    this.#owners.fill(FREE, first, first + units);
    if (first + units < this.#end) return;
    while (this.#end > 0 && this.at(this.#end - 1) === FREE) this.#end -= 1;
  }

  /** Takes a thing from its place; the move that brings it to `to` is what is left to be done. */
  move(from: number, to: number): Move {
    const id = this.at(from);
    const units = this.unitsOf(id);
    this.put(id, to, units);
    return { id, from, to, units };
  }

  #grow(end: number): void {
    const grown = new Uint32Array(end + Math.max(SLACK, end >>> 2));
    grown.set(this.#owners);
    this.#owners = grown;
  }
}
