import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Expr, TypeName } from '../../generator/src/expr/ast.js';
import { ExpressionError, parseExpression, parseTypeReference } from '../../generator/src/expr/parser.js';

const list = (...parts: string[]): string => `(${parts.join(' ')})`;

/** The tree in Lisp form: `(+ 1 (* 2 x))`. */
function show(expr: Expr): string {
  switch (expr.kind) {
    case 'int':
    case 'float':
    case 'bool':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'fstring':
      return list('f', ...expr.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : show(part))));
    case 'enum':
      return `${showType(expr.enumName)}::${expr.value}`;
    case 'array':
      return `[${expr.items.map(show).join(' ')}]`;
    case 'name':
      return expr.name;
    case 'attribute':
      return `${show(expr.object)}.${expr.name}`;
    case 'call':
      return list('call', show(expr.callee), ...expr.args.map(show));
    case 'subscript':
      return list('at', show(expr.object), show(expr.index));
    case 'unary':
      return list(expr.operator, show(expr.operand));
    case 'binary':
      return list(expr.operator, show(expr.left), show(expr.right));
    case 'conditional':
      return list('?', show(expr.condition), show(expr.whenTrue), show(expr.whenFalse));
    case 'cast':
      return list('as', show(expr.object), showType(expr.type));
    case 'sizeof':
      break;
  }
  return list(expr.inBits ? 'bitsizeof' : 'sizeof', showType(expr.type));
}

function showType({ absolute, names, isArray }: TypeName): string {
  return `${absolute ? '::' : ''}${names.join('::')}${isArray ? '[]' : ''}`;
}

const parsed = (text: string): string => show(parseExpression(text));

function failure(parse: () => unknown): ExpressionError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('expected the text to be refused');
}

/** Where the text is refused; 0 where it is not. */
function offsetOfFailure(text: string): number {
  try {
    parseExpression(text);
    return 0;
  } catch (error) {
    if (error instanceof ExpressionError) return error.offset;
    throw error;
  }
}

describe('literals', () => {
  test.each([
    ['0', '0'],
    ['1_000_000', '1000000'],
    ['0xFFFF_FFFF_FFFF_FFFF', '18446744073709551615'],
    ['0b1010_1010', '170'],
    ['0o17', '15'],
    ['0B11', '3'],
    ['18446744073709551617', '18446744073709551617'],
  ])('integer %s → exact value', (text, value) => {
    expect(parsed(text)).toBe(value);
  });

  test.each([
    ['1.5', 1.5],
    ['1e3', 1000],
    ['2.5e-1', 0.25],
    ['.5', 0.5],
    ['1.', 1],
  ])('float %s → its value', (text, value) => {
    expect(parseExpression(text)).toEqual({ kind: 'float', value, offset: 0 });
  });

  test.each(['1.to_s', '1 .to_s', '1. to_s'])('dot before a name in %j → attribute of an integer', (text) => {
    expect(parsed(text)).toBe('1.to_s');
  });

  test('single quotes → backslashes stay', () => {
    expect(parseExpression(String.raw`'a\n"b'`)).toMatchObject({ kind: 'string', value: String.raw`a\n"b` });
  });

  test.each([
    [String.raw`"\a\b\t\n\v\f\r\e\"\'\\"`, '\x07\b\t\n\v\f\r\x1b"\'\\'],
    [String.raw`"\101\0"`, 'A\0'],
    [String.raw`"\777"`, '\u01ff'],
    [String.raw`"\u3042"`, 'あ'],
    ['"two\nlines"', 'two\nlines'],
  ])('double-quoted %s → escapes resolved', (text, value) => {
    expect(parseExpression(text)).toMatchObject({ kind: 'string', value });
  });

  test('strings side by side → one string', () => {
    expect(parsed(`"a" 'b'`)).toBe('"ab"');
  });

  test('f-string → text and expressions in order', () => {
    expect(parsed(String.raw`f"a\t{x + 1}}{"q"}"`)).toBe(String.raw`(f "a\t" (+ x 1) "}" "q")`);
    expect(parsed('f""')).toBe('(f)');
  });

  test('arrays → items, with a comma at the end or without', () => {
    expect(parsed('[1, 2, [3],]')).toBe('[1 2 [3]]');
    expect(parsed('[ ]')).toBe('[]');
  });

  test('true and false → booleans, also as the beginning of a name', () => {
    expect(parsed('true')).toBe('true');
    expect(parsed('trueish or false')).toBe('(or trueish false)');
  });
});

