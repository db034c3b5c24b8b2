/** Source maps that lead from what is made of a module's TypeScript to its schema. */
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import type { CodePlace } from '../emit/code/places.js';
import type { SchemaModule } from './compile-module.js';

/** Version 3. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: (string | null)[];
  readonly sourcesContent?: (string | null)[];
  readonly names: string[];
  readonly mappings: string;
}

/** A schema as a map names it; without `content`, readers of the map look for the file. */
export interface Source {
  readonly name: string;
  readonly content?: string;
}

/** `toText` is the map, as JSON, that leads to the TypeScript of `module`. */
export function mapToSchema(toText: string, { text, places }: SchemaModule, { name, content }: Source): SourceMap {
  const toSchema: SourceMapInput = {
    version: 3,
    sources: [name],
    ...(content === undefined ? {} : { sourcesContent: [content] }),
    names: [],
    mappings: segmentsOf(text, places),
  };
  const { sources, sourcesContent, names, mappings } = remapping([toText, toSchema], () => null, content === undefined);
  return {
    version: 3,
    sources,
    ...(sourcesContent === undefined ? {} : { sourcesContent }),
    names,
    mappings: String(mappings),
  };
}

/** A column; and, where the schema has it, the index of the source, a line and a column; all from 0. */
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
