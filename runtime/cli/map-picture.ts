import { BLOCK_STATES, FILE_OWNERS, type ImageUsage, type Strip } from '../index.js';
import { kindOfCell, legendOf, type Look, OWNER_LOOKS, STATE_LOOKS } from './map-strips.js';
import { type Harmless, joined, NOTHING, shown } from './harmless.js';
import type { Paint } from './output.js';
import { hex, sizeText } from './text.js';

/** Cells of a row; with the offset before them it has 80 columns at most. */
const ROW = 64;
/** Cells of a strip: more rows than this nobody looks at. */
export const PICTURE_CELLS: number = 8 * ROW;

function percent(bytes: number, length: number): string {
  const share = length === 0 ? 0 : (bytes * 100) / length;
  return share > 0 && share < 0.1 ? '< 0.1 %' : `${share.toFixed(1)} %`;
}

function* stripLines<Kind extends string>(
  strip: Strip<Kind>,
  kinds: readonly Kind[],
  looks: Readonly<Record<Kind, Look>>,
): Generator<Harmless> {
  const { cells, cellSize, length } = strip;
  for (let at = 0; at < cells.length; at += ROW) {
    const signs = cells.slice(at, at + ROW).map((cell) => looks[kindOfCell(cell, kinds)].sign);
    yield shown`${hex(at * cellSize).padStart(15)} ${signs.join('')}`;
  }
  for (const { sign, title, bytes } of legendOf(strip, kinds, looks)) {
    yield shown`  ${sign} ${title.padEnd(22)}${sizeText(bytes).padStart(12)}${percent(bytes, length).padStart(10)}`;
  }
}

/** The file above, the virtual disk below, in 80 columns, with totals. */
export function pictureText(image: string, { file, disk }: ImageUsage, paint: Paint): Harmless {
  const heading = (what: string, { length, cellSize }: Strip<string>): Harmless =>
    paint('bold', `${what} of ${sizeText(length)}, a character is ${sizeText(cellSize)}`);
  const lines = [
    heading(`${image}: file`, file),
    ...stripLines(file, FILE_OWNERS, OWNER_LOOKS),
    NOTHING,
    heading('Virtual disk', disk),
    ...stripLines(disk, BLOCK_STATES, STATE_LOOKS),
  ];
  return shown`${joined(lines, '\n')}\n`;
}
