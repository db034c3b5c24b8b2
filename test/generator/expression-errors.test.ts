import { expect, test } from 'vitest';

import { analyse } from '../../generator/src/compile.js';
import { SchemaError, type Diagnostic } from '../../generator/src/diagnostics.js';

function diagnose(rest: string): readonly Diagnostic[] {
  const text = `meta:\n  id: checked\n${rest}`;
  try {
    return analyse({
      files: ['checked.ksy'],
      importer: { read: (path) => (path === 'checked.ksy' ? text : undefined) },
    }).warnings;
  } catch (error) {
    if (error instanceof SchemaError) return error.diagnostics;
    throw error;
  }
}

/** What is wrong, the schema, and the path of the key that it is wrong in. */
const CASES: readonly (readonly [string, string, string])[] = [
  ['terminator of several bytes', 'seq:\n  - id: x\n    terminator: [0, 1]\n', '/seq/0/terminator'],
  ['if int', 'seq:\n  - id: a\n    type: u1\n    if: 1\n', '/seq/0/if'],
  ['if unknown', 'seq:\n  - id: a\n    type: u1\n    if: zz\n', '/seq/0/if'],
  ['size unknown', 'seq:\n  - id: a\n    size: zz\n', '/seq/0/size'],
  ['size float', 'seq:\n  - id: a\n    size: 1.5\n', '/seq/0/size'],
  ['size struct str', 'seq:\n  - id: a\n    size: "\'x\'"\n    type: t\ntypes:\n  t: {}\n', '/seq/0/size'],
  ['rep unknown', 'seq:\n  - id: a\n    type: u1\n    repeat: expr\n    repeat-expr: zz\n', '/seq/0/repeat-expr'],
  ['until unknown', 'seq:\n  - id: a\n    type: u1\n    repeat: until\n    repeat-until: zz\n', '/seq/0/repeat-until'],
  ['until int', 'seq:\n  - id: a\n    type: u1\n    repeat: until\n    repeat-until: _ + 1\n', '/seq/0/repeat-until'],
  ['pos str', 'instances:\n  a:\n    pos: \'"x"\'\n    type: u1\n', '/instances/a/pos'],
  ['pos unknown', 'instances:\n  a:\n    pos: zz\n    type: u1\n', '/instances/a/pos'],
  ['io int', 'instances:\n  a:\n    io: 5\n    pos: 0\n    type: u1\n', '/instances/a/io'],
  ['io unknown', 'instances:\n  a:\n    io: zz\n    pos: 0\n    type: u1\n', '/instances/a/io'],
  [
    'io struct',
    'seq:\n  - id: b\n    type: t\ninstances:\n  a:\n    io: b\n    pos: 0\n    type: u1\ntypes:\n  t: {}\n',
    '/instances/a/io',
  ],
  [
    'switch on unknown',
    'seq:\n  - id: a\n    type:\n      switch-on: zz\n      cases:\n        1: u1\n',
    '/seq/0/type/switch-on',
  ],
  [
    'case type unknown',
    'seq:\n  - id: a\n    type:\n      switch-on: 1\n      cases:\n        1: zz\n',
    '/seq/0/type/cases/IntNum(1)/type',
  ],
  ['proc xor unknown', 'seq:\n  - id: a\n    size: 1\n    process: xor(zz)\n', '/seq/0/process'],
  ['proc xor str', 'seq:\n  - id: a\n    size: 1\n    process: xor("s")\n', '/seq/0/process'],
  ['proc rol str', 'seq:\n  - id: a\n    size: 1\n    process: rol("s")\n', '/seq/0/process'],
  ['proc custom unknown', 'seq:\n  - id: a\n    size: 1\n    process: fx(zz)\n', '/seq/0/process'],
  ['valid short str', 'seq:\n  - id: a\n    type: u1\n    valid: \'"x"\'\n', '/seq/0/valid'],
  ['valid min str', 'seq:\n  - id: a\n    type: u1\n    valid:\n      min: \'"x"\'\n', '/seq/0/valid/min'],
  ['valid max unknown', 'seq:\n  - id: a\n    type: u1\n    valid:\n      max: zz\n', '/seq/0/valid/max'],
  ['valid any', 'seq:\n  - id: a\n    type: u1\n    valid:\n      any-of: [1, \'"x"\']\n', '/seq/0/valid/any-of/1'],
  ['valid any unknown', 'seq:\n  - id: a\n    type: u1\n    valid:\n      any-of: [1, zz]\n', '/seq/0/valid/any-of/1'],
  ['valid expr unknown', 'seq:\n  - id: a\n    type: u1\n    valid:\n      expr: _.zz\n', '/seq/0/valid/expr'],
  [
    'valid enum min',
    'seq:\n  - id: a\n    type: u1\n    enum: e\n    valid:\n      min: e::b\nenums:\n  e:\n    1: b\n',
    '/seq/0/valid/min',
  ],
  ['valid struct eq', 'seq:\n  - id: a\n    type: t\n    valid: 5\ntypes:\n  t: {}\n', '/seq/0/valid'],
  [
    'valid rep arr',
    'seq:\n  - id: a\n    type: u1\n    repeat: eos\n    valid:\n      eq: "[1, 2]"\n',
    '/seq/0/valid/eq',
  ],
  ['tostr unknown', 'to-string: zz\n', '/to-string'],
  ['inst value unknown type', 'instances:\n  a:\n    value: 1.as<zz>\n', '/instances/a/value'],
  ['inst enum unknown', 'instances:\n  a:\n    value: 1\n    enum: zz\n', '/instances/a/enum'],
  ['inst if int', 'instances:\n  a:\n    value: 1\n    if: 5\n', '/instances/a/if'],
  ['cmp int str', 'instances:\n  a:\n    value: 1 == "x"\n', '/instances/a/value'],
  [
    'cmp enum1',
    'seq:\n  - id: f\n    type: u1\n    enum: e\n  - id: g\n    type: u1\n    enum: d\ninstances:\n  a:\n    value: f == g\nenums:\n  e:\n    1: b\n  d:\n    1: b\n',
    '/instances/a/value',
  ],
  [
    'cmp struct',
    'seq:\n  - id: f\n    type: t\ninstances:\n  a:\n    value: f == f\ntypes:\n  t: {}\n',
    '/instances/a/value',
  ],
  ['neg str', 'instances:\n  a:\n    value: -"x"\n', '/instances/a/value'],
  ['add str int', 'instances:\n  a:\n    value: 1 + "x"\n', '/instances/a/value'],
  ['and int', 'instances:\n  a:\n    value: 1 and true\n', '/instances/a/value'],
  ['tern cond', 'instances:\n  a:\n    value: "5 ? 1 : 2"\n', '/instances/a/value'],
  ['tern mix', 'instances:\n  a:\n    value: "true ? 1 : \'x\'"\n', '/instances/a/value'],
  ['arr mix', 'instances:\n  a:\n    value: "[1, \'x\']"\n', '/instances/a/value'],
  ['index str', 'instances:\n  a:\n    value: "[300, 400][\'x\']"\n', '/instances/a/value'],
  ['index int', 'instances:\n  a:\n    value: 5[0]\n', '/instances/a/value'],
  ['method int', 'instances:\n  a:\n    value: 5.zz\n', '/instances/a/value'],
  ['method str', 'instances:\n  a:\n    value: "\'x\'.zz"\n', '/instances/a/value'],
  ['method arr', 'instances:\n  a:\n    value: "[300].zz"\n', '/instances/a/value'],
  ['method io', 'instances:\n  a:\n    value: _io.zz\n', '/instances/a/value'],
  ['method bool', 'instances:\n  a:\n    value: true.zz\n', '/instances/a/value'],
  ['method enum', 'instances:\n  a:\n    value: e::b.zz\nenums:\n  e:\n    1: b\n', '/instances/a/value'],
  ['method float', 'instances:\n  a:\n    value: 1.5.zz\n', '/instances/a/value'],
  ['call args', 'instances:\n  a:\n    value: "\'abc\'.substring(1)"\n', '/instances/a/value'],
  ['call args2', "instances:\n  a:\n    value: \"'abc'.to_i('x')\"\n", '/instances/a/value'],
  ['call args3', 'seq:\n  - id: b\n    size: 1\ninstances:\n  a:\n    value: b.to_s(5)\n', '/instances/a/value'],
  ['call args4', 'seq:\n  - id: b\n    size: 1\ninstances:\n  a:\n    value: b.to_s\n', '/instances/a/value'],
  ['call fn', 'instances:\n  a:\n    value: foo(1)\n', '/instances/a/value'],
  ['call length', 'instances:\n  a:\n    value: "\'abc\'.length(3)"\n', '/instances/a/value'],
  ['enum value unknown', 'instances:\n  a:\n    value: e::zz\nenums:\n  e:\n    1: b\n', '/instances/a/value'],
  [
    'sizeof dyn',
    'seq:\n  - id: b\n    type: strz\n    encoding: UTF-8\ninstances:\n  a:\n    value: sizeof<checked>\n',
    '/instances/a/value',
  ],
  ['sizeof unknown', 'instances:\n  a:\n    value: sizeof<zz>\n', '/instances/a/value'],
  [
    'sizeof field dyn',
    'seq:\n  - id: b\n    type: strz\n    encoding: UTF-8\ninstances:\n  a:\n    value: b._sizeof\n',
    '/instances/a/value',
  ],
  ['parent top', 'instances:\n  a:\n    value: _parent.zz\n', '/instances/a/value'],
  [
    'parent multi',
    'seq:\n  - id: x\n    type: b\n  - id: y\n    type: c\ntypes:\n  a:\n    seq:\n      - id: q\n        size: _parent.n\n  b:\n    seq:\n      - id: n\n        type: u1\n      - id: m\n        type: a\n  c:\n    seq:\n      - id: n\n        type: u1\n      - id: m\n        type: a\n',
    '/types/a/seq/0/size',
  ],
  ['root unknown', 'instances:\n  a:\n    value: _root.zz\n', '/instances/a/value'],
  ['underscore', 'instances:\n  a:\n    value: _ + 1\n', '/instances/a/value'],
  ['index', 'instances:\n  a:\n    value: _checked + 1\n', '/instances/a/value'],
  ['index in pos', 'instances:\n  a: {pos: _index, type: u1, repeat: eos}\n', '/instances/a/pos'],
  [
    'index in io',
    'instances:\n  a: {pos: 0, io: "_index == 0 ? _io : _io", size: 1, repeat: eos}\n',
    '/instances/a/io',
  ],
  ['index in a count', 'seq:\n  - {id: a, type: u1, repeat: expr, repeat-expr: _index}\n', '/seq/0/repeat-expr'],
  ['index in if', 'seq:\n  - {id: a, type: u1, repeat: eos, if: _index == 0}\n', '/seq/0/if'],
  ['parent key unknown', 'seq:\n  - id: x\n    type: t\n    parent: zz\ntypes:\n  t: {}\n', '/seq/0/parent'],
  [
    'params few',
    'seq:\n  - id: x\n    type: t\ntypes:\n  t:\n    params:\n      - id: p\n        type: u1\n',
    '/seq/0/type',
  ],
  [
    'params type',
    'seq:\n  - id: x\n    type: t("s")\ntypes:\n  t:\n    params:\n      - id: p\n        type: u1\n',
    '/seq/0/type',
  ],
  [
    'params struct',
    'seq:\n  - id: y\n    type: u\n  - id: x\n    type: t(y)\ntypes:\n  u: {}\n  v: {}\n  t:\n    params:\n      - id: p\n        type: v\n',
    '/seq/1/type',
  ],
  ['params unknown type', 'params:\n  - id: p\n    type: zz\n', '/params/0/type'],
  ['params enum unknown', 'params:\n  - id: p\n    type: u1\n    enum: zz\n', '/params/0/enum'],
  [
    'params arg unknown',
    'seq:\n  - id: x\n    type: t(zz)\ntypes:\n  t:\n    params:\n      - id: p\n        type: u1\n',
    '/seq/0/type',
  ],
  [
    'param array',
    'seq:\n  - id: y\n    type: u1\n  - id: x\n    type: t(y)\ntypes:\n  t:\n    params:\n      - id: p\n        type: "u1[]"\n',
    '/seq/1/type',
  ],
  ['param builtin args', 'seq:\n  - id: x\n    type: u1(5)\n', '/seq/0/type'],
  [
    'enum on str',
    'seq:\n  - id: x\n    type: str\n    size: 1\n    encoding: UTF-8\n    enum: e\nenums:\n  e:\n    1: b\n',
    '/seq/0/enum',
  ],
  ['enum path unknown', 'seq:\n  - id: x\n    type: u1\n    enum: t::zz\ntypes:\n  t: {}\n', '/seq/0/enum'],
  ['enum path unknown2', 'seq:\n  - id: x\n    type: u1\n    enum: zz::e\n', '/seq/0/enum'],
  ['type path unknown', 'seq:\n  - id: x\n    type: t::zz\ntypes:\n  t: {}\n', '/seq/0/type'],
  ['terminator big', 'seq:\n  - id: x\n    terminator: 256\n', '/seq/0/terminator'],
  [
    'field of switch',
    'seq:\n  - id: x\n    type:\n      switch-on: 1\n      cases:\n        1: t\n        2: u\ninstances:\n  a:\n    value: x.v\ntypes:\n  t:\n    seq:\n      - id: v\n        type: u1\n  u: {}\n',
    '/instances/a/value',
  ],
  ['str no enc tos', 'seq:\n  - id: x\n    type: str\n    size: 1\n', '/seq/0'],
  ['not arr', 'instances:\n  a:\n    value: not [1]\n', '/instances/a/value'],
  ['subscript float', 'instances:\n  a:\n    value: "[300][1.5]"\n', '/instances/a/value'],
  ['fstr bad', 'seq:\n  - id: b\n    size: 1\ninstances:\n  a:\n    value: f"x{b}"\n', '/instances/a/value'],
  ['nested inst', 'types:\n  t:\n    instances:\n      a:\n        value: zz\n', '/types/t/instances/a/value'],
];

