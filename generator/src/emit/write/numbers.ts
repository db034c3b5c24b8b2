/** Numbers, flags and enums: range checks, and the writer's methods. */
import type { AttrSpec, BuiltinType, ClassSpec } from '../../spec/model.js';
import { isSafe, signed, unsigned, type IntRange } from '../../types/int-range.js';
import type { ValueType } from '../../types/value-type.js';
import { block, intLiteral } from '../code/text.js';
import { fieldName, isBig, type EmitContext } from '../context/context.js';
import { bitEndian } from '../layout/layout.js';

export type NumberType = Exclude<BuiltinType, { kind: 'str' | 'strz' }>;

/** Statements that write a number; `value` is of the field's own type. */
export function writeNumber(
  context: EmitContext,
  attr: AttrSpec,
  type: NumberType,
  owner: ClassSpec,
  id: string,
  value: string,
): string[] {
  const checked = checkedNumber(context, attr, owner, id, value, type);
  if (type.kind === 'bits') {
    const suffix = bitEndian({ ...attr, type }, owner) === 'le' ? 'Le' : 'Be';
    return [`out.writeBits${suffix}${type.bits > 53 ? 'BigInt' : ''}(${type.bits}, ${checked});`];
  }
  const method = (endian: string): string => {
    const letter = type.kind === 'float' ? 'F' : type.signed ? 'S' : 'U';
    const suffix = type.kind === 'int' && type.bytes === 8 ? 'BigInt' : '';
    return `out.write${letter}${type.bytes}${type.bytes === 1 ? '' : endian}${suffix}(${checked});`;
  };
  const endian = type.endian ?? (typeof owner.meta.endian === 'string' ? owner.meta.endian : undefined);
  const index = attr.repeat === undefined ? '' : `, ${context.uses.note('i')}`;
  const kept =
    type.kind === 'float'
      ? [
          `${context.imports.support('keepNaN')}(this, ${fieldName(context, id)}, ${value}, out.bytes, out.pos - ${type.bytes}${index});`,
        ]
      : [];
  if (endian !== undefined || type.bytes === 1) return [method(endian ?? 'le'), ...kept];
  return [...block('if (this._isLe)', [method('le')]).slice(0, -1), ...block('} else', [method('be')]), ...kept];
}

/** The value as it is stored, refused where it does not fit the type. */
export function checkedNumber(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  value: string,
  type: AttrSpec['type'] = attr.type,
): string {
  const check = numberCheck(context, attr, owner, id, value, type);
  if (check === undefined) return type.kind === 'bits' ? `Number(${value})` : value;
  return rangeLiterals(context, attr, owner, type)?.narrow === true ? `Number(${check})` : check;
}

/** A call that refuses a value which does not fit the type, and returns any other; undefined where all fit. */
export function numberCheck(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  value: string,
  type: AttrSpec['type'] = attr.type,
): string | undefined {
  if (type.kind === 'float' && type.bytes === 4) return `this._float(${fieldName(context, id)}, ${value})`;
  const bounds = rangeLiterals(context, attr, owner, type);
  if (bounds === undefined) return undefined;
  if (bounds.isUint64) return `this._uint64(${fieldName(context, id)}, ${value})`;
  if (type.kind === 'bits' && type.bits > 64) return `this._bits(${fieldName(context, id)}, ${value}, ${type.bits})`;
  return `this.${bounds.big ? '_bigInt' : '_int'}(${fieldName(context, id)}, ${value}, ${bounds.lo}, ${bounds.hi})`;
}

/** The value as it is stored, without a check. */
export function storedNumber(context: EmitContext, attr: AttrSpec, owner: ClassSpec, value: string): string {
  const bounds = rangeLiterals(context, attr, owner);
  if (bounds === undefined) return attr.type.kind === 'bits' ? `Number(${value})` : value;
  return bounds.narrow ? `Number(${value})` : value;
}

export interface Bounds {
  readonly lo: string;
  readonly hi: string;
  readonly big: boolean;
  /** Held as bigint, stored as number. */
  readonly narrow: boolean;
  /** All values that 64 bits without a sign have: they are checked without comparing to a literal, which is slow. */
  readonly isUint64: boolean;
}

/** Bounds of an integer field as literals; undefined for flags and floats. */
export function rangeLiterals(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  type: AttrSpec['type'] = attr.type,
): Bounds | undefined {
  if (type.kind !== 'int' && type.kind !== 'bits') return undefined;
  if (type.kind === 'bits' && type.bits === 1 && attr.enum === undefined) return undefined;
  const bounds = rangeOf(type);
  const isWide = !isSafe(bounds);
  const big = isWide || holdsBig(context, attr, owner);
  return {
    lo: intLiteral(bounds.lo, big),
    hi: intLiteral(bounds.hi, big),
    big,
    narrow: big && !isWide,
    isUint64: bounds.lo === 0n && bounds.hi === (1n << 64n) - 1n,
  };
}

/** Whether the field's integers are held as bigint: for its own sake, its enum's, or that of another case of its switch. */
export function holdsBig(context: EmitContext, attr: AttrSpec, owner: ClassSpec): boolean {
  const { type } = context.inference.program.itemType(attr, owner);
  const integer = type.kind === 'union' ? type.members.find(isInteger) : type;
  return integer !== undefined && isBig(context, integer);
}

const isInteger = ({ kind }: ValueType): boolean => kind === 'int' || kind === 'enum';

function rangeOf(type: Extract<NumberType, { kind: 'int' | 'bits' }>): IntRange {
  if (type.kind === 'bits') return unsigned(type.bits);
  return type.signed ? signed(type.bytes * 8) : unsigned(type.bytes * 8);
}
