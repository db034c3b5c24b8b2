/** Types, sizes, conditions and constraints in words. */
import { expressionText, typeNameText } from '../expr/print.js';
import type {
  AttrSpec,
  ClassSpec,
  ConstraintSpec,
  Endian,
  ExprSpec,
  InstanceSpec,
  ParamSpec,
  ProcessSpec,
  RepeatSpec,
  RuleSpec,
  SimpleTypeSpec,
} from '../spec/model.js';
import type { Program } from '../types/program.js';
import type { ValueType } from '../types/value-type.js';
import { code, joined, lines, note, text, type Inline } from './content.js';
import { enumLink, enumOf, typeLink, userType } from './links.js';

type Line = readonly Inline[];

export const expression = ({ expr, text: source }: ExprSpec): Inline => code(expressionText(expr, source));

/** What the type of a field says, a line for each fact. */
export function fieldType(program: Program, attr: AttrSpec, owner: ClassSpec): Inline[] {
  return lines([
    ...typeLines(program, attr, owner),
    ...repeatLines(attr.repeat),
    ...(attr.if === undefined ? [] : [[text('if '), expression(attr.if)]]),
    ...textLines(attr, owner),
    ...delimiterLines(attr),
    ...(attr.process === undefined ? [] : [processLine(attr.process)]),
    ...(attr.parent === undefined || attr.parent === 'none' ? [] : [[text('parent '), expression(attr.parent)]]),
  ]);
}

function typeLines(program: Program, attr: AttrSpec, owner: ClassSpec): Line[] {
  const named = enumOf(program, attr, owner);
  const { type } = attr;
  if (attr.contents !== undefined) return [[code('bytes')]];
  if (type.kind !== 'switch') {
    const own = simpleType(program, type, owner);
    return [named.length === 0 ? own : [...own, text(' '), ...named]];
  }
  const arms = type.cases.map(({ match, value }): Line => [
    ...(match === undefined ? [text('otherwise')] : [expression(match)]),
    text(': '),
    ...simpleType(program, value, owner),
  ]);
  return [[text('by '), expression(type.on), text(':')], ...arms, ...(named.length === 0 ? [] : [named])];
}

function simpleType(program: Program, type: SimpleTypeSpec, owner: ClassSpec): Inline[] {
  if (type.kind !== 'user') return [code(builtInType(type, owner))];
  const found = userType(program, type, owner);
  if (type.args.length === 0) return found;
  return [
    ...found,
    text(' ('),
    ...joined(
      type.args.map((arg) => [expression(arg)]),
      ', ',
    ),
    text(')'),
  ];
}

/** `u4le`: with the order of bytes, wherever the schema says it. */
function builtInType(type: Exclude<SimpleTypeSpec, { kind: 'user' }>, { meta }: ClassSpec): string {
  switch (type.kind) {
    case 'int':
    case 'float': {
      const name = `${type.kind === 'float' ? 'f' : type.signed ? 's' : 'u'}${type.bytes}`;
      return type.bytes === 1 ? name : name + orderSuffix(type.endian ?? meta.endian);
    }
    case 'bits':
      return `b${type.bits}${type.bits === 1 ? '' : (type.endian ?? meta.bitEndian ?? 'be')}`;
    default:
      return type.kind;
  }
}

/** A type in a few words, without links. */
export function shortType(attr: AttrSpec, owner: ClassSpec): string {
  if (attr.contents !== undefined) {
    const { bytes } = attr.contents;
    return asciiOf(bytes) ?? hexBytes(bytes.subarray(0, MAX_SHORT));
  }
  const types = attr.type.kind === 'switch' ? attr.type.cases.map(({ value }) => value) : [attr.type];
  const names = types.map((type) => (type.kind === 'user' ? typeNameText(type.name) : builtInType(type, owner)));
  return [...new Set(names)].join(' | ') + (attr.repeat === undefined ? '' : '[]');
}

/** Bytes of contents that a diagram has room for. */
const MAX_SHORT = 8;

const orderSuffix = (order: Endian | object | undefined): string => (typeof order === 'string' ? order : '');

function repeatLines(repeat: RepeatSpec | undefined): Line[] {
  switch (repeat?.kind) {
    case undefined:
      return [];
    case 'eos':
      return [[text('repeated to the end')]];
    case 'expr':
      return [[text('repeated '), expression(repeat.count), text(' times')]];
    case 'until':
      return [[text('repeated until '), expression(repeat.until)]];
  }
}

function textLines(attr: AttrSpec, owner: ClassSpec): Line[] {
  const types = attr.type.kind === 'switch' ? attr.type.cases.map(({ value }) => value) : [attr.type];
  if (!types.some(({ kind }) => kind === 'str' || kind === 'strz')) return [];
  const encoding = attr.encoding ?? owner.meta.encoding;
  return encoding === undefined ? [] : [[text(encoding.value)]];
}

function delimiterLines(attr: AttrSpec): Line[] {
  const isZeroEnded = attr.type.kind === 'strz' && attr.terminator === undefined;
  const terminator = isZeroEnded ? Uint8Array.of(0) : attr.terminator;
  const all: Line[] = [];
  if (terminator !== undefined) {
    const how = [
      ...(attr.include ? ['which belongs to the value'] : []),
      ...(attr.consume ? [] : ['which is not consumed']),
      ...(attr.eosError ? [] : ['or at the end']),
    ];
    all.push([text('ends at '), code(hexBytes(terminator)), text(how.length === 0 ? '' : `, ${how.join(', ')}`)]);
  }
  if (attr.padRight !== undefined)
    all.push([text('padded with '), code(hexBytes(Uint8Array.of(attr.padRight))), text(' on the right')]);
  return all;
}

