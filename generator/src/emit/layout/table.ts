/** The `LAYOUT` table of a class. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { quote } from '../code/text.js';
import type { EmitContext } from '../context/context.js';
import { placeFields } from './layout.js';

export function layoutTable(context: EmitContext, spec: ClassSpec): string {
  const rows = placeFields(context.inference.program, spec).map(({ attr, id, offset, size, bits }) => {
    const section = attr.doc.refs[0] ?? spec.doc.refs[0];
    const entries: [string, string | undefined][] = [
      ['id', quote(id)],
      ['name', quote(context.names.member(spec, id))],
      ['offset', offset?.toString()],
      ['size', size?.toString()],
      ['bitOffset', bits?.first.toString()],
      ['bits', bits?.count.toString()],
      ['type', quote(typeLabel(attr))],
      ['origId', attr.doc.origId === undefined ? undefined : quote(attr.doc.origId)],
      ['section', section === undefined ? undefined : quote(section)],
    ];
    const text = entries.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
    return `  { ${text.join(', ')} },`;
  });
  return rows.length === 0 ? '[]' : ['[', ...rows, ']'].join('\n');
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
