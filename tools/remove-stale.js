/**
 * Removes modules that an earlier build has left in `dist` and whose sources are gone: the compiler leaves them, and they
 * would be published. Part of `npm run build`.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './manifest.js';

/** Folders of outputs, with those of their sources. */
const OUTPUTS = [
  ['dist/generated', 'generated'],
  ['dist/runtime', 'runtime'],
  ['generator/dist/runtime', 'generator/runtime'],
  ['generator/dist/support', 'generator/support'],
  ['generator/dist', 'generator/src'],
];
/** Outputs within that of the generator. */
const WITHIN = /^(?:runtime|support)[\\/]/;
/** Bundled, not compiled: the bundler empties it. */
const BUNDLE = /^command[\\/]/;

for (const [output, source] of OUTPUTS) {
  const folder = join(ROOT, output);
  if (!existsSync(folder)) continue;
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const [, stem] = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(path) ?? [];
    if (stem === undefined || (output === 'dist/runtime' && BUNDLE.test(path))) continue;
    if (output === 'generator/dist' && WITHIN.test(path)) continue;
    if (!existsSync(join(ROOT, source, `${stem}.ts`))) rmSync(join(folder, path));
  }
}
