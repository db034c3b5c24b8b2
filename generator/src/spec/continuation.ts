/**
 * Flow collections and quoted scalars whose further lines are not indented more than what they belong to. YAML 1.2
 * refuses them (7.4), the parsers that the official compiler is used with do not.
 */

/** Text in which lines were moved to the right. */
export interface Indented {
  readonly text: string;
  /** Spaces that a line has got, by number from 1. */
  readonly added: ReadonlyMap<number, number>;
}

interface Continued extends Indented {
  /** The last line that was moved. */
  readonly lastLine: number;
}

/** Spaces that are added at once: a long line with many short ones in its brackets would take any amount. */
const MAX_ADDED = 1 << 20;

/** Indents the lines that the collection or scalar at `offset` goes on in; undefined where it has none, or no end. */
export function indentContinuation({ text, added }: Indented, offset: number): Continued | undefined {
  const end =
    text.startsWith('"', offset) || text.startsWith("'", offset) ? quotedEnd(text, offset) : flowEnd(text, offset);
  if (end === undefined) return undefined;
  const [first = '', ...rest] = text.slice(offset, end).split('\n');
  if (rest.length === 0) return undefined;
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const width = offset - before.lastIndexOf('\n');
  if (width * rest.length > MAX_ADDED) return undefined;
  const moved = rest.map((_, index): [number, number] => {
    const number = line + 1 + index;
    return [number, (added.get(number) ?? 0) + width];
  });
  const inner = [first, ...rest.map((each) => ' '.repeat(width) + each)].join('\n');
  return { text: before + inner + text.slice(end), added: new Map([...added, ...moved]), lastLine: line + rest.length };
}

/** Behind the closing quote. */
function quotedEnd(text: string, offset: number): number | undefined {
  const pattern = text.startsWith('"', offset) ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^']|'')*'/y;
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Behind the closing bracket. A quote opens text only where a value may begin, `#` a comment behind white space. */
function flowEnd(text: string, offset: number): number | undefined {
  const part = /[[{]|[\]}]|(?<=[[{,:\s])["']|(?<=\s)#[^\n]*/g;
  part.lastIndex = offset;
  let depth = 0;
  for (let found = part.exec(text); found !== null; found = part.exec(text)) {
    const [token] = found;
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    else if (token === '"' || token === "'") part.lastIndex = quotedEnd(text, found.index) ?? text.length;
    if (depth === 0) return part.lastIndex;
  }
  return undefined;
}
