/** Expressions by what their names stand for: a renamed field leaves them as they are. */
import { childExpressions, nodesOf } from '../expr/names.js';
import type { Expr, TypeName } from '../expr/ast.js';
import type { ClassSpec, EnumValueSpec, ExprSpec } from '../spec/model.js';
import { ExpressionError, type Scope } from '../types/known-types.js';
import { findEnumValue } from '../types/program.js';
import type { MaybeType, ValueType } from '../types/value-type.js';
import type { Identities } from './identity.js';
import { membersOf, type Member } from './member.js';
import type { Side } from './side.js';

/** Where an expression stands: `_` may be the value or the element of a field. */
export interface Place {
  readonly owner: ClassSpec;
  readonly underscore?: ValueType;
}

/** A text that is equal for expressions that mean the same, however their names and numbers are written. */
export function canonical(side: Side, ids: Identities, spec: ExprSpec, place: Place): string {
  return new Canonical(side, ids, place).text(spec.expr);
}

/** The integer that an expression always is; undefined for others. */
export function constantOf(side: Side, { expr }: ExprSpec, place: Place): bigint | undefined {
  const type = typeOf(side, expr, place)?.type;
  return type?.kind === 'int' && type.range.lo === type.range.hi ? type.range.lo : undefined;
}

type Mentioned = Member | EnumValueSpec | ClassSpec;

export interface Mentions {
  /** Members, values of enums, types whose size is asked for. */
  readonly parts: readonly Mentioned[];
  /** Types whose stream is asked for its position or size; undefined for that of an object of any type. */
  readonly streams: readonly (ClassSpec | undefined)[];
}

export function mentionsOf(side: Side, { expr }: ExprSpec, place: Place): Mentions {
  const nodes = nodesOf(expr);
  return {
    parts: nodes.flatMap((node) => partsOf(side, node, place)),
    streams: nodes.flatMap((node) => streamsOf(side, node, place)),
  };
}

function streamsOf(side: Side, node: Expr, place: Place): (ClassSpec | undefined)[] {
  if (node.kind === 'name' && node.name === '_io') return [place.owner];
  if (node.kind === 'attribute' && node.name === '_io') {
    const type = typeOf(side, node.object, place)?.type;
    return [type?.kind === 'struct' ? type.spec : undefined];
  }
  const isStream = node.kind === 'name' && typeOf(side, node, place)?.type.kind === 'io';
  return isStream ? [undefined] : [];
}

function partsOf(side: Side, node: Expr, place: Place): Mentioned[] {
  if (node.kind === 'sizeof') return given(side.program.findType(node.type, place.owner));
  if (node.kind === 'enum') return given(enumValueOf(side, node.enumName, node.value, place.owner));
  if (node.kind === 'name' && node.name === '_sizeof') return [place.owner];
  if (node.kind === 'attribute' && node.name === '_sizeof') return sizedBy(side, node.object, place);
  return node.kind === 'name' || node.kind === 'attribute' ? given(memberOf(side, node, place)) : [];
}

/** Of `foo._sizeof`: the type of `foo`, where it is a structure. */
function sizedBy(side: Side, object: Expr, place: Place): Mentioned[] {
  const type = typeOf(side, object, place)?.type;
  return type?.kind === 'struct' ? [type.spec] : [];
}

function memberOf(side: Side, node: Expr, place: Place): Member | undefined {
  if (node.kind === 'name') return membersOf(place.owner).get(node.name);
  if (node.kind !== 'attribute') return undefined;
  const type = typeOf(side, node.object, place)?.type;
  return type?.kind === 'struct' ? membersOf(type.spec).get(node.name) : undefined;
}

function enumValueOf(side: Side, name: TypeName, value: string, owner: ClassSpec): EnumValueSpec | undefined {
  const spec = side.program.findEnum(name, owner);
  return spec && findEnumValue(spec, value);
}

function typeOf(side: Side, expr: Expr, { owner, underscore }: Place): MaybeType | undefined {
  const scope: Scope = { owner, ...(underscore === undefined ? {} : { underscore }) };
  try {
    return side.inference.typeOf(expr, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

const given = (part: Mentioned | undefined): Mentioned[] => (part === undefined ? [] : [part]);

class Canonical {
  readonly #side: Side;
  readonly #ids: Identities;
  readonly #place: Place;

  constructor(side: Side, ids: Identities, place: Place) {
    this.#side = side;
    this.#ids = ids;
    this.#place = place;
  }

  text(expr: Expr): string {
    const folded = this.#folded(expr);
    if (folded !== undefined) return folded;
    const children = childExpressions(expr).map((child) => this.text(child));
    switch (expr.kind) {
      case 'int':
      case 'float':
      case 'bool':
        return String(expr.value);
      case 'string':
        return JSON.stringify(expr.value);
      case 'fstring':
        return `f(${expr.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : this.text(part))).join()})`;
      case 'name':
        return this.#member(expr) ?? expr.name;
      case 'attribute':
        return `${children.join()}.${this.#member(expr) ?? expr.name}`;
      case 'enum': {
        const value = enumValueOf(this.#side, expr.enumName, expr.value, this.#place.owner);
        return value === undefined ? expr.value : this.#ids.of(value);
      }
      case 'unary':
        return expr.operator === '+' ? children.join() : `${expr.operator}(${children.join()})`;
      case 'binary':
        return `(${children.join(` ${expr.operator} `)})`;
      case 'cast':
        return `${children.join()}.as<${this.#type(expr.type)}>`;
      case 'sizeof':
        return `${expr.inBits ? 'bitsizeof' : 'sizeof'}<${this.#type(expr.type)}>`;
      case 'array':
      case 'call':
      case 'subscript':
      case 'conditional':
        return `${expr.kind}(${children.join()})`;
    }
  }

  /** Arithmetic of numbers alone, done. */
  #folded(expr: Expr): string | undefined {
    if (expr.kind !== 'binary' && expr.kind !== 'unary') return undefined;
    if (nodesOf(expr).some(({ kind }) => kind !== 'binary' && kind !== 'unary' && kind !== 'int')) return undefined;
    return constantOf(this.#side, { expr, text: '', at: this.#place.owner.at }, this.#place)?.toString();
  }

  #member(expr: Expr): string | undefined {
    const member = memberOf(this.#side, expr, this.#place);
    return member && this.#ids.of(member);
  }

  #type(name: TypeName): string {
    const { owner } = this.#place;
    const found = this.#side.program.findType(name, owner) ?? this.#side.program.findEnum(name, owner);
    const text = found === undefined ? name.names.join('::') : this.#ids.of(found);
    return name.isArray ? `${text}[]` : text;
  }
}
