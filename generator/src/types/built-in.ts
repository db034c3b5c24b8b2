/** Members of numbers, text, bytes, arrays and streams. */
import { SAFE_RANGE, SIZE_RANGE, range, unsigned } from './int-range.js';
import { BOOL, STR, intType, type ValueType } from './value-type.js';

export const SIZE: ValueType = intType(SIZE_RANGE);
export const BYTE: ValueType = intType(unsigned(8));

/** Members that need no argument. */
export function methodType(type: ValueType, name: string): ValueType | undefined {
  switch (`${type.kind}.${name}`) {
    case 'bool.to_i':
      return intType(range(0n, 1n));
    case 'int.to_s':
    case 'str.reverse':
      return STR;
    case 'float.to_i':
      return intType(SAFE_RANGE);
    case 'str.length':
    case 'bytes.length':
    case 'bytes.size':
    case 'array.size':
    case 'array.length':
    case 'io.size':
    case 'io.pos':
      return SIZE;
    case 'io.eof':
      return BOOL;
    case 'bytes.first':
    case 'bytes.last':
    case 'bytes.min':
    case 'bytes.max':
      return BYTE;
    default:
      if (type.kind === 'array' && ['first', 'last', 'min', 'max'].includes(name)) return type.item;
      return undefined;
  }
}
