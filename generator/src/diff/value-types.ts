/** Types of values as code sees them: `number`, `bigint`, classes whatever they are called. */
import { isSafe } from '../types/int-range.js';
import type { MaybeType, ValueType } from '../types/value-type.js';
import type { Identities } from './identity.js';
import type { Side } from './side.js';

/** Equal for types that code cannot tell apart. */
export function valueTypeKey(ids: Identities, type: ValueType): string {
  return named(type, ({ spec }) => ids.of(spec), true);
}

/** `Uint8Array | undefined` */
export function shownValueType(side: Side, { type, optional }: MaybeType): string {
  const names = (each: Named): string =>
    each.kind === 'enum' ? side.names.enum(each.spec) : side.names.class(each.spec);
  const text = named(type, names, false);
  return optional ? `${text} | undefined` : text;
}

type Named = Extract<ValueType, { kind: 'enum' | 'struct' }>;

function named(type: ValueType, nameOf: (type: Named) => string, isSorted: boolean): string {
  switch (type.kind) {
    case 'int':
      return isSafe(type.range) ? 'number' : 'bigint';
    case 'float':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'str':
      return 'string';
    case 'bytes':
      return 'Uint8Array';
    case 'io':
      return 'KaitaiStream';
    case 'enum':
    case 'struct':
      return nameOf(type);
    case 'opaque':
      return type.name;
    case 'any-struct':
      return 'KaitaiStruct';
    case 'array': {
      const item = named(type.item, nameOf, isSorted);
      return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
    }
    case 'union': {
      const members = [...new Set(type.members.map((member) => named(member, nameOf, isSorted)))];
      return (isSorted ? members.toSorted() : members).join(' | ');
    }
    case 'any':
    case 'never':
      return 'unknown';
  }
}
