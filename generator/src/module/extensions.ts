/** How files of schemas and of their types are called. */

const SCHEMA = /\.ksy$/;
export const DECLARATION_EXTENSION = '.d.ksy.ts';

/** Path of the declarations of the schema at `path`; undefined where it is not called as schemas are. */
export function declarationPath(path: string): string | undefined {
  return SCHEMA.test(path) ? path.replace(SCHEMA, DECLARATION_EXTENSION) : undefined;
}

/** Path of the schema that the declarations at `path` are of. */
export function schemaPath(path: string): string {
  return path.slice(0, -DECLARATION_EXTENSION.length) + '.ksy';
}
