/** The examples, each copied out of the repository and run with the packed packages, as its README says. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium, withoutChromium } from '../browser/chromium.js';
import { StrangerProject, installed } from '../support/packed.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURE = join(ROOT, 'test/fixtures/dynamic-64m.vhdx');
const PATIENCE_MS = 120_000;

let project: StrangerProject;
beforeAll(() => {
  project = new StrangerProject();
  for (const name of ['node-script', 'vite-page', 'validate-in-ci']) {
    // What somebody has installed and built in the folder is no part of it.
    const filter = (path: string): boolean => !/[\\/](?:node_modules|dist|package-lock\.json)$/.test(path);
    cpSync(join(ROOT, 'examples', name), join(project.folder, name), { recursive: true, filter });
  }
  // As npm does for the packages of a project.
  provide('ksy-ts', join(project.folder, 'node_modules/ksy-ts/dist/cli.js'));
  for (const name of ['vite', 'typescript']) {
    symlinkSync(installed(name), join(project.folder, 'node_modules', name), 'junction');
    provide(name === 'vite' ? 'vite' : 'tsc', installed(name, name === 'vite' ? 'bin/vite.js' : 'bin/tsc'));
  }
}, PATIENCE_MS);
afterAll(() => {
  project.remove();
});

function provide(command: string, script: string): void {
  const path = join(project.folder, 'node_modules/.bin', command);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, { mode: 0o755 });
}

/** Runs `npm run SCRIPT -- ARGS` in the folder of an example. */
function npm(example: string, script: string, ...args: readonly string[]): { status: number | null; words: string } {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    cwd: join(project.folder, example),
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(project.folder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` },
  });
  return { status, words: `${stdout}${stderr}` };
}

test('every example → in the table of the README, with a README of its own', () => {
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const table = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');
  for (const { name } of folders) {
    expect(table).toContain(`[${name}](${name})`);
    expect(existsSync(join(ROOT, 'examples', name, 'README.md')), name).toBe(true);
  }
});

describe('node-script', () => {
  test('a VHDX image → verdict, size and hash of its disk', () => {
    // QEMU wrote 64 KiB of 0x41 at the beginning, and 4 KiB of 0x42 at 40 MiB (see the description of the fixture).
    const disk = Buffer.alloc(64 * 2 ** 20);
    disk.fill(0x41, 0, 0x10000);
    disk.fill(0x42, 40 * 2 ** 20, 40 * 2 ** 20 + 0x1000);
    const { status, words } = npm('node-script', 'start', FIXTURE);
    expect(words).toContain(`sha256   ${createHash('sha256').update(disk).digest('hex')}\n`);
    expect(words).toContain('verdict  clean\nsize     67108864 bytes, 2097152 of them stored\n');
    expect(status).toBe(0);
  });

  test('a file that is no image → its code, and 1', () => {
    const { status, words } = npm('node-script', 'start', join(ROOT, 'package.json'));
    expect(words).toContain('VHDX_');
    expect(status).toBe(1);
  });
});

describe('validate-in-ci', () => {
  const sound = (): Buffer => readFileSync(join(ROOT, 'examples/validate-in-ci/sounds/beep.wav'));

  test('its files → valid', () => {
    expect(npm('validate-in-ci', 'validate')).toEqual({ status: 0, words: 'sounds/beep.wav: valid\n' });
  });

  test('a sound of 96 kHz → 2, with the rule that is broken', () => {
    const bytes = sound();
    bytes.writeUInt32LE(96_000, 24);
    bytes.writeUInt32LE(96_000, 28);
    project.write('validate-in-ci/sounds/loud.wav', bytes);
    const { status, words } = npm('validate-in-ci', 'validate');
    expect(words).toContain('error RATE: chunks[0].body.samples_per_second at 0x18');
    expect(status).toBe(2);
  });

  test('the workflow → runs a script that there is', () => {
    const workflow = readFileSync(join(ROOT, 'examples/validate-in-ci/.github/workflows/validate.yml'), 'utf8');
    const manifest = readFileSync(join(ROOT, 'examples/validate-in-ci/package.json'), 'utf8');
    const [, script] = /npm run --silent (\w+)/.exec(workflow) ?? [];
    expect(Object.keys((JSON.parse(manifest) as { scripts: object }).scripts)).toEqual([script]);
  });
});

describe('vite-page', () => {
  test(
    'the page → type-checked and built, without ksy-ts itself',
    () => {
      const built = npm('vite-page', 'build');
      expect(built.status, built.words).toBe(0);
      const assets = join(project.folder, 'vite-page/dist/assets');
      const script = readdirSync(assets).find((name) => name.endsWith('.js')) ?? '';
      expect(readFileSync(join(assets, script), 'utf8')).not.toMatch(/ts-morph|commander|tinyglobby/);
    },
    PATIENCE_MS,
  );

  describe.skipIf(withoutChromium())('in Chromium', () => {
    let browser: Browser;
    let server: PreviewServer;
    beforeAll(async () => {
      browser = await startChromium();
      const root = join(project.folder, 'vite-page');
      server = await preview({ root, configFile: false, logLevel: 'silent', preview: { host: '127.0.0.1', port: 0 } });
    }, PATIENCE_MS);
    afterAll(async () => {
      await browser.close();
      await server.close();
    }, PATIENCE_MS);

    test(
      'a PNG file → its chunks; a damaged one → what is wrong, and where',
      async () => {
        const page = await browser.newPage();
        const address = server.httpServer.address();
        await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
        // The browser's own picture of the page.
        const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 32, height: 16 } });
        const choose = (buffer: Buffer): Promise<void> =>
          page.locator('input').setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer });
        await choose(picture);
        await page.locator('tbody tr').first().waitFor();
        const rows = await page.locator('tbody tr').allInnerTexts();
        expect(rows[0]).toMatch(/^0x8\s+IHDR\s+13\s+32 × 16 pixels, 8 bits, truecolour/);
        expect(rows.at(-1)).toMatch(/IEND\s+0/);
        picture[3] = 0;
        await choose(picture);
        await page.locator('#problem', { hasText: 'page.png: signature at 0x0' }).waitFor();
        expect(await page.locator('table').isVisible()).toBe(false);
      },
      PATIENCE_MS,
    );
  });
});
