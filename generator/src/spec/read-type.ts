/** `type`: built-in names, references to other types with arguments, and switches. */
import type { Location } from '../diagnostics.js';
import { parseTypeReference } from '../expr/parser.js';
import type { Context, Fields } from './context.js';
import type { BuiltinType, CaseSpec, ExprSpec, MetaSpec, ParamTypeSpec, SimpleTypeSpec, TypeSpec } from './model.js';
import { lastOfEach, readCaseKey, readSwitch } from './read-switch.js';
import { builtinType, isBitsName, MAX_BITS, needsDefaultEndian } from './type-names.js';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml.js';

/** Receives every type that a field may have, with the place to report about it. */
export type TypeCheck = (type: SimpleTypeSpec, at: Location) => void;

/** What a type with an error is taken for, so that the rest of the field can be checked. */
const UNKNOWN_TYPE: SimpleTypeSpec = { kind: 'bytes' };

/** The type of the field whose keys are `fields`. */
export function readType(context: Context, fields: Fields, meta: MetaSpec, check: TypeCheck): TypeSpec {
  const node = fields.entries.get('type')?.value;
  if (node?.kind === 'map') return readTypeSwitch(context, node, meta, check) ?? UNKNOWN_TYPE;
  if (node && (node.kind === 'list' || node.type !== 'string')) {
    return context.badType('map or string', node) ?? UNKNOWN_TYPE;
  }
  const type: SimpleTypeSpec | undefined = node ? readSimpleType(context, node, meta) : { kind: 'bytes' };
  if (type) check(type, fields.at);
  return type ?? UNKNOWN_TYPE;
}

/** Paths that the official compiler gives to problems of a type, which are several for that of a case. */
interface TypePaths {
  /** Of expressions in its arguments. */
  readonly args: string;
  /** Of its name. */
  readonly name: string;
  /** Of how it is written, and of how its arguments fit. */
  readonly use: string;
}

/** A type named by `scalar`. */
function readSimpleType(
  context: Context,
  scalar: YamlScalar,
  meta: MetaSpec,
  paths: TypePaths = { args: scalar.at.path, name: scalar.at.path, use: scalar.at.path },
): SimpleTypeSpec | undefined {
  const { at, text: name } = scalar;
  const builtin = builtinType(name);
  if (builtin !== undefined) {
    if (needsDefaultEndian(builtin) && meta.endian === undefined) {
      const hint = `set \`meta/endian\`, or write '${name}le' or '${name}be'`;
      const place = paths.name === at.path ? at : { ...at, path: `${at.path}/type` };
      return context.error(place, `unable to use type '${name}' without default endianness: ${hint}`);
    }
    return builtin;
  }
  if (isBitsName(name)) return context.error(at, `bit-sized integers have at most ${MAX_BITS} bits, got '${name}'`);
  if (builtinType(name.trim()) !== undefined) {
    return context.error(
      { ...at, path: paths.name },
      `unable to find type '${name}': remove the spaces around '${name.trim()}'`,
    );
  }
  return readUserType(context, scalar, paths);
}

function readUserType(context: Context, scalar: YamlScalar, paths: TypePaths): SimpleTypeSpec | undefined {
  const { at, text: name } = scalar;
  const use = context.guard(withPath(scalar, paths.use), `type '${name}'`, 0, () => parseTypeReference(name));
  if (use === undefined) return undefined;
  if (use.type.isArray) return context.error(at, `'${name}' is no type of a field: use \`repeat\` for an array`);
  const placed = withPath(scalar, paths.args);
  const args = use.argRanges.flatMap(({ start, end }): ExprSpec[] => {
    const spec = context.parse(placed, name.slice(start, end), start);
    return spec ? [spec] : [];
  });
  return {
    kind: 'user',
    name: use.type,
    args,
    at: { ...at, path: paths.name },
    usedAt: { ...at, path: paths.use },
  };
}

function withPath(scalar: YamlScalar, path: string): YamlScalar {
  return { ...scalar, at: { ...scalar.at, path }, locate: (index) => ({ ...scalar.locate(index), path }) };
}

function readTypeSwitch(context: Context, node: YamlNode, meta: MetaSpec, check: TypeCheck): TypeSpec | undefined {
  const found = readSwitch(context, node);
  if (found === undefined) return undefined;
  if (found.cases?.length === 0) context.error(found.at, 'a switch needs at least one case');
  const cases = (found.cases ?? []).flatMap((entry) => readCase(context, entry, node.at.path, meta, check) ?? []);
  return found.on && { kind: 'switch', on: found.on, cases: lastOfEach(cases), at: node.at };
}

function readCase(
  context: Context,
  { keyNode, value }: YamlEntry,
  switchPath: string,
  meta: MetaSpec,
  check: TypeCheck,
): CaseSpec<SimpleTypeSpec> | undefined {
  const key = readCaseKey(context, keyNode);
  const scalar = context.scalar(value);
  if (!scalar) return undefined;
  const args = key?.at.path ?? scalar.at.path;
  const type = readSimpleType(context, scalar, meta, { args, name: `${args}/type`, use: switchPath });
  if (type) check(type, scalar.at);
  return key && type && { match: key.match, value: type, at: key.at };
}

/** A parameter's type: no byte order, no terminator, but also the types that are never read from a stream. */
export function readParamType(context: Context, node: YamlNode | undefined): ParamTypeSpec {
  const unknown: ParamTypeSpec = { kind: 'bytes', isArray: false };
  if (node === undefined) return unknown;
  const scalar = context.scalar(node);
  if (!scalar) return unknown;
  const isArray = scalar.text.endsWith('[]');
  const name = isArray ? scalar.text.slice(0, -'[]'.length) : scalar.text;
  switch (name) {
    case 'bool':
    case 'struct':
    case 'io':
    case 'any':
    case 'bytes':
      return { kind: name, isArray };
    default:
      break;
  }
  const builtin = builtinType(name);
  if (builtin !== undefined) {
    const plain = plainParamType(builtin);
    if (plain !== undefined) {
      context.error(scalar.at, `unable to find type '${name}': a parameter has no encoding in bytes, write '${plain}'`);
    }
    return { kind: 'simple', type: builtin, isArray };
  }
  const use = context.guard(scalar, `type '${name}'`, 0, () => parseTypeReference(name));
  if (use === undefined) return unknown;
  if (use.args.length > 0) {
    context.error(scalar.at, `type of a parameter takes no arguments, write '${use.type.names.join('::')}'`);
  }
  return {
    kind: 'simple',
    type: { kind: 'user', name: use.type, args: [], at: scalar.at, usedAt: scalar.at },
    isArray,
  };
}

/** What to write instead of a type that only reading from a stream can have. */
function plainParamType(type: BuiltinType): string | undefined {
  if (type.kind === 'strz') return 'str';
  if (type.kind === 'int' && type.endian !== undefined) return `${type.signed ? 's' : 'u'}${type.bytes}`;
  return type.kind === 'float' && type.endian !== undefined ? `f${type.bytes}` : undefined;
}
