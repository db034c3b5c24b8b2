/**
 * What no check of many images by Node can be quicker than, for comparison: `node fleet-floor.js read FOLDER START END…`
 * has two threads read these bytes of each image, and judge nothing but whether they are zeros; `node fleet-floor.js
 * calculate THREADS` shows what two processors are worth on this machine.
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

interface Share {
  readonly what: string;
  readonly folder: string;
  /** First byte and end of each range that is read. */
  readonly edges: readonly number[];
  readonly number: number;
  readonly count: number;
}

/** Bytes that are read at a time. */
const PIECE = 128 * 1024;

function read({ folder, edges, number, count }: Share): void {
  const bytes = Buffer.alloc(PIECE);
  const images = readdirSync(folder).filter((_, index) => index % count === number);
  for (const image of images) {
    const file = openSync(join(folder, image), 'r');
    for (let index = 0; index < edges.length; index += 2) {
      const end = edges[index + 1] ?? 0;
      for (let at = edges[index] ?? 0; at < end; at += PIECE) {
        readSync(file, bytes, 0, Math.min(PIECE, end - at), at);
        // Equal to the next one, each of them: as a check finds zeros.
        Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1));
      }
    }
    closeSync(file);
  }
}

function calculate({ count }: Share): void {
  let value = 1;
  for (let left = 2e8 / count; left > 0; left -= 1) value = Math.imul(value, 1_664_525) + 1_013_904_223;
  // So that it is needed.
  if (value === 0.5) console.log(value);
}

if (isMainThread) {
  const [, , what = 'read', argument = '', ...edges] = process.argv;
  const count = what === 'read' ? 2 : Number(argument);
  for (let number = 0; number < count; number += 1) {
    const share: Share = { what, folder: argument, edges: edges.map(Number), number, count };
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: share });
    worker.on('error', (error) => {
      throw error;
    });
  }
} else {
  const share = workerData as Share;
  if (share.what === 'read') read(share);
  else calculate(share);
}
