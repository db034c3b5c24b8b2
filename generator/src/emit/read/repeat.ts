/** Fields that repeat: arrays, read element by element. */
import { mentions as isNamedIn } from '../../expr/names.js';
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { attrTypes, isDelimited, type Program } from '../../types/program.js';
import { bitSizeOfType } from '../../types/sizes.js';
import type { ValueType } from '../../types/value-type.js';
import {
  THIS,
  array,
  arrayWithRoom,
  assign,
  at,
  call,
  construct,
  decimal,
  increment,
  infix,
  isDefined,
  lengthOf,
  member,
  method,
  own,
  prefix,
  UNDEFINED,
} from '../code/expressions.js';
import { mentions } from '../code/inspect.js';
import type { Code, Statement, Statements, Variable } from '../code/nodes.js';
import { BREAK, attempt, constant, run, set, variable, when } from '../code/statements.js';
import { maybe } from '../code/types.js';
import { hasPositions, type EmitContext } from '../context/context.js';
import { COUNT, I, IO, ITEM, LIST, PLACE, VALUE } from '../context/locals.js';
import { cacheOf } from '../context/names.js';
import { typeOf } from '../context/types.js';
import { emitCondition, emitNumber } from '../expression/expression.js';
import { sizeAtOnce } from './at-once.js';
import { positioned, withChecks } from './checked.js';
import { hasChecks } from './constraints.js';
import { keeperOf, readItem, type Destination } from './items.js';
import { PLACE_IN_MEMORY, isPlaced, notePlace } from './placed.js';
import { putOffLines, putOffList } from './put-off.js';

type Repeated = AttrSpec & { readonly repeat: NonNullable<AttrSpec['repeat']> };

export function readMany(context: EmitContext, attr: Repeated, id: string, owner: ClassSpec, target: Code): Statements {
  if (isPlaced(context, attr, owner)) return notePlaces(context, attr, id, owner);
  const later = putOffList(context, attr, owner);
  if (later !== undefined) return putOffLines(context, attr, id, owner, later);
  const size = sizeAtOnce(context, attr, owner);
  return size === undefined
    ? readOneByOne(context, attr, id, owner, target)
    : readAtOnce(context, attr, id, owner, target, size);
}

/** A list of byte arrays, of which the places are noted. */
function notePlaces(context: EmitContext, attr: Repeated, id: string, owner: ClassSpec): Statements {
  const { imports, inference, names } = context;
  const guarded = mayBeEmpty(inference.program, attr, owner);
  const body = [
    ...(attr.repeat.kind === 'expr' ? [] : [run(call(imports.support('nextItem'), IO))]),
    ...(guarded ? [set(PLACE, call(imports.support('movedFrom'), IO, PLACE))] : []),
    ...notePlace(context, attr, id, owner),
  ];
  const made = assign(own(cacheOf(names.member(owner, id))), construct(imports.support('ByteList'), PLACE_IN_MEMORY));
  return [
    constant(LIST, assign(own('_filling'), member(made, 'ends'))),
    repetition(context, attr.repeat, owner, body, guarded ? [{ name: PLACE, value: decimal(-1) }] : [], undefined),
    set(own('_filling'), UNDEFINED),
  ];
}

/** A list that has room for all elements before the first is read. */
function readAtOnce(
  context: EmitContext,
  attr: Repeated,
  id: string,
  owner: ClassSpec,
  target: Code,
  size: number,
): Statements {
  const { imports, inference } = context;
  const { repeat } = attr;
  const { type } = inference.program.itemType(attr, owner);
  const isCounted = repeat.kind === 'expr';
  const itself = decimal(size);
  const count = isCounted
    ? call(imports.support('countItems'), IO, emitNumber(context, repeat.count.expr, { owner }))
    : call(imports.support('itemsLeft'), IO, itself);
  const room = isCounted
    ? call(imports.support('roomFor'), IO, COUNT, itself)
    : call(imports.support('roomLeft'), IO, itself);
  const element = readElement(context, attr, id, owner, {
    join: (code) => set(at(LIST, I), code),
    index: I,
    item: ITEM,
  });
  return [
    ...(isCounted ? [set(own('_filling'), imports.support('nothingYet'))] : []),
    constant(COUNT, count),
    constant(LIST, assign(own('_filling'), assign(target, arrayWithRoom(typeOf(context, type), room)))),
    loop(
      true,
      [],
      infix(I, '<', COUNT),
      isCounted ? element : [run(call(imports.support('nextItem'), IO)), ...element],
    ),
    set(own('_filling'), UNDEFINED),
  ];
}

/** An element joins its array when it is read: what it refers to meanwhile are those before it. */
function readOneByOne(context: EmitContext, attr: Repeated, id: string, owner: ClassSpec, target: Code): Statements {
  const { repeat } = attr;
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const item = optional ? call(context.imports.support('need'), ITEM) : ITEM;
  const guarded = mayBeEmpty(context.inference.program, attr, owner);
  const body: Statements = [
    ...(repeat.kind === 'expr' ? [] : [run(call(context.imports.support('nextItem'), IO))]),
    ...(guarded ? [set(PLACE, call(context.imports.support('movedFrom'), IO, PLACE))] : []),
    ...readElement(context, attr, id, owner, {
      join: (code) => run(method(target, 'push', code)),
      index: lengthOf(target),
      item,
    }),
  ];
  const place: Variable[] = guarded ? [{ name: PLACE, value: decimal(-1) }] : [];
  // Until it is complete the list tells the index of the element that is read.
  return [
    set(own('_filling'), assign(target, array([]))),
    repetition(context, repeat, owner, body, place, { code: item, type }),
    set(target, call(context.imports.support('fitted'), THIS, target)),
  ];
}

