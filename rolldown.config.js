import { readFileSync } from 'node:fs';

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/**
 * The command in a few files: loading each of a hundred modules takes longer than most of what it does. What comes from
 * npm stays outside, under its own licence.
 */
export default {
  input: 'dist/runtime/cli/main.js',
  platform: 'node',
  external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
  output: { dir: 'dist/runtime/command', format: 'esm', chunkFileNames: '[name].js' },
};
