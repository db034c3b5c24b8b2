/** Writing field by field: the body of `_write`. */
import type { AttrSpec, BuiltinType, ClassSpec, SimpleTypeSpec } from '../spec/model.js';
import { attrTypes, isDelimited, topType, type Program } from '../types/program.js';
import { isBits } from '../types/sizes.js';
import { isSafe, signed, unsigned, type IntRange } from '../types/int-range.js';
import { block, bytesLiteral, intLiteral, quote } from './code.js';
import { typeText, type EmitContext } from './context.js';
import { derivationOf, isDerivedFrom } from './derived.js';
import { emitNumber, emitSure } from './expression.js';
import { attrId } from './names.js';
import { encodingOf, held, switchLines, terminatorOf } from './reader.js';

/** Why values of a type cannot be written; undefined where they can. */
export function whyNotWritable(program: Program, spec: ClassSpec, open: Set<ClassSpec> = new Set()): string | undefined {
  if (open.has(spec)) return undefined;
  open.add(spec);
  for (const [index, attr] of spec.seq.entries()) {
    const id = attrId(attr, index);
    if (attr.process !== undefined) return `${id} is processed (${attr.process.kind})`;
    for (const type of attrTypes(attr)) {
      if (type.kind !== 'user') continue;
      const used = program.findType(type.name, spec);
      if (used === undefined) return `${id} is of an opaque type`;
      const reason = whyNotWritable(program, used, open);
      if (reason !== undefined) return `${id}: ${reason}`;
    }
  }
  return undefined;
}

/** Statements of `_write`: every field of `seq` in order. */
export function writeSequence(context: EmitContext, spec: ClassSpec): string[] {
  const lines: string[] = [];
  let inBits = false;
  for (const [index, attr] of spec.seq.entries()) {
    if (inBits && !isBits(attr)) lines.push('out.alignToByte();');
    inBits = isBits(attr);
    lines.push(...writeField(context, spec, attr, attrId(attr, index)));
  }
  return inBits ? [...lines, 'out.alignToByte();'] : lines;
}

/** Statements that set counts and sizes from what they count, before anything is written. */
export function deriveLines(context: EmitContext, spec: ClassSpec, self: string): string[] {
  return spec.seq.flatMap((attr) => {
    const derivation = derivationOf(spec, attr);
    if (derivation === undefined || attr.id === undefined || derivation.of.id === undefined) return [];
    const source = `${self}.${context.names.member(spec, derivation.of.id)}`;
    const length = `${derivation.kind === 'size' ? asBytes(context, derivation.of, spec, source) : source}.length`;
    const { type } = context.inference.program.itemType(attr, spec);
    const big = type.kind === 'int' && !isSafe(type.range);
    return [`${self}.${context.names.member(spec, attr.id)} = ${big ? `BigInt(${length})` : length};`];
  });
}

function writeField(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string): string[] {
  const property = `this.${context.names.member(owner, id)}`;
  const { optional } = context.inference.program.itemType(attr, owner);
  if (attr.if !== undefined) {
    const condition = emitSure(context, attr.if.expr, { owner });
    const body = writeRepeated(context, owner, attr, id, 'value', false);
    const isUsed = body.some((line) => /\bvalue\b/.test(line));
    return block(`if (${condition})`, [...(isUsed ? [`const value = ${context.imports.support('need')}(${property});`] : []), ...body]);
  }
  return writeRepeated(context, owner, attr, id, property, optional);
}

function writeRepeated(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: string,
  optional: boolean,
): string[] {
  if (attr.repeat === undefined) {
    if (!optional) return writeItem(context, owner, attr, id, value);
    return block(`if (${value} !== undefined)`, writeItem(context, owner, attr, id, value));
  }
  const loop = block(`for (const [i, item] of ${value}.entries())`, writeItem(context, owner, attr, id, 'item'));
  const uses = (name: string): boolean => loop.slice(1).some((line) => new RegExp(`\\b${name}\\b`).test(line));
  if (!uses('i')) loop[0] = `for (const item of ${value}) {`;
  if (attr.repeat.kind !== 'expr' || isDerivedFrom(owner, attr.repeat.count.expr, attr)) return loop;
  const count = emitNumber(context, attr.repeat.count.expr, { owner });
  return [`this._expect(${quote(`${id}.length`)}, ${count}, ${value}.length);`, ...loop];
}

