/** Types of fixed layout: checked first, then stored at constant offsets. */
import type { ClassSpec } from '../../spec/model.js';
import { isStruct } from '../../types/value-type.js';
import { checksOf } from '../read/constraints.js';
import { bytesLiteral, quote } from '../code/text.js';
import { fieldName, hasPositions, type EmitContext } from '../context/context.js';
import { cacheOf } from '../read/fixed.js';
import type { FixedField, FixedLayout } from '../layout/layout.js';
import { numberAccess, plus, wordsFromBits } from '../layout/primitives.js';
import { localName } from '../context/names.js';
import { encodingOf, terminatorOf } from '../read/sequence.js';
import { encoded } from './bytes.js';
import { heldContents } from './items.js';
import { numberCheck, storedNumber } from './numbers.js';
import { adoptLines } from './structs.js';

/** Statements of `_check`. */
export function checkFixedLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): string[] {
  const lines: string[] = [];
  for (const field of layout.fields) {
    lines.push(...(field.attr.contents === undefined ? checkField : checkContents)(context, spec, field));
  }
  for (const { attr, id } of layout.fields) {
    if (attr.valid?.severity !== 'error') continue;
    const value = `this.${context.names.member(spec, id)}`;
    const { type } = context.inference.program.itemType(attr, spec);
    for (const check of checksOf(context, { valid: attr.valid }, type, spec, value)) {
      lines.push(
        `this._expectValid(${check.condition.text}, ${fieldName(context, id)}, ${quote(check.kind)}, ${check.expected}, ${value}, ${context.uses.note('options')});`,
      );
    }
  }
  return lines;
}

/** What holds contents that were given or read as they must not be; undefined where nothing has asked for them. */
function contentsHeld(context: EmitContext, spec: ClassSpec, id: string): string {
  const member = context.names.member(spec, id);
  return `this.${hasPositions(context, spec) ? member : cacheOf(member)}`;
}

function checkContents(context: EmitContext, spec: ClassSpec, { attr, id }: FixedField): string[] {
  const held = contentsHeld(context, spec, id);
  return [`if (${held} !== undefined) ${heldContents(context, attr, id, held, context.uses.note('options'))};`];
}

function checkField(context: EmitContext, spec: ClassSpec, { attr, id, size }: FixedField): string[] {
  const value = `this.${context.names.member(spec, id)}`;
  const { type } = context.inference.program.itemType(attr, spec);
  if (isStruct(type)) {
    const use = attr.type.kind === 'user' ? attr.type : undefined;
    return [
      ...(use === undefined ? [] : adoptLines(context, spec, attr, use, value)),
      `${value}._check(${context.uses.note('options')});`,
    ];
  }
  if (attr.type.kind === 'int' || attr.type.kind === 'float' || attr.type.kind === 'bits') {
    const check = numberCheck(context, attr, spec, id, value);
    return check === undefined ? [] : [`${check};`];
  }
  const { pad, terminator } = delimiters(attr, spec, type.kind);
  const bytes = type.kind === 'str' ? encoded(context, attr, spec, id, value) : value;
  const tail =
    terminator === undefined
      ? [pad].filter((text) => text !== undefined)
      : [pad ?? 'undefined', terminator, ...(attr.include ? ['true'] : [])];
  return [`this._checkFit(${[fieldName(context, id), bytes, size, ...tail].join(', ')});`];
}

function delimiters(
  attr: FixedField['attr'],
  spec: ClassSpec,
  kind: string,
): { pad: string | undefined; terminator: string | undefined } {
  const encoding = kind === 'str' && attr.type.kind === 'strz' ? encodingOf(attr, spec) : undefined;
  const terminator = terminatorOf(attr, encoding);
  return {
    pad: attr.padRight?.toString(),
    terminator: terminator === undefined ? undefined : bytesLiteral(terminator),
  };
}

/** Statements of `_store`: `view` and `at` are the destination, and everything has been checked. */
export function storeFixedLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): string[] {
  const lines: string[] = [];
  for (const field of layout.fields) {
    if (field.bits !== undefined) {
      if (field.bits.first === 0) {
        lines.push(
          ...storeGroup(context, spec, layout, field, 'this', ({ attr }, value) =>
            storedNumber(context, attr, spec, value),
          ),
        );
      }
      continue;
    }
    lines.push(...storeField(context, spec, field));
  }
  return lines;
}

