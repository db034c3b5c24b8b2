import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { officialForm } from '../../../generator/src/expr/official-form.js';
import { parseExpression } from '../../../generator/src/expr/parser.js';
import { expressionText, operandText } from '../../../generator/src/expr/print.js';

const printed = (text: string): string => expressionText(parseExpression(text), text);

describe('expressions as text', () => {
  test.each([
    ['a+b*c', 'a + b * c'],
    ['(a+b)*c', '(a + b) * c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a - b) - c', 'a - b - c'],
    ['(a == b) == c', '(a == b) == c'],
    ['not (a and b)', 'not (a and b)'],
    ['(not a) and b', 'not a and b'],
    ['-(a + 1)', '-(a + 1)'],
    ['(-a).to_s', '(-a).to_s'],
    ['(a ? b : c) ? d : e ? f : g', '(a ? b : c) ? d : e ? f : g'],
    ['a ? (b ? c : d) : e', 'a ? (b ? c : d) : e'],
    ['(a | b) & c << 2', '(a | b) & c << 2'],
    ['foo[1  ].as< ::bar::baz >', 'foo[1].as<::bar::baz>'],
    ['sizeof<u4>+bitsizeof<foo>', 'sizeof<u4> + bitsizeof<foo>'],
    ['[0x50, 1_000]', '[0x50, 1_000]'],
    ["'a\"b'", '"a\\"b"'],
    ['kind::big == ::top::kind::small', 'kind::big == ::top::kind::small'],
  ])('%s → %s', (text, expected) => {
    expect(printed(text)).toBe(expected);
  });

  test('numbers of another text → in decimal', () => {
    expect(expressionText(parseExpression('0x10 + a'), '')).toBe('16 + a');
  });

  test('operand of a product → in parentheses unless it needs none', () => {
    const operand = (text: string): string => operandText(parseExpression(text), text);
    expect([operand('a + b'), operand('a.b[1]'), operand('a ? b : c')]).toEqual(['(a + b)', 'a.b[1]', '(a ? b : c)']);
  });

  test('every expression of the schemas → means the same when it is parsed again', () => {
    const folder = join(import.meta.dirname, '../../../schemas');
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.ksy'))
      .flatMap(
        (name) => readFileSync(join(folder, name), 'utf8').match(/(?<=(?:expr|value|size|pos): )[^'"|\n]+/g) ?? [],
      );
    expect(texts.length).toBeGreaterThan(40);
    for (const text of texts) {
      const expr = parseExpression(text);
      expect(officialForm(parseExpression(expressionText(expr, text))), text).toBe(officialForm(expr));
    }
  });
});
