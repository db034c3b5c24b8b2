/** Fields, instances and parameters of a type as one list: they share one space of names. */
import type { Location } from '../diagnostics.js';
import { attrId } from '../emit/context/names.js';
import type { AttrSpec, ClassSpec, DocSpec, ParamSpec, ValueInstanceSpec, ExprSpec } from '../spec/model.js';

interface Common {
  readonly id: string;
  readonly owner: ClassSpec;
  readonly at: Location;
  readonly doc: DocSpec;
}
export interface FieldMember extends Common {
  readonly kind: 'field';
  readonly attr: AttrSpec;
}
export interface ParseMember extends Common {
  readonly kind: 'parse';
  readonly attr: AttrSpec;
  readonly pos: ExprSpec | undefined;
  readonly io: ExprSpec | undefined;
}
export interface ValueMember extends Common {
  readonly kind: 'value';
  readonly spec: ValueInstanceSpec;
}
export interface ParamMember extends Common {
  readonly kind: 'param';
  readonly param: ParamSpec;
}
/** What is read from the stream. */
export type ReadMember = FieldMember | ParseMember;
export type Member = ReadMember | ValueMember | ParamMember;

const known = new WeakMap<ClassSpec, ReadonlyMap<string, Member>>();

/** Members by id: parameters, then `seq`, then instances. */
export function membersOf(owner: ClassSpec): ReadonlyMap<string, Member> {
  const found = known.get(owner) ?? new Map(listMembers(owner).map((member) => [member.id, member]));
  known.set(owner, found);
  return found;
}

export function fieldsOf(owner: ClassSpec): FieldMember[] {
  return [...membersOf(owner).values()].filter((member) => member.kind === 'field');
}

function listMembers(owner: ClassSpec): Member[] {
  return [
    ...owner.params.map((param): Member => ({
      kind: 'param',
      id: param.id,
      owner,
      at: param.at,
      doc: param.doc,
      param,
    })),
    ...owner.seq.map((attr, index): Member => ({
      kind: 'field',
      id: attrId(attr, index),
      owner,
      at: attr.at,
      doc: attr.doc,
      attr,
    })),
    ...owner.instances.map((spec): Member => {
      const { id, at } = spec;
      if (spec.kind === 'value') return { kind: 'value', id, owner, at, doc: spec.doc, spec };
      return { kind: 'parse', id, owner, at, doc: spec.attr.doc, attr: spec.attr, pos: spec.pos, io: spec.io };
    }),
  ];
}

export const isRead = (member: Member): member is ReadMember => member.kind === 'field' || member.kind === 'parse';

/** `png::chunk` */
export const typePath = ({ path }: { readonly path: readonly string[] }): string => path.join('::');

/** `png::chunk.len` */
export const memberPath = ({ owner, id }: Pick<Member, 'owner' | 'id'>): string => `${typePath(owner)}.${id}`;
