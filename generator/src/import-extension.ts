/** What the paths of imports between the modules of the output end with. */

/**
 * `js` is what `tsc` and every bundler take; `ts` what Node and Deno need that run TypeScript itself; `none` what bundlers
 * and test runners need that know no `.ts` behind a `.js`.
 */
export const IMPORT_EXTENSIONS = ['js', 'ts', 'none'] as const;

export type ImportExtension = (typeof IMPORT_EXTENSIONS)[number];

/** A path in an import, an export or an augmentation, at the end of a line as the output has it. */
const SPECIFIER = /^((?:import|export|\}) (?:.* )?|declare module )'(\.{1,2}\/.*)\.js'(;| \{)$/gm;

/** The text of a module, whose imports end with `.js`. */
export function withExtension(text: string, extension: ImportExtension): string {
  if (extension === 'js') return text;
  return text.replaceAll(SPECIFIER, `$1'$2${extension === 'none' ? '' : `.${extension}`}'$3`);
}