function processLine(process: ProcessSpec): Line {
  switch (process.kind) {
    case 'zlib':
      return [text('compressed: '), code('zlib')];
    case 'xor':
      return [text('processed: '), code(`xor(${expressionText(process.key.expr, process.key.text)})`)];
    case 'rotate': {
      const amount = expressionText(process.amount.expr, process.amount.text);
      return [text('processed: '), code(`${process.left ? 'rol' : 'ror'}(${amount})`)];
    }
    case 'custom': {
      const args = process.args.map((arg) => expressionText(arg.expr, arg.text));
      return [text('processed: '), code(`${process.name.join('.')}${args.length === 0 ? '' : `(${args.join(', ')})`}`)];
    }
  }
}

/** Where a field of no known size ends. */
export function openEnd(attr: AttrSpec): string {
  if (attr.repeat !== undefined) return attr.repeat.kind === 'eos' ? 'to the end' : 'varies';
  if (attr.size !== undefined) return 'varies';
  if (attr.sizeEos) return 'to the end';
  if (attr.terminator !== undefined || attr.type.kind === 'strz') return 'to its terminator';
  return 'varies';
}

/** What the values of a field have to be, a line for each. */
export function constraints(program: Program, attr: AttrSpec, owner: ClassSpec): Inline[] {
  const all: Line[] = [];
  if (attr.contents !== undefined) {
    const { bytes } = attr.contents;
    const shown = asciiOf(bytes);
    const hex = code(hexBytes(bytes));
    all.push([text('= '), ...(shown === undefined ? [hex] : [code(shown), text(', '), hex]), ...ruleOf(attr.contents)]);
  }
  if (attr.valid !== undefined) all.push(constraintLine(program, attr.valid, attr, owner));
  if (attr.checksum !== undefined) {
    const { algo, size } = attr.checksum;
    const over = size === undefined ? [text('all bytes')] : [text('the first '), expression(size), text(' bytes')];
    all.push([code(algo), text(' of '), ...over, text(', with this field as zero'), ...ruleOf(attr.checksum)]);
  }
  return lines(all);
}

export function instanceConstraints(program: Program, instance: InstanceSpec, owner: ClassSpec): Inline[] {
  if (instance.kind === 'parse') return constraints(program, instance.attr, owner);
  return instance.valid === undefined ? [] : [...constraintLine(program, instance.valid, instance, owner)];
}

function constraintLine(
  program: Program,
  valid: ConstraintSpec,
  attr: Pick<ParamSpec, 'enum'>,
  owner: ClassSpec,
): Line {
  return [...constraintWords(program, valid, attr, owner), ...ruleOf(valid)];
}

function constraintWords(
  program: Program,
  valid: ConstraintSpec,
  attr: Pick<ParamSpec, 'enum'>,
  owner: ClassSpec,
): Line {
  switch (valid.kind) {
    case 'eq':
      return [text('= '), expression(valid.expected)];
    case 'range': {
      const { min, max } = valid;
      if (min !== undefined && max !== undefined) return [expression(min), text(' to '), expression(max)];
      if (min !== undefined) return [text('≥ '), expression(min)];
      return max === undefined ? [] : [text('≤ '), expression(max)];
    }
    case 'any-of':
      return [
        text('one of '),
        ...joined(
          valid.options.map((option) => [expression(option)]),
          ', ',
        ),
      ];
    case 'in-enum': {
      const named = enumOf(program, attr, owner);
      return [text('a value of '), ...(named.length === 0 ? [text('its enum')] : named)];
    }
    case 'expr':
      return [expression(valid.condition)];
  }
}

function ruleOf({ rule, severity }: RuleSpec): Inline[] {
  const words = [...(rule === undefined ? [] : [rule]), ...(severity === 'error' ? [] : [severity])];
  return words.length === 0 ? [] : [note(`(${words.join(', ')})`)];
}

/** The type of a calculated value. */
export function valueType(type: ValueType, from: ClassSpec): Inline[] {
  switch (type.kind) {
    case 'int':
      return [text('integer')];
    case 'float':
      return [text('float')];
    case 'bool':
      return [text('boolean')];
    case 'str':
      return [text('string')];
    case 'io':
      return [text('stream')];
    case 'enum':
      return [enumLink(type.spec, from)];
    case 'struct':
      return [typeLink(type.spec, from)];
    case 'opaque':
      return [code(type.name)];
    case 'array':
      return [...valueType(type.item, from), text('[]')];
    case 'union':
      return joined(
        type.members.map((member) => valueType(member, from)),
        ' or ',
      );
    case 'any-struct':
      return [text('structure')];
    case 'bytes':
      return [text('bytes')];
    case 'any':
    case 'never':
      return [text('any')];
  }
}

/** The type of a parameter. */
export function paramType(program: Program, param: ParamSpec, owner: ClassSpec): Inline[] {
  const { type } = param;
  const item = type.kind === 'simple' ? simpleType(program, type.type, owner) : [code(type.kind)];
  const named = enumOf(program, param, owner);
  return [...item, ...(type.isArray ? [text('[]')] : []), ...(named.length === 0 ? [] : [text(' '), ...named])];
}

/** Bytes in hexadecimal; many are cut short. */
export function hexBytes(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, MAX_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > MAX_BYTES ? `${shown} … (${bytes.length} bytes)` : shown;
}

const MAX_BYTES = 64;

/** A few bytes that are printable characters, as such. */
function asciiOf(bytes: Uint8Array): string | undefined {
  const isText = bytes.length > 0 && bytes.length <= MAX_BYTES && bytes.every((byte) => byte > 0x20 && byte < 0x7f);
  return isText ? `"${String.fromCharCode(...bytes)}"` : undefined;
}
