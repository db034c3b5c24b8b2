/** A field of `seq`, and what parse instances share with it. */
import type { Location } from '../diagnostics.js';
import type { Context, Fields } from './context.js';
import { checkEncoding } from './encodings.js';
import type { AttrSpec, MetaSpec, RepeatSpec, SimpleTypeSpec, TypeSpec } from './model.js';
import { readDoc } from './read-doc.js';
import { readProcess } from './read-process.js';
import { readType } from './read-type.js';
import { readChecksum, readContents, readValid } from './read-valid.js';
import { booleanWord } from './scalar.js';
import { didYouMeanKey } from './similar-names.js';

const COMMON_KEYS = [
  'id',
  'doc',
  'doc-ref',
  'type',
  'if',
  'terminator',
  'consume',
  'include',
  'eos-error',
  'valid',
  'repeat',
];
const BYTES_KEYS = ['contents', 'size', 'size-eos', 'pad-right', 'parent', 'process'];
const STRING_KEYS = ['size', 'size-eos', 'pad-right', 'encoding'];
/** What only instances have. */
const INSTANCE_KEYS = ['io', 'pos', 'value'];
const ALL_KEYS: ReadonlySet<string> = new Set([
  ...COMMON_KEYS,
  ...BYTES_KEYS,
  ...STRING_KEYS,
  'enum',
  'repeat-expr',
  'repeat-until',
]);

/** Reads all keys but `id`, which the caller has. `meta` is that of the type the field stands in. */
export function readAttr(
  context: Context,
  fields: Fields,
  id: string | undefined,
  at: Location,
  meta: MetaSpec,
): AttrSpec {
  // A field whose id is wrong may well be meant as something else: the rest of it is read, but not judged.
  const isJudged = id !== undefined || !fields.entries.has('id');
  const type = readType(context, fields, meta, (simple, place) => {
    if (isJudged) checkDelimited(context, fields, simple, place);
    checkHasEncoding(context, fields, simple, meta, place);
  });
  const repeat = readRepeat(context, fields);
  const contents = readContents(context, fields);
  const attr: AttrSpec = {
    id,
    at,
    doc: readDoc(context, fields),
    type,
    contents,
    size: context.integerExpression(fields, 'size'),
    sizeEos: context.boolean(fields, 'size-eos') ?? false,
    terminator: readTerminator(context, fields),
    include: context.boolean(fields, 'include') ?? false,
    consume: context.boolean(fields, 'consume') ?? true,
    eosError: context.boolean(fields, 'eos-error') ?? true,
    padRight: readByte(context, fields, 'pad-right'),
    encoding: readEncoding(context, fields),
    process: readProcess(context, fields),
    enum: context.typeName(fields, 'enum'),
    if: context.expression(fields, 'if'),
    repeat,
    valid: readValid(context, fields),
    checksum: readChecksum(context, fields, type),
    parent: readParent(context, fields, type),
  };
  checkAttrKeys(context, fields, type);
  if (fields.entries.has('contents') && fields.entries.has('valid')) {
    context.error(fields.at, "`contents` and `valid` can't be used together");
  }
  // Fixed contents are as long as they are; nothing else can limit or pad them.
  return contents === undefined
    ? attr
    : { ...attr, size: undefined, sizeEos: false, terminator: undefined, padRight: undefined };
}

function readByte(context: Context, fields: Fields, key: string): number | undefined {
  const node = fields.entries.get(key)?.value;
  return node && context.byte(node);
}

/** One byte; terminators of several bytes are those of `strz` in wide encodings only. */
function readTerminator(context: Context, fields: Fields): Uint8Array | undefined {
  const byte = readByte(context, fields, 'terminator');
  return byte === undefined ? undefined : Uint8Array.of(byte);
}

function readEncoding(context: Context, fields: Fields): AttrSpec['encoding'] {
  const encoding = context.string(fields, 'encoding');
  if (encoding) checkEncoding(context, encoding);
  return encoding;
}

/** Bytes have no parent: the official compiler reads the expression and does not look at it. */
function readParent(context: Context, fields: Fields, type: TypeSpec): AttrSpec['parent'] {
  const parent = context.expression(fields, 'parent');
  if (type.kind === 'bytes') return undefined;
  return parent?.expr.kind === 'bool' && !parent.expr.value ? 'none' : parent;
}

