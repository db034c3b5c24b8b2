/** A schema's module as JavaScript, with a source map that leads to the schema. */
import { ts } from 'ts-morph';
import type { SchemaModule } from './compile-module.js';
import { mapToSchema, type Source, type SourceMap } from './source-map.js';

export interface JavaScript {
  readonly code: string;
  readonly map: SourceMap;
}

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  sourceMap: true,
  verbatimModuleSyntax: true,
};

export function toJavaScript(module: SchemaModule, source: Source): JavaScript {
  const { outputText, sourceMapText = '' } = ts.transpileModule(module.text, {
    compilerOptions: OPTIONS,
    fileName: 'module.ts',
  });
  return { code: withoutLink(outputText), map: mapToSchema(sourceMapText, module, source) };
}

/** Without the comment that names a map. */
export function withoutLink(text: string): string {
  return text.replace(/\n?\/\/# sourceMappingURL=\S*\s*$/, '\n');
}
