/** Integers of variable length: types that spell a number in groups of bits, of which each says whether another one follows. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { usedTypes, type Program } from '../../types/program.js';

/** How a type spells a number. */
export interface Spelling {
  readonly spec: ClassSpec;
  /** The field that has the groups. */
  readonly list: string;
  readonly group: ClassSpec;
  /** Of a group: whether another one follows, and its bits of the number. */
  readonly more: string;
  readonly digit: string;
  readonly bits: number;
}

/** The spelling of a field's type; undefined where it is none. Which instance is the number, its uses say. */
export function spellingOf(program: Program, owner: ClassSpec, attr: AttrSpec): Spelling | undefined {
  if (attr.type.kind !== 'user' || attr.type.args.length > 0 || attr.repeat !== undefined || attr.if !== undefined)
    return undefined;
  const [spec] = usedTypes(program, attr, owner);
  const [list, ...others] = spec?.seq ?? [];
  if (spec === undefined || list?.id === undefined || others.length > 0 || spec.params.length > 0) return undefined;
  if (list.repeat?.kind !== 'until' || list.type.kind !== 'user' || list.size !== undefined) return undefined;
  const more = flagOf(list.repeat.until.expr);
  const [group] = usedTypes(program, list, spec);
  const digits = group?.seq.filter(({ id }) => id !== more) ?? [];
  const [digit] = digits;
  const flag = group?.seq.find(({ id }) => id === more);
  if (group === undefined || digit?.id === undefined || digits.length > 1 || more === undefined) return undefined;
  if (flag?.type.kind !== 'bits' || flag.type.bits !== 1 || digit.type.kind !== 'bits' || digit.enum !== undefined)
    return undefined;
  if ([flag, digit].some((each) => each.if !== undefined || each.repeat !== undefined)) return undefined;
  return { spec, list: list.id, group, more, digit: digit.id, bits: digit.type.bits };
}

/** `has_next` in `not _.has_next`. */
function flagOf(expr: Expr): string | undefined {
  if (expr.kind !== 'unary' || expr.operator !== 'not' || expr.operand.kind !== 'attribute') return undefined;
  const { object, name } = expr.operand;
  return object.kind === 'name' && object.name === '_' ? name : undefined;
}
