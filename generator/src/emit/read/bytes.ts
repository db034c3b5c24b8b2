/** Bytes and text: read, cut at terminator and padding, processed, decoded. */
import { canonicalEncoding } from '../../spec/encodings.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import {
  UNDEFINED,
  bool,
  bytesLiteral,
  call,
  decimal,
  infix,
  maybeDecimal,
  method,
  string,
} from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { needsTables } from '../context/imports.js';
import { IO } from '../context/locals.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import type { Place } from '../expression/forms.js';
import { customProcess } from './external.js';

/** Whose bytes are read, and what keeps those that a value does not tell: none where nothing is written. */
export interface Keeping {
  readonly owner: ClassSpec;
  readonly keeper: Keeper;
}

/** Arguments: the structure, the field's id, the element's number. */
export type Keeper = readonly [] | readonly [self: Code, ...field: Code[]];

export function encodingOf(attr: AttrSpec, owner: ClassSpec): string {
  const name = attr.encoding?.value ?? owner.meta.encoding?.value ?? 'UTF-8';
  return canonicalEncoding(name) ?? name;
}

/** The bytes that end a string or byte field; a `strz` ends with one NUL character of its encoding. */
export function terminatorOf(attr: AttrSpec, strzEncoding: string | undefined): Uint8Array | undefined {
  if (attr.terminator !== undefined || strzEncoding === undefined) return attr.terminator;
  const unit = strzEncoding.startsWith('UTF-16') ? 2 : strzEncoding.startsWith('UTF-32') ? 4 : 1;
  return new Uint8Array(unit);
}

/** The text of a field. */
export function readText(context: EmitContext, attr: AttrSpec, isZeroEnded: boolean, to: Keeping): Code {
  const encoding = encodingOf(attr, to.owner);
  const terminator = terminatorOf(attr, isZeroEnded ? encoding : undefined);
  const isDirect = !needsTables(encoding) && attr.process === undefined;
  if (isDirect && attr.size !== undefined && terminator === undefined && attr.padRight === undefined) {
    const size = emitNumber(context, attr.size.expr, { owner: to.owner });
    return call(context.imports.support('readText'), IO, size, string(encoding), ...to.keeper);
  }
  if (isDirect && attr.size === undefined && !attr.sizeEos && terminator !== undefined) {
    const args = [terminatorLiteral(terminator), ...terminatorFlags(attr), string(encoding), ...to.keeper];
    return call(context.imports.support('readTextUntil'), IO, ...args);
  }
  if (isDirect && (attr.size !== undefined || attr.sizeEos)) {
    return trimmedText(context, attr, encoding, terminator, wholeBytes(context, attr, to.owner), to.keeper);
  }
  return decoded(context, encoding, readBytes(context, attr, isZeroEnded ? encoding : undefined, to), to.keeper);
}

/** The text in `bytes`, without padding and terminator. */
export function trimmedText(
  context: EmitContext,
  attr: AttrSpec,
  encoding: string,
  terminator: Uint8Array | undefined,
  bytes: Code,
  keeper: Keeper,
): Code {
  const isWhole = terminator === undefined && attr.padRight === undefined;
  if (isWhole || needsTables(encoding))
    return decoded(context, encoding, trimmed(context, attr, terminator, bytes, keeper), keeper);
  const ending = terminator === undefined ? UNDEFINED : terminatorLiteral(terminator);
  const args = [bytes, string(encoding), maybeDecimal(attr.padRight), ending, bool(attr.include), ...keeper];
  return call(context.imports.support('trimText'), ...args);
}

/** `bytes` as text. */
export function decoded({ imports }: EmitContext, encoding: string, bytes: Code, keeper: Keeper): Code {
  return call(imports.decoder(encoding), bytes, string(encoding), ...keeper);
}

export function terminatorLiteral(terminator: Uint8Array): Code {
  const [only] = terminator;
  return terminator.length === 1 && only !== undefined ? decimal(only) : bytesLiteral(terminator);
}

function terminatorFlags({ include, consume, eosError }: AttrSpec): Code[] {
  return [bool(include), bool(consume), bool(eosError)];
}

