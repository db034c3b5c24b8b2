/**
 * What disks hold, as sums that tell contents apart: one number for each atom of 512 bytes that is not zeros, whatever
 * order they are added in. Of crash states, which differ in a few pages, only those pages are added up anew.
 */
import type { VhdxDisk } from '../../runtime/disk/disk.js';
import { isZero } from '../../runtime/base/bytes.js';
import { type ByteSource, readExactly } from '../../runtime/io/byte-source.js';
import { ATOM } from '../support/crash-states.js';
import { type LayeredFile, PAGE, type Page } from '../support/layered-file.js';

const ATOMS_OF_PAGE = PAGE / ATOM;
const READ = 64 * 1024;

/** Numbers for the contents of atoms: equal bytes, equal number; 0 for zeros. */
const numbers = new Map<string, number>();
const atomsOfPages = new WeakMap<Page, Int32Array>();
const NO_ATOMS = new Int32Array(ATOMS_OF_PAGE);

function numberOf(atom: Uint8Array): number {
  if (isZero(atom)) return 0;
  const text = Buffer.from(atom.buffer, atom.byteOffset, atom.length).toString('latin1');
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size + 1;
    numbers.set(text, number);
  }
  return number;
}

function atomsAt(page: Page | undefined): Int32Array {
  if (page === undefined) return NO_ATOMS;
  let atoms = atomsOfPages.get(page);
  if (atoms === undefined) {
    const { bytes } = page;
    atoms = Int32Array.from({ length: ATOMS_OF_PAGE }, (_, at) => numberOf(bytes.subarray(at * ATOM, (at + 1) * ATOM)));
    atomsOfPages.set(page, atoms);
  }
  return atoms;
}

function mixed(diskAtom: number, number: number, first: number, second: number): number {
  let word = Math.imul(diskAtom + 1, first) ^ Math.imul(number, second);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b_3c6d);
  word = Math.imul(word ^ (word >>> 12), 0x297a_2d39);
  return (word ^ (word >>> 15)) >>> 0;
}

/** A sum of 64 bits. */
class Sum {
  #low: number;
  #high: number;

  constructor(low = 0, high = 0) {
    this.#low = low;
    this.#high = high;
  }

  add(diskAtom: number, number: number, times: 1 | -1 = 1): void {
    if (number === 0) return;
    this.#low = (this.#low + times * mixed(diskAtom, number, 0x9e37_79b1, 0x85eb_ca6b)) >>> 0;
    this.#high = (this.#high + times * mixed(diskAtom, number, 0xc2b2_ae35, 0x27d4_eb2f)) >>> 0;
  }

  copy(): Sum {
    return new Sum(this.#low, this.#high);
  }

  toString(): string {
    return [this.#high, this.#low].map((word) => word.toString(16).padStart(8, '0')).join('');
  }
}

/** Where the disk is in the file that a crash has left, and what it has from elsewhere. */
export interface Layout {
  /** Of each atom of the file the atom of the disk, or -1. */
  readonly diskAtoms: Int32Array;
  /** Of what other images supply. */
  readonly others: Sum;
  /** Equal for files with the disk at the same places. */
  readonly key: string;
}

/** `source`: the file of one of the images of `disk`, without a log that has payload. */
export async function layoutOf(disk: VhdxDisk, source: ByteSource): Promise<Layout> {
  const own = disk.levels().findIndex(({ image }) => image.source === source);
  const others = new Sum();
  const spans: (readonly [fileAtom: number, diskAtom: number, count: number])[] = [];
  for await (const extent of disk.extents()) {
    if (extent.kind !== 'data') continue;
    const { virtualOffset, length } = extent;
    if (extent.depth === own) spans.push([extent.fileOffset / ATOM, virtualOffset / ATOM, length / ATOM]);
    else await addRange(others, disk, virtualOffset, length);
  }
  const diskAtoms = new Int32Array(Math.max(0, ...spans.map(([at, , count]) => at + count))).fill(-1);
  for (const [fileAtom, diskAtom, count] of spans) {
    for (let at = 0; at < count; at += 1) diskAtoms[fileAtom + at] = diskAtom + at;
  }
  return { diskAtoms, others, key: `${spans.join(';')} ${String(others)}` };
}

async function addRange(sum: Sum, disk: VhdxDisk, start: number, length: number): Promise<void> {
  for (let at = start; at < start + length; at += READ) {
    const bytes = await readExactly(disk, at, Math.min(READ, start + length - at));
    for (let from = 0; from < bytes.length; from += ATOM) {
      sum.add((at + from) / ATOM, numberOf(bytes.subarray(from, from + ATOM)));
    }
  }
}

/** What a disk holds, all of it read. */
export async function sumOf(disk: VhdxDisk): Promise<string> {
  const sum = new Sum();
  for await (const { kind, virtualOffset, length } of disk.extents()) {
    if (kind === 'data') await addRange(sum, disk, virtualOffset, length);
  }
  return String(sum);
}

/** Sums of files that are layers over one, which does not change. */
export class LayeredSums {
  readonly #base: LayeredFile;
  /** Of the base, by the layout. */
  readonly #sums = new Map<string, Sum>();

  constructor(base: LayeredFile) {
    this.#base = base;
  }

  /** What the disk of a file holds. */
  sumOf(file: LayeredFile, layout: Layout): string {
    const { diskAtoms } = layout;
    const sum = this.#sumOfBase(layout).copy();
    const seen = new Set<number>();
    for (let layer: LayeredFile | undefined = file; layer !== this.#base; layer = layer.below) {
      if (layer === undefined) throw new Error('the file is no layer over the base');
      for (const [number, page] of layer.pages) {
        if (seen.has(number)) continue;
        seen.add(number);
        const first = number * ATOMS_OF_PAGE;
        if (first >= diskAtoms.length) continue;
        const [now, before] = [atomsAt(page), atomsAt(this.#base.pageAt(number))];
        for (let atom = 0; atom < ATOMS_OF_PAGE; atom += 1) {
          const diskAtom = diskAtoms[first + atom] ?? -1;
          if (diskAtom === -1 || now[atom] === before[atom]) continue;
          sum.add(diskAtom, before[atom] ?? 0, -1);
          sum.add(diskAtom, now[atom] ?? 0);
        }
      }
    }
    return String(sum);
  }

  #sumOfBase({ diskAtoms, others, key }: Layout): Sum {
    let sum = this.#sums.get(key);
    if (sum !== undefined) return sum;
    sum = others.copy();
    for (let first = 0; first < diskAtoms.length; first += ATOMS_OF_PAGE) {
      const atoms = atomsAt(this.#base.pageAt(first / ATOMS_OF_PAGE));
      if (atoms === NO_ATOMS) continue;
      for (let atom = 0; atom < ATOMS_OF_PAGE; atom += 1) {
        const diskAtom = diskAtoms[first + atom] ?? -1;
        if (diskAtom !== -1) sum.add(diskAtom, atoms[atom] ?? 0);
      }
    }
    this.#sums.set(key, sum);
    return sum;
  }
}
