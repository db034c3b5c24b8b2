import type { ByteSource } from '../../runtime/io/byte-source.js';
import { type LayeredFile, PAGE, type Page } from '../support/layered-file.js';

/** What happens next in a piece of work: it reads these bytes, or it is done. */
type Node<Result> =
  | { readonly position: number; readonly length: number; readonly next: Edges<Result> }
  | { readonly result: Result };

/** The node behind each of the contents that the read may give. */
type Edges<Result> = Map<string, Node<Result>>;

/** Numbers for the contents of pages: equal bytes, equal number. */
class Contents {
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<Page, number>();

  numberOf(page: Page): number {
    let number = this.#known.get(page);
    if (number !== undefined) return number;
    const { buffer, byteOffset, length } = page.bytes;
    const text = Buffer.from(buffer, byteOffset, length).toString('latin1');
    number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    this.#known.set(page, number);
    return number;
  }
}

/**
 * Remembers what a piece of work came to for the bytes that it has read, and does it only for files in which it would
 * read others: crash states are many and differ mostly in payload, which no check and no replay reads. The work must
 * depend on nothing but what it reads from its source, and on the source's length. All files must be layers over `base`,
 * which must not change.
 */
export class ReadMemo<Result> {
  /** How often the work was done, and how often it was not. */
  misses = 0;
  hits = 0;
  readonly #base: LayeredFile;
  readonly #contents = new Contents();
  readonly #work: (source: ByteSource) => Promise<Result>;
  /** The first node of files of a length. */
  readonly #roots: Edges<Result> = new Map();
  /** Pages that have been read by anyone; the others need not be looked at. */
  readonly #read = new Set<number>();

  constructor(base: LayeredFile, work: (source: ByteSource) => Promise<Result>) {
    this.#base = base;
    this.#work = work;
  }

  async run(file: LayeredFile): Promise<Result> {
    const changed = this.#changedPages(file);
    let node = this.#roots.get(String(file.size));
    while (node !== undefined && !('result' in node)) {
      node = node.next.get(this.#keyOf(changed, node.position, node.length));
    }
    if (node === undefined) return this.#learn(file);
    this.hits += 1;
    return node.result;
  }

  async #learn(file: LayeredFile): Promise<Result> {
    this.misses += 1;
    let [edges, key] = [this.#roots, String(file.size)];
    const result = await this.#work({
      size: file.size,
      read: (into, position) => {
        const { length } = into;
        for (let page = Math.floor(position / PAGE); page * PAGE < position + length; page += 1) this.#read.add(page);
        const node = edges.get(key) ?? { position, length, next: new Map() };
        if ('result' in node || node.position !== position || node.length !== length) {
          throw new Error('the work depends on something else than what it reads');
        }
        edges.set(key, node);
        edges = node.next;
        key = this.#keyOf(this.#changedPages(file), position, length);
        return file.read(into, position);
      },
    });
    edges.set(key, { result });
    return result;
  }

  /** The pages over `base` that have ever been read, upper layers first. */
  #changedPages(file: LayeredFile): Map<number, Page> {
    const changed = new Map<number, Page>();
    for (let layer: LayeredFile | undefined = file; layer !== this.#base; layer = layer.below) {
      if (layer === undefined) throw new Error('the file is no layer over the base');
      for (const [number, page] of layer.pages)
        if (this.#read.has(number) && !changed.has(number)) changed.set(number, page);
    }
    return changed;
  }

  /** What tells the bytes at `[position, position + length)` from others: the numbers of their pages' contents. */
  #keyOf(changed: ReadonlyMap<number, Page>, position: number, length: number): string {
    const [first, end] = [Math.floor(position / PAGE), Math.ceil((position + length) / PAGE)];
    const parts: string[] = [];
    for (const [number, page] of changed) {
      if (number >= first && number < end) parts.push(`${number}:${this.#contents.numberOf(page)}`);
    }
    return parts.toSorted().join(' ');
  }
}
