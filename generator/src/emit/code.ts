/** Small pieces of TypeScript text. */
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
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
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
