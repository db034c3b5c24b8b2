/** `process`: what is done to the bytes of a field before they are used. */
import { parseProcessCall } from '../expr/parser.js';
import { type Context, type Fields, ID_PATTERN } from './context.js';
import type { ProcessSpec } from './model.js';

export function readProcess(context: Context, fields: Fields): ProcessSpec | undefined {
  const node = fields.entries.get('process')?.value;
  const scalar = node && context.scalar(node);
  if (!scalar) return undefined;
  const { at, text } = scalar;
  const call = context.guard(scalar, `process '${text}'`, 0, () => parseProcessCall(text));
  if (call === undefined) return undefined;
  const { names, called, argRanges } = call;
  const args = argRanges.flatMap(({ start, end }) => context.parse(scalar, text.slice(start, end), start) ?? []);
  if (args.length < argRanges.length) return undefined;
  const [first] = args;
  switch (names.join('.')) {
    case 'zlib':
      return called ? context.error(at, '`zlib` takes no arguments') : { kind: 'zlib', at };
    case 'xor':
      if (first === undefined || args.length > 1) return context.error(at, '`xor` takes one argument: `xor(key)`');
      return { kind: 'xor', key: first, at };
    case 'rol':
    case 'ror': {
      const [name = ''] = names;
      if (first === undefined || args.length > 1) {
        return context.error(at, `\`${name}\` takes one argument: \`${name}(bits)\``);
      }
      return { kind: 'rotate', left: name === 'rol', amount: first, at };
    }
    default:
      break;
  }
  const bad = names.find((name) => !ID_PATTERN.test(name));
  if (bad !== undefined) {
    const routines = 'zlib, xor(key), rol(bits), ror(bits), or the name of a routine of your own';
    return context.error(at, `incorrect process expression \`${text}\`: expected ${routines}, got '${bad}'`);
  }
  if (called && args.length === 0) {
    return context.error(at, `incorrect process expression \`${text}\`: leave out the empty parentheses`);
  }
  return { kind: 'custom', name: names, args, at };
}
