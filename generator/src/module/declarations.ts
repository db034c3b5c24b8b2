/**
 * The types of a schema's module, for editors and `tsc`: `png.d.ksy.ts` beside `png.ksy`, where TypeScript looks with
 * `allowArbitraryExtensions`. A map in it leads from names to the schema: "go to definition" ends there.
 */
import { posix } from 'node:path';
import { ts } from 'ts-morph';
import { MARK } from '../support-source.js';
import type { SchemaModule } from './compile-module.js';
import { declarationPath } from './extensions.js';
import { withoutLink } from './javascript.js';
import { mapToSchema } from './source-map.js';

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  declarationMap: true,
  verbatimModuleSyntax: true,
};

/** @param file path of the schema */
export function declarationText(module: SchemaModule, file: string): string {
  const { outputText, sourceMapText = '' } = ts.transpileDeclaration(module.text, {
    compilerOptions: OPTIONS,
    fileName: 'module.ts',
  });
  const name = posix.basename(file);
  // The line above them, which the compiler leaves out, moves all others down.
  const map = mapToSchema(sourceMapText, module, { name });
  // TypeScript reads a map with the name of its file only, and an embedded one only with a charset.
  const moved = JSON.stringify({ ...map, file: declarationPath(name) ?? name, mappings: `;${map.mappings}` });
  return [
    `${MARK} from ${name} by ksy-ts. Do not edit: change the schema and generate again.`,
    withoutLink(outputText).trimEnd(),
    `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(moved).toString('base64')}`,
    '',
  ].join('\n');
}
