/** YAML text to one document, or the first mistake in it, at the place where it was made. */
import { Composer, type CST, type Document, LineCounter, Parser, type YAMLParseError } from 'yaml';

import { type Indented, indentContinuation } from './continuation.js';

/** What is wrong, and where, in UTF-16 units from the start of the text. */
export interface SyntaxMistake {
  readonly offset: number;
  readonly message: string;
  /** The outermost quote or bracket that is not closed where it should be. */
  readonly opened?: number;
}

/** Each level costs stack in the YAML composer and in every reader of the tree. */
const MAX_DEPTH = 200;
/** The concrete syntax tree has a list and an item for each level. */
const SYNTAX_LEVELS = 2;

/** How much text is parsed again for lines that had to be indented, in characters. */
const MAX_REPEATED = 1024 * 1024;

export interface Syntax extends Indented {
  readonly lines: LineCounter;
  readonly result: { readonly document: Document | undefined } | SyntaxMistake;
}

/** Offsets in the result are those in its own text. What follows a mistake is most often its consequence, and is not reported. */
export function parseSyntax(text: string): Syntax {
  let syntax = parseOnce({ text, added: new Map() });
  for (let repeated = 0; repeated < MAX_REPEATED; repeated += syntax.text.length) {
    const { result } = syntax;
    if (!('message' in result) || result.opened === undefined) break;
    const indented = indentContinuation(syntax, result.opened);
    if (indented === undefined) break;
    const next = parseOnce(indented);
    // A quote that is closed by the one that opens the next text is no text of several lines.
    if ('message' in next.result && next.lines.linePos(next.result.offset).line <= indented.lastLine) break;
    syntax = next;
  }
  return syntax;
}

function parseOnce(indented: Indented): Syntax {
  const lines = new LineCounter();
  return { ...indented, lines, result: resultOf(indented.text, lines) };
}

/** `lines` learns where lines begin. */
function resultOf(text: string, lines: LineCounter): { readonly document: Document | undefined } | SyntaxMistake {
  // The parser proper keeps its own stack, the composer recurses: between them is the place to refuse deep nesting.
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const { all, deep } = walk(tokens);
  if (deep !== undefined) return { offset: deep, message: `nested more than ${MAX_DEPTH} levels deep` };
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  const errors = (document?.errors ?? []).filter((error) => !isTightComment(error));
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first !== undefined) return causeOf(first, text, all);
  // `...` may stand twice: what it ends then is no document.
  if (second !== undefined && (second.range[0] < second.range[1] || second.directives?.docStart === true)) {
    return { offset: second.range[0], message: 'expected one YAML document, but another one begins here' };
  }
  return { document };
}

/** `"u1"#x`: a comment without white space before it, which the YAML of the official compiler takes. */
const isTightComment = ({ code, message }: YAMLParseError): boolean =>
  code === 'MISSING_CHAR' && message.startsWith('Comments must be separated');

/** All tokens, and the offset of one beyond the limit of nesting. */
function walk(tokens: readonly CST.Token[]): { readonly all: readonly CST.Token[]; readonly deep: number | undefined } {
  const all: CST.Token[] = [];
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH * SYNTAX_LEVELS) return { all, deep: token.offset };
    all.push(token);
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth: depth + 1 });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      for (const child of [item.key, item.value]) {
        if (child) open.push({ token: child, depth: depth + SYNTAX_LEVELS });
      }
    }
  }
  return { all, deep: undefined };
}

/** An open quote or bracket is noticed lines later: the mistake is where it opens. */
function causeOf(error: YAMLParseError, text: string, tokens: readonly CST.Token[]): SyntaxMistake {
  const [at] = error.pos;
  const quoted = tokens.find((token) => isQuoted(token) && spansLinesUpTo(token, at, text));
  if (quoted !== undefined) {
    const message = 'the quote that opens here is closed in another line, or not at all';
    return { ...mistake(quoted.offset, message), opened: quoted.offset };
  }
  const brackets = tokens.filter((token) => token.offset < at && isOpenBracket(token)).map(({ offset }) => offset);
  if (brackets.length > 0) {
    const offset = Math.max(...brackets);
    const message = `the \`${text.charAt(offset)}\` that opens here is not closed`;
    return { ...mistake(offset, message), opened: Math.min(...brackets) };
  }
  return mistake(errorOffset(text, error), syntaxMessage(error));
}

const mistake = (offset: number, message: string): SyntaxMistake => ({ offset, message: `not valid YAML: ${message}` });

function isQuoted(token: CST.Token): token is CST.FlowScalar {
  return token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar';
}

/** Whether text in quotes has no end, or ends in the line of `at`, before it, and begins in an earlier one. */
function spansLinesUpTo({ offset, source }: CST.FlowScalar, at: number, text: string): boolean {
  const end = offset + source.length;
  const isClosed = source.length > 1 && source.endsWith(source.charAt(0));
  if (at < offset) return false;
  if (!isClosed) return at >= end || source.includes('\n');
  return source.includes('\n') && at >= end && !text.slice(end, at).includes('\n');
}

function isOpenBracket(token: CST.Token): boolean {
  if (token.type !== 'flow-collection') return false;
  return !token.end.some(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
}

/** A mapping where none may begin is recognised by its colon. */
function errorOffset(text: string, error: YAMLParseError): number {
  if (error.code !== 'BLOCK_AS_IMPLICIT_KEY') return error.pos[0];
  const colon = text.slice(error.pos[0]).search(/:(?=\s|$)/);
  return colon < 0 ? error.pos[0] : error.pos[0] + colon;
}

function syntaxMessage({ code, message }: YAMLParseError): string {
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'mapping values are not allowed here: check the indentation, or quote the text before the colon';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key must stand in one line, with a colon behind it: check the indentation and the colon';
    case 'UNEXPECTED_TOKEN':
      return `${lowerFirst(message)}${flowHint(message)}`;
    case 'BAD_SCALAR_START':
      return `${lowerFirst(message)}: put the text in quotes`;
    default:
      return lowerFirst(message);
  }
}

const lowerFirst = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

/** `{value: a[0]}`: within brackets of YAML an expression with brackets of its own ends too early. */
function flowHint(message: string): string {
  return message.includes('flow-') ? ': put an expression with `[`, `]`, `{`, `}` or a comma in quotes' : '';
}
