/** Trees as text: parentheses stand where the tree needs them, and nothing else changes what is meant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  THIS,
  array,
  arrow,
  asConst,
  assign,
  bytesLiteral,
  call,
  callOf,
  conditional,
  construct,
  decimal,
  disjunction,
  float,
  infix,
  integer,
  member,
  method,
  methodIfThere,
  name,
  negation,
  object,
  prefix,
  string,
  table,
  template,
} from '../../../../generator/src/emit/code/expressions.js';
import type { Code, InfixOperator, Statement } from '../../../../generator/src/emit/code/nodes.js';
import { CodePrinter } from '../../../../generator/src/emit/code/printer.js';
import {
  BREAK,
  attempt,
  block,
  constant,
  fail,
  forOf,
  give,
  run,
  set,
  variable,
  when,
} from '../../../../generator/src/emit/code/statements.js';
import { NUMBER, STRING, arrayOf, maybe, reference, unionOf } from '../../../../generator/src/emit/code/types.js';

const print = (code: Code): string => new CodePrinter().code(code);
const lines = (...statements: Statement[]): string[] => new CodePrinter().statements(statements).split('\n');
const [a, b, c] = [name('a'), name('b'), name('c')];

describe('parentheses', () => {
  type Value = number | boolean | undefined;

  /** What an operator gives, as the language says; nothing of it is in the printer. */
  const OPERATORS: Readonly<Record<string, (x: never, y: never) => Value>> = {
    '|': (x: number, y: number) => x | y,
    '^': (x: number, y: number) => x ^ y,
    '&': (x: number, y: number) => x & y,
    '<<': (x: number, y: number) => x << y,
    '>>': (x: number, y: number) => x >> y,
    '>>>': (x: number, y: number) => x >>> y,
    '+': (x: number, y: number) => x + y,
    '-': (x: number, y: number) => x - y,
    '*': (x: number, y: number) => x * y,
    '/': (x: number, y: number) => x / y,
    '%': (x: number, y: number) => x % y,
    '<': (x: number, y: number) => x < y,
    '<=': (x: number, y: number) => x <= y,
    '>': (x: number, y: number) => x > y,
    '>=': (x: number, y: number) => x >= y,
    '===': (x: Value, y: Value) => x === y,
    '!==': (x: Value, y: Value) => x !== y,
    '&&': (x: Value, y: Value) => x && y,
    '||': (x: Value, y: Value) => x || y,
    '??': (x: Value, y: Value) => x ?? y,
  };

  function valueOf(code: Code): Value {
    switch (code.kind) {
      case 'number':
        return Number(code.text);
      case 'word':
        return code.word === 'undefined' ? undefined : code.word === 'true';
      case 'infix':
        return OPERATORS[code.operator]?.(valueOf(code.left) as never, valueOf(code.right) as never);
      case 'prefix': {
        const operand = valueOf(code.operand);
        if (code.operator === '!') return !operand;
        return code.operator === '-' ? -(operand as number) : ~(operand as number);
      }
      case 'conditional':
        return valueOf(code.condition) ? valueOf(code.whenTrue) : valueOf(code.whenFalse);
      default:
        throw new TypeError(`no value of ${code.kind}`);
    }
  }

  const leaf = fc.oneof(
    fc.integer({ min: -9, max: 9 }).map((value) => decimal(value)),
    fc.constantFrom<Code>({ kind: 'word', word: 'true' }, { kind: 'word', word: 'undefined' }),
  );
  const { tree } = fc.letrec<{ tree: Code }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('tree'), fc.constantFrom(...(Object.keys(OPERATORS) as InfixOperator[])), tie('tree'))
        .map(([left, operator, right]) => infix(left, operator, right)),
      fc.tuple(fc.constantFrom('-', '~', '!'), tie('tree')).map(([operator, operand]) => prefix(operator, operand)),
      fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([x, y, z]) => conditional(x, y, z)),
      tie('tree').map(negation),
    ),
  }));

  test('any tree of operators → text that evaluates to the value of the tree', () => {
    fc.assert(
      fc.property(tree, (code) => {
        const text = print(code);
        // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call
        expect(new Function(`return ${text};`)(), text).toBe(valueOf(code));
      }),
      { numRuns: 3000, seed: 12, endOnFailure: true },
    );
  });

  test.each<[string, Code, string]>([
    ['sum times c', infix(infix(a, '+', b), '*', c), '(a + b) * c'],
    ['product plus c', infix(infix(a, '*', b), '+', c), 'a * b + c'],
    ['difference on the right', infix(a, '-', infix(b, '-', c)), 'a - (b - c)'],
    ['difference on the left', infix(infix(a, '-', b), '-', c), 'a - b - c'],
    ['shift within a mask, which few read right', infix(infix(a, '>>', b), '&', c), '(a >> b) & c'],
    ['masks that are alike', infix(infix(a, '|', b), '|', c), 'a | b | c'],
    ['mask compared', infix(infix(a, '&', b), '===', c), '(a & b) === c'],
    ['`??` beside `||`, which is no syntax', infix(infix(a, '??', b), '||', c), '(a ?? b) || c'],
    ['`&&` within `??`', infix(a, '??', infix(b, '&&', c)), 'a ?? (b && c)'],
    ['conditional behind `??`', infix(a, '??', conditional(a, b, c)), 'a ?? (a ? b : c)'],
    ['`??` as a condition', conditional(infix(a, '??', b), b, c), '(a ?? b) ? b : c'],
    ['conditional within one', conditional(a, conditional(b, a, c), c), 'a ? (b ? a : c) : c'],
    ['minus of a minus', prefix('-', prefix('-', a)), '-(-a)'],
    ['minus of a negative number', prefix('-', decimal(-1)), '-(-1)'],
    ['inequality, negated, on the right', infix(a, '===', negation(infix(b, '===', c))), 'a === (b !== c)'],
    ['negated comparison', negation(infix(a, '<', b)), '!(a < b)'],
    ['negated twice', negation(negation(a)), 'a'],
    ['member of a number', member(decimal(5), 'length'), '(5).length'],
    ['member of a sum', member(infix(a, '+', b), 'length'), '(a + b).length'],
    ['method of what was made', method(construct(a, b), 'read'), 'new a(b).read()'],
    ['member of an assignment', member(assign(a, b), 'x'), '(a = b).x'],
    ['assignment as an argument', call(a, assign(b, c)), 'a(b = c)'],
    ['assignments in a row', assign(a, assign(b, c), '??='), '(a ??= b = c)'],
    ['function as an operand', infix(a, '??', arrow([], b)), 'a ?? (() => b)'],
    ['function that gives an object', arrow([a], object({ b: c })), '(a) => ({ b: c })'],
    ['what is there, perhaps', methodIfThere(a, 'b', c), 'a?.b?.(c)'],
    ['`as const` of a conditional', asConst(conditional(a, b, c)), '(a ? b : c) as const'],
    ['typeof compared', infix(prefix('typeof', a), '===', string('b')), "typeof a === 'b'"],
    ['class of a value, negated', prefix('!', infix(a, 'instanceof', b)), '!(a instanceof b)'],
  ])('%s', (_, code, text) => {
    expect(print(code)).toBe(text);
  });
});

