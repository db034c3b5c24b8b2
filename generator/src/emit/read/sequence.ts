/** Reading field by field, as the schema says it: the body of `_read` and of parse instances. */
import type { AttrSpec, BuiltinType, ClassSpec, Endian, ExprSpec, SimpleTypeSpec } from '../../spec/model.js';
import { mentions } from '../../expr/names.js';
import { canonicalEncoding } from '../../spec/encodings.js';
import { needsDefaultEndian } from '../../spec/type-names.js';
import { attrTypes, bytesElse, isBytesElse, isDelimited, isForeign } from '../../types/program.js';
import { bitSizeOfType, isBits } from '../../types/sizes.js';
import { isStruct, type ValueType } from '../../types/value-type.js';
import { checksOf, hasChecks, reportLines } from './constraints.js';
import { block, bytesLiteral, indent, quote, type Lines } from '../code/text.js';
import {
  filled,
  hasCalculatedEndian,
  hasPositions,
  isBig,
  opaqueClass,
  typeText,
  whereNarrowed,
  type EmitContext,
} from '../context/context.js';
import {
  emitArgument,
  emitAs,
  emitCondition,
  emitNumber,
  emitSure,
  hasLiteralType,
  narrowedBy,
  type Place,
} from '../expression/expression.js';
import { customProcess, externalArgument, externalStream } from './external.js';
import { attrId } from '../context/names.js';
import { P, atom, wrap, type Code } from '../code/operators.js';
import { whyNotWritable } from '../layout/reasons.js';

/** What becomes of a value that is read; `io` is the stream's variable. */
interface Destination {
  readonly owner: ClassSpec;
  /** Arguments that say whose bytes are kept where the value does not tell them; none where nothing is written. */
  readonly keeper: readonly string[];
  /** A statement that takes the value of an expression. */
  put(code: string): string;
  /** Statements that make a structure and read it; `prepare` stands between, for the structure `value`. */
  putStruct(code: string, prepare: (value: string) => Lines, read: ReadCall): string[];
}

/** A statement that reads a structure just made: an expression, whose value is the structure. */
type ReadCall = (value: Code) => string;

/** Statements of `_read`: every field of `seq` in order. */
export function readSequence(context: EmitContext, spec: ClassSpec): string[] {
  const lines: string[] = [];
  let inBits = false;
  for (const [index, attr] of spec.seq.entries()) {
    if (inBits && !isBits(attr)) lines.push('io.alignToByte();');
    inBits = isBits(attr);
    const id = attrId(attr, index);
    lines.push(...readField(context, attr, id, spec, `${filled(context)}.${context.names.member(spec, id)}`));
  }
  return [
    ...(spec.seq.some((attr) => isChecked(context, attr, spec)) ? ['let at: number;'] : []),
    ...(spec.seq.some((attr) => usesOrder(attr, spec)) ? [ORDER_LINE] : []),
    ...lines,
  ];
}

/** The statement that numbers need whose byte order is calculated: they ask for it one by one. */
export const ORDER_LINE = 'const isLe = this._isLe;';

export function usesOrder(attr: AttrSpec, owner: ClassSpec): boolean {
  if (attr.contents !== undefined || !hasCalculatedEndian(owner)) return false;
  return attrTypes(attr).some((type) => type.kind !== 'user' && type.kind !== 'bytes' && needsDefaultEndian(type));
}

/** Whether reading the field notes where it begins, for what its checks report. */
export function isChecked({ inference }: EmitContext, attr: AttrSpec, owner: ClassSpec): boolean {
  return hasChecks(attr, inference.program.itemType(attr, owner).type);
}

/** Arguments of what keeps bytes that a value does not tell, for the field `id` or its element `index`. */
export function keeperOf(context: EmitContext, owner: ClassSpec, id: string, index?: string): string[] {
  if (context.options.readOnly || whyNotWritable(context.inference.program, owner) !== undefined) return [];
  return ['this', quote(id), ...(index === undefined ? [] : [index])];
}

