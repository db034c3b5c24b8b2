/** Types of fixed layout: read at constant offsets, byte fields made when they are asked for. */
import type { ClassSpec } from '../../spec/model.js';
import { isForeign } from '../../types/program.js';
import { checksOf } from './constraints.js';
import { bytesLiteral, quote } from '../code/text.js';
import { filled, filledLines, type EmitContext } from '../context/context.js';
import { isLazy, type FixedField, type FixedLayout } from '../layout/layout.js';
import { atom, call, conjunction, equality, type Code } from '../code/operators.js';
import { bitsFromWords, groupWords, numberAccess, plus } from '../layout/primitives.js';
import { encodingOf, fieldType, held, keeperOf, terminatorOf, trimmed } from './sequence.js';

/** Name of the property that keeps a lazily made value. */
export const cacheOf = (property: string): string => `_m_${property}`;

/** Statements of `_readFixed(view, at)`: false where a constraint is broken, so that `_read` says which. */
export function readFixedLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): string[] {
  const { names, inference } = context;
  const lines: string[] = [];
  const self = filled(context);
  const fill = filledLines(context, spec);
  const conditions: Code[] = [];
  for (const field of layout.fields) {
    const property = names.member(spec, field.id);
    if (field.attr.contents !== undefined) {
      conditions.push(contentsCondition(context, field, field.attr.contents.bytes));
      continue;
    }
    if (isLazy(inference.program, field, spec)) continue;
    if (field.bits?.first === 0) lines.push(...groupLines(field));
    const number = readNumberField(context, field, spec);
    lines.push(...fill.splice(0), `${self}.${property} = ${keptFloat(context, field, spec, number)};`);
  }
  for (const field of layout.fields) {
    if (field.attr.contents !== undefined) continue;
    const value = `this.${names.member(spec, field.id)}`;
    const { type } = inference.program.itemType(field.attr, spec);
    const lowWord = (id: string): string | undefined => lowWordOf(layout, id === '_' ? field.id : id, spec);
    if (field.attr.valid?.severity !== 'error') continue;
    const checks = checksOf(context, field.attr, type, spec, value, lowWord);
    conditions.push(...checks.map(({ condition }) => condition));
  }
  return [...lines, `return ${conjunction(conditions).text};`];
}

/** Whether `_readFixed` reads anything: not where all fields are made later, and none has contents to compare. */
export function readsFixed({ inference }: EmitContext, spec: ClassSpec, layout: FixedLayout): boolean {
  return layout.fields.some((field) =>
    field.attr.contents === undefined ? !isLazy(inference.program, field, spec) : field.attr.contents.bytes.length > 0,
  );
}

/** The load of an unsigned 64-bit field's low half. */
function lowWordOf(layout: FixedLayout, id: string, owner: ClassSpec): string | undefined {
  const field = layout.fields.find((candidate) => candidate.id === id);
  const access = field === undefined ? undefined : numberAccess(field, owner);
  if (field === undefined || access?.method !== 'BigUint64') return undefined;
  const offset = access.littleEndian === '' ? field.offset + 4 : field.offset;
  return `view.getUint32(${plus('at', offset)}${access.littleEndian})`;
}

/** Bit fields of one group share its words, which are read once. */
function groupLines(field: FixedField): string[] {
  return groupWords(field, 'view', 'at').map((load, index) => `const ${wordName(field, index)} = ${load};`);
}

const wordName = (field: FixedField, index: number): string => `word${field.offset + index * 4}`;

function readNumberField(context: EmitContext, field: FixedField, owner: ClassSpec): string {
  if (field.bits !== undefined) {
    const words = groupWords(field, 'view', 'at').map((_, index) => wordName(field, index));
    return heldField(context, field, owner, asBoolean(field, bitsFromWords(field, words)));
  }
  return heldField(context, field, owner, numberLoad(field, owner, 'view', 'at'));
}

