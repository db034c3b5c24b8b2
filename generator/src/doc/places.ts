/** Where the fields of a structure begin and how long they are: numbers, or expressions of the schema. */
import { placeFields, type BitGroup } from '../emit/layout/layout.js';
import { mentions } from '../expr/names.js';
import { expressionText } from '../expr/print.js';
import type { AttrSpec, ClassSpec, ExprSpec } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { factOfTypes } from '../types/post-order.js';
import { attrTypes, isBytesElse, usedTypes } from '../types/program.js';
import { ZERO, constantSum, isConstant, plus, sumOf, sumText, termOf, times, type Sum } from './sum.js';

/** A place within a structure: from its start, or from the end of a field whose size is not known. */
export interface Position {
  /** The field; undefined where the structure's start is meant. */
  readonly after: string | undefined;
  readonly plus: Sum;
}

/** Bits of a group of bit fields, counted from the least (`le`) or the most (`be`) significant one. */
export interface Bits {
  readonly first: number;
  readonly count: number;
  readonly group: BitGroup;
}

export interface FieldPlace {
  readonly id: string;
  readonly attr: AttrSpec;
  readonly position: Position;
  /** Bytes of the field where it is present, of a bit field those of its group; undefined where only the file tells. */
  readonly size: Sum | undefined;
  readonly bits: Bits | undefined;
}

export interface Layout {
  readonly places: readonly FieldPlace[];
  /** Bytes of the whole; undefined where only the file tells. */
  readonly size: Sum | undefined;
}

/** What only means something while one element is read. */
const FLEETING = ['_', '_index', '_io', '_sizeof'];

export class Layouts {
  readonly #inference: Inference;
  readonly #layoutOf: (spec: ClassSpec) => Layout | undefined;

  constructor(inference: Inference) {
    this.#inference = inference;
    const { program } = inference;
    const facts = factOfTypes<Layout>(
      (_program, spec) => spec.seq.flatMap((attr) => usedTypes(program, attr, spec)),
      (_program, spec, known) => this.#layout(spec, known),
    );
    this.#layoutOf = (spec) => facts(program, spec);
  }

  of(spec: ClassSpec): Layout {
    return this.#layoutOf(spec) ?? { places: [], size: undefined };
  }

  /** Bytes of a type, where they are the same in every file. */
  fixedSize(spec: ClassSpec): bigint | undefined {
    const { size } = this.of(spec);
    return size !== undefined && isConstant(size) ? size.constant : undefined;
  }

  /** Bytes of what is read at some position, `repeat` included. */
  sizeOf(attr: AttrSpec, owner: ClassSpec): Sum | undefined {
    return this.#sizeOfAttr(attr, owner, this.#layoutOf);
  }

  sum(spec: ExprSpec, owner: ClassSpec): Sum {
    return sumOf(this.#inference, spec, { owner });
  }

  #layout(spec: ClassSpec, known: (other: ClassSpec) => Layout | undefined): Layout {
    const places: FieldPlace[] = [];
    let position: Position = { after: undefined, plus: ZERO };
    let open: { readonly group: BitGroup; readonly id: string } | undefined;
    const close = (): void => {
      if (open !== undefined) position = behind(position, open.id, constantSum(BigInt(open.group.size)));
      open = undefined;
    };
    for (const { attr, id, bits } of placeFields(this.#inference.program, spec)) {
      if (bits?.group !== open?.group) close();
      if (bits !== undefined) {
        open = { group: bits.group, id };
        places.push({ id, attr, position, size: constantSum(BigInt(bits.group.size)), bits });
        continue;
      }
      const size = this.#sizeOfAttr(attr, spec, known);
      places.push({ id, attr, position, size, bits: undefined });
      position = behind(position, id, size && whereAbsent(size, attr));
    }
    close();
    return { places, size: position.after === undefined ? position.plus : undefined };
  }

  #sizeOfAttr(attr: AttrSpec, owner: ClassSpec, known: (other: ClassSpec) => Layout | undefined): Sum | undefined {
    const item = this.#sizeOfItem(attr, owner, known);
    return item && this.#repeated(item, attr, owner);
  }

  #repeated(item: Sum, { repeat }: AttrSpec, owner: ClassSpec): Sum | undefined {
    if (repeat === undefined) return item;
    if (repeat.kind !== 'expr' || !isLasting(repeat.count)) return undefined;
    const count = this.sum(repeat.count, owner);
    const product = `(${sumText(item)}) * (${sumText(count)})`;
    return times(item, count) ?? termOf(product, `(${product})`);
  }

  #sizeOfItem(attr: AttrSpec, owner: ClassSpec, known: (other: ClassSpec) => Layout | undefined): Sum | undefined {
    if (attr.contents !== undefined) return constantSum(BigInt(attr.contents.bytes.length));
    if (attr.size !== undefined) {
      const size = this.sum(attr.size, owner);
      return isConstant(size) || isLasting(attr.size) ? size : undefined;
    }
    const sizes = attrTypes(attr).map((type): bigint | undefined => {
      if (type.kind === 'int' || type.kind === 'float') return BigInt(type.bytes);
      if (type.kind !== 'user') return undefined;
      const found = this.#inference.program.findType(type.name, owner);
      const size = found && known(found)?.size;
      return size !== undefined && isConstant(size) ? size.constant : undefined;
    });
    const [first, ...others] = sizes;
    const isTotal = attr.type.kind !== 'switch' || attr.type.cases.some(({ match }) => match === undefined);
    const isOne = first !== undefined && others.every((other) => other === first);
    return isOne && (isTotal || isBytesElse(attr)) ? constantSum(first) : undefined;
  }
}

/** The bytes that a field of this size takes, absent or not; undefined where only the file tells. */
function whereAbsent(size: Sum, { if: condition }: AttrSpec): Sum | undefined {
  if (condition === undefined) return size;
  if (!isLasting(condition)) return undefined;
  return termOf(`(${expressionText(condition.expr, condition.text)} ? ${sumText(size)} : 0)`);
}

/** Longer sums tell less than the name of the field before. */
const MAX_TERMS = 6;

function behind(position: Position, id: string, size: Sum | undefined): Position {
  const sum = size && plus(position.plus, size);
  return sum === undefined || sum.terms.size > MAX_TERMS ? { after: id, plus: ZERO } : { ...position, plus: sum };
}

/** Whether an expression means the same for what stands behind the field. */
function isLasting({ expr }: ExprSpec): boolean {
  return FLEETING.every((name) => !mentions(expr, name));
}
