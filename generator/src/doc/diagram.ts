/** What the diagrams of a structure show: its fields in order, or what is read at positions. */
import { expressionText } from '../expr/print.js';
import type { AttrSpec, ClassSpec, InstanceSpec } from '../spec/model.js';
import type { Band, Cell, Diagram, Tone } from './drawing.js';
import type { FieldPlace, Layouts, Position } from './places.js';
import { isConstant, sumText, type Sum } from './sum.js';
import { openEnd, shortType } from './words.js';

const ROW_BYTES = 8;
const ROW_BITS = 32;
/** A field of more rows is not drawn to scale. */
const MAX_ROWS = 4;
const MAX_DESCRIBED = 100;
const CLOSED = { left: false, right: false };

export const hexOffset = (offset: number | bigint): string => `0x${offset.toString(16)}`;

/** `16`, `after name + 4` */
export function positionText({ after, plus }: Position): string {
  if (after === undefined) return sumText(plus);
  const more = sumText(plus);
  return more === '0' ? `after ${after}` : `after ${after} + ${more}`;
}

/** The number that a sum is in every file, where it can be drawn. */
function fixed(sum: Sum | undefined): number | undefined {
  return sum !== undefined && isConstant(sum) && sum.constant >= 0n && sum.constant <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(sum.constant)
    : undefined;
}

/** The fields of a structure, in order; undefined where it has none. */
export function sequenceDiagram(layouts: Layouts, spec: ClassSpec): Diagram | undefined {
  const { places } = layouts.of(spec);
  if (places.length === 0) return undefined;
  const builder = new SequenceBuilder(spec, rowBytes(places));
  for (const place of places) builder.add(place);
  return diagramOf(
    `Layout of ${spec.id}`,
    places.map((place) => describe(place, spec)),
    builder.finish(),
  );
}

/** Small structures are drawn in rows of four bytes. */
function rowBytes(places: readonly FieldPlace[]): number {
  const sizes = places.map(({ size }) => fixed(size) ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0) <= ROW_BYTES / 2 ? ROW_BYTES / 2 : ROW_BYTES;
}

function diagramOf(title: string, parts: readonly string[], bands: readonly Band[]): Diagram | undefined {
  if (bands.length === 0) return undefined;
  const more = parts.length > MAX_DESCRIBED ? [`and ${parts.length - MAX_DESCRIBED} more`] : [];
  return { title, description: `${[...parts.slice(0, MAX_DESCRIBED), ...more].join('; ')}.`, bands };
}

/** `bytes 4 to 7: checksum` */
function describe({ id, attr, position, size, bits }: FieldPlace, owner: ClassSpec): string {
  const [at, length] = [position.after === undefined ? fixed(position.plus) : undefined, fixed(size)];
  const what = `${id}, ${shortType(attr, owner)}${conditionOf(attr)}`;
  if (bits !== undefined) return `${bitsText(bits.first, bits.count)} from byte ${positionText(position)}: ${what}`;
  if (at === undefined || length === undefined || length === 0) {
    const bytes = size === undefined ? openEnd(attr) : `${sumText(size)} bytes`;
    return `from byte ${positionText(position)}, ${bytes}: ${what}`;
  }
  return `${length === 1 ? `byte ${at}` : `bytes ${at} to ${at + length - 1}`}: ${what}`;
}

const conditionOf = ({ if: condition }: AttrSpec): string =>
  condition === undefined ? '' : `, if ${expressionText(condition.expr, condition.text)}`;

export const bitsText = (first: number, count: number): string =>
  count === 1 ? `bit ${first}` : `bits ${first} to ${first + count - 1}`;

function toneOf(id: string, attr: AttrSpec): Tone {
  if (attr.contents !== undefined) return 'constant';
  return /^(?:_unnamed|reserved|padding|unused|pad(?:_|$|\d))/.test(id) ? 'reserved' : 'plain';
}

/** `u4le`, `descriptor[], 32 * count bytes`: the type, and the extent where one is given. */
function detailOf(attr: AttrSpec, owner: ClassSpec, extent: string): string {
  const type = shortType(attr, owner);
  // Bytes of a number say what they are.
  const isSaid = type === 'bytes' && extent.endsWith(' bytes');
  return [...(isSaid ? [] : [type]), ...(extent === '' ? [] : [extent])].join(', ');
}

