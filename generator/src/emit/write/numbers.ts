/** Numbers, flags and enums: range checks, and the writer's methods. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isSafe, signed, unsigned, type IntRange } from '../../types/int-range.js';
import { THIS, call, decimal, equals, infix, integer, member, method, own, ownMethod } from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { run, when } from '../code/statements.js';
import { fieldName, type EmitContext } from '../context/context.js';
import { BIG_INT, NUMBER, OUT } from '../context/locals.js';
import { bitEndian } from '../layout/layout.js';
import { holdsBig, isFlag, type NumberType } from '../read/numbers.js';
import { indexArgument } from './bytes.js';

/** Statements that write a number; `value` is of the field's own type. */
export function writeNumber(
  context: EmitContext,
  attr: AttrSpec,
  type: NumberType,
  owner: ClassSpec,
  id: string,
  value: Code,
): Statements {
  const checked = checkedNumber(context, attr, owner, id, value, type);
  if (type.kind === 'bits') {
    const suffix = bitEndian({ ...attr, type }, owner) === 'le' ? 'Le' : 'Be';
    return [run(method(OUT, `writeBits${suffix}${type.bits > 53 ? 'BigInt' : ''}`, decimal(type.bits), checked))];
  }
  const write = (endian: string): Statements => {
    const letter = type.kind === 'float' ? 'F' : type.signed ? 'S' : 'U';
    const suffix = type.kind === 'int' && type.bytes === 8 ? 'BigInt' : '';
    return [run(method(OUT, `write${letter}${type.bytes}${type.bytes === 1 ? '' : endian}${suffix}`, checked))];
  };
  const endian = type.endian ?? (typeof owner.meta.endian === 'string' ? owner.meta.endian : undefined);
  const isDecided = endian !== undefined || type.bytes === 1;
  const written = isDecided ? write(endian ?? 'le') : [when(own('_isLe'), write('le'), write('be'))];
  if (type.kind !== 'float') return written;
  const start = infix(member(OUT, 'pos'), '-', decimal(type.bytes));
  const place = [member(OUT, 'bytes'), start, ...indexArgument(attr)];
  return [...written, run(call(context.imports.support('keepNaN'), THIS, fieldName(id), value, ...place))];
}

/** The value as it is stored, refused where it does not fit the type. */
function checkedNumber(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  value: Code,
  type: AttrSpec['type'],
): Code {
  const check = numberCheck(context, attr, owner, id, value, type);
  if (check === undefined) return type.kind === 'bits' ? call(NUMBER, value) : value;
  return boundsOf(context, attr, owner, type)?.narrow === true ? call(NUMBER, check) : check;
}

/** A call that refuses a value which does not fit the type, and returns any other; undefined where all fit. */
export function numberCheck(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  value: Code,
  type: AttrSpec['type'] = attr.type,
): Code | undefined {
  if (type.kind === 'float' && type.bytes === 4) return ownMethod('_float', fieldName(id), value);
  const bounds = boundsOf(context, attr, owner, type);
  if (bounds === undefined) return undefined;
  if (bounds.isUint64) return ownMethod('_uint64', fieldName(id), value);
  if (type.kind === 'bits' && type.bits > 64) return ownMethod('_bits', fieldName(id), value, decimal(type.bits));
  const bits = type.kind === 'int' && !type.signed ? type.bytes * 8 : type.kind === 'bits' ? type.bits : undefined;
  if (!bounds.big && bits !== undefined) return ownMethod('_uint', fieldName(id), value, decimal(bits));
  return ownMethod(bounds.big ? '_bigInt' : '_int', fieldName(id), value, bounds.lo, bounds.hi);
}

/**
 * The condition that an integer of a fixed layout fits its field, as few operations as there are; undefined where there
 * is none but `numberCheck`. The table of the layout tells what `_refuseNumbers` has to know of those fields.
 */
export function numberFits(context: EmitContext, attr: AttrSpec, owner: ClassSpec, value: Code): Code | undefined {
  const { type } = attr;
  const bounds = boundsOf(context, attr, owner);
  if (bounds === undefined || (type.kind !== 'int' && type.kind !== 'bits')) return undefined;
  const isSigned = type.kind === 'int' && type.signed;
  const bits = type.kind === 'int' ? type.bytes * 8 : type.bits;
  if (bounds.big) {
    if (bits !== 64 || bounds.narrow) return undefined;
    return equals(method(BIG_INT, isSigned ? 'asIntN' : 'asUintN', decimal(bits), value), value);
  }
  if (bits > 32) return undefined;
  if (bits === 32) return equals(infix(value, isSigned ? '|' : '>>>', decimal(0)), value);
  if (!isSigned) return equals(infix(value, '&', integer(2 ** bits - 1)), value);
  const spare = decimal(32 - bits);
  return equals(infix(infix(value, '<<', spare), '>>', spare), value);
}

/** The value as it is stored, without a check. */
export function storedNumber(context: EmitContext, attr: AttrSpec, owner: ClassSpec, value: Code): Code {
  const bounds = boundsOf(context, attr, owner);
  const isNarrow = bounds === undefined ? attr.type.kind === 'bits' : bounds.narrow;
  return isNarrow ? call(NUMBER, value) : value;
}

export interface Bounds {
  readonly lo: Code;
  readonly hi: Code;
  readonly big: boolean;
  /** Held as bigint, stored as number. */
  readonly narrow: boolean;
  /** All values that 64 bits without a sign have: they are checked without comparing to a literal, which is slow. */
  readonly isUint64: boolean;
}

/** Bounds of an integer field as literals; undefined for flags and floats. */
export function boundsOf(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  type: AttrSpec['type'] = attr.type,
): Bounds | undefined {
  if ((type.kind !== 'int' && type.kind !== 'bits') || isFlag(attr, type)) return undefined;
  const { lo, hi } = rangeOf(type);
  const isWide = !isSafe({ lo, hi });
  const big = isWide || holdsBig(context, attr, owner);
  return {
    lo: integer(lo, big),
    hi: integer(hi, big),
    big,
    narrow: big && !isWide,
    isUint64: lo === 0n && hi === (1n << 64n) - 1n,
  };
}

function rangeOf(type: Extract<NumberType, { kind: 'int' | 'bits' }>): IntRange {
  if (type.kind === 'bits') return unsigned(type.bits);
  return type.signed ? signed(type.bytes * 8) : unsigned(type.bytes * 8);
}
