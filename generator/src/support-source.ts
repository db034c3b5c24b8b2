/** The text of the support modules, as it goes beside an output. */
import { readFileSync } from 'node:fs';
import { SUPPORT_FOLDER, type SupportModule } from './support-modules.js';

/** What the first line of every file of the output begins with: only such files are replaced. */
export const MARK = '// @generated';

const SOURCES = new URL('../support/', import.meta.url);

export function supportFile({ name }: SupportModule): { readonly path: string; readonly content: string } {
  const text = readFileSync(new URL(`${name}.ts`, SOURCES), 'utf8');
  return {
    path: `${SUPPORT_FOLDER}/${name}.ts`,
    content: `${MARK} by ksy-ts: a support module. Do not edit.\n${text}`,
  };
}
