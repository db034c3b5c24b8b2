/** Random structures of any schema: built field by field, as the schema asks for it. */
import { propertyOf } from '../../generated/kaitai/names.js';
import type { FieldLayout } from '../../generated/kaitai/struct.js';
import type { GeneratorValue } from 'fast-check';
import fc from 'fast-check';
import type { Expr } from '../../generator/src/expr/ast.js';
import type { AttrSpec, ClassSpec, ExprSpec, SimpleTypeSpec } from '../../generator/src/spec/model.js';
import { attrId } from '../../generator/src/emit/context/names.js';
import { Evaluator, sameValue, type Value } from '../../generator/src/suite/evaluate.js';
import { isBytesElse, topType } from '../../generator/src/types/program.js';
import { isSafe, type IntRange } from '../../generator/src/types/int-range.js';
import type { ValueType } from '../../generator/src/types/value-type.js';
import type { Generated } from './generated-classes.js';

/** A value that the schema's constraints leave no room for, or too little to be found by chance. */
export class NoValue extends Error {}

const MAX_DEPTH = 4;
const MAX_TRIES = 20;
const MAX_LENGTH = 6;

export class RandomValues {
  readonly #generated: Generated;
  readonly #draw: GeneratorValue;
  /** `_index` of the element that is being built. */
  #index = 0;

  constructor(generated: Generated, draw: GeneratorValue) {
    this.#generated = generated;
    this.#draw = draw;
  }

