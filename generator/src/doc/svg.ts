/** A diagram as SVG: readable in light and dark, and by screen readers through its title and description. */
import type { Band, Cell, Diagram } from './drawing.js';
import { xmlText } from './escape.js';

const LEFT = 84;
const WIDTH = 640;
const MARGIN = 14;
/** Widths of a character of the two sizes of type. */
const LABEL = { size: 12, char: 7.25 };
const DETAIL = { size: 10, char: 6.05 };
const LINE = 14;
const ROW = 42;
const RULER = 16;
const MAX_LABEL = 40;
/** What is written from bottom to top, in characters. */
const MAX_UPRIGHT = 22;

export const DIAGRAM_STYLE: string = `.kd{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.kd-ground{fill:#fff}
.kd text{fill:#1f2328;text-anchor:middle}
.kd .kd-detail,.kd .kd-gutter,.kd .kd-ruler{fill:#59636e;font-size:${DETAIL.size}px}
.kd .kd-gutter{text-anchor:end}
.kd-plain{fill:#ddf4ff}
.kd-constant{fill:#dafbe1}
.kd-reserved{fill:#eaeef2}
.kd-open{fill:#fff8c5}
.kd-gap{fill:#fff}
.kd-edge{fill:none;stroke:#57606a}
.kd-dashed{stroke-dasharray:5 3}
@media (prefers-color-scheme:dark){.kd-ground,.kd-gap{fill:#0d1117}
.kd text{fill:#f0f6fc}
.kd .kd-detail,.kd .kd-gutter,.kd .kd-ruler{fill:#b1bac4}
.kd-plain{fill:#0c2d6b}
.kd-constant{fill:#033a16}
.kd-reserved{fill:#2a313c}
.kd-open{fill:#4b2900}
.kd-edge{stroke:#8b949e}}`;

/** `id` keeps the diagrams of a page apart. */
export function svgOf({ title, description, bands }: Diagram, id: string, isStandalone: boolean): string {
  const parts: string[] = [];
  let y = MARGIN;
  let hasRuler = false;
  for (const band of bands) {
    if (band.kind === 'bits' || (band.kind === 'bytes' && !hasRuler)) {
      parts.push(...ruler(band, y));
      y += RULER;
      hasRuler = band.kind === 'bytes';
    } else if (band.kind === 'whole') hasRuler = false;
    const height = heightOf(band);
    if (band.gutter !== '') parts.push(label(LEFT - 8, y + Math.min(height, ROW) / 2 + 4, band.gutter, 'kd-gutter'));
    for (const cell of band.cells) parts.push(drawCell(band, cell, y, height));
    y += height + (band.kind === 'bits' ? 4 : 0);
  }
  const [width, height] = [LEFT + WIDTH + MARGIN, y + MARGIN];
  const head = isStandalone ? ` xmlns="http://www.w3.org/2000/svg"` : '';
  const names = `${xmlText(id)}.title ${xmlText(id)}.description`;
  return [
    `<svg${head} class="kd" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-size="${LABEL.size}" role="img" aria-labelledby="${names}">`,
    `<title id="${xmlText(id)}.title">${xmlText(title)}</title>`,
    `<desc id="${xmlText(id)}.description">${xmlText(description)}</desc>`,
    ...(isStandalone ? [`<style>${DIAGRAM_STYLE}</style>`] : []),
    `<rect class="kd-ground" width="${width}" height="${height}" rx="6"/>`,
    ...parts,
    '</svg>',
  ].join('\n');
}

const unitOf = ({ units }: Band): number => WIDTH / units;

/** Numbers of bytes within a row, or of the bits that fields begin and end with. */
function ruler(band: Band, y: number): string[] {
  const unit = unitOf(band);
  const at = (index: number): number => LEFT + (index + 0.5) * unit;
  const baseline = y + RULER - 5;
  if (band.kind === 'bytes')
    return Array.from({ length: band.units }, (_, index) => label(at(index), baseline, `+${index}`, 'kd-ruler'));
  const marked = new Set(band.cells.flatMap(({ from, to }) => [from, to - 1]));
  return [...marked].map((index) => label(at(index), baseline, String(band.first + index), 'kd-ruler'));
}

function heightOf(band: Band): number {
  if (band.kind === 'whole') return band.cells.some(({ tone }) => tone === 'gap') ? ROW / 2 : ROW;
  if (band.rows > 1) return ROW + (band.rows - 1) * (ROW / 2);
  return Math.max(ROW, ...band.cells.map((cell) => wordsOf(cell, widthOf(band, cell)).height));
}

