/** The published package in browsers: what six bundlers make of it without being configured, and whether that runs. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as esbuild, transform } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium, withoutChromium } from '../browser/chromium.js';
import { StrangerProject, installed, run } from '../support/packed.js';
import { BUNDLERS } from './bundlers.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURE = join(ROOT, 'test/fixtures/dynamic-64m.vhdx');
const NAMES = Object.keys(BUNDLERS);
/** A program for each entry of the package that browsers have; it leaves its answer for the test. */
const PROGRAMS: Readonly<Record<string, string>> = {
  disk: `
    import { BlobSource, openDisk } from 'vhdx';

    const response = await fetch('/dynamic-64m.vhdx');
    const disk = await openDisk(new BlobSource(await response.blob()));
    const sector = new Uint8Array(4);
    await disk.read(sector, 65534);
    globalThis.answer = [disk.size, ...sector];
  `,
  structures: `
    import { VhdxHeader } from 'vhdx/structures';

    const response = await fetch('/dynamic-64m.vhdx');
    const header = VhdxHeader.fromBytes(new Uint8Array(await response.arrayBuffer()).subarray(0x10000));
    globalThis.answer = [String(header.sequenceNumber), header.verifyChecksum()];
  `,
};
/** QEMU wrote 64 KiB of 0x41 at the beginning (see the fixture's description). */
const ANSWERS: Readonly<Record<string, unknown>> = {
  disk: [64 * 2 ** 20, 0x41, 0x41, 0, 0],
  structures: [String(readFileSync(FIXTURE).readBigUInt64LE(0x10008)), true],
};
/** Bundlers and browsers start slowly where many tests run. */
const PATIENCE_MS = 120_000;

let project: StrangerProject;
beforeAll(() => {
  project = new StrangerProject();
  for (const [name, text] of Object.entries(PROGRAMS)) project.write(`${name}.js`, text);
}, PATIENCE_MS);
afterAll(() => {
  project.remove();
});

const outputOf = (bundler: string, program: string): string =>
  join(project.folder, 'out', `${bundler}-${program}`, 'main.js');

describe.each(NAMES)('%s without configuration', (name) => {
  test.each(Object.keys(PROGRAMS))(
    '%s → bundled, no warning, nothing left to import',
    async (program) => {
      const bundle = BUNDLERS[name];
      const file = outputOf(name, program);
      expect(await bundle?.(project.folder, `${program}.js`, join(file, '..'))).toEqual([]);
      // Without comments, which some bundlers leave.
      const { code } = await transform(readFileSync(file, 'utf8'), { minifyWhitespace: true, legalComments: 'none' });
      expect(code.match(/\brequire\(|\bimport\(|\bimport *["'{*]|["']node:|iconv-lite|browser-external/g)).toBeNull();
    },
    PATIENCE_MS,
  );
});

describe('size', () => {
  /** What esbuild makes of a program: minified, and the modules that are in it. */
  async function minified(name: string): Promise<{ readonly gzip: number; readonly modules: readonly string[] }> {
    const { metafile, outputFiles } = await esbuild({
      entryPoints: [join(project.folder, `${name}.js`)],
      bundle: true,
      format: 'esm',
      minify: true,
      write: false,
      metafile: true,
      outdir: join(project.folder, 'out'),
    });
    const [output] = Object.values(metafile.outputs);
    const modules = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path.replace(/^.*(?:node_modules|stranger-\w+)\//, '')] : [],
    );
    return { gzip: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length, modules };
  }

  function expectHeaderAlone({ gzip, modules }: Awaited<ReturnType<typeof minified>>, folder: string): void {
    expect(gzip).toBeLessThanOrEqual(8000);
    expect(modules.filter((path) => path.includes('vhdx_')).toSorted()).toEqual([
      `${folder}/vhdx_guid.js`,
      `${folder}/vhdx_header.js`,
    ]);
    const needless =
      /kaitai-struct|\.schema\.|kaitai\/(?:interop|bits|text|inspect|reflect|to-json|tree|hex-view|encode|output|coverage|writer|write-streamed|zlib|inflate)/;
    expect(modules.filter((path) => needless.test(path))).toEqual([]);
  }

  test('one header → at most 8 kB with gzip, no structure but its own, no writer of streams', async () => {
    const bundle = await minified('structures');
    process.stdout.write(`reading one header: ${(bundle.gzip / 1000).toFixed(1)} kB with gzip\n`);
    expectHeaderAlone(bundle, 'vhdx/dist/generated');
  });

  test('one type of generated code, compiled in a project that says nothing of side effects → nothing else', async () => {
    const schemas = ['vhdx_header', 'vhdx_log_entry', 'vhdx_region_table'].map((id) => join(ROOT, `schemas/${id}.ksy`));
    project.generate('--outdir', 'formats', '--index', ...schemas);
    const options = {
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
    };
    const config = project.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { ...options, rootDir: 'formats', outDir: 'compiled' }, include: ['formats'] }),
    );
    run(process.execPath, [installed('typescript', 'bin/tsc'), '-p', config], project.folder);
    project.write('own.js', PROGRAMS['structures']?.replace('vhdx/structures', './compiled/index.js') ?? '');
    expectHeaderAlone(await minified('own'), 'compiled');
  });

  test('opening a disk → no checker, no command, no kaitai-struct', async () => {
    const { modules } = await minified('disk');
    expect(
      modules.filter((path) =>
        /kaitai-struct|kaitai\/interop|dist\/library\/|\/runtime\/(?:check\/|cli\/|node)/.test(path),
      ),
    ).toEqual([]);
  });
});

describe.skipIf(withoutChromium())('Chromium', () => {
  let browser: Browser;
  let server: Server;
  let url = '';

  beforeAll(async () => {
    server = createServer(({ url: path = '' }, response) => {
      const [type, file] = path.endsWith('.js')
        ? ['text/javascript', join(project.folder, 'out', path)]
        : ['application/octet-stream', FIXTURE];
      if (path.endsWith('/')) {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="main.js"></script>');
      } else {
        response.writeHead(existsSync(file) ? 200 : 404, { 'Content-Type': type });
        response.end(existsSync(file) ? readFileSync(file) : undefined);
      }
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await startChromium();
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }, PATIENCE_MS);

  test.each(NAMES.flatMap((name) => Object.keys(PROGRAMS).map((program) => ({ name, program }))))(
    '$program bundled by $name → runs',
    async ({ name, program }) => {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      try {
        await page.goto(`${url}/${name}-${program}/`);
        const answer = await page.waitForFunction(() => (globalThis as { answer?: unknown }).answer);
        expect(await answer.jsonValue()).toEqual(ANSWERS[program]);
        expect(errors).toEqual([]);
      } finally {
        await page.close();
      }
    },
    PATIENCE_MS,
  );
});
