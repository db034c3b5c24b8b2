/** Pages of `ksy-ts doc` in Chromium: hostile schemas come out as text; diagrams have a name and a description. */
import MarkdownIt from 'markdown-it';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutputFile } from '../../generator/src/compile.js';
import { documentation, type DocFormat } from '../../generator/src/doc/pages.js';
import { startChromium, withoutChromium } from './chromium.js';

/** What schemas could say so that a page does something else than show it; each ends in a word that has to be seen. */
const HOSTILE: Readonly<Record<string, string>> = {
  script: '<script>globalThis.hit = 1</script> SEEN',
  'end of a cell': '</td></tr></table></pre></code><img src=x onerror="globalThis.hit = 1"> SEEN',
  'end of an attribute': `"><svg onload='globalThis.hit = 1'> ' onmouseover='globalThis.hit = 1 SEEN`,
  comment: '--> <!-- <style>*{display:none}</style> ]]> SEEN',
  'link that runs': '[click](javascript:globalThis.hit=1) <javascript:globalThis.hit=1> SEEN',
  'picture that runs': '![x](javascript:globalThis.hit=1 "t") ![y][z] SEEN\n\n[z]: javascript:globalThis.hit=1',
  'address with markup': 'https://example.org/"onclick="hit" https://example.org/)[x](javascript:hit) SEEN',
  'pipes and backticks': '| a | b | `c | d` ``e | f`` \\| \\` ` SEEN |',
  'unpaired backticks': '`` ` ``` SEEN',
  entities: '&lt;b&gt; &#60;b&#62; &colon; SEEN',
  headings: '# one\n## two\n---\n===\n- - -\n* * *\n1) x\n+ y\n> z\n~~~ SEEN',
  'line separators': 'a\u2028<script>globalThis.hit = 1</script>\u2029\u0085| SEEN',
  controls: '\u001b[31m\u0000\u202e<b>\u200f\ufeff\uffff SEEN',
  formulas: '$\\href{javascript:hit}{x}$ $`a`$ SEEN',
  code: '```\n</pre><script>globalThis.hit = 1</script>\n| x |\n``` SEEN\n```',
};
/** The number of times that a page has to show `SEEN`: title, license, six docs, two sections, two names, a string. */
const PLACES = 9;

const yaml = JSON.stringify;

