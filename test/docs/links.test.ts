/** What the pages point to is there: files, headings, scripts; and every page can be reached. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pagePaths, readPage, ROOT } from './pages.js';

const pages = pagePaths();

/** What `npm run` finds where a page is, or in the root of the project. */
function scriptsFor(path: string): ReadonlySet<string> {
  const manifests = [path, ''].map((from) => join(ROOT, posix.dirname(from), 'package.json'));
  return new Set(
    manifests.filter(existsSync).flatMap((manifest) => {
      const { scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: object };
      return Object.keys(scripts);
    }),
  );
}

/** The prose of a page: nothing in a block of code is a link or a heading. */
function prose(path: string): string {
  return readPage(path).replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** What GitHub makes of headings, numbered where several are the same. */
function anchorsOf(path: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const text = prose(path);
  for (const [, heading = ''] of text.matchAll(/^#+ (.*)$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** The targets of links and pictures, outside of code. */
function linksOf(path: string): string[] {
  const text = prose(path).replaceAll(/`[^`]*`/g, (code) => 'x'.repeat(code.length));
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The file that a relative link points to, relative to the project. */
function targetFile(path: string, link: string): string {
  const [file = ''] = link.split('#');
  return file === '' ? path : posix.join(posix.dirname(path), decodeURI(file));
}

/** Why a link leads nowhere; undefined if it does not. */
function faultOf(path: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return URL.canParse(link) && link.startsWith('https://') ? undefined : 'no https: URL';
  const file = targetFile(path, link);
  if (file.startsWith('..')) return 'leads out of the project';
  if (!existsSync(join(ROOT, file))) return 'no such file';
  const anchor = link.split('#')[1];
  if (anchor === undefined) return undefined;
  if (!file.endsWith('.md')) return 'an anchor of what is no page';
  return anchorsOf(file).has(anchor) ? undefined : 'no such heading';
}

describe.each(pages)('%s', (path) => {
  test('links → lead to files, headings and https: URLs', () => {
    const broken = linksOf(path).flatMap((link) => {
      const fault = faultOf(path, link);
      return fault === undefined ? [] : [`${link}: ${fault}`];
    });
    expect(broken).toEqual([]);
  });

  test('files and scripts that are named → are there', () => {
    const text = readPage(path);
    const files = [...text.matchAll(/`((?:\.ci|docs|generated|generator|runtime|schemas|site|test)\/[\w./-]*)`/g)];
    // Changes are about what was there at the time.
    const named = path === 'CHANGELOG.md' ? [] : files.map(([, file = '']) => file);
    // NAME stands for one that is to be made.
    expect(named.filter((file) => !file.includes('NAME') && !existsSync(join(ROOT, file)))).toEqual([]);
    const run = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(run.filter((script) => !scriptsFor(path).has(script))).toEqual([]);
  });
});

test('pages → can all be reached from README.md', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    for (const link of linksOf(path).filter((each) => !/^[a-z]+:/.test(each))) {
      const file = targetFile(path, link);
      const isFolder = existsSync(join(ROOT, file)) && statSync(join(ROOT, file)).isDirectory();
      const page = isFolder ? posix.join(file, 'README.md') : file;
      if (pages.includes(page)) reached.add(page);
    }
  }
  expect(pages.filter((path) => !reached.has(path))).toEqual([]);
});

test('schemas/README.md → names every schema', () => {
  const schemas = readdirSync(join(ROOT, 'schemas')).filter((name) => name.endsWith('.ksy'));
  expect(schemas.filter((name) => !linksOf('schemas/README.md').includes(name))).toEqual([]);
});