/** A field with its condition, repetition and checks. */
export function readField(
  context: EmitContext,
  attr: AttrSpec,
  id: string,
  owner: ClassSpec,
  target: string,
): string[] {
  const place: Place = { owner };
  const narrowed = attr.if === undefined ? [] : narrowedBy(context, attr.if.expr, place);
  const once = whereNarrowed(context, narrowed, () =>
    attr.repeat === undefined ? readOnce(context, attr, id, owner, target) : readMany(context, attr, id, owner, target),
  );
  const body = positioned(context, owner, id, 'Field', once);
  if (attr.if === undefined) return body;
  return block(`if (${emitCondition(context, attr.if.expr, place).text})`, body);
}

/** Records where something begins and ends, where that is wanted. */
function positioned(context: EmitContext, owner: ClassSpec, id: string, what: 'Field' | 'Item', body: Lines): string[] {
  if (!hasPositions(context, owner)) return [...body];
  const args = `this, ${quote(context.names.member(owner, id))}, io`;
  const { imports } = context;
  return [`${imports.support(`begin${what}`)}(${args});`, ...body, `${imports.support(`end${what}`)}(${args});`];
}

function readOnce(context: EmitContext, attr: AttrSpec, id: string, owner: ClassSpec, target: string): string[] {
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const value = optional ? `${context.imports.support('need')}(${target})` : target;
  const body = readItem(context, attr, {
    owner,
    keeper: keeperOf(context, owner, id),
    put: (code) => `${target} = ${code};`,
    // Known to its owner before it is read: paths in errors go through it.
    putStruct: (code, prepare, read) =>
      prepare('value').length === 0
        ? [read({ text: `${target} = ${code}`, precedence: P.assignment })]
        : [`const value = (${target} = ${code});`, ...prepare('value'), read(atom('value'))],
  });
  return withChecks(context, attr, id, owner, type, value, readsStruct(attr) ? scoped(body) : body);
}

function withChecks(
  context: EmitContext,
  attr: AttrSpec,
  id: string,
  owner: ClassSpec,
  type: ValueType,
  value: string,
  body: Lines,
): string[] {
  const checks = checksOf(context, attr, type, owner, value);
  if (checks.length === 0) return [...body];
  const where = { offset: 'at', length: 'io.pos - at', actual: value, inArray: attr.repeat !== undefined };
  return [
    `at = io.${isBits(attr) ? 'bitStart' : 'pos'};`,
    ...body,
    ...checks.flatMap((check) => reportLines(context, check, id, attr.doc, owner, where)),
  ];
}

/** An element joins its array when it is read: what it refers to meanwhile are those before it. */
function readMany(context: EmitContext, attr: AttrSpec, id: string, owner: ClassSpec, target: string): string[] {
  const { repeat } = attr;
  if (repeat === undefined) return [];
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const untilUses = repeat.kind === 'until' && mentions(repeat.until.expr, '_');
  const needsItem = isChecked(context, attr, owner) || untilUses;
  const isSwitch = attr.type.kind === 'switch' && attr.contents === undefined;
  const push = (code: string): string => `${target}.push(${code});`;
  const destination: Destination = {
    owner,
    keeper: keeperOf(context, owner, id, `${target}.length`),
    put: (code) => (!needsItem ? push(code) : isSwitch ? `item = ${code};` : `const item = ${code};`),
    putStruct: (code, prepare, readIt) => {
      const name = isSwitch ? 'value' : 'item';
      const joins = needsItem && isSwitch ? 'item = value;' : push(name);
      // Whoever looks at positions wants to see how far a broken element was read.
      const steps = hasPositions(context, owner)
        ? [...block('try', [readIt(atom(name))]).slice(0, -1), ...block('} finally', [joins])]
        : [readIt(atom(name)), joins];
      return [`const ${name} = ${code};`, ...prepare(name), ...steps];
    },
  };
  const collected = needsItem && (isSwitch || !readsStruct(attr));
  const item = optional ? `${context.imports.support('need')}(item)` : 'item';
  const makeBody = (): string[] => [
    ...(needsItem && isSwitch ? [`let item: ${typeText(context, type)}${optional ? ' | undefined' : ''};`] : []),
    ...withChecks(context, attr, id, owner, type, item, [
      ...positioned(context, owner, id, 'Item', readItem(context, attr, destination)),
      // A switch that matches nothing adds nothing.
      ...(collected ? [optional ? `if (item !== undefined) ${push('item')}` : push('item')] : []),
    ]),
  ];
  const start = `${hasStructs(type) ? 'this._filling = ' : ''}${target} = [];`;
  const end = hasStructs(type) ? ['this._filling = undefined;'] : [];
  const left = mayBeEmpty(context, attr, owner) ? ['left = io.mostItems'] : [];
  const guard = left.length > 0 ? [`if (left-- === 0) throw ${context.imports.support('tooManyItems')}(io);`] : [];
  const makeAll = (): string[] => [...guard, ...makeBody()];
  switch (repeat.kind) {
    case 'eos': {
      const { made, names } = context.uses.of(makeAll);
      return [start, ...loop(names.has('i'), left, '!io.isEof()', made), ...end];
    }
    case 'expr': {
      const count = emitNumber(context, repeat.count.expr, { owner });
      const bound = repeat.count.expr.kind === 'int' ? [] : [`count = ${count}`];
      const condition = `i < ${bound.length > 0 ? 'count' : count}`;
      return [start, ...loop(true, [...bound, ...left], condition, makeAll()), ...end];
    }
    case 'until': {
      const { made, names } = context.uses.of(() => {
        const body = makeAll();
        const until = emitCondition(context, repeat.until.expr, { owner, underscore: { code: item, type } });
        return [...body, `if (${until.text}) break;`];
      });
      return [start, ...loop(names.has('i'), left, '', made), ...end];
    }
  }
}

