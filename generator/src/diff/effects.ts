/**
 * What follows from a change: a graph over both states of the schemas, whose nodes are what may differ in a file that is
 * read (values of members, how many bytes a field or a type takes) and whose edges lead to what depends on it.
 */
import { mentions } from '../expr/names.js';
import { placeFields, type FieldPlace } from '../emit/layout/layout.js';
import type { AttrSpec, ClassSpec, EnumValueSpec, ExprSpec } from '../spec/model.js';
import { processArguments } from '../types/expressions.js';
import { attrTypes, isDelimited, usedTypes, withNested, type Program } from '../types/program.js';
import { bitSizeOfAttr, bitSizeOfClass } from '../types/sizes.js';
import { mentionsOf, type Mentions, type Place } from './expression.js';
import type { Identities } from './identity.js';
import { fieldsOf, isRead, membersOf, type FieldMember, type Member, type ReadMember } from './member.js';
import type { Side } from './side.js';

type Node = string;

/** Where in any stream something stands, or how much is left of it. */
const ANY_STREAM: Node = 'stream';
/** Which object is the parent of another one. */
export const PARENT: Node = 'parent';

export class Effects {
  readonly #ids: Identities;
  readonly #edges = new Map<Node, Set<Node>>();
  readonly #members = new Map<Node, Member>();
  readonly #order: Member[] = [];

