/** Expressions of the schema as TypeScript. */
import type { Attribute, Binary, Call, Expr } from '../../expr/ast.js';
import { canonicalEncoding } from '../../spec/encodings.js';
import type { ClassSpec } from '../../spec/model.js';
import { isByteArrayLiteral, isComparison, type Scope } from '../../types/expression-types.js';
import { WIDEST, fitsInt32, isSafe, type IntRange } from '../../types/int-range.js';
import { findEnumValue } from '../../types/program.js';
import { FLOAT, intType, isNumeric, type MaybeType, type ValueType } from '../../types/value-type.js';
import { methodCode } from './built-in-methods.js';
import { bytesLiteral, quote, template } from '../code/text.js';
import { constantOf } from './condition.js';
import { isBig, typeText, whereNarrowed, type EmitContext } from '../context/context.js';
import { bigInteger, smallInteger, type Operands } from './integer-arithmetic.js';
import { P, atom, call, equality, infix, literal, negation, wrap, type Code } from '../code/operators.js';

/** Where an expression is put: what its names become there. */
export interface Place {
  readonly owner: ClassSpec;
  /** The object whose members are meant; `this` where not given. */
  readonly self?: string;
  /** `_`: its code and type. */
  readonly underscore?: { readonly code: string; readonly type: ValueType };
  /** Replaces access to a member of the owner. */
  readonly member?: (id: string) => string | undefined;
  /** The low 32 bits of an unsigned 64-bit member (or `_`): its low bits need no bigint. */
  readonly lowWord?: (id: string) => string | undefined;
}

/** The expression's code, of the type that inference gives it; an absent value fails where it has no meaning. */
export function emitSure(context: EmitContext, expr: Expr, place: Place): string {
  return new ExpressionEmitter(context, place).sure(expr).text;
}

/** A condition: never one of which TypeScript knows that it holds, or does not, and that code is not reached. */
export function emitCondition(context: EmitContext, expr: Expr, place: Place): Code {
  return new ExpressionEmitter(context, place).condition(expr);
}

/** As `emitAs`, but an absent value stays one. */
export function emitMaybeAs(context: EmitContext, expr: Expr, to: ValueType, place: Place): string {
  return new ExpressionEmitter(context, place).maybeAs(expr, to).text;
}

/** What is handed to a parameter: a value that may be absent stays so only where the parameter takes that. */
export function emitArgument(context: EmitContext, expr: Expr, to: MaybeType, place: Place): string {
  const emitter = new ExpressionEmitter(context, place);
  return (to.optional ? emitter.maybeAs(expr, to.type) : emitter.as(expr, to.type)).text;
}

/** A size, position, count or index: always a `number`. */
export function emitNumber(context: EmitContext, expr: Expr, place: Place): string {
  return new ExpressionEmitter(context, place).number(expr).text;
}

/** Code for a value of type `from`, turned into what holds values of type `to`. */
export function emitAs(context: EmitContext, expr: Expr, to: ValueType, place: Place): string {
  return new ExpressionEmitter(context, place).as(expr, to).text;
}

/** Code that may be known to equal a constant where it is known whether `expr` holds. */
export function narrowedBy(context: EmitContext, expr: Expr, place: Place): string[] {
  return new ExpressionEmitter(context, place).narrowedBy(expr);
}

/** Code that was made, by the part of the expression and what is known where it goes. */
type Made<T> = Map<Expr, Map<string, { readonly code: T }>>;

class ExpressionEmitter {
  readonly #context: EmitContext;
  readonly #place: Place;
  readonly #scope: Scope;
  readonly #codes: Made<Code> = new Map();
  readonly #bigCodes: Made<Code> = new Map();
  readonly #computedCodes: Made<Code | undefined> = new Map();

