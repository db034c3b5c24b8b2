/** What fields with `switch-on` are for each value of the field that they are switched on: types alone, no code. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec, CaseSpec, SimpleTypeSpec } from '../../spec/model.js';
import { findAttr, findEnumValue } from '../../types/program.js';
import type { PropertyType, Type } from '../code/nodes.js';
import { arrayOf, integerType, maybe, objectType, reference, textType, unionOf, booleanType } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { attrId } from '../context/names.js';
import { isBig, typeOf } from '../context/types.js';

/** The type of `_types`, which no object has: what `isCase` narrows by, and `init`, which makes the structure. */
export function typesOf(context: EmitContext, spec: ClassSpec, init: readonly PropertyType[]): Type | undefined {
  const { imports } = context;
  const cases = [...casesOf(context, spec)].flatMap(([tag, { values }]) =>
    [...values.values()].map(({ value, fields }) =>
      reference(imports.support('Case'), textType(tag), value, objectType(fields)),
    ),
  );
  const types: PropertyType[] = [
    ...(cases.length === 0 ? [] : [{ name: 'cases', isOptional: false, type: unionOf(cases) }]),
    ...init,
  ];
  return types.length === 0 ? undefined : objectType(types);
}

interface TagValue {
  readonly value: Type;
  readonly fields: PropertyType[];
}

/** What is switched on a field or parameter. */
export interface Tagged {
  /** By property. */
  readonly attrs: Map<string, AttrSpec>;
  /** The values that the schema names. */
  readonly values: Map<string, TagValue>;
}

/** By the property that tells the case. */
export function casesOf(context: EmitContext, spec: ClassSpec): Map<string, Tagged> {
  const { inference, names } = context;
  const tags = new Map<string, Tagged>();
  for (const [index, attr] of spec.seq.entries()) {
    const { type: made } = inference.program.itemType(attr, spec);
    if (attr.type.kind !== 'switch' || attr.type.on.expr.kind !== 'name' || made.kind !== 'union') continue;
    const tag = attr.type.on.expr.name;
    if (findAttr(spec, tag) === undefined && !spec.params.some(({ id }) => id === tag)) continue;
    const tagged = tags.get(names.member(spec, tag)) ?? { attrs: new Map(), values: new Map() };
    const { attrs, values } = tagged;
    const property = names.member(spec, attrId(attr, index));
    for (const each of attr.type.cases) {
      const value = each.match === undefined ? undefined : valueType(context, spec, each.match.expr, tag);
      if (value === undefined) continue;
      const key = JSON.stringify(value);
      const known = values.get(key) ?? { value, fields: [] };
      known.fields.push({ name: property, isOptional: false, type: caseType(context, spec, attr, each) });
      values.set(key, known);
    }
    if (values.size === 0) continue;
    attrs.set(property, attr);
    tags.set(names.member(spec, tag), tagged);
  }
  return tags;
}

/** The structures that a switched field may be with a value of its tag that no type names. */
export function elseTypes(context: EmitContext, spec: ClassSpec, attr: AttrSpec): Type[] {
  if (attr.type.kind !== 'switch' || attr.type.on.expr.kind !== 'name') return [];
  const tag = attr.type.on.expr.name;
  return attr.type.cases.flatMap((each) => {
    const isNamed = each.match !== undefined && valueType(context, spec, each.match.expr, tag) !== undefined;
    return isNamed || each.value.kind !== 'user' ? [] : [caseType(context, spec, attr, each)];
  });
}

/** What the field is in a case. */
function caseType(context: EmitContext, spec: ClassSpec, attr: AttrSpec, { value }: CaseSpec<SimpleTypeSpec>): Type {
  const { program } = context.inference;
  const single = typeOf(context, program.itemType({ ...attr, type: value }, spec).type);
  const type = attr.repeat === undefined ? single : arrayOf(single);
  return attr.if === undefined ? type : maybe(type);
}

/** The type of one value of the field `tag`; undefined where an expression is no literal. */
function valueType(context: EmitContext, spec: ClassSpec, expr: Expr, tag: string): Type | undefined {
  const { inference } = context;
  const held = inference.memberType(spec, tag)?.type;
  const isBigTag = held !== undefined && isBig(context, held);
  if (expr.kind === 'string') return textType(expr.value);
  if (expr.kind === 'bool') return booleanType(expr.value);
  if (expr.kind === 'int') return integerType(expr.value, isBigTag);
  if (expr.kind !== 'enum') return undefined;
  const named = inference.program.findEnum(expr.enumName, spec);
  const found = named === undefined ? undefined : findEnumValue(named, expr.value);
  return found === undefined ? undefined : integerType(found.value, isBigTag);
}
