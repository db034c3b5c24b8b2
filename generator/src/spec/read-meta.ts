/** `meta`: own keys, and what is inherited from the outer type. */
import type { Location } from '../diagnostics.js';
import type { Context, Fields } from './context.js';
import { checkEncoding } from './encodings.js';
import type { CaseSpec, Endian, EndianSwitchSpec, Located, MetaSpec } from './model.js';
import { lastOfEach, readCaseKey, readSwitch } from './read-switch.js';
import { isSupportedVersion, LANGUAGE_VERSION, parseVersion } from './version.js';
import type { YamlNode } from './yaml.js';

const LEGAL_KEYS = [
  'id',
  'imports',
  'endian',
  'bit-endian',
  'encoding',
  'title',
  'ks-version',
  'ks-zero-copy-substream',
  'ks-debug',
  'ks-opaque-types',
  'license',
  'file-extension',
  'xref',
  'tags',
  'application',
];

/** Reads `meta` of a type; `node` is undefined where there is none, `outer` at the top of a file. */
export function readMeta(context: Context, node: YamlNode | undefined, outer: MetaSpec | undefined): MetaSpec {
  const fields = node && context.fields(node);
  if (!fields) return inherited(outer);
  context.checkKeys(fields, LEGAL_KEYS);
  readVersion(context, fields);
  context.boolean(fields, 'ks-zero-copy-substream');
  const encoding = context.string(fields, 'encoding');
  if (encoding) checkEncoding(context, encoding);
  const place = (key: string): Location | undefined => fields.entries.get(key)?.value.at;
  return {
    id: readId(context, fields),
    title: remark(fields, 'title'),
    license: remark(fields, 'license'),
    endian: readEndian(context, fields) ?? outer?.endian,
    endianAt: place('endian') ?? outer?.endianAt,
    bitEndian: readBitEndian(context, fields) ?? outer?.bitEndian,
    bitEndianAt: place('bit-endian') ?? outer?.bitEndianAt,
    encoding: encoding ?? outer?.encoding,
    imports: context.strings(fields, 'imports'),
    opaqueTypes: context.boolean(fields, 'ks-opaque-types') ?? outer?.opaqueTypes ?? false,
    debug: context.boolean(fields, 'ks-debug') ?? outer?.debug ?? false,
  };
}

/** A key that the official compiler does not look at: what is no text says nothing. */
function remark(fields: Fields, key: string): string | undefined {
  const node = fields.entries.get(key)?.value;
  return node?.kind === 'scalar' && node.type !== 'null' ? node.text : undefined;
}

function inherited(outer: MetaSpec | undefined): MetaSpec {
  return {
    id: undefined,
    title: undefined,
    license: undefined,
    endian: outer?.endian,
    endianAt: outer?.endianAt,
    bitEndian: outer?.bitEndian,
    bitEndianAt: outer?.bitEndianAt,
    encoding: outer?.encoding,
    imports: [],
    opaqueTypes: outer?.opaqueTypes ?? false,
    debug: outer?.debug ?? false,
  };
}

function readId(context: Context, fields: Fields): Located<string> | undefined {
  const id = context.string(fields, 'id');
  return id && context.id(id.value, 'meta', id.at) !== undefined ? id : undefined;
}

function readVersion(context: Context, fields: Fields): void {
  const node = fields.entries.get('ks-version')?.value;
  const scalar = node && context.scalar(node);
  if (!scalar) return;
  // A YAML number has lost its zeros: 0.10 is 0.1.
  const text = scalar.type === 'float' ? String(Number(scalar.text)) : scalar.text;
  const version = parseVersion(text);
  if (version === undefined) {
    const form = "expected 'X.Y' or 'X.Y.Z', where X, Y, Z are non-negative integers without leading zeros";
    context.error(scalar.at, `invalid compiler version '${text}', ${form}`);
  } else if (!isSupportedVersion(version, 'oldest')) {
    const hint = `if you meant ${text}0, use ks-version: '${text}0' to prevent YAML from interpreting it as a float`;
    context.error(scalar.at, `minimum allowed version is 0.6, but got ${text}${text === '0.1' ? ` (${hint})` : ''}`);
  } else if (!isSupportedVersion(version, 'newest')) {
    context.error(
      scalar.at,
      `this ksy requires compiler version at least ${text}, but only ${LANGUAGE_VERSION} is known`,
    );
  }
}

function readEndian(context: Context, fields: Fields): Endian | EndianSwitchSpec | undefined {
  const node = fields.entries.get('endian')?.value;
  if (node === undefined) return undefined;
  if (node.kind === 'map') return readEndianSwitch(context, node);
  return (
    endianOf(node) ??
    context.error(node.at, 'unable to parse endianness: `le`, `be` or calculated endianness map is expected')
  );
}

function readEndianSwitch(context: Context, node: YamlNode): EndianSwitchSpec | undefined {
  const found = readSwitch(context, node);
  const cases = (found?.cases ?? []).flatMap(({ keyNode, value }): CaseSpec<Endian>[] => {
    const endian = endianOf(value);
    const key = readCaseKey(context, keyNode);
    if (endian === undefined) context.error(value.at, 'unable to parse endianness: `le` or `be` is expected');
    return key && endian ? [{ match: key.match, value: endian, at: key.at }] : [];
  });
  return found?.on && { kind: 'endian-switch', on: found.on, cases: lastOfEach(cases) };
}

function readBitEndian(context: Context, fields: Fields): Endian | undefined {
  const node = fields.entries.get('bit-endian')?.value;
  if (node === undefined) return undefined;
  return endianOf(node) ?? context.error(node.at, 'unable to parse bit endianness: expected `le` or `be`');
}

function endianOf(node: YamlNode): Endian | undefined {
  if (node.kind !== 'scalar') return undefined;
  return node.text === 'le' || node.text === 'be' ? node.text : undefined;
}