test.each(CASES)('%s → one error, at its key', (_, rest, path) => {
  const found = diagnose(rest);
  expect(found.map(({ severity, at }) => `${severity} ${at.path}`)).toEqual([`error ${path}`]);
});

test('several problems → all are reported, in order of the file', () => {
  const found = diagnose(
    'seq:\n  - id: a\n    type: u1\n    if: 5\n  - id: b\n    size: "true"\n  - id: c\n    type: nowhere\n',
  );
  expect(found.map(({ at }) => at.path)).toEqual(['/seq/0/if', '/seq/1/size', '/seq/2/type']);
});

test('a field that is only the count of another, or only its size → a warning names what the style guide asks for', () => {
  const seq =
    'seq:\n  - id: count\n    type: u1\n  - id: foo\n    type: u1\n    repeat: expr\n    repeat-expr: count\n';
  expect(diagnose(seq)).toMatchObject([
    {
      severity: 'warning',
      at: { path: '/seq/0/id' },
      message: expect.stringContaining('use `num_foo` instead of `count`'),
    },
  ]);
  expect(diagnose(`${seq}instances:\n  other:\n    value: count + 1\n`)).toEqual([]);
  expect(diagnose(seq.replace('type: u1', 'type: u1\n    -orig-id: count'))).toEqual([]);
});

