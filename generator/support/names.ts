/** Names of properties. */

/** The property that holds a field: `lenBody` for `len_body`, unless the layout says otherwise. */
export function propertyOf({ id, name }: { readonly id: string; readonly name?: string | undefined }): string {
  if (name !== undefined) return name;
  if (id.startsWith('_')) return id;
  // No regular expression: V8 ends the process where it has to compile one at the end of the stack.
  const [first = '', ...rest] = id.split('_');
  return first + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}