/** A loop while `condition` holds, with a counter where one is used. */
function loop(isCounted: boolean, more: Lines, condition: string, body: Lines): string[] {
  const declared = [...(isCounted ? ['i = 0'] : []), ...more];
  const head = declared.length === 0 ? '' : `let ${declared.join(', ')}`;
  return block(`for (${head}; ${condition};${isCounted ? ' i++' : ''})`, body);
}

/** Whether a value may take no bytes: a list of such values may be of any length, however short the file is. */
function mayBeEmpty({ inference: { program } }: EmitContext, attr: AttrSpec, owner: ClassSpec): boolean {
  if (attr.contents !== undefined) return attr.contents.bytes.length === 0;
  if (attr.size !== undefined) return attr.size.expr.kind !== 'int' || attr.size.expr.value === 0n;
  if (isDelimited(attr)) return attr.terminator === undefined || !attr.eosError || !attr.consume;
  const isTotal = attr.type.kind !== 'switch' || attr.type.cases.some(({ match }) => match === undefined);
  const isSolid = (type: SimpleTypeSpec): boolean =>
    type.kind === 'strz' ? attr.eosError && attr.consume : (bitSizeOfType(program, type, owner) ?? 0) > 0;
  return !isTotal || !attrTypes(attr).every(isSolid);
}

function readsStruct(attr: AttrSpec): boolean {
  return attr.type.kind === 'user' && attr.contents === undefined;
}

function hasStructs(type: ValueType): boolean {
  return isStruct(type) || (type.kind === 'union' && type.members.some(isStruct));
}

/** One value, without condition, repetition and checks. */
function readItem(context: EmitContext, attr: AttrSpec, to: Destination): string[] {
  if (attr.contents !== undefined) return [to.put(`io.readBytes(${attr.contents.bytes.length})`)];
  const { type } = attr;
  if (type.kind !== 'switch') return readSimple(context, attr, type, to);
  const on = context.inference.valueType(type.on.expr, { owner: to.owner });
  const head = emitSure(context, type.on.expr, { owner: to.owner });
  const arms = type.cases.map((arm) => ({
    match: arm.match,
    body: whereNarrowed(context, [head], () => readSimple(context, attr, arm.value, to)),
  }));
  if (isBytesElse(attr)) {
    arms.push({ match: undefined, body: readSimple(context, bytesElse(attr), { kind: 'bytes' }, to) });
  }
  return switchLines(context, type.on, on, to.owner, arms);
}

interface Arm {
  readonly match: ExprSpec | undefined;
  readonly body: Lines;
}

