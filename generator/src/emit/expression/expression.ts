/** Expressions of the schema as TypeScript. */
import type { Expr } from '../../expr/ast.js';
import type { MaybeType, ValueType } from '../../types/value-type.js';
import type { EmitContext } from '../context/context.js';
import { ExpressionEmitter } from './emitter.js';
import type { Place } from './forms.js';
import { narrowedBy } from './narrowing.js';
import type { Code } from '../code/nodes.js';

/** The expression's code, of the type that inference gives it; an absent value fails where it has no meaning. */
export function emitSure(context: EmitContext, expr: Expr, place: Place): Code {
  return new ExpressionEmitter(context, place).sure(expr);
}

/** A condition: never one of which TypeScript knows that it holds, or does not, and that code is not reached. */
export function emitCondition(context: EmitContext, expr: Expr, place: Place): Code {
  return new ExpressionEmitter(context, place).condition(expr);
}

/** A size, position, count or index: always a `number`. */
export function emitNumber(context: EmitContext, expr: Expr, place: Place): Code {
  return new ExpressionEmitter(context, place).number(expr);
}

/** Code for a value of type `from`, turned into what holds values of type `to`. */
export function emitAs(context: EmitContext, expr: Expr, to: ValueType, place: Place): Code {
  return new ExpressionEmitter(context, place).as(expr, to);
}

/** As `emitAs`, but an absent value stays one. */
export function emitMaybeAs(context: EmitContext, expr: Expr, to: ValueType, place: Place): Code {
  return new ExpressionEmitter(context, place).maybeAs(expr, to);
}

/** What is handed to a parameter: a value that may be absent stays so only where the parameter takes that. */
export function emitArgument(context: EmitContext, expr: Expr, to: MaybeType, place: Place): Code {
  const emitter = new ExpressionEmitter(context, place);
  return to.optional ? emitter.maybeAs(expr, to.type) : emitter.as(expr, to.type);
}

/** Code that may be known to equal a constant where it is known whether `expr` holds. */
export function emitNarrowed(context: EmitContext, expr: Expr, place: Place): Code[] {
  return narrowedBy(new ExpressionEmitter(context, place), expr);
}
