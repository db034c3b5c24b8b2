/** What code refers to is asked of the tree. */
import { describe, expect, test } from 'vitest';
import {
  arrow,
  assign,
  call,
  conditional,
  construct,
  decimal,
  equals,
  infix,
  member,
  name,
  object,
  own,
  prefix,
  string,
  table,
  template,
} from '../../../../generator/src/emit/code/expressions.js';
import { contains, isSameCode, mentions, parameterFor } from '../../../../generator/src/emit/code/inspect.js';
import type { Code, Statement } from '../../../../generator/src/emit/code/nodes.js';
import {
  attempt,
  block,
  constant,
  fail,
  forOf,
  give,
  run,
  variable,
  when,
} from '../../../../generator/src/emit/code/statements.js';
import { NUMBER } from '../../../../generator/src/emit/code/types.js';

const io = name('io');
const other = name('other');

describe('mentions', () => {
  test.each<[string, Statement]>([
    ['a call', run(call(member(io, 'read')))],
    ['an argument', run(call(other, decimal(1), io))],
    ['a new object', run(construct(other, io))],
    ['an operand', run(infix(other, '+', prefix('-', io)))],
    ['a condition', when(io, [])],
    ['an else', when(other, [], [give(io)])],
    ['what stands without braces', when(other, give(io))],
    ['a value that is declared', constant(other, io)],
    ['a loop over it', forOf(other, io, [])],
    ['the body of a loop', forOf(other, other, [run(io)])],
    ['an arm', give(conditional(other, other, io))],
    ['a function', run(arrow([other], io))],
    ['the statements of a function', run(arrow([other], [give(call(other, arrow([], [run(io)])))]))],
    ['text with code in it', give(template('a', io))],
    ['an object', give(object({ a: io }))],
    ['a row', give(table([io]))],
    ['an assignment', run(assign(own('a'), io))],
    ['what is thrown', fail(io)],
    ['a block', block([block([run(io)])])],
    ['what is caught', attempt([], { caught: { error: other, body: [run(io)] } })],
    ['what is done always', attempt([], { always: [run(io)] })],
    ['a case', { kind: 'switch', on: other, cases: [{ match: io, body: [] }] }],
    ['the body of a case', { kind: 'switch', on: other, cases: [{ match: undefined, body: [run(io)] }] }],
    ['the step of a loop', { kind: 'for', variables: [], condition: undefined, step: call(other, io), body: [] }],
  ])('%s → true', (_, statement) => {
    expect(mentions([statement], io)).toBe(true);
    expect(mentions([statement], name('io'))).toBe(false);
  });

  test.each<[string, Statement]>([
    ['text that reads like it', give(string('io'))],
    ['a member of that name', give(own('io'))],
    ['a key of that name', give(object({ io: other }))],
    ['another name that is written alike', give(name('io'))],
    ['what only declares it', variable(io, NUMBER)],
  ])('%s → false', (_, statement) => {
    expect(mentions([statement], io)).toBe(false);
  });

  test('a parameter that nothing uses → begins with _', () => {
    expect(parameterFor(io, [give(io)])).toBe('io');
    expect(parameterFor(io, [give(other)])).toBe('_io');
  });

  test('a literal with more bytes than a call takes arguments → looked through', () => {
    const many: Code = table(Array.from({ length: 300_000 }, () => decimal(0)));
    expect(contains([give(many)], (code) => code === io)).toBe(false);
  });
});

describe('same code', () => {
  test('made twice → the same', () => {
    expect(isSameCode(equals(own('a'), decimal(1)), equals(own('a'), decimal(1)))).toBe(true);
  });

  test('another member, operator or order → not', () => {
    const code = infix(own('a'), '<', own('b'));
    for (const unlike of [infix(own('a'), '<=', own('b')), infix(own('b'), '<', own('a')), own('a')])
      expect(isSameCode(code, unlike)).toBe(false);
  });
});
