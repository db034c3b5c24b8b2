/** The pages of the project as TypeDoc wants them: with a title in front, and links only to what the site has. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Headings of the navigation, by the first part of a path that fits. */
const GROUPS = [
  ['docs/guide/', 'Guides'],
  ['docs/decisions/', 'Decisions'],
  ['docs/README.md', 'Guides'],
  ['docs/', 'Reference'],
  ['', 'Project'],
];

/** What a browser shows; sources are not part of the site. */
const SHOWN = /\.(?:svg|png|json|yml)$/;

/** Every page but README.md, which is the first of the site, and the API reports. */
export function pagePaths(root) {
  const top = readdirSync(root).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const docs = readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => posix.join('docs', name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith('.md') && !name.endsWith('.api.md'));
  const examples = readdirSync(join(root, 'examples'), { recursive: true })
    .map((name) => posix.join('examples', name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith('README.md') && !name.includes('/node_modules/'));
  return [...top, ...docs, ...examples, 'generator/README.md', 'schemas/README.md', 'test/fixtures/README.md'].sort();
}

/** A page without links to what the site does not have; `copy` is told of the files that it needs. */
function withLinksOfSite(text, path, pages, copy) {
  return text.replaceAll(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (link, picture, label, target) => {
    if (/^(?:https:|#)/.test(target)) return link;
    const file = posix.join(posix.dirname(path), target.split('#')[0]);
    if (pages.includes(file)) return link;
    if (!SHOWN.test(file)) return label;
    copy(file);
    return link;
  });
}

/** Writes the pages to `folder`, in the folders that they have in the project. */
export function writePages(root, folder) {
  const pages = ['README.md', ...pagePaths(root)];
  const copy = (file) => {
    if (!existsSync(join(root, file))) throw new Error(`a page links to ${file}, which is not there`);
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  };
  for (const path of pages) {
    const text = readFileSync(join(root, path), 'utf8');
    const [heading, title] = /^# (.*)\n/.exec(text) ?? [];
    if (title === undefined) throw new Error(`${path} does not begin with a heading`);
    const [, group] = GROUPS.find(([start]) => path.startsWith(start));
    // The first page gets its heading from TypeDoc.
    const front = `---\ntitle: ${JSON.stringify(title)}\ngroup: ${group}\n---\n`;
    const shown = path === 'README.md' ? text.slice(heading.length) : front + text;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), withLinksOfSite(shown, path, pages, copy));
  }
  return pages.slice(1).map((path) => join(folder, path));
}