/** The bytes, or text, of a field whose size is known, where they stand at `position` of the stream: that stays where it is. */
export function bytesAtPosition(context: EmitContext, attr: AttrSpec, position: Code, to: Keeping): Code {
  const { type, size } = attr;
  const length = size === undefined ? decimal(0) : emitNumber(context, size.expr, { owner: to.owner });
  const encoding = type.kind === 'bytes' ? undefined : encodingOf(attr, to.owner);
  const terminator = terminatorOf(attr, type.kind === 'strz' ? encoding : undefined);
  if (encoding !== undefined && !needsTables(encoding) && terminator === undefined && attr.padRight === undefined)
    return call(context.imports.support('textAt'), IO, position, length, string(encoding), ...to.keeper);
  const bytes = call(context.imports.support('bytesAt'), IO, position, length);
  return encoding === undefined
    ? trimmed(context, attr, terminator, bytes, to.keeper)
    : trimmedText(context, attr, encoding, terminator, bytes, to.keeper);
}

export function readBytes(context: EmitContext, attr: AttrSpec, strzEncoding: string | undefined, to: Keeping): Code {
  return processed(context, attr, rawBytes(context, attr, strzEncoding, to), to);
}

/** The field's bytes as they stand, cut at terminator and padding. */
function rawBytes(
  context: EmitContext,
  attr: AttrSpec,
  strzEncoding: string | undefined,
  { owner, keeper }: Keeping,
): Code {
  const terminator = terminatorOf(attr, strzEncoding);
  if (attr.size === undefined && !attr.sizeEos) {
    const literal = terminatorLiteral(terminator ?? new Uint8Array(0));
    return call(context.imports.support('readBytesUntil'), IO, literal, ...terminatorFlags(attr));
  }
  return trimmed(context, attr, terminator, wholeBytes(context, attr, owner), keeper);
}

/** All bytes of a field whose size is known before it is read. */
function wholeBytes(context: EmitContext, { size }: AttrSpec, owner: ClassSpec): Code {
  return size === undefined
    ? call(context.imports.support('readBytesFull'), IO)
    : method(IO, 'readBytes', emitNumber(context, size.expr, { owner }));
}

/** `bytes` without padding and terminator. */
export function trimmed(
  { imports }: EmitContext,
  { padRight, include }: AttrSpec,
  terminator: Uint8Array | undefined,
  bytes: Code,
  keeper: Keeper,
): Code {
  if (terminator === undefined) {
    return padRight === undefined ? bytes : call(imports.support('bytesStripRight'), bytes, decimal(padRight));
  }
  const args = [bytes, maybeDecimal(padRight), terminatorLiteral(terminator), bool(include), ...keeper];
  return call(imports.support('trimBytes'), ...args);
}

function processed(context: EmitContext, attr: AttrSpec, bytes: Code, { owner, keeper }: Keeping): Code {
  const { process } = attr;
  const { imports } = context;
  const [self, ...field] = keeper;
  // Several sequences of bytes may give the same.
  const kept = (): Code =>
    self === undefined ? bytes : call(imports.support('noteRaw'), self, bytes, string('process'), ...field);
  const place: Place = { owner };
  switch (process?.kind) {
    case undefined:
      return bytes;
    case 'zlib':
      return call(imports.support('processZlib'), kept(), IO);
    case 'xor': {
      const { expr } = process.key;
      const isNumber = context.inference.valueType(expr, { owner }).kind === 'int';
      const key = isNumber ? emitNumber(context, expr, place) : emitSure(context, expr, place);
      return call(imports.support('processXor'), method(IO, 'spend', bytes), key);
    }
    case 'rotate': {
      const amount = emitNumber(context, process.amount.expr, place);
      const left = process.left ? amount : infix(decimal(8), '-', amount);
      return call(imports.support('processRotateLeft'), method(IO, 'spend', bytes), left);
    }
    case 'custom':
      return call(
        imports.support('processCustom'),
        method(IO, 'spend', kept()),
        customProcess(context, process, owner),
      );
  }
}
