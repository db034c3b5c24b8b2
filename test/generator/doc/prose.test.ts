import { describe, expect, test } from 'vitest';
import { code, link, list, paragraph, text } from '../../../generator/src/doc/content.js';
import { proseBlocks, proseLine, reference, webAddress } from '../../../generator/src/doc/prose.js';

const web = (address: string, shown: string): unknown => link({ kind: 'web', address }, text(shown));

describe('prose of a schema', () => {
  test('blank lines → paragraphs; other line ends → spaces', () => {
    expect(proseBlocks('one\ntwo\r\n\r\nthree')).toEqual([paragraph([text('one two')]), paragraph([text('three')])]);
  });

  test('items → a list, also directly below a sentence; lines that go on belong to their item', () => {
    expect(proseBlocks('Known:\n* one\n  more\n* two')).toEqual([
      paragraph([text('Known:')]),
      list([[text('one more')], [text('two')]]),
    ]);
    expect(proseBlocks('1. a\n2. b')).toEqual([list([[text('a')], [text('b')]])]);
  });

  test('fences, indented lines, tables → kept as they are', () => {
    expect(proseBlocks('```\na  b\n```\nc')).toEqual([{ kind: 'preformatted', text: 'a  b' }, paragraph([text('c')])]);
    expect(proseBlocks('    a  b')).toEqual([{ kind: 'preformatted', text: '    a  b' }]);
    expect(proseBlocks('|a|b|\n|1|2|')).toEqual([{ kind: 'preformatted', text: '|a|b|\n|1|2|' }]);
  });

  test('a fence without an end → the rest is kept as it is', () => {
    expect(proseBlocks('```\na\n\nb')).toEqual([{ kind: 'preformatted', text: 'a\n\nb' }]);
  });

  test('code and links → as such; a stop behind an address is none of it', () => {
    expect(proseLine('see `a|b`, [here](https://example.org/x) or https://example.org.')).toEqual([
      text('see '),
      code('a|b'),
      text(', '),
      web('https://example.org/x', 'here'),
      text(' or '),
      web('https://example.org/', 'https://example.org'),
      text('.'),
    ]);
  });

  test('100,000 backticks, brackets, stops → text, in linear time', () => {
    for (const sign of ['`', '[', '.', '(', '` `` ', '* ', '| '])
      expect(proseBlocks(`https://a${sign.repeat(100_000)}x`).length).toBeGreaterThan(0);
    expect(proseLine('`'.repeat(100_000))).toEqual([text('`'.repeat(100_000))]);
  });

  test('an unpaired backtick, a relative link → text', () => {
    expect(proseLine('a ` b [c](d.md)')).toEqual([text('a ` b [c](d.md)')]);
  });
});

describe('addresses', () => {
  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//host/x',
    'http://',
  ])('%s → no link', (address) => {
    expect(webAddress(address)).toBeUndefined();
    expect(proseLine(`[x](${address})`).every(({ kind }) => kind === 'text')).toBe(true);
  });

  test('characters that could end a link → escaped', () => {
    expect(webAddress('https://example.org/a"b<c>|(d)`e\'f')).toBe(
      'https://example.org/a%22b%3Cc%3E%7C%28d%29%60e%27f',
    );
  });

  test('doc-ref → the text behind an address stands for it; an address alone is shortened', () => {
    expect(reference('https://example.org/x [SPEC] 2.1')).toEqual([web('https://example.org/x', '[SPEC] 2.1')]);
    expect(reference('[SPEC] 2.1')).toEqual([text('[SPEC] 2.1')]);
    expect(reference(`https://www.example.org/${'x'.repeat(90)}`)[0]).toMatchObject({
      content: [{ text: `example.org/${'x'.repeat(36)}…` }],
    });
  });
});
