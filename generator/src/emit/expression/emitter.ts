/** Makes the code of one expression: each of its parts once, in each form that is asked for. */
import type { Cast, Conditional, Expr } from '../../expr/ast.js';
import { isByteArrayLiteral } from '../../types/operator-types.js';
import type { Scope } from '../../types/known-types.js';
import { findEnumValue } from '../../types/program.js';
import { isNumeric, type ValueType } from '../../types/value-type.js';
import {
  FALSE,
  UNDEFINED,
  array,
  arrow,
  bool,
  bytesLiteral,
  call,
  callOf,
  conditional,
  float,
  infix,
  integer,
  member,
  method,
  string,
  template,
} from '../code/expressions.js';
import type { Code, Imported, Name } from '../code/nodes.js';
import { BOOLEAN, maybe } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { BIG_INT, ITEMS, NUMBER, UINT8_ARRAY } from '../context/locals.js';
import { isBig, isMixed, typeOf } from '../context/types.js';
import { constantOf } from './condition.js';
import type { Forms, Place } from './forms.js';
import { bigArithmetic } from './integer-arithmetic.js';
import { attributeCode, callCode, constantCode, nameCode } from './members.js';
import { narrowedBy } from './narrowing.js';
import { binaryCode, boundedText, unaryCode } from './operators.js';

/** Code that was made, by the part of the expression and what is known where it goes. */
type Made<T> = Map<Expr, Map<readonly Code[], { readonly code: T }>>;

export class ExpressionEmitter implements Forms {
  readonly context: EmitContext;
  readonly place: Place;
  readonly #scope: Scope;
  readonly #codes: Made<Code> = new Map();
  readonly #bigCodes: Made<Code> = new Map();
  readonly #computedCodes: Made<Code | undefined> = new Map();