  constructor(old: Side, now: Side, ids: Identities) {
    this.#ids = ids;
    for (const side of [now, old]) {
      for (const owner of side.program.classes) {
        for (const member of membersOf(owner).values()) {
          const node = this.value(member);
          if (this.#members.has(node)) continue;
          this.#members.set(node, member);
          this.#order.push(member);
        }
      }
    }
    new Wiring(now, old, ids, this).connect();
    new Wiring(old, now, ids, this).connect();
  }

  connect(from: Node, ...to: readonly Node[]): void {
    const known = this.#edges.get(from) ?? new Set();
    this.#edges.set(from, known);
    for (const each of to) known.add(each);
  }

  /** The value of a member, or of an enum's name. */
  value(part: Member | EnumValueSpec): Node {
    return `value ${this.#ids.of(part)}`;
  }

  /** How many bytes a field, or a type, takes. */
  extent(part: Member | ClassSpec): Node {
    return `extent ${this.#ids.of(part)}`;
  }

  /** The bytes of which a type is read. */
  source(spec: ClassSpec): Node {
    return `source ${this.#ids.of(spec)}`;
  }

  /** Where in its stream a type is being read, and how long that is. */
  stream(spec: ClassSpec): Node {
    return `stream ${this.#ids.of(spec)}`;
  }

  /** Where field `index` of a type begins. */
  start(side: Side, spec: ClassSpec, index: number): Node {
    return `start ${side.label} ${this.#ids.of(spec)} ${index}`;
  }

  /** Members whose values may differ if `sources` do: in the order of the schemas, those of the type `first` before others. */
  reached(sources: Iterable<Node>, first?: ClassSpec): Member[] {
    const seen = new Set(sources);
    // What is added while the set is walked through is walked through as well.
    for (const node of seen) for (const next of this.#edges.get(node) ?? []) seen.add(next);
    const reached = this.#order.filter((member) => seen.has(this.value(member)));
    const isFirst = ({ owner }: Member): boolean => owner === first;
    return [...reached.filter(isFirst), ...reached.filter((member) => !isFirst(member))];
  }
}

/** The edges that one side's schemas make. */
class Wiring {
  readonly #side: Side;
  readonly #program: Program;
  readonly #other: Side;
  readonly #ids: Identities;
  readonly #to: Effects;

  constructor(side: Side, other: Side, ids: Identities, to: Effects) {
    this.#side = side;
    this.#program = side.program;
    this.#other = other;
    this.#ids = ids;
    this.#to = to;
  }

  connect(): void {
    for (const owner of this.#program.classes) {
      this.#connectSequence(owner);
      for (const member of membersOf(owner).values()) this.#connectMember(member);
      this.#connectEndian(owner);
    }
  }

  #connectSequence(owner: ClassSpec): void {
    const to = this.#to;
    const fields = fieldsOf(owner);
    const isFixedSize = this.#keepsSize(owner);
    const unplaced = [...membersOf(owner).values()].filter((each) => each.kind === 'parse' && each.pos === undefined);
    const source = to.source(owner);
    to.connect(source, to.stream(owner));
    to.connect(to.stream(owner), ANY_STREAM);
    for (const [index, field] of fields.entries()) {
      const next = to.start(this.#side, owner, index + 1);
      const start = to.start(this.#side, owner, index);
      to.connect(start, next);
      to.connect(source, ...this.#readNodes(field));
      if (!this.#keepsPlace(field, index)) to.connect(start, ...this.#readNodes(field));
      to.connect(to.extent(field), next, to.stream(owner), ...unplaced.map((each) => to.value(each)));
      if (!isFixedSize) to.connect(to.extent(field), to.extent(owner));
    }
    for (const member of membersOf(owner).values()) if (member.kind === 'parse') to.connect(source, to.value(member));
  }

  /** What differs where a field is read from other bytes. */
  #readNodes(field: FieldMember): Node[] {
    const size = bitSizeOfAttr(this.#program, field.attr, field.owner);
    return [this.#to.value(field), ...(size === undefined ? [this.#to.extent(field)] : [])];
  }

  /** Whether both states put the field at one constant place, counted from where its type begins. */
  #keepsPlace(field: FieldMember, index: number): boolean {
    const partner = this.#ids.members.partnerOf(field);
    const place = this.#places(this.#program, field.owner)[index];
    if (partner?.kind !== 'field' || place?.offset === undefined) return false;
    const other = this.#places(this.#other.program, partner.owner).find(({ attr }) => attr === partner.attr);
    return other !== undefined && other.offset === place.offset && sameBits(place, other);
  }

  readonly #known = new WeakMap<ClassSpec, readonly FieldPlace[]>();
  #places(program: Program, owner: ClassSpec): readonly FieldPlace[] {
    const found = this.#known.get(owner) ?? placeFields(program, owner);
    this.#known.set(owner, found);
    return found;
  }

  #keepsSize(owner: ClassSpec): boolean {
    const partner = this.#ids.types.partnerOf(owner);
    const size = bitSizeOfClass(this.#program, owner);
    return partner !== undefined && size !== undefined && size === bitSizeOfClass(this.#other.program, partner);
  }

  #connectMember(member: Member): void {
    if (isRead(member)) this.#connectRead(member);
    else if (member.kind === 'value')
      for (const expr of given(member.spec.value, member.spec.if))
        this.#depends(expr, { owner: member.owner }, [this.#to.value(member)]);
  }

  #connectRead(member: ReadMember): void {
    const to = this.#to;
    const { attr, owner } = member;
    const dependents = [to.value(member), ...(member.kind === 'field' ? [to.extent(member)] : [])];
    for (const used of usedTypes(this.#program, attr, owner)) {
      to.connect(to.value(member), to.source(used));
      if (member.kind === 'field' && !isDelimited(attr)) to.connect(to.extent(used), to.extent(member));
    }
    for (const expr of readExpressions(attr)) this.#depends(expr, { owner }, dependents);
    if (member.kind === 'parse')
      for (const expr of given(member.pos, member.io)) this.#depends(expr, { owner }, dependents);
    if (attr.repeat?.kind === 'until') {
      const underscore = this.#program.itemType(attr, owner).type;
      this.#depends(attr.repeat.until, { owner, underscore }, dependents);
    }
    this.#connectArguments(attr, owner);
  }

  #connectArguments(attr: AttrSpec, owner: ClassSpec): void {
    for (const type of attrTypes(attr)) {
      const used = type.kind === 'user' ? this.#program.findType(type.name, owner) : undefined;
      if (type.kind !== 'user' || used === undefined) continue;
      const params = [...membersOf(used).values()].filter(({ kind }) => kind === 'param');
      for (const [index, arg] of type.args.entries()) {
        const param = params[index];
        if (param !== undefined) this.#depends(arg, { owner }, [this.#to.value(param)]);
      }
    }
  }

  /** A calculated order of bytes is that of all numbers in the type, and in those written in it. */
  #connectEndian(owner: ClassSpec): void {
    const { endian } = owner.meta;
    if (typeof endian !== 'object' || owner.outer?.meta.endian === endian) return;
    const numbers = withNested(owner)
      .filter(({ meta }) => meta.endian === endian)
      .flatMap((spec) => [...membersOf(spec).values()])
      .filter((member) => isRead(member) && attrTypes(member.attr).some((type) => 'endian' in type && !type.endian));
    const nodes = numbers.map((member) => this.#to.value(member));
    for (const expr of given(endian.on, ...endian.cases.map(({ match }) => match)))
      this.#depends(expr, { owner }, nodes);
  }

  #depends(expr: ExprSpec, place: Place, dependents: readonly Node[]): void {
    const { parts, streams } = mentionsOf(this.#side, expr, place);
    for (const part of parts) this.#to.connect(this.#nodeOf(part), ...dependents);
    for (const spec of streams)
      this.#to.connect(spec === undefined ? ANY_STREAM : this.#to.stream(spec), ...dependents);
    if (mentions(expr.expr, '_parent')) this.#to.connect(PARENT, ...dependents);
  }

  #nodeOf(part: Mentions['parts'][number]): Node {
    if ('types' in part) return this.#to.extent(part);
    return this.#to.value(part);
  }
}

function sameBits(a: FieldPlace, b: FieldPlace): boolean {
  if (a.bits === undefined || b.bits === undefined) return a.bits === b.bits;
  const isSameGroup = a.bits.group.endian === b.bits.group.endian && a.bits.group.offset === b.bits.group.offset;
  return isSameGroup && a.bits.first === b.bits.first;
}

/** What decides how a field is read, but for `repeat-until`, arguments, and where it is. */
function readExpressions(attr: AttrSpec): ExprSpec[] {
  const { type, repeat } = attr;
  const choice = type.kind === 'switch' ? [type.on, ...type.cases.map(({ match }) => match)] : [];
  return given(
    ...choice,
    attr.size,
    attr.if,
    repeat?.kind === 'expr' ? repeat.count : undefined,
    ...processArguments(attr.process),
  );
}

const given = (...expressions: readonly (ExprSpec | undefined)[]): ExprSpec[] =>
  expressions.filter((expr) => expr !== undefined);
