/** A field with its condition, repetition and checks. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import {
  THIS,
  UNDEFINED,
  array,
  assign,
  call,
  decimal,
  equals,
  increment,
  lengthOf,
  method,
  negation,
  own,
  ownMethod,
  string,
} from '../code/expressions.js';
import { contains, mentions } from '../code/inspect.js';
import type { Code, Statement, Statements } from '../code/nodes.js';
import { attempt, block, constant, fail, forOf, run, set, variable, when } from '../code/statements.js';
import { fieldName, isFieldName, type EmitContext } from '../context/context.js';
import { ERROR, I, ITEM, OUT } from '../context/locals.js';
import { localName } from '../context/names.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import { isDerivedFrom } from '../layout/derived.js';
import { isSeenWhileFilled } from '../layout/uses.js';
import { checksOf, elementName } from '../read/constraints.js';
import { writePrepared } from './derived-fields.js';
import { writeItem } from './items.js';
import { isAppended } from './structs.js';

/** `seen` is where expressions find the value. */
export function writeField(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  property: Code,
  seen: Code = property,
): Statements {
  const body =
    attr.repeat === undefined
      ? [...writeValue(context, owner, attr, id, property), ...validLines(context, owner, attr, id, property)]
      : writeMany(context, owner, attr, id, property, seen);
  if (attr.if === undefined) return body;
  const condition = emitSure(context, attr.if.expr, { owner });
  const isPartial = attr.repeat === undefined && context.inference.program.itemType(attr, owner).optional;
  return [when(ownMethod(isPartial ? '_asked' : '_given', fieldName(id), condition, property), body)];
}

function writeValue(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: Code): Statements {
  return writePrepared(context, owner, attr, id, writeItem(context, owner, attr, id, value));
}

/** `valid` of severity `error`, checked where reading checks it: after the field. */
function validLines(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: Code): Statements {
  if (attr.valid?.severity !== 'error') return [];
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const present = optional ? call(context.imports.support('need'), value) : value;
  return checksOf(context, { valid: attr.valid }, type, owner, present).map(({ condition, kind, expected }) => {
    const name = attr.repeat === undefined ? fieldName(id) : elementName(id);
    return when(negation(condition), run(ownMethod('_invalid', name, string(kind), expected, value, OUT)));
  });
}

function untilLines(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, items: Code): Statements {
  if (attr.repeat?.kind !== 'until') return [];
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const item = optional ? call(context.imports.support('need'), ITEM) : ITEM;
  const until = emitSure(context, attr.repeat.until.expr, { owner, underscore: { code: item, type } });
  return [run(ownMethod('_until', fieldName(id), I, lengthOf(items), until))];
}

function writeMany(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: Code,
  seen: Code,
): Statements {
  const all = writeElements(context, owner, attr, id, value, seen);
  const { repeat } = attr;
  const { optional } = context.inference.program.itemType(attr, owner);
  const expectLength = (count: Code, length: Code): Statement =>
    run(ownMethod('_expect', string(`${id}.length`), count, length));
  switch (repeat?.kind) {
    case 'expr': {
      if (optional || isDerivedFrom(context.inference.program, repeat.count.expr)) return all;
      return [expectLength(emitNumber(context, repeat.count.expr, { owner }), lengthOf(value)), ...all];
    }
    case 'until':
      return [when(equals(lengthOf(value), decimal(0)), expectLength(decimal(1), decimal(0))), ...all];
    default:
      return [...all, run(method(OUT, 'mustEnd', THIS, fieldName(id)))];
  }
}

/** The loop over the elements. Code in the loop sees the elements before the current one, as when they are read. */
function writeElements(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: Code,
  seen: Code,
): Statements {
  const isSeen = isSeenWhileFilled(context.inference.program, attr);
  const local = localName(context.names.member(owner, id), 'Items');
  const items = isSeen ? local : value;
  const body = [
    ...writeValue(context, owner, attr, id, ITEM),
    ...(isSeen ? [run(method(seen, 'push', ITEM))] : []),
    ...validLines(context, owner, attr, id, ITEM),
    ...untilLines(context, owner, attr, id, items),
  ];
  const [only] = body;
  // What is but appended has its path from itself.
  if (body.length === 1 && only !== undefined && isAppended(only)) return [run(ownMethod('_appendAll', items, OUT))];
  const mayRefuse = contains(body, isFieldName);
  const isCounted = mayRefuse || mentions(body, I);
  const loop = forOf(ITEM, items, isCounted ? [...body, run(increment(I))] : body);
  const refused = { error: ERROR, body: [fail(ownMethod('_ofElement', fieldName(id), I, ERROR))] };
  const restored = [set(seen, items), set(own('_filling'), UNDEFINED)];
  const guarded =
    mayRefuse || isSeen
      ? attempt([loop], {
          ...(mayRefuse ? { caught: refused } : {}),
          ...(isSeen ? { always: restored } : {}),
        })
      : loop;
  const counted = isCounted ? block([variable(I, undefined, decimal(0)), guarded]) : guarded;
  if (!isSeen) return [counted];
  return [constant(local, value), set(own('_filling'), assign(seen, array([]))), counted];
}
