/** Types of fixed layout: read at constant offsets. */
import type { ClassSpec } from '../../spec/model.js';
import { call, conjunction, decimal, differs, member, name, own, plus } from '../code/expressions.js';
import type { Code, Name, Statement, Statements } from '../code/nodes.js';
import { constant, give, placed, set } from '../code/statements.js';
import { filled, filling, type EmitContext } from '../context/context.js';
import { AT, VIEW } from '../context/locals.js';
import { bitsFromWords, groupWords } from '../layout/bit-groups.js';
import { isLazy, type FixedField, type FixedLayout } from '../layout/layout.js';
import { load, numberAccess, wordAccess } from '../layout/numbers.js';
import { checksOf } from './constraints.js';
import { contentsCondition } from './contents.js';
import { keeperOf } from './items.js';
import { held, isFlag } from './numbers.js';

/** Statements of `_readFixed(view, at)`: false where a constraint is broken, so that `_read` says which. */
export function readFixedLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Statements {
  const { names, inference } = context;
  const lines: Statement[] = [];
  const self = filled(context);
  const conditions: Code[] = [];
  for (const field of layout.fields) {
    if (field.attr.contents !== undefined) {
      conditions.push(contentsCondition(context, VIEW, plus(AT, field.offset), field.attr.contents.bytes));
      continue;
    }
    if (isLazy(inference.program, field, spec)) continue;
    if (field.bits?.first === 0) lines.push(...placed(field.attr.at, groupLines(field)));
    const number = readNumberField(context, field, spec);
    lines.push(...placed(field.attr.at, [set(member(self, names.member(spec, field.id)), number)]));
  }
  for (const field of layout.fields) {
    if (field.attr.contents !== undefined || field.attr.valid?.severity !== 'error') continue;
    const { type } = inference.program.itemType(field.attr, spec);
    const lowWord = (id: string): Code | undefined => lowWordOf(layout, id === '_' ? field.id : id, spec);
    const checks = checksOf(context, field.attr, type, spec, own(names.member(spec, field.id)), { lowWord });
    conditions.push(...checks.map(({ condition }) => condition));
  }
  return [...filling(context, spec, lines), give(conjunction(conditions))];
}

/** The load of an unsigned 64-bit field's low half. */
function lowWordOf(layout: FixedLayout, id: string, owner: ClassSpec): Code | undefined {
  const field = layout.fields.find((candidate) => candidate.id === id);
  const access = field === undefined ? undefined : numberAccess(field, owner);
  if (field === undefined || access?.type !== 'BigUint64') return undefined;
  const { isLittleEndian } = access;
  return load(VIEW, wordAccess(4, isLittleEndian), AT, isLittleEndian ? field.offset : field.offset + 4);
}

/** Bit fields of one group share its words, which are read once. */
function groupLines(field: FixedField): Statements {
  return groupWords(field, VIEW, AT).map((word, index) => constant(wordName(field, index), word));
}

const wordName = (field: FixedField, index: number): Name => name(`word${field.offset + index * 4}`);

function readNumberField(context: EmitContext, field: FixedField, owner: ClassSpec): Code {
  const { attr, bits, id, offset } = field;
  if (bits !== undefined) {
    const words = groupWords(field, VIEW, AT).map((_, index) => wordName(field, index));
    return heldField(context, field, owner, bitValue(field, words));
  }
  const number = heldField(context, field, owner, numberLoad(field, owner, VIEW, AT));
  const keeper = keeperOf(context, owner, id);
  if (attr.type.kind !== 'float' || keeper.length === 0) return number;
  // The bits of a float that is no number.
  const place = [VIEW, plus(AT, offset), decimal(attr.type.bytes)];
  return call(context.imports.support('noteFloat'), number, ...place, ...keeper);
}

/** A number or bit field read from `view` at `base`, as one expression. */
export function fieldLoad(context: EmitContext, field: FixedField, owner: ClassSpec, view: Code, base: Code): Code {
  const code =
    field.bits === undefined ? numberLoad(field, owner, view, base) : bitValue(field, groupWords(field, view, base));
  return heldField(context, field, owner, code);
}

function heldField(context: EmitContext, { attr }: FixedField, owner: ClassSpec, code: Code): Code {
  const { type } = attr;
  return type.kind === 'int' || type.kind === 'bits' ? held(context, code, type, attr, owner) : code;
}

function bitValue(field: FixedField, words: readonly Code[]): Code {
  const bits = bitsFromWords(field, words);
  return isFlag(field.attr, field.attr.type) ? differs(bits, decimal(0)) : bits;
}

function numberLoad(field: FixedField, owner: ClassSpec, view: Code, base: Code): Code {
  const access = numberAccess(field, owner);
  if (access === undefined) throw new TypeError(`${field.id} is not a number`);
  return load(view, access, base, field.offset);
}
