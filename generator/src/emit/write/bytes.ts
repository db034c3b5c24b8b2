/** Bytes and text: encoded, processed, and made as long as the schema wants them. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isDelimited } from '../../types/program.js';
import {
  THIS,
  arrow,
  bool,
  bytesLiteral,
  call,
  decimal,
  infix,
  maybeDecimal,
  member,
  method,
  ownMethod,
  string,
} from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import { fieldName, type EmitContext } from '../context/context.js';
import { needsTables } from '../context/imports.js';
import { BYTES, I, OUT } from '../context/locals.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import { usesPosition } from '../layout/uses.js';
import { encodingOf, terminatorOf } from '../read/bytes.js';
import { customProcess } from '../read/external.js';

/** What kind of bytes a field holds: they are delimited alike, but only a structure may be shorter than its size. */
export type Content = 'bytes' | 'str' | 'strz' | 'struct';

/** `code` for `expr`, evaluated where the stream stands behind the field's bytes: reading has them by then. */
export function behindBytes(context: EmitContext, attr: AttrSpec, owner: ClassSpec, expr: Expr, code: Code): Code {
  if (!isDelimited(attr) || !usesPosition(owner, expr)) return code;
  const end =
    attr.size === undefined
      ? member(OUT, 'size')
      : method(OUT, 'behind', emitNumber(context, attr.size.expr, { owner }));
  return ownMethod('_asRead', end, arrow([], code));
}

/** The bytes of a text field, before anything is added. */
export function encoded(
  { imports }: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  value: Code,
  self: Code = THIS,
): Code {
  const encoding = encodingOf(attr, owner);
  const index = indexArgument(attr);
  const more = index.length === 0 && !needsTables(encoding) ? [] : [imports.decoder(encoding), ...index];
  return call(imports.support('encodeField'), self, fieldName(id), value, string(encoding), ...more);
}

/** The element that is being written, as an argument. */
export function indexArgument({ repeat }: AttrSpec): Code[] {
  return repeat === undefined ? [] : [I];
}

/** `bytes` as `process` finds them. */
export function unprocessed(context: EmitContext, attr: AttrSpec, owner: ClassSpec, id: string, bytes: Code): Code {
  const { process } = attr;
  const { imports, inference } = context;
  const place = { owner };
  switch (process?.kind) {
    case undefined:
      return bytes;
    case 'zlib':
      return reprocessed(attr, id, bytes, imports.support('processZlib'), imports.support('unprocessZlib'));
    case 'xor': {
      const { expr } = process.key;
      const isNumber = inference.valueType(expr, place).kind === 'int';
      const key = isNumber ? emitNumber(context, expr, place) : emitSure(context, expr, place);
      return call(imports.support('processXor'), bytes, behindBytes(context, attr, owner, expr, key));
    }
    case 'rotate': {
      const { expr } = process.amount;
      const amount = behindBytes(context, attr, owner, expr, emitNumber(context, expr, place));
      const left = process.left ? amount : infix(decimal(8), '-', amount);
      return call(imports.support('unprocessRotateLeft'), bytes, left);
    }
    case 'custom': {
      const made = customProcess(context, process, owner, (expr, code) =>
        behindBytes(context, attr, owner, expr, code),
      );
      const undo = call(imports.support('unprocessCustom'), made, BYTES);
      return reprocessed(attr, id, bytes, arrow([BYTES], method(made, 'decode', BYTES)), arrow([BYTES], undo));
    }
  }
}

function reprocessed(attr: AttrSpec, id: string, bytes: Code, process: Code, undo: Code): Code {
  return ownMethod('_reprocess', fieldName(id), bytes, process, undo, ...indexArgument(attr));
}

/** Whether the process leaves the number of bytes as it is. */
export function keepsLength({ process }: AttrSpec): boolean {
  return process === undefined || process.kind === 'xor' || process.kind === 'rotate';
}

/** The bytes of the terminator; undefined where there is none. */
function terminatorIn(attr: AttrSpec, owner: ClassSpec, content: Content): Uint8Array | undefined {
  return terminatorOf(attr, content === 'strz' ? encodingOf(attr, owner) : undefined);
}

/** Whether bytes may be shorter than the size they are given. */
export function isTrimmed(attr: AttrSpec, owner: ClassSpec, content: Content): boolean {
  return attr.padRight !== undefined || terminatorIn(attr, owner, content) !== undefined;
}

/** `bytes` with terminator and padding, as long as `size` (undefined where the field has none). */
export function delimited(
  attr: AttrSpec,
  owner: ClassSpec,
  id: string,
  content: Content,
  bytes: Code,
  size: Code | undefined,
): Code {
  const terminator = terminatorIn(attr, owner, content);
  const tail = tailOf(attr, terminator);
  if (size !== undefined) {
    if (content === 'struct' && tail.length === 0) return ownMethod('_room', fieldName(id), bytes, size);
    return ownMethod('_fit', fieldName(id), bytes, size, ...tail);
  }
  if (attr.sizeEos) return tail.length === 0 ? bytes : ownMethod('_fitEos', OUT, fieldName(id), bytes, ...tail);
  const flags = [bool(attr.include), bool(attr.consume), bool(attr.eosError)];
  return ownMethod('_terminated', OUT, fieldName(id), bytes, bytesLiteral(terminator ?? []), ...flags);
}

/** Padding and terminator, whether that is part of the value, and the element that is written, as far as they must be said. */
function tailOf(attr: AttrSpec, terminator: Uint8Array | undefined): Code[] {
  if (terminator === undefined) return attr.padRight === undefined ? [] : [decimal(attr.padRight)];
  const index = indexArgument(attr);
  const rest = attr.include || index.length > 0 ? [bool(attr.include), ...index] : [];
  return [maybeDecimal(attr.padRight), bytesLiteral(terminator), ...rest];
}

/** Length of a terminator that is written behind the value. */
export function terminatorLength(attr: AttrSpec, owner: ClassSpec, content: Content): number {
  return attr.include ? 0 : (terminatorIn(attr, owner, content)?.length ?? 0);
}