test('thousands of alternatives → printed, without a stack that grows with them', () => {
  const text = print(disjunction(Array.from({ length: 30_000 }, (_, index) => infix(a, '===', decimal(index)))));
  expect(text.slice(0, 30)).toBe('a === 0 || a === 1 || a === 2 ');
  expect(text.split(' || ')).toHaveLength(30_000);
});

describe('literals', () => {
  test.each<[Code, string]>([
    [integer(0xffff), '65535'],
    [integer(0x10000), '0x10000'],
    [integer(-(1n << 63n), true), '-0x8000000000000000n'],
    [integer(7, true), '7n'],
    [float(2), '2.0'],
    [float(0.5), '0.5'],
    [string("it's \\ \n"), String.raw`'it\'s \\ \n'`],
    [template('`', a, '${'), '`\\`${a}\\${`'],
    [bytesLiteral([]), 'new Uint8Array(0)'],
    [bytesLiteral([1, 255]), 'Uint8Array.of(1, 255)'],
    [array([a, b]), '[a, b]'],
    [table([]), '[]'],
    [object({}), '{}'],
    [object({ a, b: undefined, c }), '{ a: a, c: c }'],
  ])('%j', (code, text) => {
    expect(print(code)).toBe(text);
  });

  test('table → a line for each row', () => {
    expect(print(table([a, b])).split('\n')).toEqual(['[', '  a,', '  b,', ']']);
  });

  test.each<[string, Code]>([
    ['name', name('a; b')],
    ['member', member(a, 'b()')],
    ['key', object({ 'a-b': a })],
    ['import', { kind: 'imported', module: './m.js', name: 'a', local: "a' from" }],
  ])('%s that is no identifier → refused', (_, code) => {
    expect(() => print(code)).toThrow('is no identifier');
  });
});

