/** Numbers at constant places of a DataView. */
import type { ClassSpec, Endian } from '../../spec/model.js';
import { TRUE, method, plus } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { FieldPlace } from './layout.js';

export interface NumberAccess {
  /** `Uint16`, of which there are `getUint16` and `setUint16`. */
  readonly type: string;
  readonly isLittleEndian: boolean;
}

/** The DataView methods for a number; undefined for other types. */
export function numberAccess({ attr }: Pick<FieldPlace, 'attr'>, owner: ClassSpec): NumberAccess | undefined {
  const { type } = attr;
  if (type.kind !== 'int' && type.kind !== 'float') return undefined;
  const endian: Endian = type.endian ?? (owner.meta.endian === 'le' ? 'le' : 'be');
  const isLittleEndian = type.bytes > 1 && endian === 'le';
  if (type.kind === 'float') return { type: `Float${type.bytes * 8}`, isLittleEndian };
  const kind = type.signed ? 'Int' : 'Uint';
  return { type: `${type.bytes === 8 ? 'Big' : ''}${kind}${type.bytes * 8}`, isLittleEndian };
}

/** An unsigned number of `bytes` bytes. */
export const wordAccess = (bytes: number, isLittleEndian: boolean): NumberAccess => ({
  type: `Uint${bytes * 8}`,
  isLittleEndian: isLittleEndian && bytes > 1,
});

export function load(view: Code, { type, isLittleEndian }: NumberAccess, base: Code, offset: number): Code {
  return method(view, `get${type}`, plus(base, offset), ...(isLittleEndian ? [TRUE] : []));
}

export function store(
  view: Code,
  { type, isLittleEndian }: NumberAccess,
  base: Code,
  offset: number,
  value: Code,
): Code {
  return method(view, `set${type}`, plus(base, offset), value, ...(isLittleEndian ? [TRUE] : []));
}
