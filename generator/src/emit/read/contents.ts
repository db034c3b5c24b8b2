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

/** Bytes as big-endian words of four, and single ones at the end. */
export function wordsOf(bytes: Uint8Array): { readonly at: number; readonly size: 1 | 4; readonly value: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = bytes.length - (bytes.length % 4);
  const words = Array.from({ length: whole / 4 }, (_, index) => index * 4);
  return [
    ...words.map((at) => ({ at, size: 4 as const, value: view.getUint32(at) })),
    ...Array.from(bytes.subarray(whole), (value, index) => ({ at: whole + index, size: 1 as const, value })),
  ];
}