  constructor(context: EmitContext, place: Place) {
    this.#context = context;
    this.#place = place;
    this.#scope = {
      owner: place.owner,
      ...(place.underscore === undefined ? {} : { underscore: place.underscore.type }),
    };
  }

  sure(expr: Expr): Code {
    const code = this.maybe(expr);
    if (!this.#isOptional(expr)) return code;
    // A condition on an absent flag does not hold, in the official JavaScript as well.
    if (this.#type(expr).kind === 'bool') return atom(`(${wrap(code, P.postfix)} ?? false)`);
    return call(this.#support('need'), code.text);
  }

  condition(expr: Expr): Code {
    const code = this.sure(expr);
    return constantOf(expr) === undefined ? code : call(`${this.#support('as')}<boolean>`, code.text);
  }

  #isOptional(expr: Expr): boolean {
    return this.#context.inference.typeOf(expr, this.#scope).optional;
  }

  number(expr: Expr): Code {
    if (expr.kind === 'int') return literal(expr.value, false);
    const code = this.sure(expr);
    return this.#isBig(expr) ? call(this.#support('toNumber'), code.text) : code;
  }

  /** The value in the representation of `to`. */
  as(expr: Expr, to: ValueType): Code {
    if (to.kind === 'float') return this.#float(expr);
    if (to.kind === 'int' || to.kind === 'enum') return isBig(this.#context, to) ? this.#big(expr) : this.number(expr);
    if (to.kind === 'array' && expr.kind === 'array' && !isByteArrayLiteral(expr.items)) {
      return atom(`[${expr.items.map((item) => this.as(item, to.item).text).join(', ')}]`);
    }
    const own = this.#type(expr);
    const convert = to.kind === 'array' && own.kind === 'array' ? this.#itemConversion(own.item, to.item) : undefined;
    if (convert !== undefined) return call(`${wrap(this.sure(expr), P.postfix)}.map`, convert);
    return to.kind === 'any' ? this.maybe(expr) : this.sure(expr);
  }

  /** The function that turns elements of an array into those of another; undefined where they are held alike. */
  #itemConversion(from: ValueType, to: ValueType): string | undefined {
    const [isFromBig, isToBig] = [from, to].map((type) => isNumeric(type) && isBig(this.#context, type));
    if (!isNumeric(to) || isFromBig === isToBig) return undefined;
    return isToBig === true ? 'BigInt' : to.kind === 'float' ? 'Number' : this.#support('toNumber');
  }

  /** As `as`, for places that also take an absent value. */
  maybeAs(expr: Expr, to: ValueType): Code {
    if (!this.#isOptional(expr)) return this.as(expr, to);
    const code = this.maybe(expr);
    const own = this.#type(expr);
    if (to.kind === 'array' && own.kind === 'array') {
      const convert = this.#itemConversion(own.item, to.item);
      return convert === undefined
        ? code
        : call(this.#support('present'), code.text, `(items) => items.map(${convert})`);
    }
    if (!isNumeric(own) || isBig(this.#context, own) === isBig(this.#context, to)) return code;
    const convert = isBig(this.#context, to) ? 'BigInt' : to.kind === 'float' ? 'Number' : this.#support('toNumber');
    return call(this.#support('present'), code.text, convert);
  }

  #float(expr: Expr): Code {
    return this.#isBig(expr) ? call('Number', this.sure(expr).text) : this.sure(expr);
  }

  #big(expr: Expr): Code {
    return this.#once(this.#bigCodes, expr, () => this.#madeBig(expr));
  }

  #madeBig(expr: Expr): Code {
    if (expr.kind === 'int') return literal(expr.value, true);
    const computed = this.#computedBig(expr);
    if (computed !== undefined) return computed;
    const code = this.sure(expr);
    return this.#isBig(expr) ? code : call('BigInt', code.text);
  }

  /** Arithmetic that is done in bigint, be its result small or not. */
  #computedBig(expr: Expr): Code | undefined {
    return expr.kind === 'binary' ? this.#once(this.#computedCodes, expr, () => this.#madeComputed(expr)) : undefined;
  }

  #madeComputed(expr: Binary): Code | undefined {
    const [a, b, result] = [this.#type(expr.left), this.#type(expr.right), this.#type(expr)];
    if (a.kind !== 'int' || b.kind !== 'int' || result.kind !== 'int') return undefined;
    return this.#small(expr, a.range, b.range, result.range) === undefined
      ? bigInteger(expr, a.range, b.range, result.range, this.#operands)
      : undefined;
  }

  #type(expr: Expr): ValueType {
    return this.#context.inference.valueType(expr, this.#scope);
  }

  #isBig(expr: Expr): boolean {
    return isBig(this.#context, this.#type(expr));
  }

  #support(name: string): string {
    return this.#context.imports.support(name);
  }

  get #operands(): Operands {
    return {
      number: (expr) => this.number(expr),
      big: (expr) => this.#big(expr),
      support: (name) => this.#support(name),
    };
  }

  get #self(): string {
    return this.#place.self ?? 'this';
  }

  maybe(expr: Expr): Code {
    return this.#once(this.#codes, expr, () => this.#made(expr));
  }

  /** Code for a part of the expression is asked for more than once, and so are its parts: it is made once. */
  #once<T extends Code | undefined>(made: Made<T>, expr: Expr, make: () => T): T {
    const key = this.#context.narrowed.join('\n');
    const forms = made.get(expr) ?? new Map<string, { readonly code: T }>();
    made.set(expr, forms);
    const known = forms.get(key);
    if (known !== undefined) return known.code;
    const code = make();
    forms.set(key, { code });
    return code;
  }

  #made(expr: Expr): Code {
    switch (expr.kind) {
      case 'int':
        return literal(expr.value, this.#isBig(expr));
      case 'float':
        return atom(Number.isInteger(expr.value) ? expr.value.toFixed(1) : String(expr.value));
      case 'string':
        return atom(quote(expr.value));
      case 'fstring':
        return this.#interpolated(expr.parts);
      case 'bool':
        return atom(String(expr.value));
      case 'enum': {
        const type = this.#type(expr);
        if (type.kind !== 'enum') return atom('undefined');
        const value = findEnumValue(type.spec, expr.value);
        const member = value === undefined ? expr.value : this.#context.names.enumValue(type.spec, value);
        return atom(`${this.#context.imports.enum(type.spec)}.${member}`);
      }
      case 'array':
        return this.#array(expr.items, this.#type(expr));
      case 'name':
        return this.#name(expr.name);
      case 'attribute':
        return this.#attribute(expr);
      case 'call':
        return this.#call(expr);
      case 'subscript':
        return call(this.#support('itemAt'), this.sure(expr.object).text, this.number(expr.index).text);
      case 'unary':
        return this.#unary(expr.operator, expr.operand, this.#type(expr));
      case 'binary':
        return this.#binary(expr);
      case 'conditional': {
        const type = this.#type(expr);
        const arms = whereNarrowed(
          this.#context,
          this.narrowedBy(expr.condition),
          () => `${this.#arm(expr.whenTrue, type)} : ${this.#arm(expr.whenFalse, type)}`,
        );
        return { text: `${wrap(this.condition(expr.condition), P.or)} ? ${arms}`, precedence: P.conditional };
      }
      case 'cast':
        return this.#cast(expr.object, this.#type(expr));
      case 'sizeof':
        return this.#constant(this.#type(expr));
    }
  }

  /** One result of `?:`, in the representation both share. */
  #arm(expr: Expr, type: ValueType): string {
    return wrap(this.maybeAs(expr, type), P.or);
  }

  narrowedBy(expr: Expr): string[] {
    switch (expr.kind) {
      case 'unary':
        return this.narrowedBy(expr.operand);
      case 'name':
      case 'attribute':
        return this.#type(expr).kind === 'bool' ? [this.maybe(expr).text] : [];
      case 'binary':
        break;
      default:
        return [];
    }
    const { operator, left, right } = expr;
    if (operator === 'and' || operator === 'or') return [...this.narrowedBy(left), ...this.narrowedBy(right)];
    if (operator !== '==' && operator !== '!=') return [];
    return [...(hasLiteralType(right) ? [left] : []), ...(hasLiteralType(left) ? [right] : [])].map(
      (side) => this.maybe(side).text,
    );
  }

  #constant(type: ValueType): Code {
    return type.kind === 'int' ? literal(type.range.lo, !isSafe(type.range)) : atom('undefined');
  }

  #interpolated(parts: readonly (string | Expr)[]): Code {
    const code = template(parts.map((part) => (typeof part === 'string' ? part : this.#code(part))));
    const mayGrow = parts.some((part) => typeof part !== 'string' && this.#type(part).kind !== 'int');
    return mayGrow ? this.#text(code) : atom(code);
  }

  /** Text that is put together, which must not grow without end. */
  #text(code: string): Code {
    return call(this.#support('boundedText'), code);
  }

  #code(expr: Expr): { readonly code: string } {
    return { code: this.sure(expr).text };
  }

  #array(items: readonly Expr[], type: ValueType): Code {
    if (type.kind === 'bytes') {
      return atom(bytesLiteral(items.map((item) => (item.kind === 'int' ? Number(item.value) : 0))));
    }
    const item = type.kind === 'array' ? type.item : type;
    return atom(`[${items.map((element) => this.as(element, item).text).join(', ')}]`);
  }

  #name(name: string): Code {
    const { owner, underscore, member } = this.#place;
    switch (name) {
      case '_':
        return atom(underscore?.code ?? 'undefined');
      case '_index':
        return atom(this.#context.uses.note('i'));
      case '_parent':
        return this.#parent(this.#self, owner);
      case '_root':
        return this.#root(this.#self, owner);
      case '_io':
        return atom(`${this.#self}._io`);
      case '_sizeof':
        return this.#constant(this.#context.inference.valueType({ kind: 'name', name, offset: 0 }, this.#scope));
      default:
        return atom(member?.(name) ?? `${this.#self}.${this.#context.names.member(owner, name)}`);
    }
  }

  #attribute(expr: Attribute): Code {
    if (expr.name === '_sizeof') return this.#constant(this.#type(expr));
    const type = this.#type(expr.object);
    if (type.kind === 'struct' || type.kind === 'any-struct' || type.kind === 'opaque' || type.kind === 'union') {
      const object = wrap(this.sure(expr.object), P.postfix);
      if (expr.name === '_parent') return this.#parent(object, type.kind === 'struct' ? type.spec : undefined);
      if (expr.name === '_root') return this.#root(object, type.kind === 'struct' ? type.spec : undefined);
      if (expr.name.startsWith('_')) return atom(`${object}.${expr.name}`);
      if (type.kind !== 'struct') return atom(`${object}.${expr.name}`);
      return atom(`${object}.${this.#context.names.member(type.spec, expr.name)}`);
    }
    return methodCode(type.kind, expr.name, this.sure(expr.object), this.#isBig(expr), (name) => this.#support(name));
  }

  /** The root of `object`: a top type always has one. */
  #root(object: string, of: ClassSpec | undefined): Code {
    return of !== undefined && of.outer === undefined ? atom(`${object}._root`) : call(this.#support('rootOf'), object);
  }

  /** The parent of `object`: a top type may be used anywhere, so only its own file's expressions take it for more. */
  #parent(object: string, of: ClassSpec | undefined): Code {
    const parent = call(this.#support('parentOf'), object);
    const type = of === undefined || of.outer !== undefined ? undefined : this.#context.inference.parents.of(of);
    return type?.kind === 'struct'
      ? atom(`${this.#support('as')}<${typeText(this.#context, type)}>(${parent.text})`)
      : parent;
  }

  #call(expr: Call): Code {
    const { callee, args } = expr;
    if (callee.kind !== 'attribute') return atom('undefined');
    const [first, second] = args;
    if (first === undefined) return this.#attribute(callee);
    const object = this.sure(callee.object);
    if (callee.name === 'to_i') return call(this.#parser(this.#type(expr)), object.text, this.number(first).text);
    if (callee.name === 'to_s') {
      const name = first.kind === 'string' ? first.value : '';
      const encoding = canonicalEncoding(name) ?? name;
      return call(this.#context.imports.decoder(encoding), object.text, quote(encoding));
    }
    const range = [first, ...(second === undefined ? [] : [second])].map((arg) => this.number(arg).text);
    return atom(`${wrap(object, P.postfix)}.substring(${range.join(', ')})`);
  }

  #parser(result: ValueType): string {
    return this.#support(isBig(this.#context, result) ? 'parseBigInteger' : 'parseInteger');
  }

  #cast(object: Expr, to: ValueType): Code {
    const from = this.#type(object);
    if (object.kind === 'array' && to.kind === 'bytes') {
      if (from.kind === 'bytes') return this.#array(object.items, from);
      return call('Uint8Array.of', ...object.items.map((item) => this.number(item).text));
    }
    if (object.kind === 'array' && to.kind === 'array') {
      return atom(`[${object.items.map((item) => this.as(item, to.item).text).join(', ')}]`);
    }
    if ((to.kind === 'int' || to.kind === 'float') && isNumeric(from)) return this.maybeAs(object, to);
    if (to.kind === from.kind && to.kind !== 'struct' && to.kind !== 'array') return this.maybe(object);
    const { text } = this.maybe(object);
    const optional = this.#context.inference.typeOf(object, this.#scope).optional ? ' | undefined' : '';
    return atom(`${this.#support('as')}<${typeText(this.#context, to)}${optional}>(${text})`);
  }

  #unary(operator: string, operand: Expr, type: ValueType): Code {
    if (operator === 'not') {
      const condition = this.condition(operand);
      return { text: negation(condition), precedence: P.unary, opposite: condition.text };
    }
    const code = this.sure(operand);
    const inner = wrap(code, P.unary);
    if (operator === '+') return code;
    if (type.kind !== 'int') return { text: `-${inner}`, precedence: P.unary };
    const operandBig = this.#isBig(operand);
    const resultBig = isBig(this.#context, type);
    if (operandBig || resultBig) {
      const text = `${operator}${wrap(this.#big(operand), P.unary)}`;
      return resultBig ? { text, precedence: P.unary } : call('Number', text);
    }
    if (operand.kind === 'int') return literal(type.range.lo, false);
    if (operator === '~') {
      const operandType = this.#type(operand);
      const small = operandType.kind === 'int' && fitsInt32(operandType.range);
      return small
        ? { text: `~${inner}`, precedence: P.unary }
        : { text: `-1 - ${wrap(code, P.product)}`, precedence: P.sum };
    }
    // `0 - x`, because `-x` of zero is minus zero.
    return { text: `0 - ${wrap(code, P.product)}`, precedence: P.sum };
  }

  #binary(expr: Binary): Code {
    const { operator, left, right } = expr;
    if (operator === 'and' || operator === 'or') {
      const then = whereNarrowed(this.#context, this.narrowedBy(left), () => this.condition(right));
      return operator === 'and'
        ? infix(this.condition(left), '&&', then, P.and)
        : infix(this.condition(left), '||', then, P.or);
    }
    if (isComparison(operator)) return this.#comparison(expr);
    const a = this.#type(left);
    const b = this.#type(right);
    const result = this.#type(expr);
    if (a.kind === 'int' && b.kind === 'int' && result.kind === 'int') {
      return this.#integer(expr, a.range, b.range, result.range);
    }
    const [x, y] =
      result.kind === 'float' ? [this.#float(left), this.#float(right)] : [this.sure(left), this.sure(right)];
    const code = infix(x, operator, y, operator === '+' || operator === '-' ? P.sum : P.product);
    return result.kind === 'str' ? this.#text(code.text) : code;
  }

  #comparison({ operator, left, right }: Binary): Code {
    const a = this.#type(left);
    const b = this.#type(right);
    const isEquality = operator === '==' || operator === '!=';
    if (a.kind === 'bytes' && b.kind === 'bytes') {
      const [x, y] = [this.sure(left).text, this.sure(right).text];
      if (!isEquality) return infix(call(this.#support('compareBytes'), x, y), operator, atom('0'), P.relation);
      const equal = call(this.#support('equalBytes'), x, y);
      return operator === '==' ? equal : { text: negation(equal), precedence: P.unary, opposite: equal.text };
    }
    const isWide = (side: Expr): boolean => this.#isBig(side) || this.#computedBig(side) !== undefined;
    const big = a.kind === 'int' && b.kind === 'int' && (isWide(left) || isWide(right));
    const numeric = isNumeric(a) && isNumeric(b) && (a.kind !== 'int' || b.kind !== 'int');
    const code = (side: Expr): Code => {
      // What is absent equals nothing.
      if (isEquality && this.#isOptional(side))
        return this.maybeAs(side, big ? intType(WIDEST) : numeric ? FLOAT : this.#type(side));
      return big ? this.#big(side) : numeric ? this.#float(side) : this.sure(side);
    };
    const [x, y] = [code(left), code(right)];
    // TypeScript refuses to compare literals that differ, and what it knows to equal one.
    const isKnown = (side: Expr, { text }: Code): boolean =>
      hasLiteralType(side) || this.#context.narrowed.includes(text);
    const widened =
      isKnown(left, x) && isKnown(right, y)
        ? atom(`${this.#support('as')}<${typeText(this.#context, a)}>(${x.text})`)
        : x;
    return compared(widened, operator, y);
  }

  /** Arithmetic on integers: in doubles where every operand and result is exact in one, otherwise in bigint. */
  #integer(expr: Binary, a: IntRange, b: IntRange, result: IntRange): Code {
    const small = this.#small(expr, a, b, result);
    if (small !== undefined) return small;
    const code = bigInteger(expr, a, b, result, this.#operands);
    return isSafe(result) ? call('Number', code.text) : code;
  }

  #small(expr: Binary, a: IntRange, b: IntRange, result: IntRange): Code | undefined {
    const low = this.#lowBits(expr);
    if (low !== undefined) return low;
    return isSafe(a) && isSafe(b) && isSafe(result) ? smallInteger(expr, a, b, result, this.#operands) : undefined;
  }

  /** `x % 2^n` and `x & mask` of a 64-bit field whose low word is at hand. */
  #lowBits({ operator, left, right }: Binary): Code | undefined {
    const low = left.kind === 'name' ? this.#place.lowWord?.(left.name) : undefined;
    if (low === undefined || right.kind !== 'int' || right.value <= 0n) return undefined;
    const isPower = (right.value & (right.value - 1n)) === 0n;
    const mask = operator === '%' && isPower ? right.value - 1n : operator === '&' ? right.value : -1n;
    if (mask < 0n || mask >= 1n << 31n) return undefined;
    return infix(atom(low), '&', literal(mask, false), P.bitAnd);
  }
}

function compared(left: Code, operator: Binary['operator'], right: Code): Code {
  return operator === '==' || operator === '!='
    ? equality(left, operator === '==', right)
    : infix(left, operator, right, P.relation);
}

/** Whether TypeScript gives the expression's code the type of a single value. */
export function hasLiteralType(expr: Expr): boolean {
  switch (expr.kind) {
    case 'int':
    case 'string':
    case 'bool':
    case 'enum':
      return true;
    case 'fstring':
      return expr.parts.every((part) => typeof part === 'string' || hasLiteralType(part));
    case 'unary':
    case 'cast':
      return hasLiteralType(expr.kind === 'cast' ? expr.object : expr.operand);
    case 'attribute':
      return expr.name === 'to_i' && hasLiteralType(expr.object);
    case 'conditional':
      return hasLiteralType(expr.whenTrue) && hasLiteralType(expr.whenFalse);
    default:
      return false;
  }
}
