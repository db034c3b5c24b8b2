/** `vhdx map --picture`: file and disk as rows of characters. */
import { type ImageUsage, type Strip } from '../../index.js';
import { BLOCK_STATES, FILE_OWNERS } from '../../format.js';
import { isMixed, legendOf, type Look, lookOf, OWNER_LOOKS, percent, STATE_LOOKS } from './map-strips.js';
import { type Harmless, joined, NOTHING, shown } from '../harmless.js';
import type { Paint } from '../output.js';
import { hex, roundedSizeText } from '../text.js';

/** Cells of a row; with the offset before them it has 80 columns at most. */
const ROW = 64;
/** What is shown of a cell that has several kinds. */
const RULE = 'A character shows errors first, then structures, stored blocks, other states.';
/** Cells of a strip: more rows than this nobody looks at. */
export const PICTURE_CELLS: number = 8 * ROW;

function* stripLines<Kind extends string>(
  strip: Strip<Kind>,
  kinds: readonly Kind[],
  looks: Readonly<Record<Kind, Look>>,
): Generator<Harmless> {
  const { cells, cellSize, length, totals } = strip;
  const minorities = new Set<string>();
  const signOf = (cell: Strip<Kind>['cells'][number]): string => {
    const { kind, quarters } = lookOf(cell, kinds, looks);
    const { sign, minority } = looks[kind];
    if (minority === undefined || 2 < quarters) return sign;
    minorities.add(minority);
    return minority;
  };
  for (let at = 0; at < cells.length; at += ROW) {
    const signs = cells.slice(at, at + ROW).map(signOf);
    yield shown`${hex(at * cellSize).padStart(15)} ${signs.join('')}`;
  }
  const lines = legendOf(totals, kinds, looks).map(({ sign, minority = '', title, bytes }) => ({
    name: minorities.has(minority) ? `${title} (${minority} at most half)` : title,
    sign,
    bytes,
  }));
  const width = Math.max(22, ...lines.map(({ name }) => name.length));
  for (const { sign, name, bytes } of lines) {
    yield shown`  ${sign} ${name.padEnd(width)}${roundedSizeText(bytes).padStart(12)}${percent(bytes, length).padStart(10)}`;
  }
}

/** The file above, the virtual disk below, in 80 columns, with totals. */
export function pictureText(image: string, { file, disk }: ImageUsage, paint: Paint): Harmless {
  const heading = (what: string, { length, cellSize }: Strip<string>): Harmless =>
    paint('bold', `${what} of ${roundedSizeText(length)}, a character is ${roundedSizeText(cellSize)}`);
  const lines = [
    heading(`${image}: file`, file),
    ...stripLines(file, FILE_OWNERS, OWNER_LOOKS),
    NOTHING,
    heading('Virtual disk', disk),
    ...stripLines(disk, BLOCK_STATES, STATE_LOOKS),
    ...(isMixed(file, FILE_OWNERS) || isMixed(disk, BLOCK_STATES) ? [NOTHING, shown`${RULE}`] : []),
  ];
  return shown`${joined(lines, '\n')}\n`;
}
