/** The type of each kind of expression, given the types of what it refers to. */
import type { Expr } from '../expr/ast.js';
import { BYTE } from './built-in.js';
import { single } from './int-range.js';
import { ExpressionError, type KnownTypes, type Scope } from './known-types.js';
import { attributeType, callType, nameType } from './member-types.js';
import { enumOf, namedType, sizeOfNamed } from './named-types.js';
import { arrayType, binaryType, conditionalType, unaryType } from './operator-types.js';
import { BOOL, FLOAT, STR, intType, isNumeric, sure, typeName, type MaybeType, type ValueType } from './value-type.js';

/** The type of one expression. @throws {ExpressionError} where operators, members or names do not fit */
export function expressionType(known: KnownTypes, expr: Expr, scope: Scope): MaybeType {
  switch (expr.kind) {
    case 'int':
      return sure(intType(single(expr.value)));
    case 'float':
      return sure(FLOAT);
    case 'string':
      return sure(STR);
    case 'fstring':
      for (const part of expr.parts) if (typeof part !== 'string') expectPrintable(known, part, scope);
      return sure(STR);
    case 'bool':
      return sure(BOOL);
    case 'enum':
      return sure({ kind: 'enum', spec: enumOf(known, expr.enumName, expr.value, expr.offset, scope) });
    case 'array':
      return sure(arrayType(known, expr.items, scope));
    case 'name':
      return nameType(known, expr, scope);
    case 'attribute':
      return attributeType(known, expr, scope);
    case 'call':
      return sure(callType(known, expr, scope));
    case 'subscript':
      return sure(elementType(known, expr.object, expr.index, scope));
    case 'unary':
      return sure(unaryType(known, expr, scope));
    case 'binary':
      return sure(binaryType(known, expr, scope));
    case 'conditional':
      return conditionalType(known, expr, scope);
    case 'cast': {
      const type = namedType(known, expr.type, scope.owner);
      if (expr.object.kind === 'array' && isListType(type)) {
        expectElements(known, expr.object.items, type, scope);
        return sure(type);
      }
      return { type, optional: known.typeOf(expr.object, scope).optional };
    }
    case 'sizeof':
      return sure(intType(single(BigInt(sizeOfNamed(known, expr.type, expr.inBits, scope.owner)))));
  }
}

const isListType = (type: ValueType): boolean => type.kind === 'bytes' || type.kind === 'array';

/** The elements of a list whose type a cast tells may be of several types: numbers and values of enums, for numbers. */
function expectElements(known: KnownTypes, items: readonly Expr[], type: ValueType, scope: Scope): void {
  const isOfNumbers = type.kind === 'bytes' || (type.kind === 'array' && isNumeric(type.item));
  const elements = items.map((item) => known.valueType(item, scope));
  if (!isOfNumbers || !elements.every((element) => element.kind === 'enum' || isNumeric(element)))
    arrayType(known, items, scope);
}

function elementType(known: KnownTypes, object: Expr, index: Expr, scope: Scope): ValueType {
  const type = known.valueType(object, scope);
  const at = known.valueType(index, scope);
  if (at.kind !== 'int' && at.kind !== 'never') {
    throw new ExpressionError(index.offset, `an index must be an integer, not ${typeName(at)}`);
  }
  if (type.kind === 'array') return type.item;
  if (type.kind === 'bytes') return BYTE;
  if (type.kind === 'never') return type;
  throw new ExpressionError(object.offset, `${typeName(type)} cannot be indexed`);
}

function expectPrintable(known: KnownTypes, expr: Expr, scope: Scope): void {
  const type = known.valueType(expr, scope);
  if (!['int', 'str', 'float', 'bool', 'enum', 'never', 'any'].includes(type.kind)) {
    throw new ExpressionError(expr.offset, `${typeName(type)} cannot be put into a string`);
  }
}
