/** Fields of a fixed layout that are made when they are first asked for. */
import type { ClassSpec } from '../../spec/model.js';
import { isForeign } from '../../types/program.js';
import type { Getter, Setter } from '../code/declarations.js';
import { THIS, TRUE, assign, bytesLiteral, call, conditional, decimal, isUndefined, own } from '../code/expressions.js';
import type { Code, Type } from '../code/nodes.js';
import { give, set } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { VALUE } from '../context/locals.js';
import { cacheOf } from '../context/names.js';
import { maybeTypeOf } from '../context/types.js';
import { isLazy, type FixedField, type FixedLayout } from '../layout/layout.js';
import { encodingOf, terminatorOf, trimmed, trimmedText } from './bytes.js';
import { keeperOf } from './items.js';

export interface Accessor {
  readonly property: string;
  readonly type: Type;
  readonly cache: string;
  /** Makes the value out of the bytes the structure was read from. */
  readonly make: Code;
}

/** By the field's id. */
export function lazyAccessors(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Map<string, Accessor> {
  const { names, inference } = context;
  return new Map(
    layout.fields
      .filter((field) => isLazy(inference.program, field, spec))
      .map((field) => {
        const property = names.member(spec, field.id);
        const type = maybeTypeOf(context, inference.program.attrType(field.attr, spec));
        return [field.id, { property, type, cache: cacheOf(property), make: valueOf(context, spec, field) }];
      }),
  );
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
  return trimmedText(context, attr, encoding, terminator, slice, keeper);
}

export function lazyGetter({ property, type, cache, make }: Accessor): Getter {
  return { name: property, returnType: type, statements: [give(assign(own(cache), make, '??='))] };
}

export function lazySetter({ property, type, cache }: Accessor): Setter {
  return { name: property, parameters: [{ name: VALUE.name, type }], statements: [set(own(cache), VALUE)] };
}
