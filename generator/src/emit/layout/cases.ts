/** What fields with `switch-on` are for each value of the field that they are switched on: types alone, no code. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec, CaseSpec, SimpleTypeSpec } from '../../spec/model.js';
import { findEnumValue } from '../../types/program.js';
import type { ValueType } from '../../types/value-type.js';
import type { PropertyType, Type } from '../code/nodes.js';
import { arrayOf, integerType, maybe, objectType, reference, textType, unionOf, booleanType } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { attrId } from '../context/names.js';
import { isBig, typeOf } from '../context/types.js';

/** The type of `_types`, which no object has: what `isCase` narrows by, and `init`, which makes the structure. */
export function typesOf(context: EmitContext, spec: ClassSpec, init: readonly PropertyType[]): Type | undefined {
  const { imports } = context;
  const cases = [...casesOf(context, spec)].flatMap(([tag, { values }]) => {
    const all = [...values.values()];
    const field = fieldOfAll(all);
    if (field !== undefined) {
      const held = all.flatMap(({ value, fields }) =>
        fields.map(({ type }) => ({ name: keyOf(value) ?? '', isOptional: false, type })),
      );
      return [reference(imports.support('Cases'), textType(tag), textType(field), objectType(held))];
    }
    return all.map(({ value, fields }) => reference(imports.support('Case'), textType(tag), value, objectType(fields)));
  });
  const types: PropertyType[] = [
    ...(cases.length === 0 ? [] : [{ name: 'cases', isOptional: false, type: unionOf(cases) }]),
    ...init,
  ];
  return types.length === 0 ? undefined : objectType(types);
}

/** The field that is all that is switched, where its tag's values can be keys of an object. */
function fieldOfAll(values: readonly TagValue[]): string | undefined {
  const names = new Set(values.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const [only] = names;
  const isAll =
    names.size === 1 && values.every(({ value, fields }) => fields.length === 1 && keyOf(value) !== undefined);
  return isAll && values.length > 1 ? only : undefined;
}

/** A value as the key of an object; undefined where it would be the key of another one too, or can be none. */
function keyOf(value: Type): string | undefined {
  if (value.kind === 'text') return /^-?\d/.test(value.text) ? undefined : value.text;
  return value.kind === 'word' && /^\d+$/.test(value.word) ? value.word : undefined;
}

interface TagValue {
  readonly value: Type;
  readonly fields: PropertyType[];
}

/** What is switched on one property. */
export interface Tagged {
  /** By property. */
  readonly attrs: Map<string, AttrSpec>;
  /** The values that the schema names. */
  readonly values: Map<string, TagValue>;
}

/** By the path of the property that tells the case, from the structure: `kind`, `header.kind`, `_parent.kind`. */
export function casesOf(context: EmitContext, spec: ClassSpec): Map<string, Tagged> {
  const { inference, names } = context;
  const tags = new Map<string, Tagged>();
  for (const { id, attr } of fieldsOf(spec)) {
    if (attr.type.kind !== 'switch' || inference.program.itemType(attr, spec).type.kind !== 'union') continue;
    const tag = tagOf(context, spec, attr.type.on.expr);
    if (tag === undefined) continue;
    const tagged = tags.get(tag.path) ?? { attrs: new Map(), values: new Map() };
    const { attrs, values } = tagged;
    const property = names.member(spec, id);
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
    tags.set(tag.path, tagged);
  }
  return tags;
}

function fieldsOf(spec: ClassSpec): { readonly id: string; readonly attr: AttrSpec }[] {
  return [
    ...spec.seq.map((attr, index) => ({ id: attrId(attr, index), attr })),
    ...spec.instances.flatMap((instance) => (instance.kind === 'parse' ? [instance] : [])),
  ];
}

/** What a field is switched on. */
interface Tag {
  readonly path: string;
  readonly type: ValueType;
}

/** Undefined where the schema computes it. */
function tagOf(context: EmitContext, spec: ClassSpec, expr: Expr): Tag | undefined {
  const { type } = context.inference.typeOf(expr, { owner: spec });
  if (expr.kind === 'name') {
    const path = pathOf(context, spec, expr.name);
    return path === undefined ? undefined : { path, type };
  }
  if (expr.kind !== 'attribute') return undefined;
  const object = tagOf(context, spec, expr.object);
  if (object?.type.kind !== 'struct') return undefined;
  const step = pathOf(context, object.type.spec, expr.name);
  return step === undefined ? undefined : { path: `${object.path}.${step}`, type };
}

/** The property of a structure that holds a member of its type; undefined for what is not one. */
function pathOf({ inference, names }: EmitContext, owner: ClassSpec, id: string): string | undefined {
  if (id === '_parent' || id === '_root') return id;
  return inference.memberType(owner, id) === undefined ? undefined : names.member(owner, id);
}

/** The structures that a switched field may be with a value of its tag that no type names. */
export function elseTypes(context: EmitContext, spec: ClassSpec, attr: AttrSpec): Type[] {
  if (attr.type.kind !== 'switch') return [];
  const tag = tagOf(context, spec, attr.type.on.expr);
  if (tag === undefined) return [];
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

/** The type of one value of a tag; undefined where an expression is no literal. */
function valueType(context: EmitContext, spec: ClassSpec, expr: Expr, tag: Tag): Type | undefined {
  const { inference } = context;
  const isBigTag = isBig(context, tag.type);
  if (expr.kind === 'string') return textType(expr.value);
  if (expr.kind === 'bool') return booleanType(expr.value);
  if (expr.kind === 'int') return integerType(expr.value, isBigTag);
  if (expr.kind !== 'enum') return undefined;
  const named = inference.program.findEnum(expr.enumName, spec);
  const found = named === undefined ? undefined : findEnumValue(named, expr.value);
  return found === undefined ? undefined : integerType(found.value, isBigTag);
}
