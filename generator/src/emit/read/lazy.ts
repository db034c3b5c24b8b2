/** Fields that are made when they are first asked for, of what was read from a constant offset or is noted. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isForeign } from '../../types/program.js';
import type { Getter, Property, Setter } from '../code/declarations.js';
import {
  THIS,
  TRUE,
  UNDEFINED,
  assign,
  bytesLiteral,
  call,
  conditional,
  decimal,
  isUndefined,
  maybeDecimal,
  own,
  string,
} from '../code/expressions.js';
import type { Code, Type } from '../code/nodes.js';
import { give, set } from '../code/statements.js';
import { NUMBER, maybe, reference, unionOf } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { needsTables } from '../context/imports.js';
import { VALUE } from '../context/locals.js';
import { attrId, cacheOf } from '../context/names.js';
import { maybeTypeOf } from '../context/types.js';
import { isLazy, type FixedField, type FixedLayout } from '../layout/layout.js';
import { encodingOf, terminatorLiteral, terminatorOf, trimmed, trimmedText } from './bytes.js';
import { keeperOf } from './items.js';
import { constantLength, isPlaced, lengthSlot } from './placed.js';
import { putOffList, putOffValue } from './put-off.js';

export interface Accessor {
  readonly property: string;
  readonly type: Type;
  /** The value, or what it is made of. */
  readonly cache: string;
  readonly slots: readonly Property[];
  /** What the field is asked for with: makes the value, the first time. */
  readonly value: Code;
}

/** By the field's id. */
export function lazyAccessors(
  context: EmitContext,
  spec: ClassSpec,
  layout: FixedLayout | undefined,
): Map<string, Accessor> {
  const { inference } = context;
  if (layout === undefined) return placedAccessors(context, spec);
  return new Map(
    layout.fields
      .filter((field) => isLazy(inference.program, field, spec))
      .map((field) => {
        const { property, type, cache } = accessorOf(context, spec, field);
        const slots: Property[] = [{ name: cache, type: maybe(type), isDeclared: true }];
        const value = assign(own(cache), valueOf(context, spec, field), '??=');
        return [field.id, { property, type, cache, slots, value }];
      }),
  );
}

/** Where nothing is at a constant offset: fields whose place is noted, and lists that are put off. */
function placedAccessors(context: EmitContext, spec: ClassSpec): Map<string, Accessor> {
  const accessors = new Map<string, Accessor>();
  for (const [index, attr] of spec.seq.entries()) {
    const list = putOffList(context, attr, spec);
    if (list === undefined && !isPlaced(context, attr, spec)) continue;
    const id = attrId(attr, index);
    const { property, type, cache } = accessorOf(context, spec, { attr, id });
    if (list !== undefined) {
      accessors.set(id, { property, type, cache, ...putOffValue(context, attr, spec, { cache, type, list }) });
      continue;
    }
    if (attr.repeat !== undefined) {
      const byteList = reference(context.imports.support('ByteList'));
      const slots: Property[] = [{ name: cache, type: unionOf([type, byteList]), isSetLater: true }];
      const value = assign(own(cache), call(context.imports.support('allViewed'), THIS, own(cache)));
      accessors.set(id, { property, type, cache, slots, value });
      continue;
    }
    const length = constantLength(attr);
    const slots: Property[] = [
      { name: cache, type: unionOf([type, NUMBER]), isSetLater: true },
      ...(length === undefined ? [{ name: lengthSlot(property), type: NUMBER, isSetLater: true }] : []),
    ];
    const size = length === undefined ? own(lengthSlot(property)) : decimal(length);
    const value = assign(own(cache), call(context.imports.support('viewed'), THIS, own(cache), size));
    accessors.set(id, { property, type, cache, slots, value });
  }
  return accessors;
}

function accessorOf(
  context: EmitContext,
  spec: ClassSpec,
  { attr, id }: { readonly attr: AttrSpec; readonly id: string },
): Pick<Accessor, 'property' | 'type' | 'cache'> {
  const property = context.names.member(spec, id);
  const type = maybeTypeOf(context, context.inference.program.attrType(attr, spec));
  return { property, type, cache: cacheOf(property) };
}

function valueOf(context: EmitContext, spec: ClassSpec, { attr, id, offset, size }: FixedField): Code {
  const { type } = context.inference.program.itemType(attr, spec);
  if (type.kind === 'struct') {
    const isOther = isForeign(type.spec, spec) ? [TRUE] : [];
    return call(
      context.imports.support('childOf'),
      THIS,
      context.imports.class(type.spec),
      decimal(offset),
      ...isOther,
    );
  }
  const slice = call(context.imports.support('bytesIn'), THIS, decimal(offset), decimal(size));
  if (attr.contents !== undefined) {
    // Of a structure that was made, they are what they must be.
    const made = bytesLiteral(attr.contents.bytes);
    return context.options.readOnly ? slice : conditional(isUndefined(own('_source')), made, slice);
  }
  const encoding = type.kind === 'str' ? encodingOf(attr, spec) : undefined;
  const keeper = keeperOf(context, spec, id);
  const terminator = terminatorOf(attr, attr.type.kind === 'strz' ? encoding : undefined);
  if (encoding === undefined) return trimmed(context, attr, terminator, slice, keeper);
  if (needsTables(encoding)) return trimmedText(context, attr, encoding, terminator, slice, keeper);
  const isWhole = terminator === undefined && attr.padRight === undefined;
  const args = [THIS, decimal(offset), decimal(size), string(encoding)];
  const named = isWhole && keeper.length === 0 ? [] : [keeper[1] ?? UNDEFINED];
  const ending = terminator === undefined ? [] : [terminatorLiteral(terminator), ...(attr.include ? [TRUE] : [])];
  const trims = isWhole ? [] : [maybeDecimal(attr.padRight), ...ending];
  return call(context.imports.support('textIn'), ...args, ...named, ...trims);
}

export function lazyGetter({ property, type, value }: Accessor): Getter {
  return { name: property, returnType: type, statements: [give(value)] };
}

export function lazySetter({ property, type, cache }: Accessor): Setter {
  return { name: property, parameters: [{ name: VALUE.name, type }], statements: [set(own(cache), VALUE)] };
}
