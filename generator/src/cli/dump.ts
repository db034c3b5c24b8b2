/** `ksy-ts dump SCHEMA FILE [PATH]` */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { SchemaNode, Violation } from 'ksy-ts/runtime';
import { printable } from '../diagnostics.js';
import { nodeJson } from '../explore/json.js';
import type { HexView } from '../explore/runtime.js';
import { hexLines, hexMark, outlineLines, outlineMark } from '../explore/text.js';
import { readFile, walk, type WalkOptions } from '../explore/walk.js';
import { print } from './print.js';
import { loadInputs, reportTrouble, schemaCommand, type SchemaOptions } from './inputs.js';

interface DumpOptions extends SchemaOptions {
  readonly json: boolean;
  readonly hex: boolean;
  readonly all: boolean;
}

/** Elements of a list that are listed unless it is asked for. */
const LISTED = 100;

export function dumpCommand(): Command {
  return schemaCommand('dump')
    .description('Everything in a file, as its schema describes it: places, values, and what is wrong with them.')
    .argument('<schema>', 'the schema (.ksy)')
    .argument('<file>', 'the file, whatever its format')
    .argument('[path]', 'a part of it: chunks[3].body, chunks[10..20] (both inclusive)')
    .option('--json', 'print JSON: an array of nodes', false)
    .option('--hex', 'offset, bytes, ASCII and value of each field', false)
    .option('--all', `list all elements of lists, not only the first ${LISTED}`, false)
    .addHelpText('after', '\nExit status: 0 if there is something to show, whatever is wrong with it; 1 otherwise.')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1))
    .action(async (schema: string, file: string, path: string | undefined, options: DumpOptions) => {
      process.exitCode = await run(schema, file, path ?? '', options);
    });
}

/** Violations by path, until what they are about is printed. */
class Marks {
  readonly #byPath = new Map<string, Violation[]>();

  add(violation: Violation): void {
    const { path } = violation;
    const list = this.#byPath.get(path) ?? [];
    this.#byPath.set(path, [...list, violation]);
  }

  take(path: string): readonly Violation[] {
    const found = this.#byPath.get(path) ?? [];
    this.#byPath.delete(path);
    return found;
  }
}

async function run(schemaFile: string, file: string, path: string, options: DumpOptions): Promise<number> {
  try {
    const { schema, params, limits } = await loadInputs(schemaFile, options);
    const bytes = Uint8Array.from(readFileSync(file));
    const marks = new Marks();
    const walking: WalkOptions = {
      path,
      params,
      limits,
      onViolation: (violation) => marks.add(violation),
      ...(options.all ? {} : { mostItems: LISTED }),
    };
    const reading = readFile(schema, bytes, walking);
    let count = 0;
    let isFaultShown = reading.fault === undefined;
    if (options.json) print('[');
    for (const node of walk(schema, reading, walking)) {
      const violations = marks.take(node.path);
      isFaultShown ||= node.fault === reading.fault;
      print(
        options.json
          ? jsonText(node, violations, count)
          : text(node, violations, path, options.hex ? schema.hexView : undefined),
      );
      count += 1;
    }
    if (options.json) print('\n]\n');
    if (!isFaultShown && reading.fault !== undefined) console.error(`ksy-ts: ${printable(reading.fault.message)}`);
    if (count > 0 || path === '') return 0;
    console.error(`ksy-ts: ${printable(`${file}: there is no ${path}; without a path, dump shows what there is`)}`);
    return 1;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
    reportTrouble(error);
    return 1;
  }
}

function jsonText(node: SchemaNode, violations: readonly Violation[], before: number): string {
  return `${before === 0 ? '\n' : ',\n'}${printable(JSON.stringify(nodeJson(node, violations)))}`;
}

function text(node: SchemaNode, violations: readonly Violation[], wanted: string, view: HexView | undefined): string {
  const isWhole = node.path === wanted;
  const lines = view === undefined ? outlineLines(node, isWhole) : hexLines(node, isWhole, view);
  const marks = violations.map(({ severity, message }) =>
    view === undefined ? outlineMark(node.depth, severity, message) : hexMark(severity, message),
  );
  return `${[...lines, ...marks].join('\n')}\n`;
}
