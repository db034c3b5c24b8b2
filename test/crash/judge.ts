/** Whether a state in which a crash has left an image is one that may be: sound, and with nothing lost or made up. */
import { openDisk } from '../../runtime/disk/disk.js';
import { readExactly } from '../../runtime/io/byte-source.js';
import { ALIEN, PARENT, type Segment, stampsOf, ZEROS } from '../support/disk-model.js';
import { ATOM, type CrashState, crashStates, type Window } from '../support/crash-states.js';
import { type LayeredFile, PAGE, type Page } from '../support/layered-file.js';
import type { Recording } from './record.js';
import { examine, type ImageState, replay, type ReplayState } from './image-state.js';
import { ReadMemo } from './read-memo.js';

const ATOMS_OF_PAGE = PAGE / ATOM;
const HEADERS_END = 192 * 1024;
/** What a header is that was being written. */
const TORN_HEADER = /^VHDX_HEADER_/;
/** What an image is between the updates of its two headers, between log and BAT, and where a file was growing. */
const BETWEEN_UPDATES: readonly string[] = [
  'VHDX_HEADER_DATA_WRITE_GUID_DIFFERS',
  'VHDX_LOG_PENDING',
  'VHDX_FILE_LENGTH_UNALIGNED',
];

/** How deep crashes of replays are looked into, and for how many of them. */
export interface JudgeOptions {
  /** Of so many states with a pending log, the replay of one is crashed too. */
  readonly every: number;
  /** Of so many states one is opened and read whole, through the library. */
  readonly readEvery: number;
  readonly seed: number;
}

/** What has been gone through. */
export interface Counts {
  /** States after a crash of the writer. */
  states: number;
  /** States after a crash of a replay of one of these, or of a replay after that. */
  replayStates: number;
  /** States with a log to be replayed, all of which were replayed. */
  pending: number;
  /** States that were opened and read whole, through the library. */
  read: number;
  /** Images that were checked, opened or replayed because their metadata had not been seen. */
  examined: number;
}

/** An atom of the disk that holds what it must not. */
interface Wrong {
  readonly diskAtom: number;
  /** Where that is in the file, or -1. */
  readonly fileAtom: number;
  readonly value: number;
  readonly place: number;
}

/** Where the atoms of a file are on the disk, for one way of the BAT to say so. */
interface Mapping {
  /** Of each atom of the file the atom of the disk, or -1. */
  readonly diskAtoms: Int32Array;
  /** For each moment the atoms that must not be as the flushed file has them. */
  readonly wrong: Map<number, readonly Wrong[]>;
}

const stampsOfPages = new WeakMap<Page, Int32Array>();
const NO_STAMPS = new Int32Array(2 * ATOMS_OF_PAGE);

/** The stamps of a page of a file; those of zeros if it was never written. */
function stampsAt(page: Page | undefined): Int32Array {
  if (page === undefined) return NO_STAMPS;
  let stamps = stampsOfPages.get(page);
  if (stamps === undefined) {
    // A copy where the bytes begin at an odd place of their buffer.
    const { bytes } = page;
    stamps = stampsOf(bytes.byteOffset % 4 === 0 ? bytes : bytes.slice());
    stampsOfPages.set(page, stamps);
  }
  return stamps;
}

/** Judges the states of one window of a recording. */
export class Judge {
  readonly #recording: Recording;
  readonly #window: Window;
  readonly #options: JudgeOptions;
  readonly #counts: Counts;
  readonly #examinations: ReadMemo<ImageState>;
  readonly #replays: ReadMemo<ReplayState>;
  readonly #mappings = new Map<string, Mapping>();
  readonly #segments = new Map<number, readonly Segment[]>();
  /** Moments of the window at which a flush of the disk returned. */
  readonly #flushes: readonly number[];

  constructor(recording: Recording, window: Window, options: JudgeOptions, counts: Counts) {
    this.#recording = recording;
    this.#window = window;
    this.#options = options;
    this.#counts = counts;
    this.#examinations = new ReadMemo(window.flushed, examine);
    this.#replays = new ReadMemo(window.flushed, replay);
    this.#flushes = recording.model.flushes
      .map(({ done }) => done)
      .filter((done) => done > window.begin && done < window.end);
  }

