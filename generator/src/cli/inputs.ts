/** What `dump` and `validate` have in common: the schema, its parameters, the limits of reading, and errors. */
import { Command, InvalidArgumentError } from 'commander';
import type { ReadLimits } from 'ksy-ts/runtime';
import { SchemaError, printable, reasonOf } from '../diagnostics.js';
import type { LoadedSchema } from '../explore/load.js';
import { paramValues } from '../explore/params.js';
import { readText } from './files.js';
import { append } from './project.js';

export interface SchemaOptions {
  readonly importPath?: readonly string[];
  readonly set?: ReadonlyMap<string, string>;
  readonly limit?: ReadLimits;
}

const LIMITS: readonly string[] = [
  'depth',
  'items',
  'emptyItems',
  'allocated',
  'inflated',
] satisfies (keyof ReadLimits)[];

export function schemaCommand(name: string): Command {
  return new Command(name)
    .option('-I, --import-path <folder>', 'where absolute imports are looked for; may be repeated', append)
    .option('--set <param=value>', "a parameter of the schema's top type; may be repeated", setting)
    .option('--limit <name=number>', `how much reading may take: ${LIMITS.join(', ')}; may be repeated`, limit);
}

/** The options of {@link schemaCommand} among those of a command line. */
export function optionsIn(given: ReadonlyMap<string, readonly string[]>): SchemaOptions {
  const values = (name: string): readonly string[] => given.get(name) ?? [];
  return {
    importPath: values('--import-path'),
    set: values('--set').reduce<ReadonlyMap<string, string>>((before, text) => setting(text, before), new Map()),
    limit: values('--limit').reduce<ReadLimits>((before, text) => limit(text, before), {}),
  };
}

function setting(text: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [id, value] = parted(text);
  return new Map([...before, [id, value]]);
}

function limit(text: string, before: ReadLimits = {}): ReadLimits {
  const [name, value] = parted(text);
  if (!LIMITS.includes(name)) throw new InvalidArgumentError(`there are ${LIMITS.join(', ')}.`);
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError(`'${value}' is no number.`);
  return { ...before, [name]: Number(value) };
}

function parted(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError(`'${text}' is not of the form name=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

export interface Inputs {
  readonly schema: LoadedSchema;
  readonly params: readonly unknown[];
  readonly limits: ReadLimits;
}

/** @throws {SchemaError} @throws {RangeError} for wrong parameters */
export async function loadInputs(
  file: string,
  { importPath = [], set = new Map(), limit: limits = {} }: SchemaOptions,
): Promise<Inputs> {
  // The compiler of TypeScript takes its time to load: other commands do without.
  const { LoadedSchema } = await import('../explore/load.js');
  const schema = new LoadedSchema(file, { read: readText, importPaths: importPath });
  return { schema, params: paramValues(schema, set), limits };
}

/** Why the command could not do its work, on standard error. */
export function reportTrouble(error: unknown): void {
  if (error instanceof SchemaError) console.error(error.message);
  else console.error(`ksy-ts: ${printable(reasonOf(error))}`);
}
