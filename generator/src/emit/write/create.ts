/** `create`: a structure out of the values that the schema does not determine, given as plain objects. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, CaseSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { isForeign, usedTypes } from '../../types/program.js';
import type { Method } from '../code/declarations.js';
import {
  THIS,
  UNDEFINED,
  array,
  arrow,
  bytesLiteral,
  call,
  callOf,
  conditional,
  infix,
  isDefined,
  isUndefined,
  member,
  object,
  own,
  string,
} from '../code/expressions.js';
import { mentions, parameterFor } from '../code/inspect.js';
import type { Code, Name, Statement, Statements } from '../code/nodes.js';
import { run, set, when } from '../code/statements.js';
import { VOID, reference } from '../code/types.js';
import { hasPositions, type EmitContext } from '../context/context.js';
import { I, INIT, ITEM } from '../context/locals.js';
import { attrId, cacheOf } from '../context/names.js';
import { maybeTypeOf } from '../context/types.js';
import { emitAs, emitArgument, emitSure } from '../expression/expression.js';
import { derivationOf, derivationsOf } from '../layout/derived.js';
import { fixedLayout } from '../layout/layout.js';
import { parseInstances } from '../layout/reasons.js';
import { namesUsed } from '../layout/uses.js';
import { classOf, parentOf, type UserType } from '../read/structs.js';
import { defaultOf, derivedValue, headerLines, isConstant, isDecidedAtOnce, isKnownAtOnce } from './create-values.js';
import { isEnough, isMadeOfNothing } from './init.js';
import { ended } from './terminators.js';

/** `_fill`, which `create` calls, and which does the same to an object that stands within another one already. */
export function fillMethods(context: EmitContext, spec: ClassSpec, init: { readonly name: Name }): Method[] {
  const body = fillLines(context, spec);
  return [
    {
      name: '_fill',
      isOverride: true,
      parameters: [{ name: parameterFor(INIT, body), type: reference(init.name) }],
      returnType: VOID,
      statements: body,
    },
  ];
}

/** What is given first, then what follows from it, then structures, which may look at all that; instances at last. */
function fillLines(context: EmitContext, spec: ClassSpec): Statements {
  const { names, inference } = context;
  const { program } = inference;
  const plain: Statement[] = [];
  const all = derivationsOf(program, spec);
  const sources = new Set(all.map(({ of }) => of));
  const derived = new Map<AttrSpec, Statement>();
  const presets: Statement[] = [];
  const structures: Statement[] = [];
  const behind: Statement[] = [];
  const held = new Set<string>();
  for (const attr of spec.seq)
    if (attr.id !== undefined && usedTypes(program, attr, spec).length > 0) held.add(attr.id);
  for (const [index, attr] of spec.seq.entries()) {
    const id = attrId(attr, index);
    const property = names.member(spec, id);
    const init = member(INIT, property);
    const preset = defaultOf(context, spec, attr);
    const derivation = derivationOf(program, attr);
    if (attr.contents !== undefined && isConstant(attr)) {
      // Those of a fixed layout are made when they are asked for.
      if (isLaidOut(context, spec)) plain.push(set(own(cacheOf(property)), init));
      else plain.push(set(own(property), infix(init, '??', bytesLiteral(attr.contents.bytes))));
    } else if (derivation?.spelling !== undefined) {
      const made = converted(context, spec, attr, id, init);
      structures.push(set(own(property), conditional(isUndefined(init), derivedValue(context, derivation), made)));
    } else if (derivation !== undefined) derived.set(attr, set(own(property), derivedValue(context, derivation)));
    else if (preset !== undefined) {
      const isBehind = expressionsOf(attr).some((expr) => namesUsed(spec, expr).some((name) => held.has(name)));
      (isBehind ? behind : sources.has(attr) ? plain : presets).push(set(own(property), infix(init, '??', preset)));
    } else if (usedTypes(program, attr, spec).length > 0)
      structures.push(set(own(property), converted(context, spec, attr, id, init)));
    else plain.push(set(own(property), converted(context, spec, attr, id, init)));
  }
  return [
    ...spec.params.map(({ id }) => {
      const property = names.member(spec, id);
      return set(own(property), infix(member(INIT, property), '??', own(property)));
    }),
    ...plain,
    ...[...all.map(({ field }) => field), ...derived.keys()].flatMap((field) => {
      const line = derived.get(field);
      derived.delete(field);
      return line ?? [];
    }),
    ...presets,
    ...structures,
    ...all.flatMap((derivation) => headerLines(context, derivation)),
    ...behind,
    ...parseInstances(program, spec).map(({ id, attr }) => {
      const property = names.member(spec, id);
      const init = member(INIT, property);
      const sure = { ...attr, if: undefined };
      return when(isDefined(init), [set(own(property), converted(context, spec, sure, id, init))]);
    }),
  ];
}

/** The expressions that the default of a field is made of. */
function expressionsOf({ if: condition, size, valid }: AttrSpec): Expr[] {
  return [condition, size, valid?.kind === 'eq' ? valid.expected : undefined].flatMap((spec) => spec?.expr ?? []);
}