function readRepeat(context: Context, fields: Fields): RepeatSpec | undefined {
  const count = context.integerExpression(fields, 'repeat-expr');
  const until = context.expression(fields, 'repeat-until');
  const repeat = context.string(fields, 'repeat');
  if (repeat === undefined) return undefined;
  const { at, value } = repeat;
  switch (value) {
    case 'eos':
      return { kind: 'eos' };
    case 'expr':
      if (count) return { kind: 'expr', count };
      break;
    case 'until':
      if (until) return { kind: 'until', until };
      break;
    default:
      return context.error(at, `expected eos / expr / until, got '${value}'`);
  }
  if (fields.entries.has(`repeat-${value}`)) return undefined;
  return context.error(at, `\`repeat: ${value}\` requires a \`repeat-${value}\` expression`);
}

/** Which keys have a meaning depends on what the field is read as. */
function checkAttrKeys(context: Context, fields: Fields, type: TypeSpec): void {
  const repeat = fields.entries.get('repeat')?.value;
  const repeatKey = repeat?.kind === 'scalar' ? `repeat-${repeat.text}` : '';
  const legal = [...COMMON_KEYS, ...typeKeys(type), ...(ALL_KEYS.has(repeatKey) ? [repeatKey] : [])];
  const enumEntry = fields.entries.get('enum');
  if (enumEntry && type.kind !== 'switch') {
    legal.push('enum');
    if (type.kind !== 'int' && type.kind !== 'bits') {
      context.error(
        enumEntry.value.at,
        `tried to resolve non-integer ${typeWords(type)} to enum: give an integer type`,
      );
    }
  }
  for (const { key, keyNode } of fields.entries.values()) {
    if (key.startsWith('-') || legal.includes(key)) continue;
    const allowed = legal.toSorted().join(', ');
    context.error(
      keyNode.at,
      ALL_KEYS.has(key)
        ? `\`${key}\` has no meaning ${misuse(key, type)}, allowed: ${allowed}`
        : `unknown key found, expected: ${allowed}${hintFor(key, legal)}`,
    );
  }
}

function hintFor(key: string, legal: readonly string[]): string {
  return INSTANCE_KEYS.includes(key) ? `; \`${key}\` belongs under \`instances\`` : didYouMeanKey(key, legal);
}

function misuse(key: string, type: TypeSpec): string {
  return key.startsWith('repeat-') ? `without \`repeat: ${key.slice('repeat-'.length)}\`` : `for ${typeWords(type)}`;
}

function typeKeys(type: TypeSpec): readonly string[] {
  switch (type.kind) {
    case 'bytes':
    case 'user':
    case 'switch':
      return BYTES_KEYS;
    case 'str':
    case 'strz':
      return STRING_KEYS;
    case 'int':
    case 'float':
    case 'bits':
      break;
  }
  return [];
}

const TYPE_WORDS: Readonly<Record<Exclude<TypeSpec['kind'], 'user'>, string>> = {
  bytes: 'bytes (no `type` is given)',
  switch: 'a switch',
  str: 'a string',
  strz: 'a string',
  int: 'an integer',
  float: 'a floating-point number',
  bits: 'bits',
};

function typeWords(type: TypeSpec): string {
  return type.kind === 'user' ? `type '${type.name.names.join('::')}'` : TYPE_WORDS[type.kind];
}

/** Bytes and strings must end somewhere, and in one place only. `at` is the field, or the case of a switch. */
function checkDelimited(context: Context, fields: Fields, type: SimpleTypeSpec, at: Location): void {
  const has = (key: string): boolean => fields.entries.has(key);
  const sizeEos = has('size-eos') && isTrue(fields, 'size-eos');
  const isLimited = has('size') || sizeEos || has('terminator');
  if (has('size') && sizeEos && typeKeys(type).includes('size')) {
    context.error(at, "only one of 'size' or 'size-eos' must be specified");
  }
  if (!isLimited && (type.kind === 'str' || (type.kind === 'bytes' && !has('contents')))) {
    context.error(at, "'size', 'size-eos' or 'terminator' must be specified");
  }
  if (type.kind === 'user' && has('process') && !isLimited) {
    const name = type.name.names.join('::');
    context.error(at, `user type '${name}': need 'size' / 'size-eos' / 'terminator' if 'process' is used`);
  }
}

function isTrue(fields: Fields, key: string): boolean {
  const node = fields.entries.get(key)?.value;
  return node?.kind === 'scalar' && booleanWord(node.text) === true;
}

function checkHasEncoding(context: Context, fields: Fields, type: SimpleTypeSpec, meta: MetaSpec, at: Location): void {
  if (type.kind !== 'str' && type.kind !== 'strz') return;
  if (fields.entries.has('encoding') || meta.encoding !== undefined) return;
  context.error(at, 'string type, but no encoding found: add `encoding`, or `meta/encoding` for the whole type');
}
