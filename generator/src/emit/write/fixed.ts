/** Types of fixed layout: checked first, then stored at constant offsets. */
import type { ClassSpec } from '../../spec/model.js';
import { isStruct } from '../../types/value-type.js';
import {
  THIS,
  TRUE,
  bytesLiteral,
  call,
  conjunction,
  decimal,
  hexadecimal,
  isDefined,
  maybeDecimal,
  member,
  method,
  negation,
  own,
  ownMethod,
  plus,
  string,
} from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { constant, placed, run, when } from '../code/statements.js';
import { fieldName, hasPositions, type EmitContext } from '../context/context.js';
import { AT, BYTES, OPTIONS, VIEW } from '../context/locals.js';
import { cacheOf, localName } from '../context/names.js';
import { wordsFromBits } from '../layout/bit-groups.js';
import type { FixedField, FixedLayout } from '../layout/layout.js';
import { numberAccess, store, wordAccess } from '../layout/numbers.js';
import { encodingOf, terminatorOf } from '../read/bytes.js';
import { checksOf } from '../read/constraints.js';
import { wordsOf } from '../read/contents.js';
import { encoded } from './bytes.js';
import { heldContents } from './items.js';
import { numberCheck, numberFits, storedNumber } from './numbers.js';
import { adoptLines } from './structs.js';

/** Statements of `_check`. */
export function checkFixedLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Statements {
  const fits = layout.fields.flatMap(({ attr, id }) => {
    const condition = numberFits(context, attr, spec, own(context.names.member(spec, id)));
    return condition === undefined ? [] : [condition];
  });
  return [
    // One condition for all numbers: calls for each take more time than all else, and more room.
    ...(fits.length === 0 ? [] : [when(negation(conjunction(fits)), run(ownMethod('_refuseNumbers')))]),
    ...layout.fields.flatMap((field) =>
      placed(
        field.attr.at,
        field.attr.contents === undefined ? checkField(context, spec, field) : [checkContents(context, spec, field)],
      ),
    ),
    ...layout.fields.flatMap((field) => placed(field.attr.at, checkConstraint(context, spec, field))),
  ];
}

function checkConstraint(context: EmitContext, spec: ClassSpec, { attr, id }: FixedField): Statements {
  if (attr.valid?.severity !== 'error') return [];
  const value = own(context.names.member(spec, id));
  const { type } = context.inference.program.itemType(attr, spec);
  return checksOf(context, { valid: attr.valid }, type, spec, value).map(({ condition, kind, expected }) =>
    when(negation(condition), run(ownMethod('_invalid', fieldName(id), string(kind), expected, value, OPTIONS))),
  );
}

/** What holds contents that were given or read as they must not be; undefined where nothing has asked for them. */
function contentsHeld(context: EmitContext, spec: ClassSpec, id: string): Code {
  const property = context.names.member(spec, id);
  return own(hasPositions(context, spec) ? property : cacheOf(property));
}

function checkContents(context: EmitContext, spec: ClassSpec, { attr, id }: FixedField): Statements[number] {
  const held = contentsHeld(context, spec, id);
  return when(isDefined(held), run(heldContents(attr, id, held, OPTIONS)));
}

function checkField(context: EmitContext, spec: ClassSpec, { attr, id, size }: FixedField): Statements {
  const value = own(context.names.member(spec, id));
  const { type } = context.inference.program.itemType(attr, spec);
  if (isStruct(type)) {
    const adopt = attr.type.kind === 'user' ? adoptLines(context, spec, attr, attr.type, value) : [];
    return [...adopt, run(method(value, '_check', OPTIONS))];
  }
  if (attr.type.kind === 'int' || attr.type.kind === 'float' || attr.type.kind === 'bits') {
    const check = numberCheck(context, attr, spec, id, value);
    return check === undefined || numberFits(context, attr, spec, value) !== undefined ? [] : [run(check)];
  }
  const bytes = type.kind === 'str' ? encoded(context, attr, spec, id, value) : value;
  return [run(ownMethod('_checkFit', fieldName(id), bytes, decimal(size), ...tailOf(attr, spec)))];
}