function storeField(context: EmitContext, spec: ClassSpec, field: FixedField): string[] {
  const { attr, offset, size, id } = field;
  const place = plus('at', offset);
  const value = `this.${context.names.member(spec, id)}`;
  if (attr.contents !== undefined) {
    const held = contentsHeld(context, spec, id);
    const bytes = context.uses.note('bytes');
    return [
      ...storeContents(context, attr.contents.bytes, offset),
      `if (${held} !== undefined) ${bytes}.set(${held}, ${place});`,
    ];
  }
  const { type } = context.inference.program.itemType(attr, spec);
  if (isStruct(type))
    return [`${value}._store(${context.uses.note('bytes')}, ${context.uses.note('view')}, ${place});`];
  if (attr.type.kind === 'int' || attr.type.kind === 'float') {
    const access = numberAccess(field, spec);
    if (access === undefined) return [];
    const number = storedNumber(context, attr, spec, value);
    const keepNaN = (): string =>
      `${context.imports.support('keepNaN')}(this, ${quote(id)}, ${value}, ${context.uses.note('bytes')}, ${place});`;
    const kept = attr.type.kind === 'float' ? [keepNaN()] : [];
    return [`${context.uses.note('view')}.set${access.method}(${place}, ${number}${access.littleEndian});`, ...kept];
  }
  const { pad, terminator } = delimiters(attr, spec, type.kind);
  const bytes = type.kind === 'str' ? encoded(context, attr, spec, id, value) : value;
  const target = context.uses.note('bytes');
  if (pad === undefined && terminator === undefined) return [`${target}.set(${bytes}, ${place});`];
  if (terminator !== undefined) {
    const args = ['this', quote(id), bytes, String(size), String(pad), terminator, ...(attr.include ? ['true'] : [])];
    return [`${target}.set(${context.imports.support('fitBytes')}(${args.join(', ')}), ${place});`];
  }
  const tail = [pad].filter((text) => text !== undefined);
  return [`${context.imports.support('storeBytes')}(${[target, place, size, bytes, ...tail].join(', ')});`];
}

/** Up to this many bytes are stored as words, which need no array. */
const MAX_WORDS = 64;

function storeContents(context: EmitContext, contents: Uint8Array, offset: number): string[] {
  if (contents.length > MAX_WORDS)
    return [`${context.uses.note('bytes')}.set(${bytesLiteral(contents)}, ${plus('at', offset)});`];
  const view = new DataView(contents.buffer, contents.byteOffset, contents.length);
  const lines: string[] = [];
  for (let index = 0; index < contents.length;) {
    const place = plus('at', offset + index);
    if (contents.length - index >= 4) {
      lines.push(`${context.uses.note('view')}.setUint32(${place}, 0x${view.getUint32(index).toString(16)});`);
      index += 4;
    } else {
      lines.push(`${context.uses.note('view')}.setUint8(${place}, ${view.getUint8(index)});`);
      index++;
    }
  }
  return lines;
}

type ValueOf = (field: FixedField, value: string) => string;

/** Statements that put a whole bit group together and store it. */
export function storeGroup(
  context: EmitContext,
  spec: ClassSpec,
  layout: FixedLayout,
  head: FixedField,
  self: string,
  valueOf: ValueOf,
  base = 'at',
): string[] {
  const group = layout.fields.filter(({ bits }) => bits !== undefined && bits.group === head.bits?.group);
  const names = new Map(group.map((field) => [field, localName(context.names.member(spec, field.id), 'Bits')]));
  const values = group.map(
    (field) =>
      `const ${names.get(field) ?? ''} = ${valueOf(field, `${self}.${context.names.member(spec, field.id)}`)};`,
  );
  const words = wordsFromBits(group, (field) => names.get(field) ?? '0');
  const little = head.bits?.group.endian === 'le' ? ', true' : '';
  const size = head.bits?.group.size ?? 1;
  const stores = words.map((word, index) => {
    const place = plus(base, head.offset + index * 4);
    return size === 1
      ? `${context.uses.note('view')}.setUint8(${place}, ${word});`
      : `${context.uses.note('view')}.setUint${size === 2 ? 16 : 32}(${place}, ${word}${little});`;
  });
  return [...values, ...stores];
}
