/** Counts and sizes, set from what they count; and the bytes that were made to find out. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { TRUE, UNDEFINED, assign, call, lengthOf, method, own, ownMethod, plus } from '../code/expressions.js';
import type { Code, Name, Statement, Statements } from '../code/nodes.js';
import { constant, run, set, variable } from '../code/statements.js';
import { reference } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { BIG_INT, OUT } from '../context/locals.js';
import { localName } from '../context/names.js';
import { emitNumber } from '../expression/expression.js';
import { derivationOf, isDerivedFrom } from '../layout/derived.js';
import { holdsBig } from '../read/numbers.js';
import { delimited, encoded, isTrimmed, keepsLength, terminatorLength, unprocessed } from './bytes.js';
import { writeCases } from './items.js';
import { adoptLines, asWritable, fillsStream, putInner } from './structs.js';

/** Name of the constant that holds a field's bytes, where its size is derived from them. */
const bytesName = (context: EmitContext, spec: ClassSpec, of: AttrSpec): Name =>
  localName(context.names.member(spec, of.id ?? ''), 'Bytes');

/** Statements that set counts and sizes from what they count, before anything is written. */
export function deriveLines(context: EmitContext, spec: ClassSpec): Statements {
  return spec.seq.flatMap((attr) => {
    const derivation = derivationOf(spec, attr);
    if (derivation === undefined || attr.id === undefined || derivation.of.id === undefined) return [];
    const { kind, of } = derivation;
    const target = own(context.names.member(spec, attr.id));
    const setTo = (length: Code): Statement =>
      set(target, holdsBig(context, attr, spec) ? call(BIG_INT, length) : length);
    const value = own(context.names.member(spec, derivation.of.id));
    if (kind === 'count') return [setTo(lengthOf(value))];
    const { lines, length } = prepared(context, spec, of, derivation.of.id, value, target);
    return [...lines, setTo(length)];
  });
}

/** Statements that make a field's bytes ready before it is written, and their length. */
function prepared(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: Code,
  given: Code,
): { lines: Statements; length: Code } {
  const name = bytesName(context, owner, attr);
  const { type } = attr;
  if (type.kind === 'bytes' || type.kind === 'str' || type.kind === 'strz') {
    const isPlain = type.kind === 'bytes' && attr.process === undefined;
    const bytes = type.kind === 'bytes' ? value : encoded(context, attr, owner, id, value);
    const needed = plus(lengthOf(isPlain ? value : name), terminatorLength(attr, owner, type.kind));
    return {
      lines: isPlain ? [] : [constant(name, unprocessed(context, attr, owner, id, bytes))],
      length: isTrimmed(attr, owner, type.kind) ? ownMethod('_size', given, needed) : needed,
    };
  }
  const extra = terminatorLength(attr, owner, 'struct');
  return {
    lines: writtenApart(context, owner, attr, id, value, name),
    length:
      extra === 0 && attr.process === undefined
        ? method(name, 'sizeWithin', given)
        : ownMethod(
            '_size',
            given,
            plus(lengthOf(unprocessed(context, attr, owner, id, method(name, 'finish'))), extra),
          ),
  };
}

/** Statements that write a structure, or a case of a switch, to a stream of its own, which `name` holds. */
function writtenApart(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: Code,
  name: Name,
): Statements {
  const isSwitch = attr.type.kind === 'switch';
  const hold = (code: Code): Statement => (isSwitch ? run(assign(name, code)) : constant(name, code));
  const lines = writeCases(context, owner, attr, id, value, (simple, code) => {
    if (simple.kind === 'bytes') return [hold(method(OUT, 'raw', code))];
    if (simple.kind === 'str' || simple.kind === 'strz')
      return [hold(method(OUT, 'raw', encoded(context, attr, owner, id, code)))];
    if (simple.kind !== 'user') return [];
    const spec = context.inference.program.findType(simple.name, owner);
    const fills = spec !== undefined && fillsStream(context.inference.program, spec) ? [UNDEFINED, TRUE] : [];
    return [
      ...adoptLines(context, owner, attr, simple, code),
      hold(method(OUT, 'inner', asWritable(context, owner, simple, id, code), ...fills)),
    ];
  });
  return isSwitch ? [variable(name, reference(context.imports.support('KaitaiWriter'))), ...lines] : lines;
}

/** Statements that write a field whose bytes were made before; undefined where they were not. */
export function writePrepared(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
): Statements | undefined {
  if (attr.repeat !== undefined || attr.size === undefined || !isDerivedFrom(owner, attr.size.expr, attr))
    return undefined;
  const { kind } = attr.type;
  if (kind === 'bytes' && attr.process === undefined) return undefined;
  const name = bytesName(context, owner, attr);
  const size = emitNumber(context, attr.size.expr, { owner });
  if (kind === 'bytes' || kind === 'str' || kind === 'strz')
    return [run(method(OUT, 'writeBytes', delimited(attr, owner, id, kind, name, size)))];
  const known = keepsLength(attr) && !isTrimmed(attr, owner, 'struct') ? size : undefined;
  return [putInner(context, owner, attr, id, name, size, known)];
}
