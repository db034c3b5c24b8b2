/** `ksy-ts dump SCHEMA FILE [PATH]` */
import type { Command } from 'commander';
import type { SchemaNode, Violation } from 'ksy-ts/runtime';
import { withHelp } from '../command/index.js';
import { printable, reasonOf } from '../diagnostics.js';
import { nodeJson } from '../explore/json.js';
import type { HexView } from '../explore/runtime.js';
import { hexLines, hexMark, outlineLines, outlineMark } from '../explore/text.js';
import { readFile, walk, type WalkOptions } from '../explore/walk.js';
import { readBytes } from './files.js';
import { print } from './print.js';
import { loadInputs, reportTrouble, schemaCommand, type SchemaOptions } from './inputs.js';

interface DumpOptions extends SchemaOptions {
  readonly json?: boolean;
  readonly hex?: boolean;
  readonly all?: boolean;
}

/** Elements of a list that are listed unless it is asked for. */
const LISTED = 100;

export function dumpCommand(): Command {
  const command = schemaCommand('dump')
    .description('Everything in a file, as its schema describes it: places, values, and what is wrong with them.')
    .argument('<schema>', 'the schema (.ksy)')
    .argument('<file>', 'the file, whatever its format, or - for standard input')
    .argument('[path]', 'a part of it: chunks[3].body, chunks[10..20] (both inclusive)')
    .option('--json', 'print JSON: an array of nodes')
    .option('--hex', 'offset, bytes, ASCII and value of each field')
    .option('--all', `list all elements of lists, not only the first ${LISTED}`)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1))
    .action(async (schema: string, file: string, path: string | undefined, options: DumpOptions) => {
      process.exitCode = await run(schema, file, path ?? '', options);
    });
  return withHelp(command, {
    notes: [
      `Lines that begin with ! say what is wrong with the line above: broken constraints, and what could not be read. Of lists the first ${LISTED} elements are shown; a path or --all shows more.`,
    ],
    examples: [
      ['ksy-ts dump png.ksy image.png', 'everything'],
      ['ksy-ts dump png.ksy image.png "chunks[3].body" --hex', 'the bytes of a part'],
      ['ksy-ts dump table.ksy table.bin --set num_columns=7', 'a schema with a parameter'],
    ],
    exitCodes: [
      ['0', 'something was shown, whatever is wrong with it'],
      ['1', 'could not: usage, the schema or the file; or there is nothing at the path'],
    ],
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
    const bytes = bytesOf(file);
    const marks = new Marks();
    const walking: WalkOptions = {
      path,
      params,
      limits,
      onViolation: (violation) => marks.add(violation),
      ...(options.all === true ? {} : { mostItems: LISTED }),
    };
    const reading = readFile(schema, bytes, walking);
    let count = 0;
    let isFaultShown = reading.fault === undefined;
    if (options.json === true) print('[');
    for (const node of walk(schema, reading, walking)) {
      const violations = marks.take(node.path);
      isFaultShown ||= node.fault === reading.fault;
      print(
        options.json === true
          ? jsonText(node, violations, count)
          : text(node, violations, path, options.hex === true ? schema.hexView : undefined),
      );
      count += 1;
    }
    if (options.json === true) print('\n]\n');
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

function bytesOf(file: string): Uint8Array {
  try {
    return readBytes(file);
  } catch (error) {
    throw new Error(`${file}: ${reasonOf(error)}`, { cause: error });
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
