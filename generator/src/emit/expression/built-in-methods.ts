/** Methods and properties of built-in types that take no argument. */
import { call, decimal, member, method } from '../code/expressions.js';
import type { Code, Imported } from '../code/nodes.js';
import { NUMBER, STRING } from '../context/locals.js';

/** Code for `name` of the value `code`; `isWide` where its result is a bigint, `support` gives support functions. */
export function methodCode(
  kind: string,
  name: string,
  code: Code,
  isWide: boolean,
  support: (name: string) => Imported,
): Code {
  switch (`${kind}.${name}`) {
    case 'bool.to_i':
      return call(NUMBER, code);
    case 'int.to_s':
      return call(STRING, code);
    case 'float.to_i':
      return call(support('truncate'), code);
    case 'str.to_i':
      return call(support(isWide ? 'parseBigInteger' : 'parseInteger'), code, decimal(10));
    case 'enum.to_i':
      return code;
    case 'str.reverse':
      return call(support('reverseString'), code);
    case 'str.length':
    case 'bytes.length':
    case 'bytes.size':
    case 'array.length':
    case 'array.size':
      return member(code, 'length');
    case 'io.eof':
      return method(code, 'isEof');
    case 'bytes.first':
    case 'array.first':
      return call(support('itemAt'), code, decimal(0));
    case 'bytes.last':
    case 'array.last':
      return call(support('last'), code);
    case 'bytes.min':
    case 'array.min':
      return call(support('minOf'), code);
    case 'bytes.max':
    case 'array.max':
      return call(support('maxOf'), code);
    default:
      return member(code, name);
  }
}