function isLaidOut(context: EmitContext, spec: ClassSpec): boolean {
  return !hasPositions(context, spec) && fixedLayout(context.inference.program, spec) !== undefined;
}

/** What is given for a field, its plain objects made structures; an array is copied. */
function converted(context: EmitContext, spec: ClassSpec, attr: AttrSpec, id: string, init: Code): Code {
  const { program } = context.inference;
  const single = (code: Code): Code =>
    usedTypes(program, attr, spec).length > 0 ? structure(context, spec, attr, id, code) : code;
  if (attr.repeat === undefined)
    return single(isMadeOfNothing(context, spec, attr) ? infix(init, '??', object({})) : init);
  const item = single(ITEM);
  const isOptional = program.attrType(attr, spec).optional;
  const callee: Code = { kind: 'member', object: init, name: item === ITEM ? 'slice' : 'map', isOptional };
  const items = item === ITEM ? call(callee) : call(callee, arrow(mentions([run(item)], I) ? [ITEM, I] : [ITEM], item));
  const isAllOf = (used: ClassSpec, field: string): boolean => isEnough(context, used, field);
  return ended(context, spec, attr, items, isAllOf, (code) => structure(context, spec, attr, id, code));
}

/** The structure that `code` is, or is made of. */
function structure(context: EmitContext, spec: ClassSpec, attr: AttrSpec, id: string, code: Code): Code {
  const { imports, inference } = context;
  const { program } = inference;
  const { type } = attr;
  if (type.kind === 'user') {
    const around = aroundOf(context, spec, attr, type);
    const args = argumentsOf(context, spec, attr, type);
    const rest = args.length > 0 ? [around ?? UNDEFINED, ...args] : around === undefined ? [] : [around];
    return call(imports.support('made'), THIS, classOf(context, spec, type), code, ...rest);
  }
  if (type.kind !== 'switch' || !isDecidedAtOnce(spec, type.on.expr)) return code;
  const arms = [
    ...type.cases.filter(({ match }) => match !== undefined),
    ...type.cases.filter(({ match }) => match === undefined),
  ].flatMap((arm) => armOf(context, spec, attr, type.on.expr, arm) ?? []);
  const held = program.itemType(attr, spec);
  return callOf(
    imports.support('madeCase'),
    maybeTypeOf(context, { ...held, optional: attr.repeat === undefined && (held.optional || attr.if !== undefined) }),
    THIS,
    string(id),
    arrow([], emitSure(context, type.on.expr, { owner: spec })),
    array(arms),
    code,
  );
}

/** For a case of a switch: its value, its class and, where there are any, what the structure gets beside its fields. */
function armOf(
  context: EmitContext,
  spec: ClassSpec,
  attr: AttrSpec,
  on: Expr,
  { match, value }: CaseSpec<SimpleTypeSpec>,
): Code | undefined {
  const { inference } = context;
  if (value.kind !== 'user' || inference.program.findType(value.name, spec) === undefined) return undefined;
  const place = { owner: spec };
  const tag = match === undefined ? UNDEFINED : emitAs(context, match.expr, inference.valueType(on, place), place);
  const around = aroundOf(context, spec, attr, value);
  const args = argumentsOf(context, spec, attr, value);
  const rest = args.length > 0 ? [around ?? UNDEFINED, arrow([], array(args))] : around === undefined ? [] : [around];
  return array([tag, classOf(context, spec, value), ...rest]);
}

/** `_parent` and `_root` of a field's structure; undefined where they are this one and its own root. */
function aroundOf(context: EmitContext, owner: ClassSpec, attr: AttrSpec, type: UserType): Code | undefined {
  const spec = context.inference.program.findType(type.name, owner);
  if (spec !== undefined && isForeign(spec, owner)) return array([UNDEFINED, UNDEFINED]);
  if (attr.parent === undefined) return undefined;
  const root = own('_root');
  if (attr.parent === 'none') return array([UNDEFINED, root]);
  const { expr } = attr.parent;
  if (expr.kind === 'name' && expr.name === '_parent') return array([own('_parent'), root]);
  return array([isKnownAtOnce(owner, expr) ? parentOf(context, attr, owner) : UNDEFINED, root]);
}

/** What a structure is handed as parameters, as far as that is known before anything is written. */
function argumentsOf(context: EmitContext, owner: ClassSpec, { id }: AttrSpec, type: UserType): Code[] {
  const { inference } = context;
  const spec = inference.program.findType(type.name, owner);
  return type.args.flatMap(({ expr }, index) => {
    const param = spec?.params[index];
    if (param === undefined || spec === undefined) return [];
    // The elements before one are not in their list yet.
    const isOwn = namesUsed(owner, expr).some((name) => name === id);
    const isKnown = !isOwn && isKnownAtOnce(owner, expr, ['_parent', '_root', '_io']);
    return [isKnown ? emitArgument(context, expr, inference.paramType(param, spec), { owner }) : UNDEFINED];
  });
}