  build(spec: ClassSpec, parent?: object, root?: object, params: readonly unknown[] = [], depth = 0): object {
    if (depth > MAX_DEPTH) throw new NoValue('too deep');
    const type: unknown = this.#generated.class(this.#generated.names.class(spec));
    if (typeof type !== 'function') throw new TypeError(`${spec.id} is no class`);
    const struct = Reflect.construct(type, [undefined, parent, root, ...params]) as object;
    for (const [index, attr] of spec.seq.entries()) {
      const name = this.#generated.names.member(spec, attrId(attr, index));
      Reflect.set(struct, name, this.#field(struct, spec, attr, depth));
    }
    return struct;
  }

  #field(struct: object, spec: ClassSpec, attr: AttrSpec, depth: number): unknown {
    if (attr.if !== undefined && this.#eval(struct, spec, attr.if) !== true) return undefined;
    const { repeat } = attr;
    if (repeat === undefined) return this.#valid(struct, spec, attr, depth);
    const item = (_: unknown, index: number): unknown => {
      this.#index = index;
      return this.#item(struct, spec, attr, depth);
    };
    const count =
      repeat.kind === 'expr'
        ? Number(this.#eval(struct, spec, repeat.count))
        : this.#int(repeat.kind === 'until' ? 1 : 0, 3);
    if (count < 0 || count > 40) throw new NoValue(`${count} elements`);
    return Array.from({ length: count }, item);
  }

  #valid(struct: object, spec: ClassSpec, attr: AttrSpec, depth: number): unknown {
    const { valid } = attr;
    if (valid?.kind === 'eq') return this.#held(this.#eval(struct, spec, valid.expected), spec, attr);
    if (valid?.kind === 'any-of') {
      const option = valid.options[this.#int(0, valid.options.length - 1)];
      if (option !== undefined) return this.#held(this.#eval(struct, spec, option), spec, attr);
    }
    if (valid === undefined || valid.kind === 'in-enum') return this.#item(struct, spec, attr, depth);
    const name = this.#generated.names.member(spec, attr.id ?? '');
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const value = rounded(this.#item(struct, spec, attr, depth), attempt);
      Reflect.set(struct, name, value);
      const own: Expr = { kind: 'name', name: attr.id ?? '', offset: 0 };
      const checks: Expr[] =
        valid.kind === 'expr'
          ? [replaced(valid.condition.expr, '_', own)]
          : valid.kind === 'range'
            ? [
                ...(valid.min === undefined ? [] : [compared(own, '>=', valid.min.expr)]),
                ...(valid.max === undefined ? [] : [compared(own, '<=', valid.max.expr)]),
              ]
            : [];
      if (checks.every((check) => this.#evalExpr(struct, spec, check) === true)) return value;
    }
    throw new NoValue(`${attr.id ?? ''}: no valid value found`);
  }

  #item(struct: object, spec: ClassSpec, attr: AttrSpec, depth: number): unknown {
    if (attr.contents !== undefined) return attr.contents.bytes;
    if (attr.checksum !== undefined) return 0;
    const { type } = attr;
    if (type.kind !== 'switch') return this.#simple(struct, spec, attr, type, depth);
    const on = this.#eval(struct, spec, type.on);
    const arm = type.cases.find(({ match }) => match === undefined || sameValue(this.#eval(struct, spec, match), on));
    if (arm !== undefined) return this.#simple(struct, spec, attr, arm.value, depth);
    return isBytesElse(attr) ? this.#simple(struct, spec, attr, { kind: 'bytes' }, depth) : undefined;
  }

  #simple(struct: object, spec: ClassSpec, attr: AttrSpec, type: SimpleTypeSpec, depth: number): unknown {
    switch (type.kind) {
      case 'user': {
        const used = this.#generated.program.findType(type.name, spec);
        if (used === undefined) throw new NoValue('an opaque type');
        const own = topType(used) === topType(spec);
        const params = type.args.map((arg) => unheld(this.#eval(struct, spec, arg)));
        const parent =
          attr.parent === undefined
            ? struct
            : attr.parent === 'none'
              ? undefined
              : (this.#eval(struct, spec, attr.parent) as object);
        return this.build(used, parent, own ? (Reflect.get(struct, '_root') as object) : undefined, params, depth + 1);
      }
      case 'bytes':
        return this.#bytes(struct, spec, attr);
      case 'str':
      case 'strz':
        return this.#text(struct, spec, attr, type.kind === 'strz');
      case 'float': {
        const finite = { noNaN: true, noDefaultInfinity: true };
        return type.bytes === 4 ? this.#draw(fc.float, finite) : this.#draw(fc.double, finite);
      }
      case 'bits':
        if (type.bits === 1 && attr.enum === undefined) return this.#draw(fc.boolean);
        return this.#integer(spec, attr, { lo: 0n, hi: (1n << BigInt(type.bits)) - 1n });
      case 'int': {
        const bits = BigInt(type.bytes * 8);
        const range = type.signed
          ? { lo: -(1n << (bits - 1n)), hi: (1n << (bits - 1n)) - 1n }
          : { lo: 0n, hi: (1n << bits) - 1n };
        return this.#integer(spec, attr, range);
      }
    }
  }

  #integer(spec: ClassSpec, attr: AttrSpec, range: IntRange): unknown {
    const values =
      attr.enum === undefined ? undefined : this.#generated.program.findEnum(attr.enum.value, spec)?.values;
    const declared = values?.filter(({ value }) => value >= range.lo && value <= range.hi);
    const mustBeDeclared = attr.valid?.kind === 'in-enum';
    if (declared !== undefined && declared.length > 0 && (mustBeDeclared || this.#int(0, 3) > 0)) {
      return this.#held(declared[this.#int(0, declared.length - 1)]?.value ?? 0n, spec, attr);
    }
    const isCount = this.#isCount(spec, attr);
    const value = isCount ? BigInt(this.#int(0, MAX_LENGTH)) : this.#draw(fc.bigInt, { min: range.lo, max: range.hi });
    return this.#held(value, spec, attr);
  }

  /** Whether sizes or counts may depend on a field: then it had better be small. */
  #isCount(spec: ClassSpec, attr: AttrSpec): boolean {
    const mentions = (expr: ExprSpec | undefined): boolean =>
      expr !== undefined && new RegExp(`\\b${attr.id ?? '-'}\\b`).test(expr.text);
    const classes = this.#generated.program.classes.filter((other) => topType(other) === topType(spec));
    return classes.some((other) =>
      other.seq.some(({ size, repeat }) => mentions(size) || (repeat?.kind === 'expr' && mentions(repeat.count))),
    );
  }

  #bytes(struct: object, spec: ClassSpec, attr: AttrSpec): Uint8Array {
    const { terminator, padRight, size, include } = attr;
    const length = size === undefined ? this.#int(0, MAX_LENGTH) : Number(this.#eval(struct, spec, size));
    if (!(length >= 0 && length <= 0x10000)) throw new NoValue(`${length} bytes`);
    const isTrimmed = terminator !== undefined || padRight !== undefined;
    const excluded = new Set([...(terminator ?? []), ...(padRight === undefined ? [] : [padRight])]);
    const unit = terminator?.length ?? 1;
    const closing = include ? unit : 0;
    const used =
      size === undefined || !isTrimmed ? length : this.#int(0, Math.max(0, length - Math.max(unit, closing)));
    const whole = terminator !== undefined && size === undefined ? used * unit : used;
    const bytes = Array.from(this.#draw(fc.uint8Array, { minLength: whole, maxLength: whole })).map((byte) =>
      excluded.has(byte) ? 0x61 : byte,
    );
    const ends = include && terminator !== undefined ? [...terminator] : [];
    return Uint8Array.from([...bytes, ...ends]);
  }

  #text(struct: object, spec: ClassSpec, attr: AttrSpec, isZ: boolean): string {
    const unit = /16/.test(attr.encoding?.value ?? spec.meta.encoding?.value ?? '') ? 2 : 1;
    const zero = isZ && attr.terminator === undefined ? new Uint8Array(unit) : attr.terminator;
    const bytes = this.#bytes(struct, spec, { ...attr, terminator: zero });
    const length = bytes.length - (attr.include && zero !== undefined ? zero.length : 0);
    const taken = new Set([...(zero ?? []), attr.padRight ?? -1]);
    const letters = Array.from({ length: Math.floor(length / unit) }, () => this.#int(0x61, 0x7a)).filter(
      (code) => !taken.has(code),
    );
    if (zero === undefined && attr.padRight === undefined)
      return String.fromCharCode(...Array.from({ length: Math.floor(length / unit) }, () => this.#int(0x61, 0x7a)));
    return String.fromCharCode(...letters, ...(attr.include && zero !== undefined ? zero : []));
  }

  #held(value: Value, spec: ClassSpec, attr: AttrSpec): unknown {
    if (typeof value === 'string' || value instanceof Uint8Array || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return Uint8Array.from(value, Number);
    const { type } = this.#generated.program.itemType(attr, spec);
    const whole = BigInt(typeof value === 'bigint' || typeof value === 'number' ? value : 0);
    if (type.kind === 'bool') return whole !== 0n;
    if (type.kind === 'float') return Number(value);
    return this.#isBig(type) ? whole : Number(whole);
  }

  #isBig(type: ValueType): boolean {
    if (type.kind === 'union') return type.members.some((member) => this.#isBig(member));
    if (type.kind === 'int') return !isSafe(type.range);
    return type.kind === 'enum' && this.#generated.inference.isBigEnum(type.spec);
  }

  #eval(struct: object, spec: ClassSpec, { expr }: ExprSpec): Value {
    return this.#evalExpr(struct, spec, expr);
  }

  #evalExpr(struct: object, spec: ClassSpec, expr: Expr): Value {
    const { inference, names } = this.#generated;
    const index: Expr = { kind: 'int', value: BigInt(this.#index), offset: 0 };
    return new Evaluator(inference, names, spec, struct, (name) => this.#generated.class(name)).value(
      replaced(expr, '_index', index),
    );
  }

  #int(min: number, max: number): number {
    return this.#draw(fc.integer, { min, max });
  }
}

/** Constraints ask for round numbers, or for none: every second attempt tries these. */
function rounded(value: unknown, attempt: number): unknown {
  if (attempt % 2 === 0) return value;
  if (value instanceof Uint8Array) return new Uint8Array(0);
  if (typeof value === 'bigint') return attempt % 3 === 0 ? 0n : value - (value % 0x100000n);
  return typeof value === 'number' ? (attempt % 3 === 0 ? 0 : value - (value % 0x100000)) : value;
}

function unheld(value: Value): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function compared(left: Expr, operator: '>=' | '<=', right: Expr): Expr {
  return { kind: 'binary', operator, left, right, offset: 0 };
}

/** `expr` with `name` replaced. */
function replaced(expr: Expr, name: string, by: Expr): Expr {
  const inner = (part: Expr): Expr => replaced(part, name, by);
  switch (expr.kind) {
    case 'name':
      return expr.name === name ? by : expr;
    case 'binary':
      return { ...expr, left: inner(expr.left), right: inner(expr.right) };
    case 'unary':
      return { ...expr, operand: inner(expr.operand) };
    case 'attribute':
      return { ...expr, object: inner(expr.object) };
    case 'subscript':
      return { ...expr, object: inner(expr.object), index: inner(expr.index) };
    default:
      return expr;
  }
}

/** The fields of a structure, instances left out, as text. */
export function fieldsOf(struct: unknown): string {
  return JSON.stringify(plainFields(struct));
}

function plainFields(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plainFields);
  if (typeof value !== 'object' || value === null) return value;
  const layout = (value.constructor as { LAYOUT?: readonly FieldLayout[] }).LAYOUT ?? [];
  return Object.fromEntries(layout.map(propertyOf).map((name) => [name, plainFields(Reflect.get(value, name))]));
}
