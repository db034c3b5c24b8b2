import { describe, expect, test } from 'vitest';
import {
  ascii,
  joined,
  json,
  markdownText,
  printable,
  shown,
  shownLines,
  wrap,
  xml,
} from '../../runtime/cli/harmless.js';

describe('printable', () => {
  test.each([
    ['plain text in Ελληνικά, 日本語, 💾, 👩‍🔧', 'plain text in Ελληνικά, 日本語, 💾, 👩‍🔧'],
    ['a\u001b[2Jb', String.raw`a\u{1b}[2Jb`],
    ['a\nb\rc\td', String.raw`a\u{a}b\u{d}c\u{9}d`],
    ['a\u009bb', String.raw`a\u{9b}b`],
    ['disk\u202excod.vhdx', String.raw`disk\u{202e}xcod.vhdx`],
    ['a\u2066b\u200bc\ufeffd', String.raw`a\u{2066}b\u{200b}c\u{feff}d`],
    ['a\u2028b', String.raw`a\u{2028}b`],
    ['a\ud800b', String.raw`a\u{d800}b`],
    // Bytes of a file name that are no UTF-8.
    ['a\udcffb\udc80', String.raw`a\xffb\x80`],
    ['::error::x', String.raw`\u{3a}\u{3a}error:\u{3a}x`],
    [':', String.raw`\u{3a}`],
    ['C:\\a: b', 'C:\\a: b'],
    ['a ##[group]b', String.raw`a #\u{23}[group]b`],
    ['###[x]', String.raw`##\u{23}[x]`],
    ['##vso[x] ##TeamCity[x]', String.raw`#\u{23}vso[x] #\u{23}TeamCity[x]`],
    ['## heading, C##', '## heading, C##'],
  ])('%j → %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
    expect(printable(expected)).toBe(expected);
  });
});

describe('shown', () => {
  test('strings → escaped; numbers and what is harmless already → as they are', () => {
    const line = shown`${shown`a\n`}${'b\n'}${1}${2n}${true}`;
    expect(String(line)).toBe('a\nb\\u{a}12true');
  });

  test('parts → with what stands between them', () => {
    expect(String(joined([shown`a`, shown`${'\n'}`], '\n'))).toBe('a\n\\u{a}');
  });

  test('lines of our own → line ends stay, lines do not begin a command', () => {
    expect(String(shownLines('a\n::b\u001b'))).toBe('a\n\\u{3a}\\u{3a}b\\u{1b}');
  });
});

describe('json', () => {
  test.each([['a\u0085b\u202ec\u{e0041}'], ['##[x] ##vso[x]'], ['\ud800 \udcff'], ['\u0000\u001b\n']])(
    '%j → ASCII where it matters, and the same text when it is read',
    (text) => {
      const written = String(json({ text }, 2));
      expect(written).not.toMatch(/[\u007f-\u009f\u202e]|##\w*\[|\p{Cs}/u);
      expect(JSON.parse(written)).toEqual({ text });
    },
  );

  test('letters and line ends of the indentation → stay', () => {
    expect(String(json(['ä'], 1))).toBe('[\n "ä"\n]');
  });
});

describe('xml', () => {
  test('markup and quotes → entities; what XML 1.0 cannot write → written out or replaced', () => {
    expect(String(xml`<a b="${'<&>"\'\u0000\ud800\uffff\n'}">`)).toBe(
      '<a b="&lt;&amp;&gt;&quot;&apos;\\u{0}\\u{d800}\ufffd\\u{a}">',
    );
  });

  test('what a runner would obey → entities', () => {
    expect(String(xml`${'::error::x##[y]'}`)).toBe('&#58;&#58;error:&#58;x#&#35;[y]');
  });
});

describe('markdown', () => {
  test.each([
    ['[x](http://y)', String.raw`\[x\](http:<!-- -->//y)`],
    ['![x](y)', String.raw`\!\[x\](y)`],
    ['<img src=x>', String.raw`\<img src=x\>`],
    ['a|b`c`', 'a\\|b\\`c\\`'],
    ['\\|', String.raw`\\\|`],
    ['www.x.com', 'www<!-- -->.x.com'],
    ['me@x.com #1', 'me@<!-- -->x.com #<!-- -->1'],
    ['a\nb', String.raw`a\\u\{a\}b`],
    ['a: b', 'a: b'],
  ])('%j → %j', (text, expected) => {
    expect(String(markdownText`${text}`)).toBe(expected);
  });
});

describe('ascii', () => {
  test('letters → themselves; the rest, and what a runner would obey → dots', () => {
    expect(ascii(Uint8Array.from(Buffer.from('a\u0000\u00ffb##[x]', 'latin1')))).toBe('a..b#.[x]');
  });
});

describe('wrap', () => {
  test('a short text → one line', () => {
    expect(wrap('short text', '  ').map(String)).toEqual(['  short text']);
  });

  test('a long text → lines of at most 100 characters', () => {
    const text = Array.from({ length: 60 }, () => 'words').join(' ');
    const wrapped = wrap(text, '    ').map(String);
    expect(Math.max(...wrapped.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(wrapped.map((line) => line.trim()).join(' ')).toBe(text);
  });

  test('a word that is longer than a line → stays whole', () => {
    expect(wrap(`a ${'x'.repeat(200)} b`, ' ').map(String)).toEqual([' a', ` ${'x'.repeat(200)}`, ' b']);
  });

  test('a word that would begin a command → does not, wherever the line is broken', () => {
    const lines = wrap(Array.from({ length: 40 }, () => '::error::x').join(' '), '    ').map(String);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => line.trim().startsWith('::'))).toEqual([]);
  });
});
