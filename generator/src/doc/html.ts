/** Pages as HTML: each complete in itself, without scripts. */
import type { Block, Inline, Page, Section, Table } from './content.js';
import { xmlLines, xmlText } from './escape.js';
import { writeInlines, type Signs } from './inlines.js';
import { DIAGRAM_STYLE, svgOf } from './svg.js';

const STYLE = `:root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--ground:#fff;--band:#f6f8fa;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--ink:#f0f6fc;--soft:#a9b3bd;--line:#3d444d;--ground:#0d1117;--band:#151b23;--link:#79b8ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:80rem;padding:1.5rem 2rem 4rem;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,h2,h3{line-height:1.25;margin:2rem 0 .75rem}
h1{margin-top:0}
h2{border-bottom:1px solid var(--line);padding-bottom:.3rem}
p,ul,pre{margin:.5rem 0;max-width:48rem}
ul{padding-left:1.5rem}
a{color:var(--link)}
code,pre{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:var(--band);padding:.5rem .75rem;overflow-x:auto}
small{color:var(--soft);font-size:.85em}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.9rem}
th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top}
th{background:var(--band)}
td p,td ul{margin:0}
td p+p,td p+ul,td ul+p{margin-top:.5rem}
td code{overflow-wrap:break-word}
.whole,.whole code{white-space:nowrap}
.wide{min-width:14rem}
tr:target,h2:target,h3:target{background:var(--band);outline:2px solid var(--link)}
nav{font-size:.9rem}
figure{margin:1rem 0;overflow-x:auto}
.kd{max-width:100%;height:auto;min-width:36rem}
@media (max-width:40rem){body{padding:1rem}}
@media print{body{max-width:none}}`;

/** Nothing is fetched, run or sent, whatever a page says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function htmlPage(page: Page, mark: string, index: string | undefined): string {
  const way =
    index === undefined || page.name === index ? [] : [`<nav><a href="${index}.html">All structures</a></nav>`];
  return [
    '<!doctype html>',
    `<!-- ${mark} -->`,
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${xmlText(page.title)}</title>`,
    `<style>\n${STYLE}\n${DIAGRAM_STYLE}\n</style>`,
    '</head>',
    '<body>',
    ...way,
    '<main>',
    `<h1>${xmlText(page.title)}</h1>`,
    ...page.sections.flatMap((each) => section(each, page)),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function section({ anchor, level, heading, blocks, diagram, table }: Section, page: Page): string[] {
  const id = xmlText(anchor);
  const title =
    heading.length === 0 ? `<a id="${id}"></a>` : `<h${level} id="${id}">${inlines(heading, page)}</h${level}>`;
  const picture = diagram === undefined ? [] : [`<figure>${svgOf(diagram, anchor, false)}</figure>`];
  const rows = table === undefined ? [] : [tableText(table, page, anchor)];
  return [title, ...blocks.map((each) => block(each, page)), ...picture, ...rows];
}

/** Columns that are not to be broken, and those that need room. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ...['Name', 'Section', 'Structure'].map((name): [string, string] => [name, 'whole']),
  ...['Description', 'Constraints'].map((name): [string, string] => [name, 'wide']),
]);

function tableText({ columns, rows }: Table, page: Page, labelled: string): string {
  const styles = columns.map((name) => {
    const style = CLASSES.get(name);
    return style === undefined ? '' : ` class="${style}"`;
  });
  const heads = columns.map((name, index) => `<th scope="col"${styles[index] ?? ''}>${xmlText(name)}</th>`);
  return [
    `<div class="scroll"><table aria-labelledby="${xmlText(labelled)}">`,
    `<thead><tr>${heads.join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map(({ anchor, cells }) => {
      const all = cells.map(
        (blocks, index) => `<td${styles[index] ?? ''}>${blocks.map((each) => block(each, page)).join('')}</td>`,
      );
      return `<tr${anchor === undefined ? '' : ` id="${xmlText(anchor)}"`}>${all.join('')}</tr>`;
    }),
    '</tbody>',
    '</table></div>',
  ].join('\n');
}

function block(each: Block, page: Page): string {
  switch (each.kind) {
    case 'paragraph':
      return `<p>${inlines(each.content, page)}</p>`;
    case 'list':
      return `<ul>${each.items.map((item) => `<li>${inlines(item, page)}</li>`).join('')}</ul>`;
    case 'preformatted':
      return `<pre>${xmlLines(each.text)}</pre>`;
  }
}

const SIGNS: Signs = {
  extension: '.html',
  text: xmlText,
  // Long paths may be broken behind a dot.
  code: (text) => `<code>${xmlText(text.replaceAll(/\s+/g, ' ')).replaceAll(/(?<=\w\.)(?=[a-z_])/g, '<wbr>')}</code>`,
  note: (text) => `<small>${xmlText(text)}</small>`,
  link: (content, address) => `<a href="${xmlText(address)}">${content}</a>`,
};

const inlines = (content: readonly Inline[], page: Page): string => writeInlines(content, page, SIGNS);
