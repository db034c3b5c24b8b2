/** The `LAYOUT` table of a class. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { decimal, object, string, table } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { placeFields, type FieldPlace } from './layout.js';

export function layoutTable(context: EmitContext, spec: ClassSpec): Code {
  return table(
    placeFields(context.inference.program, spec).map((place) =>
      object({ ...layoutKeys(context, spec, place), name: text(context.names.unlikeId(spec, place.id)) }),
    ),
  );
}

type Keys = Readonly<Record<string, Code | undefined>>;

const text = (value: string | undefined): Code | undefined => (value === undefined ? undefined : string(value));

/** The properties of a `FieldLayout`. */
function layoutKeys(
  { names }: Pick<EmitContext, 'names'>,
  spec: ClassSpec,
  { attr, id, offset, size, bits }: FieldPlace,
): Keys {
  const number = (value: number | undefined): Code | undefined => (value === undefined ? undefined : decimal(value));
  return {
    id: text(id),
    name: text(names.member(spec, id)),
    offset: number(offset),
    size: number(size),
    bitOffset: number(bits?.first),
    bits: number(bits?.count),
    type: text(typeLabel(attr)),
  };
}

/** Those and what the schema refers to: the properties that a `FieldSchema` has of every field. */
export function fieldKeys(context: Pick<EmitContext, 'names'>, spec: ClassSpec, place: FieldPlace): Keys {
  const { attr } = place;
  const references = { origId: text(attr.doc.origId), section: text(sectionOf(attr, spec)) };
  return { ...layoutKeys(context, spec, place), ...references };
}

/** The section that describes a field, or else its type. */
export function sectionOf({ doc }: Pick<AttrSpec, 'doc'>, owner: ClassSpec): string | undefined {
  return doc.refs[0] ?? owner.doc.refs[0];
}

/** A field's type as the schema writes it. */
export function typeLabel(attr: AttrSpec): string {
  const repeat = attr.repeat === undefined ? '' : '[]';
  if (attr.contents !== undefined) return `contents${repeat}`;
  if (attr.type.kind !== 'switch') return `${simpleLabel(attr.type)}${repeat}`;
  const labels = [...new Set(attr.type.cases.map((arm) => simpleLabel(arm.value)))];
  return `${labels.join(' | ')}${repeat}`;
}

function simpleLabel(type: SimpleTypeSpec): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 's' : 'u'}${type.bytes}${type.endian ?? ''}`;
    case 'float':
      return `f${type.bytes}${type.endian ?? ''}`;
    case 'bits':
      return `b${type.bits}${type.endian ?? ''}`;
    case 'user':
      return type.name.names.join('::');
    default:
      return type.kind;
  }
}