  /** What is wrong with a state; `undefined` if nothing is. */
  async judge(state: CrashState): Promise<string | undefined> {
    this.#counts.states += 1;
    const before = this.#examinations.misses + this.#replays.misses;
    const moments = [state.earliest, ...this.#flushes.filter((flush) => flush > state.earliest)];
    let fault = await this.#judgeFile(state.file, moments, isHeaderTorn(state), 2);
    this.#counts.examined += this.#examinations.misses + this.#replays.misses - before;
    if (fault === undefined && this.#counts.states % this.#options.readEvery === 0) {
      this.#counts.read += 1;
      fault = await this.#read(state.file, moments);
    }
    return fault;
  }

  /** Reads all of the disk that has storage as a user would: what is judged without that must be the same. */
  async #read(file: LayeredFile, moments: readonly number[]): Promise<string | undefined> {
    const { model, resolver } = this.#recording;
    const disk = await openDisk(file, resolver);
    const stamps = new Int32Array((2 * disk.size) / ATOM);
    for await (const { kind, virtualOffset, length } of disk.extents()) {
      if (kind === 'data')
        stamps.set(stampsOf(await readExactly(disk, virtualOffset, length)), (2 * virtualOffset) / ATOM);
    }
    for (const moment of moments) {
      for (const segment of this.#segmentsAt(moment)) {
        const fault = model.judge(segment, (atom) => [stamps[2 * atom] ?? ALIEN, stamps[2 * atom + 1] ?? 0]);
        if (fault !== undefined) return `when read, at moment ${moment}, ${fault}`;
      }
    }
    return undefined;
  }

