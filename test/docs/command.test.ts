import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { VHDX } from './command-help.js';
import { commandPage } from './command-page.js';
import { MAN_PAGES } from './man-pages.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('docs/command.md → as the commands are defined (npm run docs)', async () => {
  await expect(commandPage()).toMatchFileSnapshot('../../docs/command.md');
});

test('README.md → names every command', () => {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  const names = VHDX.commands.map(({ title }) => title.split(' ')[1] ?? '');
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

describe.each(Object.entries(MAN_PAGES))('%s/', (folder, { manual, pages }) => {
  const files = [...pages.keys()];
  const paths = files.map((file) => `${root}${folder}/${file}`);

  test.each(files)('%s → as the command is defined (npm run docs)', async (file) => {
    await expect(pages.get(file)).toMatchFileSnapshot(`../../${folder}/${file}`);
  });

  test('pages → those of all commands, all of them in the manifest', () => {
    const manifest = JSON.parse(readFileSync(`${root}${folder}/../package.json`, 'utf8')) as {
      man: string[];
      files: string[];
    };
    expect(readdirSync(`${root}${folder}`).toSorted()).toEqual(files.toSorted());
    expect(manifest.man.toSorted()).toEqual(files.map((file) => `./man/${file}`).toSorted());
    expect(manifest.files).toContain('man');
  });

  const hasMandoc = spawnSync('mandoc', ['-T', 'lint'], { input: '' }).error === undefined;
  test.skipIf(!hasMandoc)('mandoc -T lint → nothing but references to pages that are not installed', () => {
    const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'base', ...paths], { encoding: 'utf8' });
    const said = stdout.split('\n').filter((line) => line !== '' && !/referenced manual not found/.test(line));
    expect(said).toEqual([]);
  });

  const hasMan = spawnSync('man', ['--version']).error === undefined;
  test.skipIf(!hasMan).each(files)('man -l %s → every option and example, no warning', (file) => {
    const { stdout, stderr, status } = spawnSync('man', ['--warnings', '-l', `${root}${folder}/${file}`], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '200', MANPAGER: 'cat', PAGER: 'cat', LC_ALL: 'C.UTF-8', TERM: 'dumb' },
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const page = [manual.program, ...manual.commands].find(({ title }) => `${title.replace(' ', '-')}.1` === file);
    const options = [...(page?.options.values() ?? [])].flat().map(({ long }) => long ?? '');
    const wanted = [...options, ...(page?.help.examples ?? []).map(([line]) => line)];
    expect(wanted.filter((each) => !stdout.includes(each))).toEqual([]);
  });
});

test('help → no line of more than 80 columns, but of examples', async () => {
  const { vhdx } = await import('../cli/vhdx.js');
  for (const { title, help } of [VHDX.program, ...VHDX.commands]) {
    const { stdout } = await vhdx([...title.split(' ').slice(1), '--help']);
    const examples = (help.examples ?? []).map(([line]) => line);
    const long = stdout.split('\n').filter((line) => line.length > 80 && !examples.some((each) => line.includes(each)));
    expect(long).toEqual([]);
  }
});
