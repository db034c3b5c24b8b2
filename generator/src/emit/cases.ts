/** What fields with `switch-on` are for each value of the field that they are switched on: types alone, no code. */
import type { Expr } from '../expr/ast.js';
import type { AttrSpec, ClassSpec, CaseSpec, SimpleTypeSpec } from '../spec/model.js';
import { findAttr, findEnumValue } from '../types/program.js';
import type { Property } from './code/declarations.js';
import type { PropertyType, Type } from './code/nodes.js';
import { arrayOf, integerType, maybe, objectType, reference, textType, unionOf, booleanType } from './code/types.js';
import type { EmitContext } from './context/context.js';
import { attrId } from './context/names.js';
import { isBig, typeOf } from './context/types.js';

/** `_cases`, which no object has: its type is what `isCase` narrows by. */
export function casesProperty(context: EmitContext, spec: ClassSpec): Property[] {
  const { imports } = context;
  const types = [...tagsOf(context, spec)].flatMap(([tag, values]) =>
    [...values.values()].map(({ value, fields }) =>
      reference(imports.support('Case'), textType(tag), value, objectType(fields)),
    ),
  );
  return types.length === 0 ? [] : [{ name: '_cases', type: maybe(unionOf(types)), isDeclared: true }];
}

interface TagValue {
  readonly value: Type;
  readonly fields: PropertyType[];
}

/** By the property that tells the case, and by the value that it then has. */
function tagsOf(context: EmitContext, spec: ClassSpec): Map<string, Map<string, TagValue>> {
  const { inference, names } = context;
  const tags = new Map<string, Map<string, TagValue>>();
  for (const [index, attr] of spec.seq.entries()) {
    const { type: made } = inference.program.itemType(attr, spec);
    if (attr.type.kind !== 'switch' || attr.type.on.expr.kind !== 'name' || made.kind !== 'union') continue;
    const tag = attr.type.on.expr.name;
    if (findAttr(spec, tag) === undefined && !spec.params.some(({ id }) => id === tag)) continue;
    const values = tags.get(names.member(spec, tag)) ?? new Map<string, TagValue>();
    for (const each of attr.type.cases) {
      const value = each.match === undefined ? undefined : valueType(context, spec, each.match.expr, tag);
      if (value === undefined) continue;
      const key = JSON.stringify(value);
      const known = values.get(key) ?? { value, fields: [] };
      known.fields.push({
        name: names.member(spec, attrId(attr, index)),
        isOptional: false,
        type: caseType(context, spec, attr, each),
      });
      values.set(key, known);
    }
    if (values.size > 0) tags.set(names.member(spec, tag), values);
  }
  return tags;
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
