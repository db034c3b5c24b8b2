/**
 * Writes to an image until it is done, or killed: `node writing-child.js IMAGE`, with the work on standard input as
 * JSON, a list of lists of steps that are asked for at once. Says when each step begins and ends.
 */
import { readFileSync, writeSync } from 'node:fs';
import { openWritableDisk } from '../../dist/runtime/index.js';
import { openFileForWriting } from '../../dist/runtime/node.js';

const ATOM = 512;

/** The contents of a write, as `stamp` of test/support/disk-model.ts has them. */
function stamp(position, length, value) {
  const words = new Int32Array(length / 4);
  for (let word = 0; word < words.length; word += 2) {
    words[word] = value;
    words[word + 1] = position / ATOM + Math.floor((word * 4) / ATOM);
  }
  return new Uint8Array(words.buffer);
}

async function perform(disk, { kind, number, position, length, value }) {
  writeSync(1, `begin ${number}\n`);
  if (kind === 'flush') await disk.flush();
  else if (kind === 'discard') await disk.discard(position, length);
  else await disk.write(stamp(position, length, value), position);
  writeSync(1, `end ${number}\n`);
}

const [path] = process.argv.slice(2);
const disk = await openWritableDisk(await openFileForWriting(path));
for (const steps of JSON.parse(readFileSync(0, 'utf8'))) await Promise.all(steps.map((step) => perform(disk, step)));
await disk.close();
