/** The types of a schema's module, for the editor and `tsc`: `png.d.ksy.ts` beside `png.ksy`. */
import { posix } from 'node:path';
import { ts } from 'ts-morph';
import type { SchemaModule } from './compile-module.js';

const EXTENSION = '.ksy';
export const DECLARATION_EXTENSION = '.d.ksy.ts';

/** Where TypeScript looks for the types of a schema, with `allowArbitraryExtensions`. */
export function declarationPath(schema: string): string {
  const { dir, base } = posix.parse(schema);
  return posix.join(dir, `${base.endsWith(EXTENSION) ? base.slice(0, -EXTENSION.length) : base}${DECLARATION_EXTENSION}`);
}

export function declarationText({ text }: SchemaModule): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
    fileName: 'module.ts',
    reportDiagnostics: true,
  });
  const [first] = diagnostics;
  if (first !== undefined) throw new TypeError(ts.flattenDiagnosticMessageText(first.messageText, '\n'));
  return outputText;
}
