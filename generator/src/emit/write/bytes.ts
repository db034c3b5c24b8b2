/** Bytes and text: encoded, processed, and made as long as the schema wants them. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isDelimited } from '../../types/program.js';
import { bytesLiteral, quote } from '../code/text.js';
import { fieldName, type EmitContext } from '../context/context.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import { customProcess } from '../read/external.js';
import { encodingOf, terminatorOf } from '../read/sequence.js';
import { usesPosition } from '../layout/uses.js';

/** What kind of bytes a field holds: they are delimited alike, but only a structure may be shorter than its size. */
export type Content = 'bytes' | 'str' | 'strz' | 'struct';

/** `code` for `expr`, evaluated where the stream stands behind the field's bytes: reading has them by then. */
export function behindBytes(context: EmitContext, attr: AttrSpec, owner: ClassSpec, expr: Expr, code: string): string {
  if (!isDelimited(attr) || !usesPosition(owner, expr)) return code;
  const end = attr.size === undefined ? 'out.size' : `out.behind(${emitNumber(context, attr.size.expr, { owner })})`;
  return `this._asRead(${end}, () => ${code})`;
}

/** The bytes of a text field, before anything is added. */
export function encoded(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  value: string,
  self = 'this',
): string {
  const encoding = encodingOf(attr, owner);
  const decoder = context.imports.decoder(encoding);
  const index = indexArgument(context, attr);
  const more = index.length === 0 && decoder === 'decodeString' ? [] : [decoder, ...index];
  return `${context.imports.support('encodeField')}(${[self, fieldName(context, id), value, quote(encoding), ...more].join(', ')})`;
}

/** The element that is being written, as an argument. */
export function indexArgument({ uses }: EmitContext, { repeat }: AttrSpec): string[] {
  return repeat === undefined ? [] : [uses.note('i')];
}

/** `bytes` as `process` finds them. */
export function unprocessed(context: EmitContext, attr: AttrSpec, owner: ClassSpec, id: string, bytes: string): string {
  const { process } = attr;
  const { imports, inference } = context;
  const place = { owner };
  switch (process?.kind) {
    case undefined:
      return bytes;
    case 'zlib':
      return reprocessed(context, attr, id, bytes, imports.support('processZlib'), imports.support('unprocessZlib'));
    case 'xor': {
      const type = inference.valueType(process.key.expr, place);
      const { expr } = process.key;
      const key = type.kind === 'int' ? emitNumber(context, expr, place) : emitSure(context, expr, place);
      return `${imports.support('processXor')}(${bytes}, ${behindBytes(context, attr, owner, expr, key)})`;
    }
    case 'rotate': {
      const { expr } = process.amount;
      const amount = behindBytes(context, attr, owner, expr, emitNumber(context, expr, place));
      return `${imports.support('unprocessRotateLeft')}(${bytes}, ${process.left ? amount : `8 - (${amount})`})`;
    }
    case 'custom': {
      const made = customProcess(context, process, owner, (expr, code) =>
        behindBytes(context, attr, owner, expr, code),
      );
      const undo = `${imports.support('unprocessCustom')}(${made}, bytes)`;
      return reprocessed(context, attr, id, bytes, `(bytes) => ${made}.decode(bytes)`, `(bytes) => ${undo}`);
    }
  }
}

function reprocessed(
  context: EmitContext,
  attr: AttrSpec,
  id: string,
  bytes: string,
  process: string,
  undo: string,
): string {
  return `this._reprocess(${[fieldName(context, id), bytes, process, undo, ...indexArgument(context, attr)].join(', ')})`;
}

/** Whether the process leaves the number of bytes as it is. */
export function keepsLength({ process }: AttrSpec): boolean {
  return process === undefined || process.kind === 'xor' || process.kind === 'rotate';
}

/** The terminator's bytes, as an expression; undefined where there is none. */
function terminatorText(attr: AttrSpec, owner: ClassSpec, content: Content): string | undefined {
  const terminator = terminatorOf(attr, content === 'strz' ? encodingOf(attr, owner) : undefined);
  return terminator === undefined ? undefined : bytesLiteral(terminator);
}

export function isTerminated(attr: AttrSpec, owner: ClassSpec, content: Content): boolean {
  return terminatorText(attr, owner, content) !== undefined;
}

/** Whether bytes may be shorter than the size they are given. */
export function isTrimmed(attr: AttrSpec, owner: ClassSpec, content: Content): boolean {
  return attr.padRight !== undefined || isTerminated(attr, owner, content);
}

/** `bytes` with terminator and padding, as long as `size` (an expression; undefined where the field has none). */
export function delimited(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  content: Content,
  bytes: string,
  size: string | undefined,
): string {
  const terminator = terminatorText(attr, owner, content);
  const tail =
    terminator === undefined
      ? [attr.padRight?.toString()].filter((pad) => pad !== undefined)
      : [String(attr.padRight), terminator, ...includeAndIndex(context, attr)];
  if (size !== undefined) {
    if (content === 'struct' && tail.length === 0) return `this._room(${fieldName(context, id)}, ${bytes}, ${size})`;
    return `this._fit(${[fieldName(context, id), bytes, size, ...tail].join(', ')})`;
  }
  if (attr.sizeEos)
    return tail.length === 0 ? bytes : `this._fitEos(${['out', fieldName(context, id), bytes, ...tail].join(', ')})`;
  const flags = [attr.include, attr.consume, attr.eosError].join(', ');
  return `this._terminated(out, ${fieldName(context, id)}, ${bytes}, ${terminator ?? bytesLiteral([])}, ${flags})`;
}

/** Whether the terminator is part of the value, and the element that is written, as far as they must be said. */
function includeAndIndex(context: EmitContext, attr: AttrSpec): string[] {
  const index = indexArgument(context, attr);
  return attr.include || index.length > 0 ? [String(attr.include), ...index] : [];
}

/** Length of a terminator that is written behind the value. */
export function terminatorLength(attr: AttrSpec, owner: ClassSpec, content: Content): number {
  const terminator = terminatorOf(attr, content === 'strz' ? encodingOf(attr, owner) : undefined);
  return terminator === undefined || attr.include ? 0 : terminator.length;
}
