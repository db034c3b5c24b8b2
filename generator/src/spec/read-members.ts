/** The members of a type: `params`, `seq`, `instances`. */
import type { Location } from '../diagnostics.js';
import type { Context, Fields } from './context.js';
import type { AttrSpec, InstanceSpec, MetaSpec, ParamSpec } from './model.js';
import { readAttr } from './read-attr.js';
import { readDoc } from './read-doc.js';
import { readParamType } from './read-type.js';
import type { YamlNode } from './yaml.js';

const VALUE_INSTANCE_KEYS = ['value', 'doc', 'doc-ref', 'enum', 'if'];
const PARAM_KEYS = ['id', 'type', 'enum', 'doc', 'doc-ref'];

/** Ids of a type's members so far, with the place that defined each. */
export type MemberIds = Map<string, Location>;

export function readParams(context: Context, fields: Fields, ids: MemberIds): ParamSpec[] {
  return itemFields(context, fields, 'params').flatMap((item) => {
    context.checkKeys(item, PARAM_KEYS, 'parameter definition');
    if (!item.entries.has('id')) context.error(item.at, 'missing mandatory argument `id`');
    const id = readId(context, item, 'parameter', ids);
    const type = readParamType(context, item.entries.get('type')?.value);
    const enumName = context.typeName(item, 'enum');
    const isInteger = type.kind === 'simple' && (type.type.kind === 'int' || type.type.kind === 'bits');
    if (enumName && !isInteger) {
      context.error(enumName.at, 'tried to resolve non-integer type to enum: give an integer `type`');
    }
    const doc = readDoc(context, item);
    return id === undefined ? [] : [{ id, at: item.at, doc, type, enum: enumName }];
  });
}

export function readSeq(context: Context, fields: Fields, ids: MemberIds, meta: MetaSpec): AttrSpec[] {
  return itemFields(context, fields, 'seq').map((item) => {
    const id = readId(context, item, 'attribute', ids);
    return readAttr(context, item, id, item.at, meta);
  });
}

export function readInstances(context: Context, fields: Fields, ids: MemberIds, meta: MetaSpec): InstanceSpec[] {
  const node = fields.entries.get('instances')?.value;
  const map = node && context.map(node);
  return (map?.entries ?? []).flatMap(({ key, keyNode, value }): InstanceSpec[] => {
    const id = context.id(key, 'instance', keyNode.at);
    if (id !== undefined) checkUnique(context, ids, id, keyNode.at);
    const item = context.fields(value);
    const instance = item && readInstance(context, item, key, keyNode.at, meta);
    return instance && id !== undefined ? [instance] : [];
  });
}

function readInstance(
  context: Context,
  fields: Fields,
  id: string,
  at: Location,
  meta: MetaSpec,
): InstanceSpec | undefined {
  if (fields.entries.has('value')) {
    context.checkKeys(fields, VALUE_INSTANCE_KEYS, 'value instance');
    const value = context.expression(fields, 'value');
    const rest = { if: context.expression(fields, 'if'), enum: context.typeName(fields, 'enum'), valid: undefined };
    return value && { kind: 'value', id, at, doc: readDoc(context, fields), value, ...rest };
  }
  const pos = context.integerExpression(fields, 'pos');
  const io = context.expression(fields, 'io');
  const entries = new Map([...fields.entries].filter(([key]) => key !== 'pos' && key !== 'io'));
  return { kind: 'parse', id, at, attr: readAttr(context, { at: fields.at, entries }, id, at, meta), pos, io };
}

function itemFields(context: Context, fields: Fields, key: string): Fields[] {
  const node: YamlNode | undefined = fields.entries.get(key)?.value;
  const list = node && context.list(node);
  return (list?.items ?? []).flatMap((item) => context.fields(item) ?? []);
}

function readId(context: Context, fields: Fields, kind: string, ids: MemberIds): string | undefined {
  const node = fields.entries.get('id')?.value;
  const scalar = node && context.scalar(node);
  const id = scalar && context.id(context.idText(scalar), kind, scalar.at);
  if (scalar === undefined || id === undefined) return undefined;
  checkUnique(context, ids, id, scalar.at);
  return id;
}

function checkUnique(context: Context, ids: MemberIds, id: string, at: Location): void {
  const previous = ids.get(id);
  if (previous === undefined) ids.set(id, at);
  else context.error(at, `duplicate attribute ID '${id}', previously defined at ${previous.path}`);
}
