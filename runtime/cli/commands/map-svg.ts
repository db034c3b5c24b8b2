/** `vhdx map --svg`: file and disk as an SVG picture. */
import { type ImageUsage, type Strip } from '../../index.js';
import { BLOCK_STATES, FILE_OWNERS } from '../../format.js';
import { type Harmless, joined, xml } from '../harmless.js';
import { contentsText, legendOf, type Look, OWNER_LOOKS, percent, runsOf, STATE_LOOKS } from './map-strips.js';
import { hex, roundedSizeText } from '../text.js';

const WIDTH = 960;
const MARGIN = 20;
const BAR = 48;
const LINE = 20;
/** What is neither drawn over nor drawn fainter. */
const EMPTY = '#e5e5e5';
/** How strong a kind is drawn that has at most so many quarters of a cell: always so that it is seen. */
const OPACITIES: readonly number[] = [1, 0.55, 0.7, 0.85, 1];
/** Cells of a strip: two pixels each. */
export const SVG_CELLS: number = (WIDTH - 2 * MARGIN) / 2;

type Svg = Harmless<'xml'>;

function text(x: number, y: number, words: string, weight: 'normal' | 'bold' = 'normal'): Svg {
  const attribute = weight === 'bold' ? xml` font-weight="bold"` : xml``;
  return xml`<text x="${x}" y="${y}"${attribute}>${words}</text>`;
}

/** A bar with its heading and legend, from `top` on; returns its elements and where it ends. */
function bar<Kind extends string>(
  title: string,
  strip: Strip<Kind>,
  { kinds, looks, top }: { kinds: readonly Kind[]; looks: Readonly<Record<Kind, Look>>; top: number },
): { readonly elements: readonly Svg[]; readonly end: number } {
  const { cells, cellSize, length, totals } = strip;
  const elements = [text(MARGIN, top + 14, `${title}, ${roundedSizeText(length)}`, 'bold')];
  const scale = (WIDTH - 2 * MARGIN) / Math.max(1, cells.length);
  const y = top + LINE;
  const width = (WIDTH - 2 * MARGIN).toFixed(2);
  elements.push(xml`<rect x="${MARGIN}" y="${y}" width="${width}" height="${BAR}" fill="${EMPTY}"/>`);
  for (const { kind, quarters, first, count, bytes } of runsOf(strip, kinds, looks)) {
    const { color } = looks[kind];
    const [from, to] = [first * cellSize, Math.min(length, (first + count) * cellSize)];
    const x = (MARGIN + first * scale).toFixed(2);
    const label = xml`<title>${hex(from)} to ${hex(to)}: ${contentsText(bytes, kinds, looks)}</title>`;
    const opacity = quarters === 4 ? xml`` : xml` fill-opacity="${OPACITIES[quarters] ?? 1}"`;
    elements.push(
      xml`<rect x="${x}" y="${y}" width="${(count * scale).toFixed(2)}" height="${BAR}" fill="${color}"${opacity}>${label}</rect>`,
    );
  }
  let at = y + BAR + 8;
  for (const { color, title: name, bytes } of legendOf(totals, kinds, looks)) {
    elements.push(xml`<rect x="${MARGIN}" y="${at}" width="12" height="12" fill="${color}"/>`);
    elements.push(text(MARGIN + 20, at + 11, `${name}: ${roundedSizeText(bytes)} (${percent(bytes, length)})`));
    at += LINE;
  }
  const rule = `A stripe has ${roundedSizeText(cellSize)} and shows errors first, then structures, then stored blocks, then other states; the paler, the less of it.`;
  elements.push(text(MARGIN, at + 11, rule));
  return { elements, end: at + 2 * LINE };
}

/** The file above, the virtual disk below, as an SVG picture of its own: no script, nothing from elsewhere. */
export function pictureSvg(image: string, { file, disk }: ImageUsage): Svg {
  const above = bar(`${image}: file`, file, { kinds: FILE_OWNERS, looks: OWNER_LOOKS, top: MARGIN });
  const below = bar('Virtual disk', disk, { kinds: BLOCK_STATES, looks: STATE_LOOKS, top: above.end });
  const size = xml`width="${WIDTH}" height="${below.end}" viewBox="0 0 ${WIDTH} ${below.end}"`;
  const lines = [
    xml`<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="13" role="img">`,
    xml`<title>How ${image} is used</title>`,
    xml`<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...above.elements,
    ...below.elements,
    xml`</svg>`,
  ];
  return xml`${joined(lines, '\n')}\n`;
}