  /** `depth`: how many more crashes there may be. */
  async #judgeFile(
    file: LayeredFile,
    moments: readonly number[],
    headerTorn: boolean,
    depth: number,
  ): Promise<string | undefined> {
    const image = await this.#examinations.run(file);
    const fault =
      faultOf(image, headerTorn) ?? this.#judgeContents(file, image, moments) ?? this.#judgeGuids(file, image);
    if (fault !== undefined || !image.isPending) return fault;
    this.#counts.pending += 1;
    const done = await this.#replays.run(file);
    if (done.fault !== undefined) return `cannot be replayed: ${done.fault}`;
    const replayed = file.copy();
    for (const piece of done.pieces) replayed.put(piece);
    replayed.size = done.size;
    const rested = await this.#examinations.run(replayed);
    if (rested.isPending || rested.key !== image.key) return 'shows something else once its log is replayed';
    const worse = faultOf(rested, false) ?? this.#judgeContents(replayed, rested, moments);
    if (worse !== undefined) return `once its log is replayed, ${worse}`;
    if (depth === 0 || this.#counts.pending % this.#options.every !== 0) return undefined;
    return this.#crashReplay(file, done, moments, headerTorn, depth - 1);
  }

  async #crashReplay(
    file: LayeredFile,
    { timed }: ReplayState,
    moments: readonly number[],
    headerTorn: boolean,
    depth: number,
  ): Promise<string | undefined> {
    const { seed } = this.#options;
    for (const state of crashStates(file, timed, { exhaustive: 3, samples: 4, tears: 2, seed })) {
      this.#counts.replayStates += 1;
      const fault = await this.#judgeFile(state.file, moments, headerTorn || isHeaderTorn(state), depth);
      if (fault !== undefined) return `${fault}\n  then a crash of the replay, ${state.name}`;
    }
    return undefined;
  }

  /** 2.2.2: whatever has been changed, both identifiers have been before. */
  #judgeGuids(file: LayeredFile, { fileWriteGuid, dataWriteGuid }: ImageState): string | undefined {
    const { guids, isPending, base } = this.#recording;
    if (fileWriteGuid !== guids.fileWriteGuid && (isPending || dataWriteGuid !== guids.dataWriteGuid)) return undefined;
    for (let layer: LayeredFile | undefined = file; layer !== undefined && layer !== base; layer = layer.below) {
      for (const number of layer.pages.keys())
        if (number * PAGE >= HEADERS_END) return 'was changed under its old FileWriteGuid or DataWriteGuid';
    }
    return undefined;
  }

  #judgeContents(file: LayeredFile, image: ImageState, moments: readonly number[]): string | undefined {
    const mapping = this.#mappingOf(image);
    for (const moment of moments) {
      const fault = this.#contentsFault(file, image, mapping, moment);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Looks at what the flushed file has wrong at that moment, and at all that lies over it. */
  #contentsFault(file: LayeredFile, image: ImageState, mapping: Mapping, moment: number): string | undefined {
    const { model } = this.#recording;
    let wrong = mapping.wrong.get(moment);
    if (wrong === undefined) {
      wrong = [...this.#wrongAt(image, moment)];
      mapping.wrong.set(moment, wrong);
    }
    const segments = this.#segmentsAt(moment);
    const judge = (diskAtom: number, value: number, place: number): string | undefined => {
      const segment = segments.find(({ end }) => diskAtom < end);
      if (segment === undefined || model.isAllowed(segment, diskAtom, value, place)) return undefined;
      return `at moment ${moment}, ${model.explain(segment, diskAtom, value, place)}`;
    };
    for (const { diskAtom, fileAtom, value, place } of wrong) {
      if (fileAtom === -1 || !this.#isOver(file, Math.floor(fileAtom / ATOMS_OF_PAGE)))
        return judge(diskAtom, value, place);
    }
    for (let layer: LayeredFile | undefined = file; layer !== this.#window.flushed; layer = layer.below) {
      if (layer === undefined) throw new Error('the file is no layer over the window');
      for (const number of layer.pages.keys()) {
        const first = number * ATOMS_OF_PAGE;
        let stamps: Int32Array | undefined;
        for (let atom = 0; atom < ATOMS_OF_PAGE; atom += 1) {
          const diskAtom = mapping.diskAtoms[first + atom] ?? -1;
          if (diskAtom === -1) continue;
          stamps ??= stampsAt(file.pageAt(number));
          const fault = judge(diskAtom, stamps[2 * atom] ?? ALIEN, stamps[2 * atom + 1] ?? 0);
          if (fault !== undefined) return fault;
        }
      }
    }
    return undefined;
  }

  /** Whether a page of the file lies over that of the flushed one. */
  #isOver(file: LayeredFile, number: number): boolean {
    for (
      let layer: LayeredFile | undefined = file;
      layer !== undefined && layer !== this.#window.flushed;
      layer = layer.below
    )
      if (layer.pages.has(number)) return true;
    return false;
  }

  #segmentsAt(moment: number): readonly Segment[] {
    let segments = this.#segments.get(moment);
    if (segments === undefined) {
      segments = this.#recording.model.afterCrash(moment);
      this.#segments.set(moment, segments);
    }
    return segments;
  }

  #mappingOf({ key, ranges }: ImageState): Mapping {
    let mapping = this.#mappings.get(key);
    if (mapping !== undefined) return mapping;
    const end = ranges.reduce(
      (last, range) => (range.kind === 'data' ? Math.max(last, range.fileOffset + range.length) : last),
      0,
    );
    const diskAtoms = new Int32Array(end / ATOM).fill(-1);
    for (const range of ranges) {
      if (range.kind !== 'data') continue;
      for (let at = 0; at < range.length; at += ATOM)
        diskAtoms[(range.fileOffset + at) / ATOM] = (range.virtualOffset + at) / ATOM;
    }
    mapping = { diskAtoms, wrong: new Map() };
    this.#mappings.set(key, mapping);
    return mapping;
  }

  /** The atoms of the disk that hold what they must not, if nothing lies over the flushed file. */
  *#wrongAt({ ranges }: ImageState, moment: number): Generator<Wrong> {
    const { model, parent } = this.#recording;
    const { flushed } = this.#window;
    const segments = this.#segmentsAt(moment);
    let next = 0;
    for (const range of ranges) {
      const first = range.virtualOffset / ATOM;
      const end = first + range.length / ATOM;
      for (let atom = first; atom < end; atom += 1) {
        while ((segments[next]?.end ?? Infinity) <= atom) next += 1;
        const segment = segments[next];
        if (segment === undefined) throw new Error(`nothing is known of atom ${atom}`);
        const last = Math.min(end, segment.end);
        if (range.kind === 'zero' && model.mayBeZeros(segment, atom, last)) {
          atom = last - 1;
          continue;
        }
        let [value, fileAtom]: [number, number] = [ZEROS, -1];
        let place = atom;
        if (range.kind === 'data') {
          fileAtom = range.fileOffset / ATOM + (atom - first);
          const stamps = stampsAt(flushed.pageAt(Math.floor(fileAtom / ATOMS_OF_PAGE)));
          value = stamps[2 * (fileAtom % ATOMS_OF_PAGE)] ?? ALIEN;
          place = stamps[2 * (fileAtom % ATOMS_OF_PAGE) + 1] ?? 0;
        } else if (range.kind === 'parent' && parent !== undefined && parent[atom] === PARENT) value = PARENT;
        if (!model.isAllowed(segment, atom, value, place)) yield { diskAtom: atom, fileAtom, value, place };
      }
    }
  }
}

function isHeaderTorn(state: CrashState): boolean {
  for (const { position } of state.torn()) if (position < HEADERS_END) return true;
  return false;
}

/** An image after a crash has no fault but that its log is to be replayed, or that the headers were being written. */
function faultOf({ findings }: ImageState, headerTorn: boolean): string | undefined {
  const bad = findings.find(
    ({ code, severity }) =>
      !BETWEEN_UPDATES.includes(code) && !(severity === 'refuse-write' && headerTorn && TORN_HEADER.test(code)),
  );
  return bad === undefined ? undefined : `${bad.severity} ${bad.code}: ${bad.message}`;
}
