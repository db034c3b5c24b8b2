/** Where the fields of a type lie: offsets and sizes, as far as they are the same in every file. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec, Endian } from '../../spec/model.js';
import { isStruct } from '../../types/value-type.js';
import { alignToByte, bitSizeOfAttr, isBits } from '../../types/sizes.js';
import { expressionsOf } from '../../types/expressions.js';
import { mentions } from '../../expr/names.js';
import { factOfTypes } from '../../types/post-order.js';
import { usedTypes, type Program } from '../../types/program.js';
import { hasCalculatedEndian } from '../context/context.js';
import { attrId } from '../context/names.js';

/** A run of bit fields that begins and ends at whole bytes. */
export interface BitGroup {
  readonly endian: Endian;
  /** Bytes from the start of the type; undefined behind a field of variable size. */
  readonly offset: number | undefined;
  readonly size: number;
}

export interface FieldPlace {
  readonly attr: AttrSpec;
  readonly id: string;
  /** Bytes from the start of the type; of a bit field, where its group starts. */
  readonly offset: number | undefined;
  /** Bytes; of a bit field, of its group. */
  readonly size: number | undefined;
  readonly bits: { readonly first: number; readonly count: number; readonly group: BitGroup } | undefined;
}

export function bitEndian(attr: AttrSpec, owner: ClassSpec): Endian {
  const own = attr.type.kind === 'bits' ? attr.type.endian : undefined;
  return own ?? owner.meta.bitEndian ?? 'be';
}

export function placeFields(program: Program, spec: ClassSpec): FieldPlace[] {
  const places: FieldPlace[] = [];
  let offset: number | undefined = 0;
  for (let index = 0; index < spec.seq.length;) {
    const run = bitRun(spec, index);
    if (run.length > 0) {
      const total = run.reduce((sum, attr) => sum + bitCount(attr), 0);
      const [head] = run;
      const group: BitGroup = {
        endian: head === undefined ? 'be' : bitEndian(head, spec),
        offset,
        size: alignToByte(total) / 8,
      };
      let first = 0;
      for (const attr of run) {
        const count = bitCount(attr);
        places.push({ attr, id: attrId(attr, index), offset, size: group.size, bits: { first, count, group } });
        first += count;
        index++;
      }
      offset = offset === undefined ? undefined : offset + group.size;
      continue;
    }
    const attr = spec.seq[index];
    if (attr === undefined) break;
    const bits = bitSizeOfAttr(program, attr, spec);
    const size = bits === undefined || bits % 8 !== 0 ? undefined : bits / 8;
    places.push({ attr, id: attrId(attr, index), offset, size, bits: undefined });
    offset = offset === undefined || size === undefined ? undefined : offset + size;
    index++;
  }
  return places;
}

/** Plain bit fields of one bit order that follow each other, from `index` on. */
function bitRun(spec: ClassSpec, index: number): AttrSpec[] {
  const run: AttrSpec[] = [];
  for (let at = index; at < spec.seq.length; at++) {
    const attr = spec.seq[at];
    if (attr === undefined) break;
    const plain = isBits(attr) && attr.repeat === undefined && attr.if === undefined;
    const [head] = run;
    if (!plain || (head !== undefined && bitEndian(attr, spec) !== bitEndian(head, spec))) break;
    run.push(attr);
  }
  return run;
}

function bitCount(attr: AttrSpec): number {
  return attr.type.kind === 'bits' ? attr.type.bits : 0;
}

/** A field of a fixed layout: constant offset and size, nothing conditional, nothing repeated. */
export interface FixedField extends FieldPlace {
  readonly offset: number;
  readonly size: number;
}

export interface FixedLayout {
  readonly size: number;
  readonly fields: readonly FixedField[];
}

/** The layout of a type that can be read with one bounds check and constant offsets; undefined for any other. */
export const fixedLayout: (program: Program, spec: ClassSpec) => FixedLayout | undefined = factOfTypes(
  (program, spec) => spec.seq.flatMap((attr) => usedTypes(program, attr, spec)),
  findFixedLayout,
);

type LayoutOf = (spec: ClassSpec) => FixedLayout | undefined;

function findFixedLayout(program: Program, spec: ClassSpec, known: LayoutOf): FixedLayout | undefined {
  if (spec.seq.length === 0 || hasCalculatedEndian(spec) || usesStream(spec)) return undefined;
  const fields: FixedField[] = [];
  for (const place of placeFields(program, spec)) {
    const { offset, size } = place;
    if (offset === undefined || size === undefined || !isFixedField(program, place, spec, known)) return undefined;
    fields.push({ ...place, offset, size });
  }
  const last = fields.at(-1);
  // Bits left over at the end belong to whoever reads bits next.
  if (last?.bits !== undefined && (last.bits.first + last.bits.count) % 8 !== 0) return undefined;
  return last === undefined ? undefined : { size: last.offset + last.size, fields };
}

/** Whether it matters where the stream stands: what is read at once leaves it where it was, or has none. */
function usesStream(spec: ClassSpec): boolean {
  const continues = spec.instances.some((instance) => instance.kind === 'parse' && instance.pos === undefined);
  // Where an instance is read by its `pos` in the stream `io`, it does not matter.
  const chosen = spec.instances.map((instance) => (instance.kind === 'parse' ? instance.io : undefined));
  const used = expressionsOf(spec).filter((expr) => !chosen.includes(expr) || !isStreamAlone(expr.expr));
  return continues || used.some(({ expr }) => mentions(expr, '_io'));
}

/** Whether an expression is a stream and asks nothing of one: `_root._io`. */
function isStreamAlone(expr: Expr): boolean {
  return expr.kind === 'attribute' ? !mentions(expr.object, '_io') : expr.kind === 'name';
}

function isFixedField(program: Program, { attr, bits, size }: FieldPlace, owner: ClassSpec, known: LayoutOf): boolean {
  if (attr.if !== undefined || attr.repeat !== undefined || attr.process !== undefined) return false;
  if (attr.parent !== undefined || attr.type.kind === 'switch') return false;
  if (bits !== undefined) return [1, 2, 4, 8].includes(bits.group.size);
  if (attr.contents !== undefined) return true;
  const { type } = program.itemType(attr, owner);
  if (!isStruct(type)) return true;
  return type.kind === 'struct' && isPlain(type.spec, known) && attr.size === undefined && size !== undefined;
}

/** A fixed type without any constraint or parameter: reading it cannot fail and needs no more, so it can be put off. */
function isPlain(spec: ClassSpec, known: LayoutOf): boolean {
  return !isConstrained(spec) && spec.params.length === 0 && known(spec) !== undefined;
}

const isConstrained = ({ seq }: ClassSpec): boolean =>
  seq.some((attr) => attr.valid !== undefined || attr.contents !== undefined);

/** Bytes of a fixed type without any constraint: where they are there, reading it cannot fail. */
export function plainSize(program: Program, spec: ClassSpec): number | undefined {
  return isConstrained(spec) ? undefined : fixedLayout(program, spec)?.size;
}

/** Fields whose value is made when it is first asked for: bytes, text, and types that cannot fail. */
export function isLazy(program: Program, { attr }: FieldPlace, owner: ClassSpec): boolean {
  const { type } = program.itemType(attr, owner);
  return type.kind === 'bytes' || type.kind === 'str' || type.kind === 'struct';
}
