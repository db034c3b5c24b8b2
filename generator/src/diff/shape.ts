/** What members and types look like without their names: a rename is recognised by it. */
import type { ClassSpec, EnumSpec, SimpleTypeSpec } from '../spec/model.js';
import { isRead, membersOf, type Member, type ReadMember } from './member.js';

/** Equal for members that are read alike, as far as that can be said without knowing which names belong together. */
export function memberShape(member: Member): string {
  switch (member.kind) {
    case 'param':
      return `param ${member.param.type.kind} ${member.param.type.isArray}`;
    case 'value':
      return `value ${member.spec.value.text.trim()}`;
    case 'field':
      return readShape(member);
    case 'parse':
      return `${readShape(member)} at ${shapeOf(member.pos?.text)} of ${shapeOf(member.io?.text)}`;
  }
}

function readShape({ kind, attr, owner }: ReadMember): string {
  const { type, repeat } = attr;
  const types = type.kind === 'switch' ? type.cases.map(({ value }) => value) : [type];
  return JSON.stringify([
    kind,
    types.map((each) => typeShape(each, owner)),
    attr.contents === undefined ? undefined : [...attr.contents.bytes],
    shapeOf(attr.size?.text),
    attr.sizeEos,
    attr.terminator === undefined ? undefined : [...attr.terminator],
    attr.if === undefined,
    repeat?.kind,
    repeat?.kind === 'expr' ? shapeOf(repeat.count.text) : undefined,
    attr.process?.kind,
  ]);
}

function typeShape(type: SimpleTypeSpec, { meta }: ClassSpec): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 's' : 'u'}${type.bytes}${orderShape(type.endian ?? meta.endian)}`;
    case 'float':
      return `f${type.bytes}${orderShape(type.endian ?? meta.endian)}`;
    case 'bits':
      return `b${type.bits}${type.endian ?? meta.bitEndian ?? 'be'}`;
    default:
      return type.kind;
  }
}

const orderShape = (endian: unknown): string => (typeof endian === 'string' ? endian : 'calculated');

/** An expression with a mark for every name in it. */
const shapeOf = (text: string | undefined): string | undefined => text?.trim().replaceAll(/[a-z_]\w*/g, '·');

/** The shapes of a type's members, in order. */
export function classShapes(spec: ClassSpec): string[] {
  return [...membersOf(spec).values()].filter((member) => isRead(member) || member.kind === 'value').map(memberShape);
}

export const enumShape = ({ values }: EnumSpec): string =>
  values
    .map(({ value }) => String(value))
    .toSorted()
    .join();
