import { describe, expect, test } from 'vitest';
import { type Mutant, mutantsOf, mutate } from './mutants.js';

const changesOf = (text: string): string[] =>
  mutantsOf('a.ts', text).map(({ original, replacement }) => `${original} → ${replacement}`);

describe('mutants of a source', () => {
  test.each([
    ['a comparison', 'f = a < b', ['f = a < b → ;', '< → <=', '< → >=']],
    ['a sum', 'const x = a + 1;', ['+ → -', '1 → 2']],
    ['a concatenation', "const x = a + 'b';", []],
    ['a condition', 'if (a) b();', ['a → true', 'a → false', 'b(); → ;']],
    ['a call of a method', 'const x = Math.min(a, b);', ['min → max']],
    ['a call of a method that every object has', 'const x = a.toString();', []],
    ['a fallback', 'const x = a ?? b;', ['a ?? b → b']],
    ['types and imports', "import { a } from 'b'; type X = 1 | 2; interface Y { z: true }", []],
    ['the words of a message', 'const x = { message: `${a + 1}` };', []],
  ])('%s → %j', (_, text, changes) => {
    expect(changesOf(text).toSorted()).toEqual(changes.toSorted());
  });

  test('mutate → that place alone', () => {
    const text = 'const x = a < b && c < d;';
    const [, second] = mutantsOf('a.ts', text).filter(({ original }) => original === '<');
    expect(second?.replacement).toBe('>=');
    const boundary = mutantsOf('a.ts', text).filter(({ replacement }) => replacement === '<=')[1];
    expect(boundary && mutate(text, boundary)).toBe('const x = a < b && c <= d;');
  });

  test('a text that is another one → error', () => {
    const [mutant] = mutantsOf('a.ts', 'const x = a < b;') as [Mutant];
    expect(() => mutate('const longer = 1 < 2;', mutant)).toThrow('is not the text');
  });
});
