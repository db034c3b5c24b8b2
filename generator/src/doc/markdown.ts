/** Pages as Markdown: CommonMark with the tables of GitHub, and the few elements of HTML that it has no signs for. */
import type { Block, Inline, Page, Row, Section, Table } from './content.js';
import { markdownCode, markdownEntities, markdownLine, markdownText, xmlText } from './escape.js';
import { writeInlines, type Signs } from './inlines.js';
import { svgOf } from './svg.js';
import { printable } from '../diagnostics.js';

/** Folder of the diagrams, beside the pages. */
export const DIAGRAMS = 'diagrams';

export function markdownPage(page: Page, mark: string): string {
  const parts = [
    `# ${markdownText(page.title)}`,
    `<!-- ${mark} -->`,
    ...page.sections.flatMap((each) => section(each, page)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The diagrams of a page as files of their own. */
export function markdownDiagrams(page: Page, mark: string): { readonly path: string; readonly content: string }[] {
  return page.sections.flatMap(({ diagram, anchor }) => {
    if (diagram === undefined) return [];
    return [{ path: diagramPath(anchor), content: `<!-- ${mark} -->\n${svgOf(diagram, anchor, true)}\n` }];
  });
}

const diagramPath = (anchor: string): string => `${DIAGRAMS}/${anchor}.svg`;

function section({ anchor, level, heading, blocks, diagram, table }: Section, page: Page): string[] {
  const place = `<a id="${xmlText(anchor)}"></a>`;
  const title = heading.length === 0 ? [place] : [place, `${'#'.repeat(level)} ${inlines(heading, page)}`];
  const picture = diagram === undefined ? [] : [`![${markdownText(diagram.title)}](${diagramPath(anchor)})`];
  const rows = table === undefined ? [] : [tableText(table, page)];
  return [...title, ...blocks.map((each) => block(each, page)), ...picture, ...rows];
}

function tableText({ columns, rows }: Table, page: Page): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(markdownText)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(rowCells(row, page))),
  ].join('\n');
}

function rowCells({ anchor, cells }: Row, page: Page): string[] {
  const place = anchor === undefined ? '' : `<a id="${xmlText(anchor)}"></a>`;
  return cells.map(
    (blocks, index) => (index === 0 ? place : '') + blocks.map((each) => cellBlock(each, page)).join('<br><br>'),
  );
}

function block(each: Block, page: Page): string {
  switch (each.kind) {
    case 'paragraph':
      return markdownLine(inlines(each.content, page));
    case 'list':
      return each.items.map((item) => `- ${markdownLine(inlines(item, page))}`).join('\n');
    case 'preformatted':
      return preformatted(each.text);
  }
}

/** What stands in a cell has to be on one line. */
function cellBlock(each: Block, page: Page): string {
  switch (each.kind) {
    case 'paragraph':
      return inlines(each.content, page).trim();
    case 'list':
      return each.items.map((item) => `• ${inlines(item, page).trim()}`).join('<br>');
    case 'preformatted':
      return preformatted(each.text);
  }
}

function preformatted(text: string): string {
  const all = text.split('\n').map((line) => markdownEntities(printable(line)));
  return `<pre>${all.join('<br>')}</pre>`;
}

const SIGNS: Signs = {
  extension: '.md',
  text: markdownText,
  code: markdownCode,
  note: markdownText,
  link: (content, address) => `[${content.trim()}](${address.replaceAll('&', '&amp;')})`,
};

const inlines = (content: readonly Inline[], page: Page): string => writeInlines(content, page, SIGNS);
