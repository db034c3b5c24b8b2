/**
 * The documentation as a site that opens without a server: the public API, by the entries that package.json names, and
 * the pages. TypeDoc comes with a TypeScript of its own, older than the one that the project is built with.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, ReflectionKind, Renderer } from 'typedoc';
import { writePages } from './pages.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The source of each entry of a package, by the name that it is imported by. */
function entriesOf(folder, source) {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  return Object.entries(exports).flatMap(([entry, target]) => {
    const module = typeof target === 'string' ? target : (target.import ?? target.default);
    if (!module.endsWith('.js')) return [];
    const file = join(ROOT, folder, module.replace(/^\.\/dist\//, source).replace(/\.js$/, '.ts'));
    // What supports generated code is shown with the structures.
    if (!existsSync(file)) return [];
    return [[file, `${name}${entry.slice(1)}`]];
  });
}

/** Public names of a module, and members of its classes and interfaces, that have no comment. */
function undocumented(module) {
  const missing = [];
  const visit = (reflection) => {
    for (const each of reflection.children ?? []) {
      if (each.kindOf(ReflectionKind.Constructor) || each.inheritedFrom !== undefined || each.flags.isExternal)
        continue;
      const isDocumented = [each, each.getSignature, ...(each.signatures ?? [])].some((part) => part?.hasComment());
      if (!isDocumented && !each.kindOf(ReflectionKind.Reference)) missing.push(each.getFullName());
      if (each.kindOf([ReflectionKind.Class, ReflectionKind.Interface])) visit(each);
    }
  };
  visit(module);
  return missing;
}

/** TypeDoc knows the anchors of headings; pages also have some of their own. */
function tellAnchors(router, page) {
  const text = page.content.map((part) => part.text).join('');
  const own = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
  const slugger = router.getSlugger(page);
  const isHeading = slugger.hasAnchor.bind(slugger);
  slugger.hasAnchor = (anchor) => own.has(anchor) || isHeading(anchor);
}

const names = new Map([...entriesOf('.', './'), ...entriesOf('generator', './src/')]);
const pages = mkdtempSync(join(tmpdir(), 'vhdx-site-'));
try {
  const application = await Application.bootstrap({
    name: 'vhdx',
    entryPoints: [...names.keys()],
    tsconfig: join(ROOT, 'site', 'tsconfig.json'),
    readme: join(pages, 'README.md'),
    projectDocuments: writePages(ROOT, pages),
    sort: ['source-order'],
    navigation: { includeGroups: true },
    groupOrder: ['Guides', 'Reference', 'Modules', 'Project', 'Decisions', '*'],
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    disableSources: true,
    githubPages: false,
    hideGenerator: true,
    treatWarningsAsErrors: true,
    // Which types are public is not this program's to say.
    validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true },
  });
  const project = await application.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the sources');
  for (const module of project.children ?? []) {
    const name = names.get(project.getSymbolIdFromReflection(module)?.fileName);
    if (name !== undefined) module.name = name;
    // Comments of generated structures come from the schemas, where a field need not have one.
    if (name === 'vhdx/structures') continue;
    for (const each of undocumented(module)) application.logger.warn(`${each} has no comment`);
  }
  application.renderer.on(Renderer.EVENT_BEGIN, () => {
    for (const page of project.documents ?? []) tellAnchors(application.renderer.router, page);
  });
  application.validate(project);
  await application.generateDocs(project, join(ROOT, 'dist', 'site'));
  if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exitCode = 1;
} finally {
  rmSync(pages, { recursive: true });
}
