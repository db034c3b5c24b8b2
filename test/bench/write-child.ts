/**
 * A process of its own for `write.ts`: opens an image for writing, does one thing, and closes it. Arguments:
 * `sequential` IMAGE RAW writes the bytes of RAW; `random` IMAGE OFFSETS writes 4 KiB at each of the offsets in a file
 * of JSON, with a flush after every 100; `open` IMAGE prints how many milliseconds opening it took.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { openWritableDisk, type WritableDisk } from '../../runtime/index.js';
import { openFileForWriting } from '../../runtime/node.js';
import { alignedBuffer } from '../../runtime/io/aligned-buffer.js';

const [, , what = '', image = '', input = ''] = process.argv;
/** Bytes of a write. */
const PART = 8 * 1024 * 1024;
/** Writes that are under way at once: while one is read, another is written. */
const DEPTH = 2;
const WRITES_TO_A_FLUSH = 100;

async function writeSequentially(disk: WritableDisk): Promise<void> {
  const file = openSync(input, 'r');
  let next = 0;
  const worker = async (): Promise<void> => {
    const buffer = alignedBuffer(PART);
    while (next < disk.size) {
      const at = next;
      next += PART;
      readSync(file, buffer, 0, PART, at);
      await disk.write(buffer, at);
    }
  };
  await Promise.all(Array.from({ length: DEPTH }, worker));
  closeSync(file);
}

async function writeAtRandom(disk: WritableDisk): Promise<void> {
  const offsets = JSON.parse(readFileSync(input, 'utf8')) as number[];
  const bytes = new Uint8Array(4096).fill(0xa5);
  for (const [index, offset] of offsets.entries()) {
    await disk.write(bytes, offset);
    if ((index + 1) % WRITES_TO_A_FLUSH === 0) await disk.flush();
  }
}

const start = performance.now();
const disk = await openWritableDisk(await openFileForWriting(image));
if (what === 'open') console.log(performance.now() - start);
else await (what === 'sequential' ? writeSequentially(disk) : writeAtRandom(disk));
await disk.close();
