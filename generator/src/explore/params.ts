/** Values for the parameters of a schema's top type, out of the command line. */
import type { ClassSpec, ParamSpec } from '../spec/model.js';
import type { LoadedSchema } from './load.js';

/** @throws {RangeError} for what is missing, unknown, or no value of its parameter's type */
export function paramValues(schema: LoadedSchema, settings: ReadonlyMap<string, string>): unknown[] {
  const { root } = schema;
  const unknown = [...settings.keys()].find((id) => !root.params.some((param) => param.id === id));
  if (unknown !== undefined) throw new RangeError(`${root.id} has no parameter '${unknown}'${known(root)}`);
  return root.params.map((param) => {
    const text = settings.get(param.id);
    if (text === undefined) throw new RangeError(`the parameter '${param.id}' has no value: --set ${param.id}=…`);
    return valueOf(schema, param, text);
  });
}

const known = ({ params }: ClassSpec): string =>
  params.length === 0 ? ': it takes none' : `: there are ${params.map(({ id }) => id).join(', ')}`;

function valueOf(schema: LoadedSchema, param: ParamSpec, text: string): unknown {
  const { type } = param;
  const wrong = (what: string): RangeError => new RangeError(`--set ${param.id}: '${text}' is no ${what}`);
  if (type.isArray) throw wrong('value that can be given here: the parameter is an array');
  if (type.kind === 'bool') {
    if (text !== 'true' && text !== 'false') throw wrong('boolean: true or false');
    return text === 'true';
  }
  const kind = type.kind === 'simple' ? type.type.kind : type.kind;
  if (kind === 'str' || kind === 'strz') return text;
  if (kind === 'bytes') {
    if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw wrong('row of hexadecimal digits');
    return Uint8Array.from(Buffer.from(text, 'hex'));
  }
  if (kind === 'float') {
    if (text.trim() === '' || Number.isNaN(Number(text))) throw wrong('number');
    return Number(text);
  }
  if (kind !== 'int' && kind !== 'bits') throw wrong('value that can be given here');
  const enumSpec = param.enum === undefined ? undefined : schema.program.findEnum(param.enum.value, schema.root);
  const named = enumSpec?.values.find(({ id }) => id === text)?.value;
  if (named === undefined && !/^-?(?:0x[0-9a-f]+|\d+)$/i.test(text)) throw wrong('integer');
  const integer = named ?? (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text));
  return schema.takesBigInt(param) ? integer : Number(integer);
}