const widthOf = (band: Band, { from, to }: Cell): number => (to - from) * unitOf(band);

interface Words {
  readonly lines: readonly string[];
  readonly detail: string;
  readonly isUpright: boolean;
  readonly height: number;
}

/** How the words of a cell fit into its width: on one line, broken at `_`, or from bottom to top. */
function wordsOf({ label: name, detail }: Cell, width: number): Words {
  const room = Math.floor((width - 6) / LABEL.char);
  const lines = name.length <= room ? [name] : brokenName(name, room);
  const shown = detail.length <= (width - 6) / DETAIL.char ? detail : '';
  if (lines !== undefined) {
    const count = lines.length + (shown === '' ? 0 : 1);
    return { lines, detail: shown, isUpright: false, height: count * LINE + 14 };
  }
  const upright = shortened(name, MAX_UPRIGHT);
  if (width >= LINE) return { lines: [upright], detail: '', isUpright: true, height: upright.length * LABEL.char + 14 };
  return { lines: [], detail: '', isUpright: false, height: ROW };
}

/** The parts of a name on at most three lines; undefined where they do not fit. */
function brokenName(name: string, room: number): string[] | undefined {
  const lines: string[] = [];
  for (const part of name.match(/_*[^_]+_?|_+/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= room) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.length <= 3 && lines.every((line) => line.length <= room) ? lines : undefined;
}

const shortened = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

function drawCell(band: Band, cell: Cell, y: number, height: number): string {
  const x = LEFT + cell.from * unitOf(band);
  const width = widthOf(band, cell);
  const isDashed = cell.tone === 'open' || cell.tone === 'gap' ? ' kd-dashed' : '';
  return [
    `<g><title>${xmlText(cell.title)}</title>`,
    `<rect class="kd-${cell.tone}" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"/>`,
    `<path class="kd-edge${isDashed}" d="${edges(cell, x, y, width, height)}"/>`,
    ...(band.kind === 'whole' ? wholeWords(cell, x, y, width, height) : cellWords(cell, x, y, width, height)),
    '</g>',
  ].join('');
}

/** A side on which the field goes on is left open. */
function edges({ isContinued }: Cell, x: number, y: number, width: number, height: number): string {
  const [right, bottom] = [number(x + width), number(y + height)];
  const parts = [`M${number(x)} ${number(y)}H${right}`, `M${number(x)} ${bottom}H${right}`];
  if (!isContinued.left) parts.push(`M${number(x)} ${number(y)}V${bottom}`);
  if (!isContinued.right) parts.push(`M${right} ${number(y)}V${bottom}`);
  return parts.join('');
}

function wholeWords({ label: name, detail }: Cell, x: number, y: number, width: number, height: number): string[] {
  const middle = x + width / 2;
  const below = shortened(detail, Math.floor((width - 12) / DETAIL.char));
  if (name === '') return [label(middle, y + height / 2 + 4, below, 'kd-detail')];
  return [
    label(middle, y + height / 2 - 3, shortened(name, Math.floor(width / LABEL.char))),
    label(middle, y + height / 2 + 12, below, 'kd-detail'),
  ];
}

function cellWords(cell: Cell, x: number, y: number, width: number, height: number): string[] {
  const { lines, detail, isUpright } = wordsOf({ ...cell, label: shortened(cell.label, MAX_LABEL) }, width);
  const [middle, center] = [x + width / 2, y + height / 2];
  if (isUpright) {
    const at = `${number(middle + 4)} ${number(center)}`;
    return lines.map((line) => `<text transform="translate(${at}) rotate(-90)">${xmlText(line)}</text>`);
  }
  const all = [...lines.filter((line) => line !== ''), ...(detail === '' ? [] : [detail])];
  return all.map((line, index) => {
    const baseline = center + 4 + (index - (all.length - 1) / 2) * LINE;
    return label(middle, baseline, line, detail !== '' && index === all.length - 1 ? 'kd-detail' : undefined);
  });
}

function label(x: number, y: number, words: string, style?: string): string {
  return `<text${style === undefined ? '' : ` class="${style}"`} x="${number(x)}" y="${number(y)}">${xmlText(words)}</text>`;
}

/** To a hundredth: places do not depend on how a machine rounds. */
const number = (value: number): string => String(Math.round(value * 100) / 100);