class SequenceBuilder {
  readonly #owner: ClassSpec;
  readonly #rowBytes: number;
  readonly #bands: Band[] = [];
  /** The row that is not full yet. */
  #cells: Cell[] = [];
  #column = 0;
  #gutter = '';
  /** Bit fields of the group that is open. */
  #group: FieldPlace[] = [];

  constructor(owner: ClassSpec, bytes: number) {
    this.#owner = owner;
    this.#rowBytes = bytes;
  }

  add(place: FieldPlace): void {
    const [head] = this.#group;
    if (head !== undefined && head.bits?.group !== place.bits?.group) this.#endGroup();
    if (place.bits !== undefined) {
      this.#group.push(place);
      return;
    }
    const size = place.attr.if === undefined ? fixed(place.size) : undefined;
    if (size === undefined) this.#addOpen(place);
    else if (size > 0) this.#addFixed(place, size);
  }

  finish(): readonly Band[] {
    this.#endGroup();
    this.#endRow();
    return this.#bands;
  }

  #addOpen({ id, attr, position, size }: FieldPlace): void {
    this.#endRow();
    const extent = size === undefined ? openEnd(attr) : `${sumText(size)} bytes`;
    const detail = `${detailOf(attr, this.#owner, extent)}${conditionOf(attr)}`;
    this.#bands.push(wholeBand(gutterOf(position, 0), { label: id, detail, title: `${id}: ${detail}`, tone: 'open' }));
  }

  #addFixed(place: FieldPlace, size: number): void {
    const { id, attr, position } = place;
    const tone = toneOf(id, attr);
    const title = describe(place, this.#owner);
    const head = this.#column === 0 ? 0 : Math.min(size, this.#rowBytes - this.#column);
    const rows = Math.floor((size - head) / this.#rowBytes);
    const tail = size - head - rows * this.#rowBytes;
    // The name stands in the widest piece.
    const named = rows > 0 ? 'rows' : tail > head ? 'tail' : 'head';
    const detail = detailOf(attr, this.#owner, size > 2 * this.#rowBytes ? `${size} bytes` : '');
    const words = (piece: string): Pick<Cell, 'label' | 'detail'> =>
      piece === named ? { label: id, detail } : { label: '', detail: '' };
    const piece = (name: string, left: boolean, right: boolean): Omit<Cell, 'from' | 'to'> => ({
      ...words(name),
      title,
      tone,
      isContinued: { left, right },
    });
    if (head > 0) this.#addPiece(piece('head', false, size > head), head, position, 0);
    if (rows > 0) {
      const cell = { ...piece('rows', head > 0, tail > 0), from: 0, to: this.#rowBytes };
      this.#bands.push({
        kind: rows > MAX_ROWS ? 'whole' : 'bytes',
        units: this.#rowBytes,
        first: 0,
        rows: Math.min(rows, MAX_ROWS),
        gutter: gutterOf(position, head),
        cells: [cell],
      });
    }
    if (tail > 0) this.#addPiece(piece('tail', size > tail, false), tail, position, size - tail);
  }

  #addPiece(cell: Omit<Cell, 'from' | 'to'>, size: number, position: Position, skipped: number): void {
    if (this.#column === 0) this.#gutter = gutterOf(position, skipped);
    this.#cells.push({ ...cell, from: this.#column, to: this.#column + size });
    this.#column += size;
    if (this.#column === this.#rowBytes) this.#endRow();
  }

  #endRow(): void {
    if (this.#cells.length > 0)
      this.#bands.push({
        kind: 'bytes',
        units: this.#rowBytes,
        first: 0,
        rows: 1,
        gutter: this.#gutter,
        cells: this.#cells,
      });
    this.#cells = [];
    this.#column = 0;
  }

  #endGroup(): void {
    const [head] = this.#group;
    if (head?.bits === undefined) return;
    this.#endRow();
    const total = head.bits.group.size * 8;
    const units = Math.min(total, ROW_BITS);
    for (let start = 0; start < total; start += units) {
      const cells = this.#group.flatMap((place) => bitCell(place, this.#owner, start, Math.min(start + units, total)));
      if (cells.length === 0) continue;
      const gutter = gutterOf(head.position, start / 8);
      this.#bands.push({ kind: 'bits', units, first: start, rows: 1, gutter, cells });
    }
    this.#group = [];
  }
}

