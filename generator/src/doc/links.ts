/** Names of pages and anchors: they depend on ids alone, so that links to them last. */
import type { ClassSpec, EnumSpec, ParamSpec, SchemaFile, SimpleTypeSpec } from '../spec/model.js';
import { topType, type Program } from '../types/program.js';
import { code, link, text, type Inline, type Target } from './content.js';
import { typeNameText } from '../expr/print.js';

/** Anchors do not clash: ids have neither `-` nor `.`. */
export const typeAnchor = ({ path }: Pick<ClassSpec, 'path'>): string => path.join('-');
export const memberAnchor = (owner: ClassSpec, id: string): string => `${typeAnchor(owner)}.${id}`;
export const enumAnchor = ({ owner, id }: EnumSpec): string => `${typeAnchor(owner)}--${id}`;
export const enumValueAnchor = (spec: EnumSpec, id: string): string => `${enumAnchor(spec)}.${id}`;

/** What the index of the pages is called, whether or not a file system minds capital letters. */
const INDEXES = ['index', 'readme'];

/** The page of a schema. */
export function pageName(spec: ClassSpec): string {
  const { id } = topType(spec);
  return INDEXES.includes(id) ? `${id}-schema` : id;
}

export function typeTarget(spec: ClassSpec): Target {
  return { kind: 'page', page: pageName(spec), anchor: typeAnchor(spec) };
}

/** `png::chunk`, without the id of the schema where it is that of the page. */
export function typeName(spec: ClassSpec, from: ClassSpec): string {
  const isOwn = topType(spec) === topType(from);
  return (isOwn && spec.path.length > 1 ? spec.path.slice(1) : spec.path).join('::');
}

export const typeLink = (spec: ClassSpec, from: ClassSpec): Inline =>
  link(typeTarget(spec), code(typeName(spec, from)));

export function enumLink(spec: EnumSpec, from: ClassSpec): Inline {
  const isOwn = topType(spec.owner) === topType(from);
  const shown = (isOwn ? spec.path.slice(1) : spec.path).join('::');
  return link({ kind: 'page', page: pageName(spec.owner), anchor: enumAnchor(spec) }, code(shown));
}

export function memberLink(owner: ClassSpec, id: string, from: ClassSpec): Inline {
  const to: Target = { kind: 'page', page: pageName(owner), anchor: memberAnchor(owner, id) };
  return link(to, code(`${typeName(owner, from)}.${id}`));
}

export function schemaLink({ root }: SchemaFile): Inline {
  return link({ kind: 'page', page: pageName(root) }, code(root.id));
}

/** A type as it is used in `from`: a link where a schema describes it. */
export function userType(program: Program, type: Extract<SimpleTypeSpec, { kind: 'user' }>, from: ClassSpec): Inline[] {
  const found = program.findType(type.name, from);
  return found === undefined ? [code(typeNameText(type.name)), text(' (opaque)')] : [typeLink(found, from)];
}

export function enumOf(program: Program, { enum: named }: Pick<ParamSpec, 'enum'>, from: ClassSpec): Inline[] {
  const found = named && program.findEnum(named.value, from);
  return found === undefined ? [] : [enumLink(found, from)];
}
