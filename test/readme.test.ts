/** What the READMEs promise; test/docs/shown.test.ts runs the commands and the code of every page. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const blocks = (file: string, language: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );

// Within the project, so that packages and the project's own name are found.
const cache = join(root, 'dist');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'readme-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(name: string, code: string, cwd = root): { stdout: string; stderr: string; status: number | null } {
  const path = join(folder, name);
  writeFileSync(path, code);
  return spawnSync(process.execPath, [path], { cwd, encoding: 'utf8' });
}

describe('README.md', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8');

  test('a clone → the two commands that install, check and test come first', () => {
    const commands = [...text.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
    expect(commands.slice(0, 2)).toEqual([
      'npm ci && npx --no -- vhdx check test/fixtures/dynamic-64m.vhdx',
      'npm ci && npm test',
    ]);
  });

  test('a page to read at once → at most 120 lines', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(120);
  });
});

describe('generator/README.md', () => {
  const [schema = '', archive = ''] = blocks('generator/README.md', 'yaml');
  const [reader = '', writer = '', maker = ''] = blocks('generator/README.md', 'ts');

  test('schemas, reader, writer, plain objects → as described', () => {
    writeFileSync(join(folder, 'point.ksy'), schema);
    writeFileSync(join(folder, 'archive.ksy'), archive);
    const cli = join(root, 'generator/dist/cli.js');
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, '--outdir', join(folder, 'source'), join(folder, 'point.ksy'), join(folder, 'archive.ksy')],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { composite: false, lib: ['es2023', 'dom'], rootDir: 'source', outDir: 'formats' },
      include: ['source'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    expect(spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout).toBe('');
    expect(run('reader.mjs', reader)).toMatchObject({
      stderr: '',
      stdout: "true\n[ 'a' ] false\nmagic at 0x0: must be [50 4e 54], found [00 4e 54]\n",
    });
    const written = run('writer.mjs', writer);
    expect(written.stderr).toBe('');
    expect(written.stdout).toMatch(/^18\nid: must be an unsigned integer of 64 bits, is -1\n$/);
    expect(run('maker.mjs', maker)).toMatchObject({ stderr: '', stdout: '23 2 [ 9, 7 ]\n' });
  });
});
