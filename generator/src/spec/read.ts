/** A schema's text to the model. */
import type { Diagnostics } from '../diagnostics.js';
import { Context, type Fields } from './context.js';
import type { ClassSpec, EnumSpec, MetaSpec } from './model.js';
import { readDoc } from './read-doc.js';
import { readEnums } from './read-enum.js';
import { type MemberIds, readInstances, readParams, readSeq } from './read-members.js';
import { readMeta } from './read-meta.js';
import { parseYaml } from './yaml.js';

const LEGAL_KEYS = ['meta', 'doc', 'doc-ref', 'to-string', 'params', 'seq', 'types', 'instances', 'enums'];

/**
 * Reads one schema, without its imports. Problems go to `diagnostics`; where there are any, the result may lack what
 * they are about and must not be compiled. Undefined where there is no type to speak of.
 */
export function readSchema(file: string, text: string, diagnostics: Diagnostics): ClassSpec | undefined {
  const node = parseYaml(file, text, diagnostics);
  const context = new Context(diagnostics, node);
  const fields = node && context.fields(node);
  if (!fields) return undefined;
  const meta = readMeta(context, fields.entries.get('meta')?.value, undefined);
  const id = meta.id?.value;
  if (id === undefined && !hasId(fields)) {
    const at = fields.entries.get('meta')?.keyNode.at ?? { ...fields.at, path: '/meta' };
    context.error(at, 'no `meta/id` encountered in top-level class spec');
  }
  // A type without a name is read all the same, for the other problems in it.
  const spec = readClass(context, fields, id ?? '', meta, undefined);
  return id === undefined ? undefined : spec;
}

/** Whether something is reported about `meta` or its `id` already. */
function hasId(fields: Fields): boolean {
  const meta = fields.entries.get('meta')?.value;
  return meta !== undefined && (meta.kind !== 'map' || meta.entries.some(({ key }) => key === 'id'));
}

function readClass(
  context: Context,
  fields: Fields,
  id: string,
  meta: MetaSpec,
  outer: ClassSpec | undefined,
): ClassSpec {
  context.checkKeys(fields, LEGAL_KEYS);
  const ids: MemberIds = new Map();
  const types = new Map<string, ClassSpec>();
  const enums = new Map<string, EnumSpec>();
  const spec: ClassSpec = {
    id,
    path: [...(outer?.path ?? []), id],
    at: fields.at,
    file: fields.at.file,
    meta,
    doc: readDoc(context, fields),
    toStringExpr: context.expression(fields, 'to-string'),
    params: readParams(context, fields, ids),
    seq: readSeq(context, fields, ids, meta),
    instances: readInstances(context, fields, ids, meta),
    types,
    enums,
    outer,
    view: context.boolean(fields, '-view') ?? false,
  };
  for (const [name, value] of readEnums(context, fields, spec)) enums.set(name, value);
  for (const nested of readTypes(context, fields, spec)) types.set(nested.id, nested);
  return spec;
}

function readTypes(context: Context, fields: Fields, outer: ClassSpec): ClassSpec[] {
  const node = fields.entries.get('types')?.value;
  const map = node && context.map(node);
  return (map?.entries ?? []).flatMap(({ key, keyNode, value }) => {
    context.id(key, 'type', keyNode.at);
    const nested = context.fields(value);
    if (!nested) return [];
    const meta = readMeta(context, nested.entries.get('meta')?.value, outer.meta);
    return [readClass(context, { ...nested, at: keyNode.at }, key, meta, outer)];
  });
}
