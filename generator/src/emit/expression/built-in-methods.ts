/** Methods and properties of built-in types that take no argument. */
import { P, atom, call, wrap, type Code } from '../code/operators.js';

/** Code for `name` of the value `code`; `isWide` where its result is a bigint, `support` gives support functions. */
export function methodCode(
  kind: string,
  name: string,
  code: Code,
  isWide: boolean,
  support: (name: string) => string,
): Code {
  const target = wrap(code, P.postfix);
  switch (`${kind}.${name}`) {
    case 'bool.to_i':
      return call('Number', code.text);
    case 'int.to_s':
      return call('String', code.text);
    case 'float.to_i':
      return call(support('truncate'), code.text);
    case 'str.to_i':
      return call(support(isWide ? 'parseBigInteger' : 'parseInteger'), code.text, '10');
    case 'enum.to_i':
      return code;
    case 'str.reverse':
      return call(support('reverseString'), code.text);
    case 'str.length':
    case 'bytes.length':
    case 'bytes.size':
    case 'array.length':
    case 'array.size':
      return atom(`${target}.length`);
    case 'io.size':
    case 'io.pos':
      return atom(`${target}.${name}`);
    case 'io.eof':
      return atom(`${target}.isEof()`);
    case 'bytes.first':
    case 'array.first':
      return call(support('itemAt'), code.text, '0');
    case 'bytes.last':
    case 'array.last':
      return call(support('last'), code.text);
    case 'bytes.min':
    case 'array.min':
      return call(support('minOf'), code.text);
    case 'bytes.max':
    case 'array.max':
      return call(support('maxOf'), code.text);
    default:
      return atom(`${target}.${name}`);
  }
}