/** The bytes that end a field's value within its size. */
function terminatorIn(attr: FixedField['attr'], spec: ClassSpec): Uint8Array | undefined {
  return terminatorOf(attr, attr.type.kind === 'strz' ? encodingOf(attr, spec) : undefined);
}

/** Padding and terminator, and whether that is part of the value, as far as they must be said. */
function tailOf(attr: FixedField['attr'], spec: ClassSpec): Code[] {
  const terminator = terminatorIn(attr, spec);
  if (terminator === undefined) return attr.padRight === undefined ? [] : [decimal(attr.padRight)];
  return [maybeDecimal(attr.padRight), bytesLiteral(terminator), ...(attr.include ? [TRUE] : [])];
}

/** Statements of `_store`: `view` and `at` are the destination, and everything has been checked. */
export function storeFixedLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Statements {
  return layout.fields.flatMap((field) => {
    if (field.bits === undefined) return storeField(context, spec, field);
    if (field.bits.first > 0) return [];
    return storeGroup(context, spec, layout, field, THIS, ({ attr }, value) =>
      storedNumber(context, attr, spec, value),
    );
  });
}

function storeField(context: EmitContext, spec: ClassSpec, field: FixedField): Statements {
  const { attr, offset, size, id } = field;
  const { imports } = context;
  const place = plus(AT, offset);
  const value = own(context.names.member(spec, id));
  if (attr.contents !== undefined) {
    const held = contentsHeld(context, spec, id);
    return [
      ...storeContents(attr.contents.bytes, offset),
      when(isDefined(held), run(method(BYTES, 'set', held, place))),
    ];
  }
  const { type } = context.inference.program.itemType(attr, spec);
  if (isStruct(type)) return [run(method(value, '_store', BYTES, VIEW, place))];
  const access = numberAccess(field, spec);
  if (access !== undefined) {
    const stored = run(store(VIEW, access, AT, offset, storedNumber(context, attr, spec, value)));
    if (attr.type.kind !== 'float') return [stored];
    return [stored, run(call(imports.support('keepNaN'), THIS, string(id), value, BYTES, place))];
  }
  const bytes = type.kind === 'str' ? encoded(context, attr, spec, id, value) : value;
  const tail = tailOf(attr, spec);
  if (tail.length === 0) return [run(method(BYTES, 'set', bytes, place))];
  if (terminatorIn(attr, spec) === undefined)
    return [run(call(imports.support('storeBytes'), BYTES, place, decimal(size), bytes, ...tail))];
  const fitted = call(imports.support('fitBytes'), THIS, string(id), bytes, decimal(size), ...tail);
  return [run(method(BYTES, 'set', fitted, place))];
}

/** Up to this many bytes are stored as words, which need no array. */
const MAX_WORDS = 64;

function storeContents(contents: Uint8Array, offset: number): Statements {
  if (contents.length > MAX_WORDS) return [run(method(BYTES, 'set', bytesLiteral(contents), plus(AT, offset)))];
  return wordsOf(contents).map(({ at, size, value }) => {
    const literal = size === 1 ? decimal(value) : hexadecimal(value);
    return run(store(VIEW, wordAccess(size, false), AT, offset + at, literal));
  });
}

/** Statements that put a whole bit group together and store it. */
export function storeGroup(
  context: EmitContext,
  spec: ClassSpec,
  layout: FixedLayout,
  head: FixedField,
  self: Code,
  valueOf: (field: FixedField, value: Code) => Code,
): Statements {
  const group = layout.fields.filter(({ bits }) => bits !== undefined && bits.group === head.bits?.group);
  const locals = group.map((field) => ({ field, name: localName(context.names.member(spec, field.id), 'Bits') }));
  const names = new Map(locals.map(({ field, name }) => [field, name]));
  const words = wordsFromBits(group, (field) => names.get(field) ?? decimal(0));
  const { endian = 'be', size = 1 } = head.bits?.group ?? {};
  const access = wordAccess(Math.min(size, 4), endian === 'le');
  return [
    ...locals.map(({ field, name }) =>
      constant(name, valueOf(field, member(self, context.names.member(spec, field.id)))),
    ),
    ...words.map((word, index) => run(store(VIEW, access, AT, head.offset + index * 4, word))),
  ];
}