function writeItem(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: string): string[] {
  if (attr.contents !== undefined) return [`out.writeBytes(${bytesLiteral(attr.contents.bytes)});`];
  const { type } = attr;
  if (type.kind !== 'switch') return writeSimple(context, owner, attr, type, id, value);
  const types = type.cases.map((arm) => arm.value);
  if (types.every(({ kind }) => kind === 'user' || kind === 'bytes')) return writeStructOrBytes(context, owner, attr, id, value);
  const on = context.inference.valueType(type.on.expr, { owner });
  const arms = type.cases.map((arm) => ({
    match: arm.match,
    body: writeSimple(context, owner, attr, arm.value, id, armValue(context, owner, attr, arm.value, value)),
  }));
  return switchLines(context, type.on, on, owner, arms);
}

/** The value of a switch as what one of its cases reads; integers of all cases are held alike. */
function armValue(context: EmitContext, owner: ClassSpec, attr: AttrSpec, type: SimpleTypeSpec, value: string): string {
  const { program } = context.inference;
  const own = program.simpleType(type, owner);
  const all = program.itemType(attr, owner).type;
  const integer = all.kind === 'union' ? all.members.find(({ kind }) => kind === 'int' || kind === 'enum') : all;
  const held = own.kind === 'int' && integer !== undefined ? integer : own;
  return `${context.imports.support('as')}<${typeText(context, held)}>(${value})`;
}

/** What a switch over types holds tells by itself how it is written. */
function writeStructOrBytes(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: string): string[] {
  const bytesToo = attr.type.kind === 'switch' && context.inference.program.itemType(attr, owner).type.kind === 'union';
  const struct = writeStruct(context, owner, attr, id, value);
  if (!bytesToo) return struct;
  const bytes = writeDelimited(context, owner, attr, id, value, undefined);
  return [...block(`if (${value} instanceof Uint8Array)`, bytes).slice(0, -1), ...block('} else', struct)];
}

function writeSimple(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  type: SimpleTypeSpec,
  id: string,
  value: string,
): string[] {
  switch (type.kind) {
    case 'user':
      return writeStruct(context, owner, attr, id, value);
    case 'bytes':
      return writeDelimited(context, owner, attr, id, value, undefined);
    case 'str':
    case 'strz': {
      const encoding = encodingOf(attr, owner);
      const bytes = `${context.imports.support('encodeString')}(${value}, ${quote(encoding)})`;
      return writeDelimited(context, owner, attr, id, bytes, type.kind === 'strz' ? encoding : undefined);
    }
    default:
      return writeNumber(attr, type, owner, id, asRead(context, attr, type, owner, value));
  }
}

function writeStruct(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: string): string[] {
  const adopt = attr.parent !== undefined ? [] : [`${isForeign(context, owner, attr) ? `${context.imports.support('as')}<${context.imports.supportType('KaitaiStruct')}>(${value})` : value}._parent = this;`];
  if (!isDelimited(attr)) return [...adopt, `${value}._write(out);`];
  return [...adopt, ...writeDelimited(context, owner, attr, id, `${value}.toBytes()`, undefined, true)];
}

/** Whether a field holds types of other files: what their parent is, they know only of their own. */
function isForeign({ inference }: EmitContext, owner: ClassSpec, attr: AttrSpec): boolean {
  return attrTypes(attr).some((type) => {
    const used = type.kind === 'user' ? inference.program.findType(type.name, owner) : undefined;
    return used?.outer !== undefined && topType(used) !== topType(owner);
  });
}