function schemaWith(text: string): string {
  const line = text.replaceAll(/[^\x20-\x7e]/g, ' ');
  return `
meta: {id: a, title: ${yaml(text)}, license: ${yaml(text)}, endian: le, encoding: UTF-8}
doc: ${yaml(text)}
doc-ref: ${yaml(text)}
-orig-id: ${yaml(text)}
params: [{id: p, type: u1, doc: ${yaml(text)}}]
seq:
  - {id: x, type: u1, doc: ${yaml(text)}, doc-ref: [${yaml(text)}, ${yaml(`https://example.org/ ${text}`)}], -orig-id: ${yaml(text)}, enum: e, valid: {in-enum: true, -rule: ${yaml(text)}}}
  - {id: y, contents: ${yaml(line)}}
instances:
  v: {value: ${yaml(`"${line.replaceAll(/["\\]/g, '\\$&')}"`)}, doc: ${yaml(text)}}
  w: {pos: 0, size: ${yaml(`"${line.replaceAll(/["\\]/g, '\\$&')}".length`)}, doc: ${yaml(text)}}
enums: {e: {1: {id: one, doc: ${yaml(text)}}}}
types: {t: {doc: ${yaml(text)}, seq: [{id: z, size-eos: true, process: ${yaml('custom.thing("a|b`<i>")')}}]}}
`;
}

/** All that a page is made of. */
const ELEMENTS = new Set(
  'html head meta title style body main nav h1 h2 h3 p ul li a code pre small br wbr div table thead tbody tr th td figure svg desc g rect path text img'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name id href class scope aria-labelledby role width height viewBox font-size rx x y d transform src alt'.split(
    ' ',
  ),
);

interface Found {
  readonly elements: readonly string[];
  readonly attributes: readonly string[];
  readonly links: readonly string[];
  readonly pictures: readonly string[];
  readonly raggedRows: number;
  readonly tables: number;
  readonly seen: number;
  readonly hit: unknown;
}

describe.skipIf(withoutChromium())('pages in Chromium', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startChromium();
    page = await browser.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });

  function made(schema: string, format: DocFormat): readonly OutputFile[] {
    return documentation({ files: ['a.ksy'], importer: { read: () => schema }, format }).files;
  }

  function shown(files: readonly OutputFile[]): string {
    const html = files.find(({ path }) => path === 'a.html');
    if (html !== undefined) return html.content;
    const markdown = files.find(({ path }) => path === 'a.md')?.content ?? '';
    // As liberal as a renderer may be: elements as they are written, addresses as links.
    return new MarkdownIt({ html: true, linkify: true }).render(markdown);
  }

  async function find(html: string): Promise<Found> {
    await page.setContent(html);
    return page.evaluate((): Found => {
      const all = [...document.querySelectorAll('*')];
      const rows = [...document.querySelectorAll('table')].flatMap((table) => {
        const columns = table.querySelectorAll('thead th').length;
        return [...table.querySelectorAll('tbody tr')].map((row) => row.children.length - columns);
      });
      return {
        elements: all.map(({ localName }) => localName),
        attributes: all.flatMap((element) => element.getAttributeNames()),
        links: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? ''),
        pictures: [...document.querySelectorAll('img')].map((picture) => picture.getAttribute('src') ?? ''),
        raggedRows: rows.filter((difference) => difference !== 0).length,
        tables: document.querySelectorAll('table').length,
        seen: (document.body.textContent ?? '').split('SEEN').length - 1,
        hit: (globalThis as { hit?: unknown }).hit,
      };
    });
  }

  const cases = (['markdown', 'html'] as const).flatMap((format) =>
    Object.entries(HOSTILE).map(([name, text]) => ({ format, name, text })),
  );

  test.each(cases)('$name in every text, as $format → shown as text', async ({ format, text }) => {
    const found = await find(shown(made(schemaWith(text), format)));
    expect(found.elements.filter((name) => !ELEMENTS.has(name))).toEqual([]);
    expect(found.attributes.filter((name) => !ATTRIBUTES.has(name))).toEqual([]);
    expect(found.links.filter((target) => !/^(?:#|a\.|https?:\/\/example\.org\/)/.test(target))).toEqual([]);
    expect(found.pictures.filter((target) => !/^diagrams\/a[\w-]*\.svg$/.test(target))).toEqual([]);
    expect([found.tables, found.raggedRows, found.hit]).toEqual([6, 0, undefined]);
    expect(found.seen).toBeGreaterThanOrEqual(PLACES);
  });

  test.each(Object.entries(HOSTILE))(
    '%s → diagrams are well-formed, and have no links and no scripts',
    async (_, text) => {
      const drawings = made(schemaWith(text), 'markdown').filter(({ path }) => path.endsWith('.svg'));
      expect(drawings.length).toBeGreaterThan(1);
      for (const { content } of drawings) {
        const names = await page.evaluate((source) => {
          const drawn = new DOMParser().parseFromString(source, 'image/svg+xml');
          return [...drawn.querySelectorAll('*')].map(({ localName }) => localName);
        }, content);
        expect(names.filter((name) => name !== 'title' && !ELEMENTS.has(name))).toEqual([]);
      }
    },
  );

  const SAMPLE = `
meta: {id: a, endian: le, bit-endian: le}
seq:
  - {id: magic, contents: AB}
  - {id: flag, type: b1}
  - {id: rest, type: b15}
  - {id: items, type: u4, repeat: eos}
`;

  test('diagrams → a screen reader is told their title and the fields in words', async () => {
    await page.setContent(shown(made(SAMPLE, 'html')));
    expect(await page.getByRole('img', { name: 'Layout of a' }).count()).toBe(1);
    const [description] = await page.locator('svg desc').allTextContents();
    expect(description).toBe(
      'bytes 0 to 1: magic, "AB"; bit 0 from byte 2: flag, b1; bits 1 to 15 from byte 2: rest, b15le; from byte 4, to the end: items, u4le[].',
    );
  });

  test('dark and light → text keeps a contrast of 4.5 to its ground', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const themed = await browser.newPage({ colorScheme });
      await themed.setContent(shown(made(SAMPLE, 'html')));
      const contrasts = await themed.evaluate(() => {
        const luminance = (color: string): number => {
          const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
            const value = Number(part) / 255;
            return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ratio = (a: string, b: string): number => {
          const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
          return (light + 0.05) / (dark + 0.05);
        };
        return [...document.querySelectorAll('svg g')].flatMap((cell) => {
          const ground = getComputedStyle(cell.querySelector('rect') ?? cell).fill;
          return [...cell.querySelectorAll('text')].map((word) => ratio(getComputedStyle(word).fill, ground));
        });
      });
      expect(contrasts.length).toBeGreaterThan(4);
      expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
      await themed.close();
    }
  });
});