/** Code for a number, which keeps the bits of a float that is none. */
function keptFloat(context: EmitContext, { attr, id, offset }: FixedField, owner: ClassSpec, number: string): string {
  const keeper = keeperOf(context, owner, id);
  if (attr.type.kind !== 'float' || keeper.length === 0) return number;
  const args = [number, 'view', plus('at', offset), String(attr.type.bytes), ...keeper];
  return `${context.imports.support('noteFloat')}(${args.join(', ')})`;
}

/** A number or bit field read from `view` at `base`, as one expression. */
export function fieldLoad(
  context: EmitContext,
  field: FixedField,
  owner: ClassSpec,
  view: string,
  base: string,
): string {
  const code =
    field.bits === undefined
      ? numberLoad(field, owner, view, base)
      : asBoolean(field, bitsFromWords(field, groupWords(field, view, base)));
  return heldField(context, field, owner, code);
}

function heldField(context: EmitContext, { attr }: FixedField, owner: ClassSpec, code: string): string {
  const { type } = attr;
  return type.kind === 'int' || type.kind === 'bits' ? held(context, code, type, attr, owner) : code;
}

function asBoolean({ attr }: FixedField, code: string): string {
  const isFlag = attr.type.kind === 'bits' && attr.type.bits === 1 && attr.enum === undefined;
  return isFlag ? `(${code}) !== 0` : code;
}

function numberLoad(field: FixedField, owner: ClassSpec, view: string, base: string): string {
  const access = numberAccess(field, owner);
  if (access === undefined) throw new TypeError(`${field.id} is not a number`);
  return `${view}.get${access.method}(${plus(base, field.offset)}${access.littleEndian})`;
}

/** Contents are compared as words of up to four bytes. */
function contentsCondition(context: EmitContext, { offset }: FixedField, contents: Uint8Array): Code {
  if (contents.length > 16) {
    const bytes = `${context.imports.support('sliceOf')}(view, ${plus('at', offset)}, ${contents.length})`;
    return call(context.imports.support('equalBytes'), bytes, bytesLiteral(contents));
  }
  const view = new DataView(contents.buffer, contents.byteOffset, contents.length);
  const tests: Code[] = [];
  for (let index = 0; index < contents.length;) {
    const place = plus('at', offset + index);
    const left = contents.length - index;
    if (left >= 4) {
      tests.push(equality(call('view.getUint32', place), true, atom(`0x${view.getUint32(index).toString(16)}`)));
      index += 4;
    } else {
      tests.push(equality(call('view.getUint8', place), true, atom(String(view.getUint8(index)))));
      index++;
    }
  }
  return conjunction(tests);
}

export interface Accessor {
  readonly property: string;
  readonly type: string;
  readonly cache: string;
  /** Makes the value out of the bytes the structure was read from. */
  readonly make: string;
}

/** Fields that are made when they are first asked for. */
export function lazyAccessors(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Map<string, Accessor> {
  const { names, inference, imports } = context;
  const accessors = new Map<string, Accessor>();
  for (const field of layout.fields) {
    if (!isLazy(inference.program, field, spec)) continue;
    const { attr, offset, size } = field;
    const property = names.member(spec, field.id);
    const slice = `this._slice(${offset}, ${size})`;
    const { type } = inference.program.itemType(attr, spec);
    let make = slice;
    if (type.kind === 'struct')
      make = `this._child(${[imports.class(type.spec), String(offset), ...(isForeign(type.spec, spec) ? ['true'] : [])].join(', ')})`;
    else if (attr.contents === undefined) {
      const encoding = type.kind === 'str' ? encodingOf(attr, spec) : undefined;
      const keeper = keeperOf(context, spec, field.id);
      const terminator = terminatorOf(attr, attr.type.kind === 'strz' ? encoding : undefined);
      const bytes = trimmed(context, attr, terminator, slice, keeper);
      make =
        encoding === undefined
          ? bytes
          : `${imports.decoder(encoding)}(${[bytes, quote(encoding), ...keeper].join(', ')})`;
    }
    accessors.set(field.id, { property, type: fieldType(context, attr, spec), cache: cacheOf(property), make });
  }
  return accessors;
}