/** Bytes up to their size or terminator. A structure may be shorter than its size: the rest is zero. */
function writeDelimited(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: string,
  strzEncoding: string | undefined,
  padded = false,
): string[] {
  const terminator = terminatorOf(attr, strzEncoding);
  const ends = terminator !== undefined && !attr.include ? bytesLiteral(terminator) : undefined;
  if (attr.size === undefined || isDerivedFrom(owner, attr.size.expr, attr)) {
    const consumed = attr.consume && !attr.sizeEos ? ends : undefined;
    return [`out.writeBytes(${value});`, ...(consumed === undefined ? [] : [`out.writeBytes(${consumed});`])];
  }
  const size = emitNumber(context, attr.size.expr, { owner });
  const pad = attr.padRight ?? (padded || terminator !== undefined ? 0 : undefined);
  const options = [
    ...(pad === undefined ? [] : [`pad: ${pad}`]),
    ...(ends === undefined ? [] : [`terminator: ${ends}`]),
  ];
  const tail = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  return [`out.writeBytes(this._fit(${quote(id)}, ${value}, ${size}${tail}));`];
}

/** The bytes of a string or byte field, before anything is added. */
function asBytes(context: EmitContext, attr: AttrSpec, owner: ClassSpec, value: string): string {
  if (attr.type.kind !== 'str') return value;
  return `${context.imports.support('encodeString')}(${value}, ${quote(encodingOf(attr, owner))})`;
}

/** A number in the representation that its own type is read in: its field may hold a wider one. */
function asRead(context: EmitContext, attr: AttrSpec, type: NumberType, owner: ClassSpec, value: string): string {
  return held(context, '', type, attr, owner) === '' ? value : `Number(${value})`;
}

type NumberType = Exclude<BuiltinType, { kind: 'str' | 'strz' }>;

function writeNumber(attr: AttrSpec, type: NumberType, owner: ClassSpec, id: string, value: string): string[] {
  if (type.kind === 'bits') {
    const suffix = (type.endian ?? owner.meta.bitEndian) === 'le' ? 'Le' : 'Be';
    const big = type.bits > 53 ? 'BigInt' : '';
    return [`out.writeBits${suffix}${big}(${type.bits}, ${checkedNumber({ ...attr, type }, id, value)});`];
  }
  const method = (endian: string): string => {
    const letter = type.kind === 'float' ? 'F' : type.signed ? 'S' : 'U';
    const suffix = type.kind === 'int' && type.bytes === 8 ? 'BigInt' : '';
    return `out.write${letter}${type.bytes}${type.bytes === 1 ? '' : endian}${suffix}(${checkedNumber({ ...attr, type }, id, value)});`;
  };
  const endian = type.endian ?? (typeof owner.meta.endian === 'string' ? owner.meta.endian : undefined);
  if (endian !== undefined || type.bytes === 1) return [method(endian ?? 'le')];
  return [...block('if (this._isLe)', [method('le')]).slice(0, -1), ...block('} else', [method('be')])];
}

/** The value, refused where it does not fit the type. */
export function checkedNumber(attr: AttrSpec, id: string, value: string): string {
  const bounds = rangeLiterals(attr);
  if (bounds === undefined) return attr.type.kind === 'bits' ? `Number(${value})` : value;
  return `this.${bounds.big ? '_bigInt' : '_int'}(${quote(id)}, ${value}, ${bounds.lo}, ${bounds.hi})`;
}

/** Bounds of an integer field as literals; undefined for flags and floats, whose values always fit. */
export function rangeLiterals({ type, enum: named }: AttrSpec): { lo: string; hi: string; big: boolean } | undefined {
  if (type.kind !== 'int' && type.kind !== 'bits') return undefined;
  if (type.kind === 'bits' && type.bits === 1 && named === undefined) return undefined;
  const bounds = rangeOf(type);
  const big = !isSafe(bounds);
  return { lo: intLiteral(bounds.lo, big), hi: intLiteral(bounds.hi, big), big };
}

function rangeOf(type: Extract<NumberType, { kind: 'int' | 'bits' }>): IntRange {
  if (type.kind === 'bits') return unsigned(type.bits);
  return type.signed ? signed(type.bytes * 8) : unsigned(type.bytes * 8);
}
