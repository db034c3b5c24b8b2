/** How Node shows structures: `console.log` prints their fields, not what reading keeps beside them. */
import { propertyOf } from './names.js';
import { show } from './show.js';

/** What a structure looks like from here. */
interface Shown {
  readonly constructor: { readonly LAYOUT?: readonly { readonly id: string; readonly name?: string }[] };
}

/** Has Node show objects of a class by their fields. */
export function shownByFields(type: { readonly prototype: object }): void {
  inspectedAs(type.prototype, function (this: Shown) {
    return fieldsOf(this);
  });
}

function inspectedAs<T extends object>(value: T, inspect: (() => unknown) | undefined): T {
  return Object.defineProperty(value, Symbol.for('nodejs.util.inspect.custom'), { value: inspect });
}

/** Fields, parameters, and those instances that have been read: nothing is read for being shown. */
function fieldsOf(struct: Shown): object {
  const shown: object = Object.create(Object.getPrototypeOf(struct) as object);
  const fields = (struct.constructor.LAYOUT ?? []).map(propertyOf);
  const own = Object.keys(struct).map((key) => key.replace(/^_m_/, ''));
  for (const name of new Set([...fields, ...own.filter((key) => !key.startsWith('_'))])) {
    const held = valueOf(struct, name);
    const value = held instanceof Uint8Array ? inspectedAs({}, () => show(held)) : held;
    if (value !== undefined) Object.defineProperty(shown, name, { value, enumerable: true });
  }
  // Not as a structure once more.
  return inspectedAs(shown, undefined);
}

/** Nothing of a field that is made when it is asked for, of bytes that are not there. */
function valueOf(struct: Shown, name: string): unknown {
  try {
    return Reflect.get(struct, name) as unknown;
  } catch {
    return undefined;
  }
}