describe('names', () => {
  test.each(['_', '_io', '_root', '_parent', '_index', '_buf', '_sizeof', 'foo_1', 'notable', 'android'])(
    '%s → a name',
    (name) => {
      expect(parseExpression(name)).toEqual({ kind: 'name', name, offset: 0 });
    },
  );

  test('enum values → path of the enum and the value', () => {
    expect(parsed('animal::cat')).toBe('animal::cat');
    expect(parseExpression('a :: b::c')).toMatchObject({ kind: 'enum', enumName: { names: ['a', 'b'] }, value: 'c' });
    expect(parseExpression('::a::b::c')).toMatchObject({ enumName: { absolute: true, names: ['a', 'b'] } });
  });

  test('ternary between enum values → colons are told apart', () => {
    expect(parsed('x ? a::b : c::d')).toBe('(? x a::b c::d)');
    expect(parsed('x ? y : z')).toBe('(? x y z)');
  });
});

describe('precedence', () => {
  test.each([
    ['1 + 2 * 3 - 4', '(- (+ 1 (* 2 3)) 4)'],
    ['1 - 2 - 3', '(- (- 1 2) 3)'],
    ['a / b % c', '(% (/ a b) c)'],
    ['1 << 2 + 3', '(<< 1 (+ 2 3))'],
    ['a & b << 1', '(& a (<< b 1))'],
    ['a | b ^ c & d', '(| a (^ b (& c d)))'],
    ['a & 1 == 1', '(== (& a 1) 1)'],
    ['not a == b', '(not (== a b))'],
    ['not a and not b or c', '(or (and (not a) (not b)) c)'],
    ['a or b and c', '(or a (and b c))'],
    ['not not a', '(not (not a))'],
    ['-a.b', '(- a.b)'],
    ['- -5', '(- (- 5))'],
    ['~a & +b', '(& (~ a) (+ b))'],
    ['a ? b : c ? d : e', '(? a b (? c d e))'],
    ['a ? b ? c : d : e', '(? a (? b c d) e)'],
    ['a >= b and c <= d', '(and (>= a b) (<= c d))'],
    ['(a + b) * c', '(* (+ a b) c)'],
    ['a<b', '(< a b)'],
    ['true and(false)', '(and true false)'],
  ])('%s → %s', (text, tree) => {
    expect(parsed(text)).toBe(tree);
  });

  test('spaces, line breaks and joined lines → ignored', () => {
    expect(parsed('\n  a\n  + \\\n b ')).toBe('(+ a b)');
  });
});

describe('postfix', () => {
  test.each([
    ['a.b[1].c(2, x)', '(call (at a.b 1).c 2 x)'],
    ['a.to_s()', '(call a.to_s)'],
    ['a.as<b>', '(as a b)'],
    ['a.as<::b::c[]>.size', '(as a ::b::c[]).size'],
    ['a.as<bytes[]>', '(as a bytes[])'],
    ['a.as<u1> >> 2', '(>> (as a u1) 2)'],
    ['a.as < 5', '(< a.as 5)'],
    ['sizeof<u4> + bitsizeof<foo::bar>', '(+ (sizeof u4) (bitsizeof foo::bar))'],
    ['sizeof + 1', '(+ sizeof 1)'],
    ['_io.size - 4', '(- _io.size 4)'],
    ['"abc".reverse', '"abc".reverse'],
    ['[1, 2][0]', '(at [1 2] 0)'],
  ])('%s → %s', (text, tree) => {
    expect(parsed(text)).toBe(tree);
  });

  test('nodes → offset of their first character', () => {
    expect(parseExpression(' foo + bar.baz')).toMatchObject({
      offset: 1,
      left: { offset: 1 },
      right: { offset: 7, object: { offset: 7 } },
    });
  });
});

