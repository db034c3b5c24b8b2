/** `valid`, `contents` and `-checksum`: what a field must hold. */
import type { Location } from '../diagnostics.js';
import type { Context, Fields } from './context.js';
import type { AttrSpec, ChecksumSpec, ConstraintSpec, ExprSpec, RuleSpec, TypeSpec } from './model.js';
import { readRule } from './read-doc.js';
import { parseYamlInt, wholeNumber } from './scalar.js';
import { describeNode, type YamlNode } from './yaml.js';

const LEGAL_KEYS = ['any-of', 'eq', 'expr', 'in-enum', 'max', 'min'];

/** `field` are the keys around `valid`: its short form takes `-rule` and `-severity` from them. */
export function readValid(context: Context, field: Fields): ConstraintSpec | undefined {
  const node = field.entries.get('valid')?.value;
  if (node === undefined) return undefined;
  const { at } = node;
  if (node.kind === 'list') return context.badType('string or map', node);
  if (node.kind === 'scalar') {
    const expected = context.expressionAt(node);
    return expected && { ...readRule(context, field), at, kind: 'eq', expected };
  }
  const fields = context.fields(node);
  if (!fields) return undefined;
  const rule = readRule(context, fields);
  return readForm(context, fields, field, rule);
}

function readForm(context: Context, fields: Fields, field: Fields, rule: RuleSpec): ConstraintSpec | undefined {
  const base = { ...rule, at: fields.at };
  if (fields.entries.has('eq')) {
    context.checkKeys(fields, ['eq']);
    const expected = context.expression(fields, 'eq');
    return expected && { ...base, kind: 'eq', expected };
  }
  if (fields.entries.has('min') || fields.entries.has('max')) {
    context.checkKeys(fields, ['min', 'max']);
    return { ...base, kind: 'range', min: context.expression(fields, 'min'), max: context.expression(fields, 'max') };
  }
  const anyOf = fields.entries.get('any-of')?.value;
  if (anyOf !== undefined) {
    context.checkKeys(fields, ['any-of']);
    const items = context.list(anyOf)?.items ?? [];
    return { ...base, kind: 'any-of', options: readOptions(context, items) };
  }
  if (fields.entries.has('in-enum')) return readInEnum(context, fields, field, base);
  if (fields.entries.has('expr')) {
    context.checkKeys(fields, ['expr']);
    const condition = context.expression(fields, 'expr');
    return condition && { ...base, kind: 'expr', condition };
  }
  const problems = [...fields.entries.keys()].some((key) => !key.startsWith('-'));
  if (problems) context.checkKeys(fields, LEGAL_KEYS);
  else context.error(fields.at, `expected any of ${LEGAL_KEYS.join(', ')}, found none`);
  return undefined;
}

function readOptions(context: Context, items: readonly YamlNode[]): ExprSpec[] {
  return items.flatMap((item) => context.expressionAt(item) ?? []);
}

function readInEnum(
  context: Context,
  fields: Fields,
  field: Fields,
  base: RuleSpec & { readonly at: Location },
): ConstraintSpec | undefined {
  context.checkKeys(fields, ['in-enum']);
  const at = fields.entries.get('in-enum')?.value.at ?? fields.at;
  const wanted = context.boolean(fields, 'in-enum');
  if (wanted === undefined) return undefined;
  if (!wanted) {
    const hint = "if you don't want any validation, omit the `valid` key";
    return context.error(at, `only \`true\` is supported as value, got \`false\` (${hint})`);
  }
  if (!field.entries.has('enum')) return context.error(at, '`valid/in-enum` requires the `enum` key');
  return { ...base, kind: 'in-enum' };
}

/** `contents`: a string (its UTF-8 bytes), or a list of strings and bytes. */
export function readContents(context: Context, field: Fields): AttrSpec['contents'] {
  const node = field.entries.get('contents')?.value;
  if (node === undefined) return undefined;
  const bytes = node.kind === 'list' ? node.items.map((item) => itemBytes(context, item)) : [stringBytes(node)];
  if (bytes.includes(undefined)) {
    if (node.kind === 'list') return undefined;
    const hint = node.kind === 'scalar' && node.type === 'int' ? `; write [${node.text}] for one byte` : '';
    return context.error(node.at, `unable to parse fixed content: ${describeNode(node)}${hint}`);
  }
  const flat = Uint8Array.from(bytes.flatMap((part) => Array.from(part ?? [])));
  return { ...readRule(context, field), bytes: flat, at: node.at };
}

function stringBytes(node: YamlNode): Uint8Array | undefined {
  const isString = node.kind === 'scalar' && node.type === 'string';
  return isString ? new TextEncoder().encode(node.text) : undefined;
}

/** A text in a list that is a number to the official compiler, which does not see quotes. */
const QUOTED_NUMBER = /^(?:-?[0-9]+|0x[0-9a-fA-F]+)$/;

/** The number that an item stands for; undefined for text. `012` in quotes is decimal. */
function itemNumber(node: YamlNode): bigint | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (node.type === 'int') return parseYamlInt(node.text);
  if (node.type === 'float') return wholeNumber(node.text);
  if (node.type !== 'string' || !QUOTED_NUMBER.test(node.text)) return undefined;
  return node.text.startsWith('-') ? -BigInt(node.text.slice(1)) : BigInt(node.text);
}

function itemBytes(context: Context, node: YamlNode): Uint8Array | undefined {
  const value = itemNumber(node);
  if (value === undefined) {
    return (
      stringBytes(node) ??
      context.error(
        node.at,
        `unable to parse fixed content in array: expected a byte or string, got ${describeNode(node)}`,
      )
    );
  }
  if (value < -128n || value > 255n) {
    return context.error(node.at, `expected an integer from 0 to 255, got ${value}`);
  }
  return Uint8Array.of(Number(BigInt.asUintN(8, value)));
}

/** What `algo` may name: the functions of `checksums` in the support module, all of 32 bits. */
export const CHECKSUM_ALGORITHMS: readonly string[] = ['crc32', 'crc32c'];

/** `-checksum: {algo, size, -rule, -severity}`; only an unsigned integer of four bytes can hold one. */
export function readChecksum(context: Context, field: Fields, type: TypeSpec): ChecksumSpec | undefined {
  const node = field.entries.get('-checksum')?.value;
  const fields = node && context.fields(node);
  if (!fields) return undefined;
  context.checkKeys(fields, ['algo', 'size'], '`-checksum`');
  if (type.kind !== 'int' || type.signed || type.bytes !== 4) {
    return context.error(fields.at, '`-checksum` needs a field of integer type, one of `u4`, `u4le`, `u4be`');
  }
  if (!fields.entries.has('algo')) return context.error(fields.at, 'missing mandatory argument `algo`');
  const algo = context.string(fields, 'algo');
  if (algo === undefined) return undefined;
  if (!CHECKSUM_ALGORITHMS.includes(algo.value)) {
    return context.error(algo.at, `unknown algorithm '${algo.value}', expected ${CHECKSUM_ALGORITHMS.join(' / ')}`);
  }
  return { ...readRule(context, fields), algo: algo.value, size: context.expression(fields, 'size'), at: fields.at };
}
