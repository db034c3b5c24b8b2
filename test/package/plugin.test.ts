/** `ksy-ts/plugin` of the packed package: what five bundlers make of schemas, once and after changes, and in a browser. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startChromium, withoutChromium } from '../browser/chromium.js';
import { StrangerProject, installed, run } from '../support/packed.js';
import { BUNDLERS, pluginOf, type Outcome, type Plugin } from './plugin-bundlers.js';

const PATIENCE_MS = 120_000;

const SCHEMAS = {
  'src/picture.ksy': `meta:
  id: picture
  imports: [common/extent]
seq:
  - id: extent
    type: extent
  - id: num_rows
    type: u1
  - id: rows
    type: row
    repeat: expr
    repeat-expr: num_rows
types:
  row:
    seq:
      - id: colour
        type: u1
        enum: colour
      - id: len_body
        type: u2le
      - id: body
        size: len_body
enums:
  colour:
    1: red
    2: green
`,
  'src/common/extent.ksy': `meta:
  id: extent
  endian: le
seq:
  - id: width
    type: u2
  - id: num
    type: u1
  - id: rest
    type: u1
    repeat: expr
    repeat-expr: num
`,
};
/** Where the field is whose bytes are missing in what the program reads in the end. */
const LINE_OF_LEN = SCHEMAS['src/picture.ksy'].split('\n').indexOf('      - id: len_body') + 1;

const MAIN = `import { Picture, Picture_Colour } from './picture.ksy';
import { Extent } from './common/extent.ksy';
import { EofError } from 'ksy-ts/runtime';

const bytes = Uint8Array.of(1, 2, 0, 1, 2, 1, 0, 9);
const { extent, rows: [row] } = Picture.fromBytes(bytes);
const answer = [extent.width, extent instanceof Extent, row.colour === Picture_Colour.GREEN, ...row.body];
let stack = '';
try {
  Picture.fromBytes(bytes.subarray(0, 6));
} catch (error) {
  answer.push(error instanceof EofError);
  stack = error.stack;
}
globalThis.answer = JSON.stringify(answer);
console.log(globalThis.answer + '\\n' + stack);
`;
const ANSWER = '[513,true,true,9,true]';
/** With the width as two bytes of the other order. */
const CHANGED = SCHEMAS['src/common/extent.ksy'].replace('endian: le', 'endian: be');
const CHANGED_ANSWER = ANSWER.replace('513', '258');
const BROKEN = SCHEMAS['src/common/extent.ksy'].replace('type: u2', 'type: u22');

let project: StrangerProject;
let plugin: Plugin;
beforeAll(async () => {
  project = new StrangerProject();
  project.write('src/main.js', MAIN);
  project.write(
    'index.html',
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/src/main.js"></script>',
  );
  plugin = await pluginOf(project.folder);
}, PATIENCE_MS);
afterAll(() => {
  project.remove();
});
beforeEach(() => {
  for (const [path, text] of Object.entries(SCHEMAS)) project.write(path, text);
});

/** What the bundle prints: the answer, and the lines of a stack as its map has them. */
function outputOf(name: string): { readonly answer: string; readonly stack: string } {
  const [answer = '', ...stack] = run(
    process.execPath,
    ['--enable-source-maps', join('out', `${name}.mjs`)],
    project.folder,
  ).split('\n');
  return { answer, stack: stack.join('\n') };
}

/** The outcomes of a watching bundler, one of which is waited for. */
class Outcomes {
  #last: Outcome | undefined;
  #check: () => void = () => undefined;

  readonly report = (outcome: Outcome): void => {
    this.#last = outcome;
    this.#check();
  };

  /** The next one, or the last, that is as wanted. */
  until(isWanted: (outcome: Outcome) => boolean): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (this.#last !== undefined && isWanted(this.#last)) resolve(this.#last);
      };
      this.#check();
    });
  }
}