describe('refused', () => {
  test.each([
    ['', 0, /expected a value/],
    ['1 +', 3, /expected a value/],
    ['42/', 3, /expected a value/],
    ['foo == 1 && bar == 2', 9, /'and'/],
    ['a || b', 2, /'or'/],
    ['!a', 0, /'not'/],
    ['a = 1', 2, /'=='/],
    ['a < b < c', 6, /comparison/],
    ['1 == not true', 9, /unexpected/],
    ['(1', 2, /expected '\)'/],
    ['a ? b', 5, /expected ':'/],
    ['"hello ', 0, /not closed/],
    ["'hello", 0, /not closed/],
    ['f"{1"', 4, /expected '}'|not closed/],
    [String.raw`"\x41"`, 1, /escape/],
    [String.raw`"\u12"`, 1, /four hexadecimal/],
    ['0x_', 0, /no digits/],
    ['010', 1, /unexpected/],
    ['foo(1, )', 7, /another argument/],
    ['a.', 2, /attribute or method/],
    ['1\t+ 2', 1, /tabs/],
    ['a::', 3, /after `::`/],
  ])('%j → error at offset %i', (text, offset, message) => {
    const error = failure(() => parseExpression(text));
    expect(error.offset).toBe(offset);
    expect(error.message).toMatch(message);
  });

  test.each([
    ['parentheses', '('.repeat(100_000)],
    ['arrays', '['.repeat(100_000)],
    ['minus signs', '-'.repeat(100_000)],
    ['nots', 'not '.repeat(100_000)],
    ['ternaries', 'a ? '.repeat(100_000)],
    ['a sum', `1${' + 1'.repeat(100_000)}`],
    ['attributes', `a${'.b'.repeat(100_000)}`],
    ['f-strings', 'f"{'.repeat(100_000)],
  ])('endless %s → error instead of an overflow of the stack', (_, text) => {
    expect(failure(() => parseExpression(text)).message).toMatch(/nesting|too long/);
  });

  test('any text at all → a tree or an ExpressionError, within the text', () => {
    const token = fc.constantFrom(
      ...'a 1 ( ) [ ] . , ? : :: + - not and " \' f" { } < > = 0x as< \\ \n'.split(' '),
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token).map((tokens) => tokens.join('')),
        ),
        (text) => {
          const offset = offsetOfFailure(text);
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('references to types', () => {
  test('name, path, absolute path → names', () => {
    expect(parseTypeReference('foo').type).toMatchObject({ names: ['foo'], absolute: false, isArray: false });
    expect(parseTypeReference(' foo :: bar ').type.names).toEqual(['foo', 'bar']);
    expect(parseTypeReference('::foo::bar[]').type).toMatchObject({ absolute: true, isArray: true });
  });

  test('arguments → expressions with their places', () => {
    const { args, argRanges } = parseTypeReference('foo::bar(1, size * 2)');
    expect(args.map(show)).toEqual(['1', '(* size 2)']);
    expect(argRanges).toEqual([
      { start: 9, end: 10 },
      { start: 12, end: 20 },
    ]);
  });

  test.each(['', '5', 'foo(', 'foo()', 'my_str(2 + 3, )', 'foo bar', 'foo::'])('%j → refused', (text) => {
    expect(failure(() => parseTypeReference(text)).offset).toBeLessThanOrEqual(text.length);
  });
});
