/**
 * What no copy of a file can be quicker than, written in Node: a program without modules that moves the same bytes. Linux
 * lets one writer at a time into a file, so a copy takes at least as long as its writes.
 */
import { writeFileSync } from 'node:fs';
import type { Program } from './processes.js';

/** Bytes to move: place in the source, place in the target, length. */
export type Move = readonly [from: number, to: number, length: number];

/** A page-aligned buffer, as the library has for copies; pieces of 1 MiB take the least time of 256 KiB to 8 MiB. */
const SCRIPT = `
  const { openSync, ftruncateSync, readFileSync, readSync, writeSync } = require('node:fs');
  const [, what, from, to, list] = process.argv;
  const { size, moves } = JSON.parse(readFileSync(list, 'utf8'));
  const source = openSync(from, 'r');
  const target = openSync(to, 'w');
  ftruncateSync(target, size);
  const buffer = new Uint8Array(new ArrayBuffer(1 << 20, { maxByteLength: 1 << 20 })).fill(1);
  for (const [start, place, length] of moves) {
    for (let done = 0; done < length; done += buffer.length) {
      const count = Math.min(buffer.length, length - done);
      if (what === 'copy') readSync(source, buffer, 0, count, start + done);
      writeSync(target, buffer, 0, count, place + done);
    }
  }
`;

/**
 * The programs that read and write the bytes, and that only write. `list`: path of a file for what they are told;
 * `before`: as `Program.before`.
 */
export function floorPrograms(
  from: string,
  to: string,
  list: string,
  { size, moves, before }: { readonly size: number; readonly moves: readonly Move[]; readonly before: () => void },
): readonly [copy: Program, write: Program] {
  writeFileSync(list, JSON.stringify({ size, moves }));
  const program = (what: 'copy' | 'write'): Program => ({
    name: `floor: ${what}`,
    command: [process.execPath, '-e', SCRIPT, what, from, to, list],
    before,
  });
  return [program('copy'), program('write')];
}