describe.each(Object.entries(BUNDLERS))('%s', (name, bundler) => {
  test(
    'a build → runs, with each support module once, and a map that leads to the schema',
    async () => {
      const { errors, warnings } = await bundler.build(project.folder, plugin);
      expect(errors).toEqual([]);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]?.text).toContain('src/common/extent.ksy:7:5: /seq/1/id: warning: use `num_rest`');
      if (name === 'esbuild') expect(warnings[0]?.lineText).toMatch(/^ *- \{? ?id: /);
      const { answer, stack } = outputOf(name);
      expect(answer).toBe(ANSWER);
      expect(stack).toMatch(new RegExp(`_read \\(.*[/\\\\]src[/\\\\]picture\\.ksy:${LINE_OF_LEN}:`));
      const map = JSON.parse(readFileSync(join(project.folder, 'out', `${name}.mjs.map`), 'utf8')) as {
        readonly sources: readonly string[];
        readonly sourcesContent: readonly string[];
      };
      const source = map.sources.findIndex((path) => path.endsWith('picture.ksy'));
      expect(map.sourcesContent[source]).toBe(SCHEMAS['src/picture.ksy']);
      // A copy of its own for each schema, or for the program, would have another path.
      const support = map.sources.filter((path) => path.includes('support/')).map((path) => basename(path));
      expect(support).toContain('stream.js');
      expect(support).toEqual([...new Set(support)]);
    },
    PATIENCE_MS,
  );

  test(
    'an imported schema changes, breaks, is mended → built again, with the error at its place between',
    async () => {
      const outcomes = new Outcomes();
      const close = await bundler.watch(project.folder, plugin, outcomes.report);
      try {
        const isBuilt =
          (answer: string) =>
          (outcome: Outcome): boolean =>
            outcome.errors.length === 0 && outputOf(name).answer === answer;
        await outcomes.until(isBuilt(ANSWER));
        project.write('src/common/extent.ksy', CHANGED);
        await outcomes.until(isBuilt(CHANGED_ANSWER));
        project.write('src/common/extent.ksy', BROKEN);
        const { errors } = await outcomes.until((outcome) => outcome.errors.length > 0);
        expect(errors[0]?.text).toContain("src/common/extent.ksy:6:11: /seq/0/type: error: unable to find type 'u22'");
        // webpack and Rspack have a place of their own for a file only.
        const hasLines = name !== 'webpack' && name !== 'Rspack';
        expect(errors[0]?.file).toMatch(!hasLines ? /\.ksy$/ : /src\/common\/extent\.ksy$/);
        if (hasLines) expect(errors[0]).toMatchObject({ line: 6, column: 10 });
        project.write('src/common/extent.ksy', SCHEMAS['src/common/extent.ksy']);
        await outcomes.until(isBuilt(ANSWER));
      } finally {
        await close();
      }
    },
    PATIENCE_MS,
  );
});

test('Bun → builds, and says what is wrong with a schema', () => {
  project.write(
    'build.mjs',
    `import ksyTs from 'ksy-ts/plugin';
     await Bun.build({ entrypoints: ['src/main.js'], outdir: 'out', naming: 'Bun.mjs', target: 'node', plugins: [ksyTs.bun()] });`,
  );
  const bun = installed('bun', 'bin/bun.exe');
  run(bun, ['run', 'build.mjs'], project.folder);
  expect(outputOf('Bun').answer).toBe(ANSWER);
  project.write('src/common/extent.ksy', BROKEN);
  expect(() => run(bun, ['run', 'build.mjs'], project.folder)).toThrow('src/common/extent.ksy:6:11: /seq/0/type');
});

test('declarations that a build has written → those of the command', async () => {
  await BUNDLERS['esbuild']?.build(project.folder, plugin);
  expect(project.generate('--declarations', '--check', 'src')).toMatch(/^src\/common\/extent\.ksy:7:5: .*\n$/);
});

describe.skipIf(withoutChromium())("Vite's server, Chromium", () => {
  let browser: Browser;
  let server: ViteDevServer;
  let page: Page;

  beforeAll(async () => {
    browser = await startChromium();
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser.close();
  }, PATIENCE_MS);

  async function open(): Promise<void> {
    server = await createServer({
      root: project.folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [plugin.vite()],
      server: { host: '127.0.0.1', port: 0 },
    });
    await server.listen();
    page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
  }

  async function close(): Promise<void> {
    await page.close();
    await server.close();
  }

  const isAnswer = (answer: string): Promise<unknown> =>
    page.waitForFunction((wanted) => (globalThis as { answer?: unknown }).answer === wanted, answer);
  const overlay = (): Promise<string> => page.locator('vite-error-overlay .message-body').innerText();

  test(
    'a schema changes, breaks, is mended → the page is loaded again, and shows the error between',
    async () => {
      await open();
      try {
        await isAnswer(ANSWER);
        project.write('src/common/extent.ksy', CHANGED);
        await isAnswer(CHANGED_ANSWER);
        project.write('src/common/extent.ksy', BROKEN);
        expect(await overlay()).toContain("src/common/extent.ksy:6:11: /seq/0/type: error: unable to find type 'u22'");
        project.write('src/common/extent.ksy', SCHEMAS['src/common/extent.ksy']);
        await isAnswer(ANSWER);
      } finally {
        await close();
      }
    },
    PATIENCE_MS,
  );

  test(
    'broken when the server starts, and mended → the page is loaded again',
    async () => {
      project.write('src/common/extent.ksy', BROKEN);
      await open();
      try {
        expect(await overlay()).toContain('src/common/extent.ksy:6:11');
        project.write('src/common/extent.ksy', SCHEMAS['src/common/extent.ksy']);
        await isAnswer(ANSWER);
      } finally {
        await close();
      }
    },
    PATIENCE_MS,
  );
});