/** `switch` for what JavaScript compares with `===`, a chain of `if` for byte arrays. */
export function switchLines(
  context: EmitContext,
  on: ExprSpec,
  type: ValueType,
  owner: ClassSpec,
  arms: readonly Arm[],
): string[] {
  const place: Place = { owner };
  const fallback = arms.find((arm) => arm.match === undefined);
  const matched = arms.flatMap(({ match, body }) => (match === undefined ? [] : [{ match, body }]));
  const value = emitSure(context, on.expr, place);
  const head =
    hasLiteralType(on.expr) || context.narrowed.includes(value)
      ? `${context.imports.support('as')}<${typeText(context, type)}>(${value})`
      : value;
  if (matched.length === 0) return scoped(fallback?.body ?? []);
  if (type.kind === 'bytes') {
    const equal = context.imports.support('equalBytes');
    const lines = matched.flatMap(({ match, body }, index) => {
      const test = `${index === 0 ? '' : '} else '}if (${equal}(on, ${emitSure(context, match.expr, place)}))`;
      return block(test, body).slice(0, -1);
    });
    const otherwise = fallback === undefined ? [] : block('} else', fallback.body).slice(0, -1);
    return scoped([`const on = ${head};`, ...lines, ...otherwise, '}']);
  }
  const cases = matched.flatMap(({ match, body }) =>
    block(`case ${emitAs(context, match.expr, type, place)}:`, [...body, 'break;']),
  );
  const rest = fallback === undefined ? [] : block('default:', fallback.body);
  return block(`switch (${head})`, [...cases, ...rest]);
}

function readSimple(context: EmitContext, attr: AttrSpec, type: SimpleTypeSpec, to: Destination): string[] {
  if (type.kind === 'user') return readUser(context, attr, type, to);
  if (type.kind === 'bytes') return [to.put(readBytes(context, attr, undefined, to))];
  if (type.kind === 'str' || type.kind === 'strz') {
    const encoding = encodingOf(attr, to.owner);
    const decoder = context.imports.decoder(encoding);
    const terminator = terminatorOf(attr, type.kind === 'strz' ? encoding : undefined);
    const isDirect = decoder === 'decodeString' && attr.process === undefined;
    if (isDirect && attr.size !== undefined && terminator === undefined && attr.padRight === undefined) {
      const size = emitNumber(context, attr.size.expr, { owner: to.owner });
      return [to.put(`io.readText(${[size, quote(encoding), ...to.keeper].join(', ')})`)];
    }
    if (isDirect && attr.size === undefined && !attr.sizeEos && terminator !== undefined) {
      return [
        to.put(
          `io.readTextUntil(${[terminatorLiteral(terminator), terminatorFlags(attr), quote(encoding), ...to.keeper].join(', ')})`,
        ),
      ];
    }
    const bytes = readBytes(context, attr, type.kind === 'strz' ? encoding : undefined, to);
    return [to.put(`${decoder}(${[bytes, quote(encoding), ...to.keeper].join(', ')})`)];
  }
  const number = readNumber(attr, type, to.owner);
  if (type.kind === 'float' && to.keeper.length > 0) {
    const place = `io.memory, io.base + io.pos - ${type.bytes}, ${type.bytes}`;
    return [to.put(`${context.imports.support('noteFloat')}(${number}, ${place}, ${to.keeper.join(', ')})`)];
  }
  return [to.put(held(context, number, type, attr, to.owner))];
}

/** Whether a field's bytes are taken as they stand. */
function isPlain({ terminator, padRight, process }: AttrSpec): boolean {
  return terminator === undefined && padRight === undefined && process === undefined;
}

export function encodingOf(attr: AttrSpec, owner: ClassSpec): string {
  const name = attr.encoding?.value ?? owner.meta.encoding?.value ?? 'UTF-8';
  return canonicalEncoding(name) ?? name;
}

/** The bytes that end a string or byte field; a `strz` ends with one NUL character of its encoding. */
export function terminatorOf(attr: AttrSpec, strzEncoding: string | undefined): Uint8Array | undefined {
  if (attr.terminator !== undefined || strzEncoding === undefined) return attr.terminator;
  const unit = strzEncoding.startsWith('UTF-16') ? 2 : strzEncoding.startsWith('UTF-32') ? 4 : 1;
  return new Uint8Array(unit);
}

