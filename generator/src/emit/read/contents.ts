/** Contents, compared where they stand. */
import { bytesLiteral, call, conjunction, decimal, equals, hexadecimal } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { load, wordAccess } from '../layout/numbers.js';

/** That `contents` stand at `start` of `view`: as words of up to four bytes. */
export function contentsCondition(context: EmitContext, view: Code, start: Code, contents: Uint8Array): Code {
  if (contents.length > 16) {
    const bytes = call(context.imports.support('sliceOf'), view, start, decimal(contents.length));
    return call(context.imports.support('equalBytes'), bytes, bytesLiteral(contents));
  }
  return conjunction(
    wordsOf(contents).map(({ at, size, value }) =>
      equals(load(view, wordAccess(size, false), start, at), size === 1 ? decimal(value) : hexadecimal(value)),
    ),
  );
}

interface Word {
  /** In bytes from the first one. */
  readonly at: number;
  readonly size: 1 | 2 | 4;
  readonly value: number;
}

/** Bytes as big-endian words of four; what is left at the end, as one of two and a single one. */
export function wordsOf(bytes: Uint8Array): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < bytes.length;) {
    const left = bytes.length - at;
    const size = left >= 4 ? 4 : left >= 2 ? 2 : 1;
    const value = bytes.subarray(at, at + size).reduce((high, byte) => high * 256 + byte, 0);
    words.push({ at, size, value });
    at += size;
  }
  return words;
}
