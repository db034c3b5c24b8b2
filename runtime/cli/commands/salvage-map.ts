/** Maps of what a salvage has lost: GNU ddrescue's format, and JSON. */
import type { LostRange, SalvagedDisk } from '../../index.js';
import { printable } from '../harmless.js';
import { hex } from '../text.js';
import { readVersion } from '../manifest.js';

/** What a map is of. */
export interface Salvaged {
  readonly image: string;
  readonly disk: SalvagedDisk;
  /** First byte that was read, inclusive, and last one, exclusive. */
  readonly start: number;
  readonly end: number;
}

/** ddrescue's characters: read, lost, not looked at. */
type Status = '+' | '-' | '?';

interface Block {
  readonly start: number;
  readonly length: number;
  readonly status: Status;
  readonly lost?: LostRange;
}

/** The whole disk in blocks that follow each other without gaps. */
function* blocksOf({ disk, start, end }: Salvaged): Generator<Block> {
  const known = Math.max(start, Math.min(end, disk.lost.unlistedFrom));
  let at = 0;
  function* upTo(next: number, status: Status): Generator<Block> {
    if (next > at) yield { start: at, length: next - at, status };
    at = Math.max(at, next);
  }
  yield* upTo(start, '?');
  for (const lost of disk.lost.ranges) {
    if (lost.virtualOffset >= known) break;
    yield* upTo(lost.virtualOffset, '+');
    yield { start: at, length: lost.length, status: '-', lost };
    at += lost.length;
  }
  yield* upTo(known, '+');
  yield* upTo(disk.size, '?');
}

const position = (value: number): string =>
  hex(value).replace(/^0x/, '0x'.padEnd(Math.max(2, 12 - hex(value).length), '0'));

/** The map of GNU ddrescue: positions are those of the virtual disk, which are those of a raw image too. */
export function ddrescueMap(salvaged: Salvaged): string {
  const rows = [...blocksOf(salvaged)].map(
    ({ start, length, status }) => `${position(start)}  ${position(length)}  ${status}\n`,
  );
  return [
    `# Mapfile of the virtual disk in ${printable(salvaged.image)}. Created by vhdx ${readVersion()}\n`,
    '# current_pos  current_status  current_pass\n',
    `${position(salvaged.end)}     +               1\n`,
    '#      pos        size  status\n',
    ...rows,
  ].join('');
}

/** The same for programs, with the reasons. */
export function jsonMap(salvaged: Salvaged): string {
  const { image, disk } = salvaged;
  const ranges = [...blocksOf(salvaged)].map(({ start, length, status, lost }) => ({
    start,
    length,
    status,
    ...(lost === undefined ? {} : { code: lost.code, message: lost.message }),
    ...(lost?.image === undefined ? {} : { image: lost.image }),
  }));
  const lostBytes = disk.lost.bytes;
  const head = { filename: image, 'virtual-size': disk.size, 'lost-bytes': lostBytes, obstacles: disk.obstacles };
  return `${JSON.stringify({ ...head, ranges }, undefined, 2)}\n`;
}
