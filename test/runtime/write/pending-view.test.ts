import { expect, test } from 'vitest';
import type { ByteSource } from '../../../runtime/io/byte-source.js';
import type { PageSector } from '../../../runtime/io/page-cache.js';
import type { Commits } from '../../../runtime/write/commits.js';
import { PendingView } from '../../../runtime/write/pending-view.js';
import { noise } from '../../support/bytes.js';

const FILE = noise(1000);

/** A file that does `during` while it is read, after its bytes have been taken. */
function fileWith(during: () => void = () => undefined): ByteSource & { reads: number } {
  return {
    size: FILE.length,
    reads: 0,
    async read(into, position) {
      this.reads += 1;
      const bytes = FILE.subarray(position, position + into.length);
      into.set(bytes);
      await Promise.resolve();
      during();
      return bytes.length;
    },
  };
}

/** What a `PendingView` asks of commits. */
class Pending {
  placed = 0;
  readonly sectors: PageSector[] = [];

  *pending(): Generator<PageSector> {
    yield* this.sectors;
  }

  add(fileOffset: number, bytes: Uint8Array): void {
    this.sectors.push({ fileOffset, bytes, release: () => undefined });
  }
}

const viewOf = (file: ByteSource, pending: Pending): PendingView =>
  new PendingView(file, pending as unknown as Commits);

async function read(view: PendingView, position: number, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length);
  return into.subarray(0, await view.read(into, position));
}

test('nothing is pending → the bytes of the file, to its end', async () => {
  const view = viewOf(fileWith(), new Pending());
  expect(view.size).toBe(1000);
  expect(await read(view, 10, 20)).toEqual(FILE.subarray(10, 30));
  expect(await read(view, 990, 20)).toEqual(FILE.subarray(990));
});

test('pending sectors → laid over the file, the later ones over the earlier ones', async () => {
  const pending = new Pending();
  pending.add(100, new Uint8Array(50).fill(1));
  pending.add(120, new Uint8Array(10).fill(2));
  const wanted = FILE.slice();
  wanted.fill(1, 100, 150);
  wanted.fill(2, 120, 130);
  const view = viewOf(fileWith(), pending);
  for (const [position, length] of [
    [0, 1000],
    [90, 20],
    [110, 15],
    [149, 1],
    [150, 10],
    [40, 60],
    [125, 100],
  ] as const) {
    expect(await read(view, position, length)).toEqual(wanted.subarray(position, position + length));
  }
});

test('a sector put into its place while the file is read → read again, not the bytes from before', async () => {
  const pending = new Pending();
  pending.add(100, new Uint8Array(50).fill(9));
  let isFirst = true;
  const file = fileWith(() => {
    if (!isFirst) return;
    isFirst = false;
    // The commit is done: the sector is in the file, and no longer pending.
    FILE.fill(9, 100, 150);
    pending.sectors.length = 0;
    pending.placed += 1;
  });
  const before = FILE.slice(100, 150);
  try {
    expect(await read(viewOf(file, pending), 100, 50)).toEqual(new Uint8Array(50).fill(9));
    expect(file.reads).toBe(2);
  } finally {
    FILE.set(before, 100);
  }
});
