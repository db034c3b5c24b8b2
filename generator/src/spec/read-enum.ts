/** `enums`: maps of integers to names. */
import type { Location } from '../diagnostics.js';
import type { Context, Fields } from './context.js';
import type { ClassSpec, EnumSpec, EnumValueSpec } from './model.js';
import { NO_DOC, readDoc } from './read-doc.js';
import { parseYamlInt } from './scalar.js';
import type { YamlEntry, YamlNode } from './yaml.js';

/** The enums of `owner`, by id. */
export function readEnums(context: Context, fields: Fields, owner: ClassSpec): [string, EnumSpec][] {
  const node = fields.entries.get('enums')?.value;
  const map = node && context.map(node);
  return (map?.entries ?? []).flatMap(({ key, keyNode, value }): [string, EnumSpec][] => {
    const id = context.id(key, 'enum', keyNode.at);
    const values = readValues(context, value);
    if (id === undefined) return [];
    return [[id, { id, path: [...owner.path, id], at: keyNode.at, values, owner }]];
  });
}

function readValues(context: Context, node: YamlNode): EnumValueSpec[] {
  const paths = new Map<string, string>();
  const seen = new Set<bigint>();
  return (context.map(node)?.entries ?? []).flatMap((entry): EnumValueSpec[] => {
    const spec = readValue(context, entry, node.at.path);
    if (spec === undefined) return [];
    const previous = paths.get(spec.id);
    if (previous !== undefined) {
      context.error(spec.at, `duplicate enum member ID: '${spec.id}', previously defined at ${previous}`);
    }
    if (seen.has(spec.value)) context.error(spec.at, `duplicate enum value ${spec.value}`);
    paths.set(spec.id, spec.at.path);
    seen.add(spec.value);
    return [spec];
  });
}

function readValue(context: Context, { keyNode, value: node }: YamlEntry, enumPath: string): EnumValueSpec | undefined {
  const number = enumNumber(keyNode.text);
  if (number === undefined) {
    const text = keyNode.text.slice(0, 40);
    const hint =
      node.kind === 'scalar' && node.type === 'int'
        ? `; the number stands first: \`${node.text.slice(0, 40)}: ${text}\``
        : '';
    return context.error({ ...keyNode.at, path: enumPath }, `unable to parse \`${text}\` as int${hint}`);
  }
  // The official path has the number in decimal, however it is written.
  const at: Location = { ...keyNode.at, path: `${enumPath}/${number}` };
  if (node.kind === 'map') return readLongForm(context, node, { value: number, text: keyNode.text }, at);
  if (node.kind !== 'scalar' || (node.type !== 'string' && node.type !== 'bool')) {
    return context.badType('string or map', { ...node, at: { ...node.at, path: at.path } });
  }
  const id = context.id(context.idText(node), 'enum member', { ...node.at, path: at.path });
  return id === undefined ? undefined : { value: number, text: keyNode.text, id, doc: NO_DOC, at };
}

function readLongForm(
  context: Context,
  node: YamlNode,
  number: Pick<EnumValueSpec, 'value' | 'text'>,
  at: Location,
): EnumValueSpec | undefined {
  const fields = context.fields(node);
  if (!fields) return undefined;
  context.checkKeys(fields, ['id', 'doc', 'doc-ref'], 'enum value spec');
  if (!fields.entries.has('id')) return context.error(at, 'missing mandatory argument `id`');
  const idNode = fields.entries.get('id')?.value;
  const given = idNode && context.scalar(idNode);
  const id = given && context.id(context.idText(given), 'enum member', { ...given.at, path: at.path });
  return id === undefined ? undefined : { ...number, id, doc: readDoc(context, fields), at };
}

/** Far beyond any number of 64 bits. */
const MAX_NUMBER_LENGTH = 100;

/** Quoted keys count too: tools that pass through JSON quote every key. */
function enumNumber(text: string): bigint | undefined {
  if (text.length > MAX_NUMBER_LENGTH) return undefined;
  return /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/.test(text) ? parseYamlInt(text) : undefined;
}
