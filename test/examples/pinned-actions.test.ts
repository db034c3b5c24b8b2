/** Actions of others in workflows, recipes and guides: a tag can be moved, the hash of a commit cannot. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const files = ['.github', 'examples', 'docs']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .concat('README.md', 'action.yml')
  .filter((name) => /\.(?:ya?ml|md)$/.test(name) && !name.includes('node_modules'));

/** What a step uses, with the comment behind it; this project itself aside. */
function usesOf(file: string): readonly string[] {
  const steps = [...readFileSync(join(root, file), 'utf8').matchAll(/^ *(?:- )?uses: (.*)$/gm)];
  return steps.map(([, what = '']) => what).filter((what) => !/^(?:OWNER\/vhdx@|\.\/)/.test(what));
}

test('each action that is used → a commit, with its version as a comment', () => {
  const all = files.flatMap((file) => usesOf(file).map((uses) => ({ file, uses })));
  expect(all.length).toBeGreaterThan(10);
  for (const { file, uses } of all) expect(`${file}: ${uses}`).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('one action → the same commit everywhere, and one version for a commit', () => {
  const versions = new Map<string, string>();
  for (const file of files) {
    for (const uses of usesOf(file)) {
      const [, action = '', version = ''] = /^(\S+?)@(.*)$/.exec(uses) ?? [];
      expect(`${action}@${version}`).toBe(`${action}@${versions.get(action) ?? version}`);
      versions.set(action, version);
    }
  }
});