test('_index in repeat-until → a warning at its place: the official targets disagree', () => {
  const until = 'seq:\n  - {id: a, type: u1, repeat: until, repeat-until: _index >= 2}\n';
  expect(diagnose(until)).toMatchObject([
    { severity: 'warning', at: { path: '/seq/0/repeat-until', line: 4 }, message: expect.stringContaining('_index') },
  ]);
  expect(diagnose(until.replace('_index >= 2', '_ >= 2').replace('type: u1', 'size: _index'))).toMatchObject([
    { severity: 'error' },
  ]);
  expect(diagnose('seq:\n  - {id: a, size: _index, repeat: eos}\n')).toEqual([]);
});

test.each([
  ['a name that is not found', '{42: nowhere}', '/seq/1/type/cases/IntNum(42)/type'],
  ['a name within parentheses that is not found', '{42: t(zz)}', '/seq/1/type/cases/IntNum(42)'],
  ['too few arguments', '{42: t}', '/seq/1/type'],
  ['an argument of another type', '{42: t("s")}', '/seq/1/type'],
  ['what is no name', '{42: "t("}', '/seq/1/type'],
  ['no byte order', '{42: u2}', '/seq/1/type/cases/42/type'],
])('the type of a case: %s → the path that the official compiler gives', (_, cases, path) => {
  const types = 'types: {t: {params: [{id: p, type: u1}]}}\n';
  const found = diagnose(`seq:\n  - {id: x, type: u1}\n  - {id: y, type: {switch-on: x, cases: ${cases}}}\n${types}`);
  expect(found.map(({ at }) => at.path)).toEqual([path]);
});

test('problems of the text and of what it means → all at once, but not what only follows from others', () => {
  const found = diagnose(
    [
      'seq:',
      '  - {id: a, type: s1, bogus: 1}',
      '  - {id: b, type: nowhere}',
      '  - {id: c, size: zz}',
      // Follows from /instances/p.
      '  - {id: d, size: p + 1}',
      'instances:',
      "  p: {value: '1 +'}",
      '  q: {value: nope}',
      '',
    ].join('\n'),
  );
  expect(found.map(({ at }) => at.path)).toEqual([
    '/seq/0/bogus',
    '/seq/1/type',
    '/seq/2/size',
    '/instances/p/value',
    '/instances/q/value',
  ]);
});

test('an import or an id that is missing → names that are not found are not reported besides', () => {
  const found = diagnose('  imports: [gone/NOT]\nseq:\n  - {id: a, type: elsewhere}\n  - {id: b, type: u1, if: 5}\n');
  expect(found.map(({ at }) => at.path)).toEqual(['/meta/imports/0', '/seq/1/if']);
});