function terminatorLiteral(terminator: Uint8Array): string {
  return terminator.length === 1 ? terminator.join() : bytesLiteral(terminator);
}

function terminatorFlags({ include, consume, eosError }: AttrSpec): string {
  return [include, consume, eosError].join(', ');
}

function readBytes(
  context: EmitContext,
  attr: AttrSpec,
  strzEncoding: string | undefined,
  to: Pick<Destination, 'owner' | 'keeper'>,
): string {
  return processed(context, attr, rawBytes(context, attr, strzEncoding, to), to);
}

/** The field's bytes as they stand, cut at terminator and padding. */
function rawBytes(
  context: EmitContext,
  attr: AttrSpec,
  strzEncoding: string | undefined,
  { owner, keeper }: Pick<Destination, 'owner' | 'keeper'>,
): string {
  const terminator = terminatorOf(attr, strzEncoding);
  if (attr.size === undefined && !attr.sizeEos) {
    const flags = terminatorFlags(attr);
    return `io.readBytesUntil(${terminatorLiteral(terminator ?? new Uint8Array(0))}, ${flags})`;
  }
  const all =
    attr.size === undefined ? 'io.readBytesFull()' : `io.readBytes(${emitNumber(context, attr.size.expr, { owner })})`;
  return trimmed(context, attr, terminator, all, keeper);
}

/** `bytes` without padding and terminator. */
export function trimmed(
  context: EmitContext,
  attr: AttrSpec,
  terminator: Uint8Array | undefined,
  bytes: string,
  keeper: readonly string[],
): string {
  const { padRight } = attr;
  if (terminator === undefined) {
    return padRight === undefined ? bytes : `${context.imports.support('bytesStripRight')}(${bytes}, ${padRight})`;
  }
  const args = [bytes, String(padRight), bytesLiteral(terminator), String(attr.include), ...keeper];
  return `${context.imports.support('trimBytes')}(${args.join(', ')})`;
}

function processed(
  context: EmitContext,
  attr: AttrSpec,
  bytes: string,
  { owner, keeper }: Pick<Destination, 'owner' | 'keeper'>,
): string {
  const { process } = attr;
  const [self, ...field] = keeper;
  // Several sequences of bytes may give the same.
  const kept = (): string =>
    self === undefined
      ? bytes
      : `${context.imports.support('noteRaw')}(${[self, bytes, "'process'", ...field].join(', ')})`;
  const place: Place = { owner };
  switch (process?.kind) {
    case undefined:
      return bytes;
    case 'zlib':
      return `${context.imports.support('processZlib')}(${kept()})`;
    case 'xor': {
      const type = context.inference.valueType(process.key.expr, { owner });
      const key =
        type.kind === 'int' ? emitNumber(context, process.key.expr, place) : emitSure(context, process.key.expr, place);
      return `${context.imports.support('processXor')}(${bytes}, ${key})`;
    }
    case 'rotate': {
      const amount = emitNumber(context, process.amount.expr, place);
      return `${context.imports.support('processRotateLeft')}(${bytes}, ${process.left ? amount : `8 - (${amount})`})`;
    }
    case 'custom':
      return `${context.imports.support('processCustom')}(${kept()}, ${customProcess(context, process, owner)})`;
  }
}

type NumberType = Exclude<BuiltinType, { kind: 'str' | 'strz' }>;

function readNumber(attr: AttrSpec, type: NumberType, owner: ClassSpec): string {
  if (type.kind === 'bits') {
    const suffix = (type.endian ?? owner.meta.bitEndian) === 'le' ? 'Le' : 'Be';
    const bits = `io.readBits${suffix}${type.bits > 53 ? 'BigInt' : ''}(${type.bits})`;
    return type.bits === 1 && attr.enum === undefined ? `${bits} !== 0` : bits;
  }
  const method = (endian: string): string => {
    if (type.kind === 'float') return `io.readF${type.bytes}${endian}()`;
    const letter = type.signed ? 'S' : 'U';
    return `io.read${letter}${type.bytes}${type.bytes === 1 ? '' : endian}${type.bytes === 8 ? 'BigInt' : ''}()`;
  };
  const endian: Endian | undefined =
    type.endian ?? (typeof owner.meta.endian === 'string' ? owner.meta.endian : undefined);
  if (endian !== undefined || (type.kind === 'int' && type.bytes === 1)) return method(endian ?? 'le');
  return `isLe ? ${method('le')} : ${method('be')}`;
}

