/**
 * What the pages show happens: the commands and the code of each page run in its order, in one folder, and print what is
 * shown. `npm run docs` puts what they print now into the pages.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf, followingBlock, pagePaths, readPage, ROOT, withContents } from './pages.js';
import { isShown, Scene, shownOf } from './scene.js';

/** In a checkout the command is run by npx; the first lines of the README install what it needs. */
const PREFIX = /^(?:npm ci && )?(?:npx --no -- )?/;
/** Commands that are not for a test: they install, build, publish, or run the tests. */
const NOT_RUN = /^(?:npm|npx|git|cd|ksy-ts)\b/;
/** The code there imports what the schema on the same page becomes: test/readme.test.ts. */
const WITH_CODE_OF_ITS_OWN = 'generator/README.md';

interface Page {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

const pages: readonly Page[] = pagePaths()
  .map((path) => ({ path, text: readPage(path) }))
  .map(({ path, text }) => ({ path, text, blocks: blocksOf(text) }))
  .filter(({ blocks }) => blocks.some(({ language }) => ['console', 'sh', 'ts'].includes(language)));

/** The commands of a transcript, each with what is shown below it. */
function transcript(content: string): { readonly command: string; readonly output: string }[] {
  return [...content.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = '', output = '']) => ({
    command,
    output,
  }));
}

/** The lines of a script without its comments. */
function commandLines(content: string): string[] {
  return content
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** `shown` if that is what `actual` comes to, else what a page shows of `actual`. */
function corrected(shown: string, actual: string): string {
  return isShown(shown, actual) ? shown : shownOf(shown, actual);
}

// Within the project, so that packages and the project's own name are found.
mkdirSync(join(ROOT, 'dist'), { recursive: true });
const folder = mkdtempSync(join(ROOT, 'dist', 'pages-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the code has without an import: a file that the user of a web page has chosen, and a server. */
const AMBIENT = 'declare const file: File;\n';
const PRELUDE = `import { openAsBlob, readFileSync } from 'node:fs';
globalThis.file = await openAsBlob('disk.vhdx');
globalThis.fetch = async (url, { headers }) => {
  const image = readFileSync(new URL(url).pathname.slice(1));
  const [, first, last] = /^bytes=(\\d+)-(\\d+)$/.exec(new Headers(headers).get('range'));
  const part = image.subarray(Number(first), Number(last) + 1);
  const range = \`bytes \${first}-\${Number(first) + part.length - 1}/\${image.length}\`;
  return new Response(part, { status: 206, headers: { etag: '"1"', 'content-range': range } });
};
`;

function moduleName({ path }: Page, { line }: Block): string {
  return `${path.replaceAll(/\W/g, '_')}_line_${line}`;
}

function codeOf(page: Page): Block[] {
  return page.path === WITH_CODE_OF_ITS_OWN ? [] : page.blocks.filter(({ language }) => language === 'ts');
}

let diagnostics = '';
beforeAll(() => {
  for (const page of pages) {
    for (const block of codeOf(page)) writeFileSync(join(folder, `${moduleName(page, block)}.ts`), block.content);
  }
  writeFileSync(join(folder, 'ambient.d.ts'), AMBIENT);
  writeFileSync(join(folder, 'prelude.mjs'), PRELUDE);
  const config = {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      declaration: false,
      isolatedDeclarations: false,
      lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: ['node'],
      rootDir: '.',
      outDir: '.',
    },
    include: ['*.ts'],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  diagnostics = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout;
});

test('the code of all pages → compiles', () => {
  expect(diagnostics).toBe('');
});

describe.each(pages)('$path', (page) => {
  const { path, text, blocks } = page;
  const code = codeOf(page);

  /** The transcript with what the commands print now. */
  function runConsole(scene: Scene, { content }: Block): string {
    const parts = transcript(content).map(({ command, output }) => {
      const line = command.replace(PREFIX, '');
      return `$ ${command}\n${NOT_RUN.test(line) ? output : corrected(output, scene.run(line).output)}`;
    });
    return parts.join('');
  }

  function runScript(scene: Scene, { content, line: number }: Block): void {
    for (const line of commandLines(content).filter((each) => !NOT_RUN.test(each))) {
      if (scene.has(line)) expect(scene.run(line), `${path}:${number}: ${line}`).toMatchObject({ status: 0 });
      else process.stderr.write(`SKIPPED: ${path}:${number}: not all programs of "${line}" are here\n`);
    }
  }

  /** What a block of code prints. */
  function runCode(scene: Scene, block: Block): string {
    const words = ['--import', join(folder, 'prelude.mjs'), join(folder, `${moduleName(page, block)}.js`)];
    const options = { cwd: scene.folder, encoding: 'utf8' } as const;
    const { stdout, stderr, status } = spawnSync(process.execPath, words, options);
    expect({ stderr, status }, `${path}:${block.line}`).toEqual({ stderr: '', status: 0 });
    return stdout;
  }

  test('commands and code → print what is shown', async () => {
    const scene = new Scene();
    try {
      const contents = new Map<Block, string>();
      for (const block of blocks) {
        if (block.language === 'console') contents.set(block, runConsole(scene, block));
        if (block.language === 'sh') runScript(scene, block);
        if (!code.includes(block)) continue;
        const printed = runCode(scene, block);
        const shown = followingBlock(blocks, text, block);
        if (shown?.language === 'text') contents.set(shown, corrected(shown.content, printed));
        else expect(printed, `${path}:${block.line} prints, but no text block shows what`).toBe('');
      }
      await expect(withContents(text, contents)).toMatchFileSnapshot(join(ROOT, path));
    } finally {
      scene.remove();
    }
  });
});
