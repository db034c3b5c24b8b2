/**
 * Text of literals and names. A schema is input: whatever it says enters the output through the function for its place,
 * `quote`, `templateText`, `identifier` or `moduleSpecifier` here, those of comments in docs.ts.
 */
import { printable } from '../../diagnostics.js';

/** A string literal in single quotes. */
export function quote(text: string): string {
  return `'${escaped(text).replaceAll("'", "\\'")}'`;
}

/** What stands between the code of a template literal. */
export function templateText(text: string): string {
  return escaped(text).replaceAll('`', '\\`').replaceAll('${', '\\${');
}

/** Text within a literal, but for the quotes around it. */
function escaped(text: string): string {
  return printable(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'));
}

/** A name that is declared. @throws {TypeError} where it is none: ids are checked when a schema is read */
export function identifier(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no identifier`);
  return name;
}

/** A key of an object's type: a name or integer as it stands, any other text in quotes. */
export function propertyKey(key: string): string {
  return /^(?:[A-Za-z_][A-Za-z0-9_]*|0|[1-9][0-9]*)$/.test(key) ? key : quote(key);
}

/** The module beside the output that `path` (`nested/name`) leads to, as an import names it. @throws {TypeError} */
export function moduleSpecifier(path: string): string {
  if (!/^[\w-]+(?:\/[\w-]+)*(?:\.schema)?$/.test(path))
    throw new TypeError(`${JSON.stringify(path)} is no path of a module`);
  return `./${path}.js`;
}
