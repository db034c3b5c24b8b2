/** A schema's module as JavaScript, with a source map that leads to the schema. */
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import { ts } from 'ts-morph';
import type { CodePlace } from '../emit/code/places.js';
import type { SchemaModule } from './compile-module.js';

/** A source map, version 3. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: (string | null)[];
  readonly sourcesContent?: (string | null)[];
  readonly names: string[];
  readonly mappings: string;
}

export interface JavaScript {
  readonly code: string;
  readonly map: SourceMap;
}

/** `source`: what the map calls the schema; `content`: its text. */
export function toJavaScript({ text, places }: SchemaModule, source: string, content: string): JavaScript {
  const { outputText, sourceMapText = '' } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
      verbatimModuleSyntax: true,
    },
    fileName: 'module.ts',
  });
  const toText: unknown = JSON.parse(sourceMapText);
  const { sources, sourcesContent, names, mappings } = remapping(
    [toText as SourceMapInput, { version: 3, sources: [source], sourcesContent: [content], names: [], mappings: segmentsOf(text, places) }],
    () => null,
  );
  return {
    code: outputText.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''),
    map: {
      version: 3,
      sources,
      ...(sourcesContent === undefined ? {} : { sourcesContent }),
      names,
      mappings: String(mappings),
    },
  };
}

/** Column; and, where the schema has it, index of the source, line and column, all from 0. */
type Segment = [number] | [number, number, number, number];

/** A segment wherever another place begins, and at the start of each line, since none reaches beyond its line. */
function segmentsOf(text: string, places: readonly CodePlace[]): Segment[][] {
  let next = 0;
  let at: CodePlace['at'];
  const segment = (column: number): Segment => (at === undefined ? [column] : [column, 0, at.line - 1, at.col - 1]);
  return text.split('\n').map((_, line) => {
    const segments = [segment(0)];
    for (let place = places[next]; place?.line === line; place = places[next]) {
      ({ at } = place);
      if (segments.at(-1)?.[0] === place.column) segments.pop();
      segments.push(segment(place.column));
      next += 1;
    }
    return segments;
  });
}