/** The element that was read last. */
interface Underscore {
  readonly code: Code;
  readonly type: ValueType;
}

/** The loop around `body`, with a counter where one is used. */
function repetition(
  context: EmitContext,
  repeat: Repeated['repeat'],
  owner: ClassSpec,
  body: Statements,
  place: readonly Variable[],
  underscore: Underscore | undefined,
): Statement {
  switch (repeat.kind) {
    case 'eos':
      return loop(mentions(body, I), place, prefix('!', method(IO, 'isEof')), body);
    case 'expr': {
      const count = emitNumber(context, repeat.count.expr, { owner });
      if (repeat.count.expr.kind === 'int') return loop(true, place, infix(I, '<', count), body);
      const counted = call(context.imports.support('countItems'), IO, count);
      return loop(true, [{ name: COUNT, value: counted }, ...place], infix(I, '<', COUNT), body);
    }
    case 'until': {
      const until = emitCondition(
        context,
        repeat.until.expr,
        underscore === undefined ? { owner } : { owner, underscore },
      );
      const whole = [...body, when(until, BREAK)];
      return loop(mentions(whole, I), place, undefined, whole);
    }
  }
}

function loop(isCounted: boolean, more: readonly Variable[], condition: Code | undefined, body: Statements): Statement {
  const counter = isCounted ? [{ name: I, value: decimal(0) }] : [];
  const step = isCounted ? increment(I) : undefined;
  return { kind: 'for', variables: [...counter, ...more], condition, step, body };
}

/** How an element joins its array. */
interface Joining {
  readonly join: (code: Code) => Statement;
  /** The number of the element that is read. */
  readonly index: Code;
  /** The element, where it is looked at. */
  readonly item: Code;
}

/** Statements that read an element, check it, and let it join the array. */
function readElement(
  context: EmitContext,
  attr: Repeated,
  id: string,
  owner: ClassSpec,
  { join, index, item }: Joining,
): Statements {
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const untilUses = attr.repeat.kind === 'until' && isNamedIn(attr.repeat.until.expr, '_');
  const needsItem = hasChecks(attr, type) || untilUses;
  const isSwitch = attr.type.kind === 'switch' && attr.contents === undefined;
  const destination: Destination = {
    owner,
    keeper: keeperOf(context, owner, id, index),
    put: (code) => (!needsItem ? join(code) : isSwitch ? set(ITEM, code) : constant(ITEM, code)),
    putStruct: (made, prepare, read) => {
      const name = isSwitch ? VALUE : ITEM;
      const joins = needsItem && isSwitch ? set(ITEM, VALUE) : join(name);
      // The positions show how far a broken element was read.
      const steps = hasPositions(context, owner) ? [attempt([read(name)], { always: [joins] })] : [read(name), joins];
      return [constant(name, made), ...prepare(name), ...steps];
    },
  };
  const reading = positioned(context, owner, id, 'Item', readItem(context, attr, destination));
  const declared = typeOf(context, type);
  // A switch that matches nothing adds nothing.
  const joining = optional ? when(isDefined(ITEM), join(ITEM)) : join(ITEM);
  return [
    ...(needsItem && isSwitch ? [variable(ITEM, optional ? maybe(declared) : declared)] : []),
    ...withChecks(context, attr, id, owner, type, item, [
      ...reading,
      ...(needsItem && (isSwitch || !readsStruct(attr)) ? [joining] : []),
    ]),
  ];
}

/** Whether a value may take no bytes: a list of such values may be of any length, however short the file is. */
function mayBeEmpty(program: Program, attr: AttrSpec, owner: ClassSpec, within: readonly ClassSpec[] = []): boolean {
  if (attr.contents !== undefined) return attr.contents.bytes.length === 0;
  if (attr.size !== undefined) return attr.size.expr.kind !== 'int' || attr.size.expr.value === 0n;
  if (isDelimited(attr)) return attr.terminator === undefined || !attr.eosError || !attr.consume;
  const isTotal = attr.type.kind !== 'switch' || attr.type.cases.some(({ match }) => match === undefined);
  const isSolid = (type: SimpleTypeSpec): boolean => {
    if (type.kind === 'strz') return attr.eosError && attr.consume;
    if ((bitSizeOfType(program, type, owner) ?? 0) > 0) return true;
    const spec = type.kind === 'user' ? program.findType(type.name, owner) : undefined;
    return spec !== undefined && alwaysTakesBytes(program, spec, within);
  };
  return !isTotal || !attrTypes(attr).every(isSolid);
}

/** Whether a type has a field that is always there, once, and takes bytes. */
function alwaysTakesBytes(program: Program, spec: ClassSpec, within: readonly ClassSpec[]): boolean {
  // Types may hold each other; a chain of many is not followed to its end.
  if (within.includes(spec) || within.length > MAX_NESTING) return false;
  return spec.seq.some(
    (attr) => attr.if === undefined && attr.repeat === undefined && !mayBeEmpty(program, attr, spec, [...within, spec]),
  );
}

const MAX_NESTING = 3;

export function readsStruct(attr: AttrSpec): boolean {
  return attr.type.kind === 'user' && attr.contents === undefined;
}