function bitCell(place: FieldPlace, owner: ClassSpec, start: number, end: number): Cell[] {
  const { id, attr, bits } = place;
  if (bits === undefined) return [];
  const last = bits.first + bits.count;
  const [from, to] = [Math.max(bits.first, start), Math.min(last, end)];
  if (from >= to) return [];
  // Of a field in several rows, the widest piece has the name.
  const pieces = [
    Math.min(last, end) - Math.max(bits.first, start),
    bits.first < start ? start - bits.first : last - end,
  ];
  const isNamed = (pieces[0] ?? 0) >= (pieces[1] ?? 0);
  return [
    {
      label: isNamed ? id : '',
      detail: isNamed ? shortType(attr, owner) : '',
      title: describe(place, owner),
      tone: toneOf(id, attr),
      from: from - start,
      to: to - start,
      isContinued: { left: bits.first < start, right: last > end },
    },
  ];
}

function gutterOf({ after, plus }: Position, skipped: number): string {
  const offset = after === undefined ? fixed(plus) : undefined;
  return offset === undefined ? '' : hexOffset(offset + skipped);
}

function wholeBand(gutter: string, cell: Pick<Cell, 'label' | 'detail' | 'title' | 'tone'>): Band {
  const whole = { ...cell, from: 0, to: ROW_BYTES, isContinued: CLOSED };
  return { kind: 'whole', units: ROW_BYTES, first: 0, rows: 1, gutter, cells: [whole] };
}

type ParseInstance = Extract<InstanceSpec, { kind: 'parse' }>;

/** What is read at positions, in their order; undefined where nothing is. */
export function positionDiagram(layouts: Layouts, spec: ClassSpec): Diagram | undefined {
  const placed = spec.instances
    .filter((instance): instance is ParseInstance => instance.kind === 'parse')
    .map((instance) => {
      const { pos, io, attr } = instance;
      const at = pos === undefined || io !== undefined ? undefined : fixed(layouts.sum(pos, spec));
      return { instance, at, size: layouts.sizeOf(attr, spec) };
    })
    .toSorted((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY) || 0);
  const bands: Band[] = [];
  let end = 0;
  for (const { instance, at, size } of placed) {
    if (at !== undefined && at > end) bands.push(gapBand(end, at));
    const detail = instanceDetail(instance, spec, at === undefined, size);
    const title = `${instance.id}: ${detail}`;
    const tone = at === undefined ? 'open' : 'plain';
    bands.push(wholeBand(at === undefined ? '' : hexOffset(at), { label: instance.id, detail, title, tone }));
    if (at !== undefined) end = Math.max(end, at + (fixed(size) ?? 0));
  }
  const parts = placed.map(
    ({ instance, at, size }) =>
      `${instance.id}, ${at === undefined ? '' : `at byte ${at}, `}${instanceDetail(instance, spec, at === undefined, size)}`,
  );
  return diagramOf(`Positions in ${spec.id}`, parts, bands);
}

function gapBand(from: number, to: number): Band {
  const detail = `${to - from} bytes`;
  return wholeBand(hexOffset(from), { label: '', detail, title: `${detail} that no instance describes`, tone: 'gap' });
}

function instanceDetail(
  { attr, pos, io }: ParseInstance,
  owner: ClassSpec,
  isPlaced: boolean,
  size: Sum | undefined,
): string {
  const place = pos === undefined || !isPlaced ? '' : `, at ${expressionText(pos.expr, pos.text)}`;
  const stream = io === undefined ? '' : ` of ${expressionText(io.expr, io.text)}`;
  const extent = size === undefined ? openEnd(attr) : `${sumText(size)} bytes`;
  return `${detailOf(attr, owner, extent)}${place}${stream}`;
}