/** A number that was read as `from`, in the representation that its field calls for. */
export function held(context: EmitContext, code: string, from: NumberType, attr: AttrSpec, owner: ClassSpec): string {
  const { type } = context.inference.program.itemType(attr, owner);
  const integer = type.kind === 'union' ? type.members.find(({ kind }) => kind === 'int' || kind === 'enum') : type;
  const isSmall = from.kind === 'bits' ? from.bits <= 53 : from.kind === 'int' && from.bytes < 8;
  const isFlag = from.kind === 'bits' && from.bits === 1 && attr.enum === undefined;
  return integer !== undefined && isSmall && !isFlag && isBig(context, integer) ? `BigInt(${code})` : code;
}

type UserType = Extract<SimpleTypeSpec, { kind: 'user' }>;

function readUser(context: EmitContext, attr: AttrSpec, type: UserType, to: Destination): string[] {
  const { owner } = to;
  const spec = context.inference.program.findType(type.name, owner);
  const className =
    spec === undefined ? opaqueClass(context, [type.name.names.at(-1) ?? '']) : context.imports.class(spec);
  const own = spec !== undefined && !isForeign(spec, owner);
  const params = spec?.params ?? [];
  const args = type.args.map((arg, index) => {
    const param = params[index];
    if (param === undefined || spec === undefined) return externalArgument(context, arg.expr, owner);
    return emitArgument(context, arg.expr, context.inference.paramType(param, spec), { owner });
  });
  const parent = parentOf(context, attr, owner);
  const ancestors = own ? [parent, 'this._root'] : ['undefined', 'undefined'];
  const construct = (stream: string): string => {
    const source = spec === undefined ? externalStream(context, stream) : stream;
    const made = `new ${className}(${[source, ...ancestors, ...args].join(', ')})`;
    return spec === undefined || (own && parent === 'this')
      ? made
      : `${context.imports.support('heldBy')}(this, ${made})`;
  };
  const inherits = spec !== undefined && own && hasCalculatedEndian(spec) && spec.meta.endian === owner.meta.endian;
  const finish = (stream: string): string[] =>
    to.putStruct(
      construct(stream),
      (name) => (inherits ? [`${name}._isLe = this._isLe;`] : []),
      (value) =>
        spec === undefined
          ? `${context.imports.support('readOpaque')}(${value.text});`
          : `${wrap(value, P.postfix)}._read(${stream});`,
    );
  if (!isDelimited(attr)) return finish('io');
  if (isPlain(attr)) {
    const size = attr.size === undefined ? '' : emitNumber(context, attr.size.expr, { owner });
    return [`const part = io.readSubstream(${size});`, ...finish('part')];
  }
  const bytes = readBytes(context, attr, undefined, to);
  return ['const start = io.pos;', `const part = io.substream(${bytes}, start);`, ...finish('part')];
}

/** Statements that declare something, in a block of their own. */
function scoped(lines: Lines): string[] {
  return lines.length <= 1 ? [...lines] : ['{', ...indent(lines), '}'];
}

/** Code for `_parent` of a field's structure, where its schema is that of `owner`. */
export function parentOf(context: EmitContext, attr: AttrSpec, owner: ClassSpec): string {
  if (attr.parent === 'none') return 'undefined';
  return attr.parent === undefined ? 'this' : emitSure(context, attr.parent.expr, { owner });
}

/** The declared type of a field's property. */
export function fieldType(context: EmitContext, attr: AttrSpec, owner: ClassSpec): string {
  const { type, optional } = context.inference.program.attrType(attr, owner);
  return `${typeText(context, type)}${optional ? ' | undefined' : ''}`;
}
