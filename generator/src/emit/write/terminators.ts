/** `repeat-until` as `create` sees it: the element that ends a list, where the schema says what it is. */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { usedTypes } from '../../types/program.js';
import { arrow, call, object } from '../code/expressions.js';
import { mentions } from '../code/inspect.js';
import type { Code } from '../code/nodes.js';
import { run } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { I, ITEM } from '../context/locals.js';
import { emitAs, emitSure } from '../expression/expression.js';
import { derivationOf } from '../layout/derived.js';

/** What `_ == value` and `_.field == value` say of the last element. */
interface End {
  readonly field: string | undefined;
  readonly value: Expr;
}

function endOf(expr: Expr): End | undefined {
  if (expr.kind !== 'binary' || expr.operator !== '==') return undefined;
  const { left, right } = expr;
  const isFixed = [...nodesOf(right)].every(({ kind }) => ['int', 'string', 'enum', 'unary', 'bool'].includes(kind));
  if (!isFixed) return undefined;
  if (left.kind === 'name' && left.name === '_') return { field: undefined, value: right };
  const isOfElement = left.kind === 'attribute' && left.object.kind === 'name' && left.object.name === '_';
  return isOfElement ? { field: left.name, value: right } : undefined;
}

/**
 * The elements `items`, with the one that ends them unless it is there. `isEnough` tells whether a field is all that must be
 * given of a type; `made` makes an element of a plain object.
 */
export function ended(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  items: Code,
  isEnough: (spec: ClassSpec, id: string) => boolean,
  made: (init: Code) => Code,
): Code {
  const { program } = context.inference;
  const end = attr.repeat?.kind === 'until' && attr.if === undefined ? endOf(attr.repeat.until.expr) : undefined;
  if (attr.repeat?.kind !== 'until' || end === undefined) return items;
  const { type, optional } = program.itemType(attr, owner);
  if (optional) return items;
  const last =
    end.field === undefined ? plainEnd(context, owner, attr, end) : structEnd(context, owner, attr, end, isEnough);
  if (last === undefined) return items;
  const element = end.field === undefined ? last : made(last);
  if (mentions([run(element)], I)) return items;
  const holds = emitSure(context, attr.repeat.until.expr, { owner, underscore: { code: ITEM, type } });
  return call(context.imports.support('ended'), items, arrow([ITEM], holds), arrow([], element));
}

function plainEnd(context: EmitContext, owner: ClassSpec, attr: AttrSpec, { value }: End): Code | undefined {
  const { kind } = attr.type;
  if (kind === 'user' || kind === 'switch' || kind === 'bytes') return undefined;
  return emitAs(context, value, context.inference.program.itemType(attr, owner).type, { owner });
}

function structEnd(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  { field: id, value }: End,
  isEnough: (spec: ClassSpec, id: string) => boolean,
): Code | undefined {
  const { program } = context.inference;
  const [spec] = attr.type.kind === 'user' ? usedTypes(program, attr, owner) : [];
  const field = spec?.seq.find((each) => each.id === id);
  if (spec === undefined || field?.id === undefined || field.repeat !== undefined || field.if !== undefined)
    return undefined;
  // What is derived may be known only when it is written.
  if (field.type.kind === 'user' || field.type.kind === 'switch' || field.type.kind === 'bytes') return undefined;
  if (derivationOf(program, field) !== undefined || !isEnough(spec, field.id)) return undefined;
  const given = emitAs(context, value, program.itemType(field, spec).type, { owner });
  return object({ [context.names.member(spec, field.id)]: given });
}
