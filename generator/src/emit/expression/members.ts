/** Names, members, and calls of methods. */
import type { Attribute, Call } from '../../expr/ast.js';
import { canonicalEncoding } from '../../spec/encodings.js';
import type { ClassSpec } from '../../spec/model.js';
import { isSafe } from '../../types/int-range.js';
import type { ValueType } from '../../types/value-type.js';
import { THIS, UNDEFINED, call, callOf, integer, member, method, string } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import { I } from '../context/locals.js';
import { isBig, typeOf } from '../context/types.js';
import { methodCode } from './built-in-methods.js';
import type { Forms } from './forms.js';

export function nameCode(forms: Forms, name: string): Code {
  const { owner, underscore, member: replaced, self = THIS } = forms.place;
  switch (name) {
    case '_':
      return underscore?.code ?? UNDEFINED;
    case '_index':
      return I;
    case '_parent':
      return parentCode(forms, self, owner);
    case '_root':
      return rootCode(forms, self, owner);
    case '_io':
      return member(self, '_io');
    case '_sizeof':
      return constantCode(forms.typeOf({ kind: 'name', name, offset: 0 }));
    default:
      return replaced?.(name) ?? member(self, forms.context.names.member(owner, name));
  }
}

export function attributeCode(forms: Forms, expr: Attribute): Code {
  if (expr.name === '_sizeof') return constantCode(forms.typeOf(expr));
  const type = forms.typeOf(expr.object);
  const object = forms.sure(expr.object);
  if (type.kind === 'struct' || type.kind === 'any-struct' || type.kind === 'opaque' || type.kind === 'union') {
    if (expr.name === '_parent') return parentCode(forms, object, type.kind === 'struct' ? type.spec : undefined);
    if (expr.name === '_root') return rootCode(forms, object, type.kind === 'struct' ? type.spec : undefined);
    const isOfSchema = type.kind === 'struct' && !expr.name.startsWith('_');
    return member(object, isOfSchema ? forms.context.names.member(type.spec, expr.name) : expr.name);
  }
  return methodCode(type.kind, expr.name, object, forms.isBig(expr), (name) => forms.support(name));
}

/** The root of `object`: a top type always has one. */
function rootCode(forms: Forms, object: Code, of: ClassSpec | undefined): Code {
  return of !== undefined && of.outer === undefined ? member(object, '_root') : call(forms.support('rootOf'), object);
}

/** The parent of `object`: a top type may be used anywhere, so only its own file's expressions take it for more. */
function parentCode(forms: Forms, object: Code, of: ClassSpec | undefined): Code {
  const parent = call(forms.support('parentOf'), object);
  const type = of === undefined || of.outer !== undefined ? undefined : forms.context.inference.parents.of(of);
  return type?.kind === 'struct' ? callOf(forms.support('as'), typeOf(forms.context, type), parent) : parent;
}

/** A value that is known when code is made. */
export function constantCode(type: ValueType): Code {
  return type.kind === 'int' ? integer(type.range.lo, !isSafe(type.range)) : UNDEFINED;
}

export function callCode(forms: Forms, expr: Call): Code {
  const { callee, args } = expr;
  if (callee.kind !== 'attribute') return UNDEFINED;
  const [first, second] = args;
  if (first === undefined) return attributeCode(forms, callee);
  const object = forms.sure(callee.object);
  if (callee.name === 'to_i') {
    const parser = isBig(forms.context, forms.typeOf(expr)) ? 'parseBigInteger' : 'parseInteger';
    return call(forms.support(parser), object, forms.number(first));
  }
  if (callee.name === 'to_s') {
    const name = first.kind === 'string' ? first.value : '';
    const encoding = canonicalEncoding(name) ?? name;
    return call(forms.context.imports.decoder(encoding), object, string(encoding));
  }
  const range = [first, ...(second === undefined ? [] : [second])].map((arg) => forms.number(arg));
  return method(object, 'substring', ...range);
}
