/** The structures around one, where an expression cannot do without them. */
import { ExpressionError } from './errors.js';

/** `_root` of a nested type. @throws {ExpressionError} where it has none */
export function rootOf<T>(struct: { readonly _root: T | undefined }): T {
  return struct._root ?? hasNone(struct, '_root');
}

/** @throws {ExpressionError} where there is no parent */
export function parentOf<T>(struct: { readonly _parent: T | undefined }): T {
  return struct._parent ?? hasNone(struct, '_parent');
}

function hasNone(struct: object, name: string): never {
  throw new ExpressionError(
    `an expression uses ${name} of ${struct.constructor.name}, which has none: it was read on its own, or as a field of another schema`,
    `a structure with ${name}`,
  );
}