  constructor(context: EmitContext, place: Place) {
    this.context = context;
    this.place = place;
    this.#scope = {
      owner: place.owner,
      ...(place.underscore === undefined ? {} : { underscore: place.underscore.type }),
    };
  }

  typeOf(expr: Expr): ValueType {
    return this.context.inference.valueType(expr, this.#scope);
  }

  isOptional(expr: Expr): boolean {
    return this.context.inference.typeOf(expr, this.#scope).optional;
  }

  isBig(expr: Expr): boolean {
    return isBig(this.context, this.typeOf(expr));
  }

  support(exported: string): Imported {
    return this.context.imports.support(exported);
  }

  maybe(expr: Expr): Code {
    return this.#once(this.#codes, expr, () => this.#made(expr));
  }

  sure(expr: Expr): Code {
    const code = this.maybe(expr);
    if (!this.isOptional(expr)) return code;
    // A condition on an absent flag does not hold, in the official JavaScript as well.
    if (this.typeOf(expr).kind === 'bool') return infix(code, '??', FALSE);
    return call(this.support('need'), code);
  }

  condition(expr: Expr): Code {
    const code = this.sure(expr);
    return constantOf(expr) === undefined ? code : callOf(this.support('as'), BOOLEAN, code);
  }

  number(expr: Expr): Code {
    if (expr.kind === 'int') return integer(expr.value);
    const code = this.sure(expr);
    return this.isBig(expr) ? call(this.support('toNumber'), code) : code;
  }

  float(expr: Expr): Code {
    const code = this.sure(expr);
    return this.isBig(expr) ? call(NUMBER, code) : code;
  }

  big(expr: Expr): Code {
    return this.#once(this.#bigCodes, expr, () => this.#madeBig(expr));
  }

  #madeBig(expr: Expr): Code {
    if (expr.kind === 'int') return integer(expr.value, true);
    const computed = this.computedBig(expr);
    if (computed !== undefined) return computed;
    const code = this.sure(expr);
    const toBig = this.#toBig(this.typeOf(expr));
    return toBig === undefined ? code : call(toBig, code);
  }

  computedBig(expr: Expr): Code | undefined {
    return expr.kind === 'binary' ? this.#once(this.#computedCodes, expr, () => bigArithmetic(this, expr)) : undefined;
  }

  as(expr: Expr, to: ValueType): Code {
    if (to.kind === 'float') return this.float(expr);
    if (to.kind === 'int' || to.kind === 'enum') return isBig(this.context, to) ? this.big(expr) : this.number(expr);
    if (to.kind === 'array' && expr.kind === 'array' && !isByteArrayLiteral(expr.items)) {
      return this.#items(expr.items, to.item);
    }
    const own = this.typeOf(expr);
    const convert = to.kind === 'array' && own.kind === 'array' ? this.#itemConversion(own.item, to.item) : undefined;
    if (convert !== undefined) return method(this.sure(expr), 'map', convert);
    return to.kind === 'any' ? this.maybe(expr) : this.sure(expr);
  }

  maybeAs(expr: Expr, to: ValueType): Code {
    if (!this.isOptional(expr)) return this.as(expr, to);
    const code = this.maybe(expr);
    const own = this.typeOf(expr);
    if (to.kind === 'array' && own.kind === 'array') {
      const convert = this.#itemConversion(own.item, to.item);
      if (convert === undefined) return code;
      return call(this.support('present'), code, arrow([ITEMS], method(ITEMS, 'map', convert)));
    }
    const convert = this.#itemConversion(own, to);
    return convert === undefined ? code : call(this.support('present'), code, convert);
  }

  /** The function that turns a number, or elements of an array, into that of another type; undefined where they are held alike. */
  #itemConversion(from: ValueType, to: ValueType): Name | Imported | undefined {
    if (!isNumber(from) || !isNumber(to) || isMixed(this.context, to)) return undefined;
    if (isBig(this.context, to)) return this.#toBig(from);
    if (!isBig(this.context, from)) return undefined;
    return to.kind === 'float' ? NUMBER : this.support('toNumber');
  }

  /** The function that makes a bigint of a number; undefined where it is one. */
  #toBig(from: ValueType): Name | Imported | undefined {
    if (from.kind === 'float' || isMixed(this.context, from)) return this.support('toBigInt');
    return isBig(this.context, from) ? undefined : BIG_INT;
  }

  /** Code for a part of the expression is asked for more than once, and so are its parts: it is made once. */
  #once<T extends Code | undefined>(made: Made<T>, expr: Expr, make: () => T): T {
    const { known } = this.context.narrowing;
    const forms = made.get(expr) ?? new Map<readonly Code[], { readonly code: T }>();
    made.set(expr, forms);
    const found = forms.get(known);
    if (found !== undefined) return found.code;
    const code = make();
    forms.set(known, { code });
    return code;
  }

  #made(expr: Expr): Code {
    switch (expr.kind) {
      case 'int':
        return integer(expr.value, this.isBig(expr));
      case 'float':
        return float(expr.value);
      case 'string':
        return string(expr.value);
      case 'fstring':
        return this.#interpolated(expr.parts);
      case 'bool':
        return bool(expr.value);
      case 'enum': {
        const type = this.typeOf(expr);
        if (type.kind !== 'enum') return UNDEFINED;
        const value = findEnumValue(type.spec, expr.value);
        const called = value === undefined ? expr.value : this.context.names.enumValue(type.spec, value);
        return member(this.context.imports.enum(type.spec), called);
      }
      case 'array':
        return this.#array(expr.items, this.typeOf(expr));
      case 'name':
        return nameCode(this, expr.name);
      case 'attribute':
        return attributeCode(this, expr);
      case 'call':
        return callCode(this, expr);
      case 'subscript':
        return call(this.support('itemAt'), this.sure(expr.object), this.number(expr.index));
      case 'unary':
        return unaryCode(this, expr);
      case 'binary':
        return binaryCode(this, expr);
      case 'conditional':
        return this.#conditional(expr);
      case 'cast':
        return this.#cast(expr);
      case 'sizeof':
        return constantCode(this.typeOf(expr));
    }
  }

  /** Both results in the representation that they share. */
  #conditional(expr: Conditional): Code {
    const type = this.typeOf(expr);
    const [whenTrue, whenFalse] = this.context.narrowing.within(narrowedBy(this, expr.condition), () => [
      this.maybeAs(expr.whenTrue, type),
      this.maybeAs(expr.whenFalse, type),
    ]);
    return conditional(this.condition(expr.condition), whenTrue, whenFalse);
  }

  #interpolated(parts: readonly (string | Expr)[]): Code {
    const code = template(...parts.map((part) => (typeof part === 'string' ? part : this.sure(part))));
    const mayGrow = parts.some((part) => typeof part !== 'string' && this.typeOf(part).kind !== 'int');
    return mayGrow ? boundedText(this, code) : code;
  }

  #array(items: readonly Expr[], type: ValueType): Code {
    if (type.kind === 'bytes') return bytesLiteral(items.map((item) => (item.kind === 'int' ? Number(item.value) : 0)));
    return this.#items(items, type.kind === 'array' ? type.item : type);
  }

  #items(items: readonly Expr[], type: ValueType): Code {
    return array(items.map((item) => this.as(item, type)));
  }

  #cast(expr: Cast): Code {
    const { object } = expr;
    const to = this.typeOf(expr);
    if (object.kind === 'array' && to.kind === 'bytes') {
      if (isByteArrayLiteral(object.items)) return this.#array(object.items, to);
      return method(UINT8_ARRAY, 'of', ...object.items.map((item) => this.number(item)));
    }
    if (object.kind === 'array' && to.kind === 'array') return this.#items(object.items, to.item);
    const from = this.typeOf(object);
    if ((to.kind === 'int' || to.kind === 'float') && isNumber(from)) return this.maybeAs(object, to);
    if (to.kind === from.kind && to.kind !== 'struct' && to.kind !== 'array') return this.maybe(object);
    const type = typeOf(this.context, to);
    return callOf(this.support('as'), this.isOptional(object) ? maybe(type) : type, this.maybe(object));
  }
}

/** Held as a number or as a bigint. */
function isNumber(type: ValueType): boolean {
  return type.kind === 'enum' || isNumeric(type);
}
