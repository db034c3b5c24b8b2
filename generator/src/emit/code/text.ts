/**
 * Small pieces of TypeScript text. A schema is input: whatever it says enters the output through the function for its
 * place, `quote`, `template`, `identifier` or `moduleSpecifier` here, `lineComment` or `docText` in docs.ts.
 */
import { printable } from '../../diagnostics.js';

export type Lines = readonly string[];

export function indent(lines: Lines): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** `head {`, the body one step in, `}`. */
export function block(head: string, body: Lines, tail = '}'): string[] {
  return [`${head} {`, ...indent(body), tail];
}

/** A string literal in single quotes. */
export function quote(text: string): string {
  return `'${escaped(text).replaceAll("'", "\\'")}'`;
}

/** A template literal of text and code. */
export function template(parts: readonly (string | { readonly code: string })[]): string {
  const body = parts.map((part) => {
    if (typeof part !== 'string') return `\${${part.code}}`;
    return escaped(part).replaceAll('`', '\\`').replaceAll('${', '\\${');
  });
  return `\`${body.join('')}\``;
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

/** The module beside the output that `path` (`nested/name`) leads to, as an import names it. @throws {TypeError} */
export function moduleSpecifier(path: string): string {
  if (!/^[\w-]+(?:\/[\w-]+)*$/.test(path)) throw new TypeError(`${JSON.stringify(path)} is no path of a module`);
  return `./${path}.js`;
}

export function bytesLiteral(bytes: ArrayLike<number>): string {
  return bytes.length === 0 ? 'new Uint8Array(0)' : `Uint8Array.of(${Array.from(bytes).join(', ')})`;
}

/** Writes an integer as `number` or `bigint` source. */
export function intLiteral(value: bigint, big: boolean): string {
  const magnitude = value < 0n ? -value : value;
  const digits = magnitude > 0xffffn ? `0x${magnitude.toString(16)}` : String(magnitude);
  return `${value < 0n ? '-' : ''}${digits}${big ? 'n' : ''}`;
}