describe('types', () => {
  test.each([
    [unionOf([NUMBER, STRING, NUMBER]), 'number | string'],
    [unionOf([NUMBER]), 'number'],
    [arrayOf(unionOf([NUMBER, STRING])), '(number | string)[]'],
    [arrayOf(arrayOf(NUMBER)), 'number[][]'],
    [maybe(maybe(reference(a, reference(b)))), 'a<b> | undefined'],
    [maybe(unionOf([reference(a), arrayOf(NUMBER), arrayOf(NUMBER)])), 'a | number[] | undefined'],
  ])('%j', (type, text) => {
    expect(new CodePrinter().type(type)).toBe(text);
  });

  test('type argument of a call', () => {
    expect(print(callOf(a, maybe(NUMBER), b))).toBe('a<number | undefined>(b)');
  });
});

describe('statements', () => {
  test('bodies → one step in, in functions too', () => {
    const inner = arrow([b], [when(b, [run(call(c, b))])]);
    expect(lines(forOf(a, member(THIS, 'items'), [run(call(c, a, inner, b))]))).toEqual([
      'for (const a of this.items) {',
      '  c(a, (b) => {',
      '    if (b) {',
      '      c(b);',
      '    }',
      '  }, b);',
      '}',
    ]);
  });

  test('chain of conditions → else if', () => {
    expect(lines(when(a, give(a)), when(a, [give(a)], [when(b, [give(b)], [fail(c)])]))).toEqual([
      'if (a) return a;',
      'if (a) {',
      '  return a;',
      '} else if (b) {',
      '  return b;',
      '} else {',
      '  throw c;',
      '}',
    ]);
  });

  test('an if without braces before else → in braces, lest the else be its own', () => {
    expect(lines(when(a, when(b, give()), [give(c)]))).toEqual([
      'if (a) {',
      '  if (b) return;',
      '} else {',
      '  return c;',
      '}',
    ]);
  });

  test('loops, switch, try', () => {
    const count: Statement = {
      kind: 'for',
      variables: [
        { name: a, value: decimal(0) },
        { name: b, type: NUMBER, value: c },
      ],
      condition: infix(a, '<', b),
      step: { kind: 'postfix', operator: '++', operand: a },
      body: [BREAK],
    };
    const forever: Statement = { kind: 'for', variables: [], condition: undefined, step: undefined, body: [] };
    const choice: Statement = {
      kind: 'switch',
      on: a,
      cases: [
        { match: string('x'), body: [BREAK] },
        { match: undefined, body: [] },
      ],
    };
    expect(lines(count, forever, choice)).toEqual([
      'for (let a = 0, b: number = c; a < b; a++) {',
      '  break;',
      '}',
      'for (; ;) {',
      '}',
      'switch (a) {',
      "  case 'x': {",
      '    break;',
      '  }',
      '  default: {',
      '  }',
      '}',
    ]);
    expect(lines(attempt([run(a)], { caught: { error: b, body: [fail(b)] }, always: [run(c)] }))).toEqual([
      'try {',
      '  a;',
      '} catch (b) {',
      '  throw b;',
      '} finally {',
      '  c;',
      '}',
    ]);
  });

  test('declarations and assignments', () => {
    expect(
      lines(
        constant(a, assign(b, c)),
        variable(a, NUMBER),
        { kind: 'take', names: [a, b], value: THIS },
        set(a, assign(b, array([]))),
        block([give(assign(a, b, '??='))]),
      ),
    ).toEqual([
      'const a = (b = c);',
      'let a: number;',
      'const { a, b } = this;',
      'a = b = [];',
      '{',
      '  return (a ??= b);',
      '}',
    ]);
  });
});
