/** `-checksum`: a field that holds the checksum of the structure it stands in. */
import type { ClassSpec } from '../../spec/model.js';
import { bitSizeOfClass } from '../../types/sizes.js';
import type { Method } from '../code/declarations.js';
import { remark, remarks } from '../code/docs.js';
import {
  FALSE,
  TRUE,
  UNDEFINED,
  call,
  conditional,
  decimal,
  equals,
  infix,
  isUndefined,
  lengthOf,
  member,
  method,
  methodIfThere,
  object,
  own,
  ownMethod,
  plus,
  string,
  viewOf,
} from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import { constant, give, run, set, when } from '../code/statements.js';
import { BOOLEAN, BYTE_ARRAY, DATA_VIEW, NUMBER, VOID, reference } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { BYTES, EXPECTED, OPTIONS, SIZE, START, VIEW } from '../context/locals.js';
import { emitNumber } from '../expression/expression.js';
import { checksumOf, type PlacedChecksum } from '../layout/checksum.js';
import { store, wordAccess } from '../layout/numbers.js';
import { sectionOf } from '../layout/table.js';
import { constraintOf } from '../read/constraints.js';

/** What the checksum covers, in bytes; `all` where that is all of the type. */
export function coveredSize(context: EmitContext, spec: ClassSpec, all: Code): Code {
  const size = spec.seq.find(({ checksum }) => checksum !== undefined)?.checksum?.size;
  return size === undefined ? all : emitNumber(context, size.expr, { owner: spec });
}

/** The size of the structure as it was read; one that was made is as long as its bytes. */
function wholeSize({ inference: { program } }: EmitContext, spec: ClassSpec, writable: boolean): Code {
  const bits = bitSizeOfClass(program, spec);
  if (bits !== undefined) return decimal(Math.ceil(bits / 8));
  const read = infix(own('_end'), '-', START);
  return writable ? conditional(isUndefined(own('_bytes')), lengthOf(BYTES), read) : read;
}

/** `verifyChecksum`, and `_writeChecksum` where the type can be written. */
export function checksumMethods(context: EmitContext, spec: ClassSpec, writable: boolean): Method[] {
  const placed = checksumOf(context.inference.program, spec);
  if (placed === undefined) return [];
  const verify = verifyMethod(context, spec, placed, writable);
  return writable ? [verify, writeMethod(context, spec, placed)] : [verify];
}

const algorithmOf = ({ imports }: EmitContext, { checksum }: PlacedChecksum): Code =>
  member(imports.support('checksums'), checksum.algo);

function verifyMethod(context: EmitContext, spec: ClassSpec, placed: PlacedChecksum, writable: boolean): Method {
  const { imports, names } = context;
  const { attr, id, checksum, offset, size } = placed;
  const value = own(names.member(spec, id));
  const toBytes = ownMethod('toBytes');
  const place = object({ offset: decimal(offset), size: decimal(size) });
  const around = call(imports.support('checksumAround'), algorithmOf(context, placed), BYTES, START, SIZE, place);
  const isThere = infix(infix(START, '+', SIZE), '<=', lengthOf(BYTES));
  const constraint = constraintOf(
    { kind: 'checksum', rule: checksum.rule, severity: checksum.severity },
    string(id),
    sectionOf(attr, spec),
  );
  const violation = ownMethod('_violation', constraint, plus(START, offset), decimal(size), EXPECTED, value);
  return {
    name: 'verifyChecksum',
    docs: remarks(
      'Whether the checksum fits the bytes that the structure was read from; false where they end before the checksum does.',
      '',
      '@param options takes the broken constraint, if it is one',
    ),
    parameters: [{ name: OPTIONS.name, isOptional: true, type: reference(imports.support('ReadOptions')) }],
    returnType: BOOLEAN,
    statements: [
      constant(START, own('_start')),
      constant(BYTES, writable ? infix(own('_bytes'), '??', toBytes) : call(imports.support('need'), own('_bytes'))),
      constant(SIZE, coveredSize(context, spec, wholeSize(context, spec, writable))),
      constant(EXPECTED, conditional(isThere, around, UNDEFINED)),
      when(equals(EXPECTED, value), give(TRUE)),
      run(methodIfThere(OPTIONS, 'onViolation', violation)),
      give(FALSE),
    ],
  };
}

function writeMethod(context: EmitContext, spec: ClassSpec, placed: PlacedChecksum): Method {
  const { attr, id, offset, size } = placed;
  const value = own(context.names.member(spec, id));
  const isLittleEndian = attr.type.kind === 'int' && (attr.type.endian ?? spec.meta.endian) === 'le';
  const put = (number: Code): Code => store(VIEW, wordAccess(size, isLittleEndian), START, offset, number);
  const covered = method(BYTES, 'subarray', START, infix(START, '+', SIZE));
  return {
    name: '_writeChecksum',
    docs: remark('Where not all of what it covers is in `bytes`, the checksum stays as it is.'),
    parameters: [
      { name: BYTES.name, type: BYTE_ARRAY },
      { name: START.name, type: NUMBER },
      { name: SIZE.name, type: NUMBER },
      { name: VIEW.name, type: DATA_VIEW, initializer: viewOf(BYTES) },
    ],
    returnType: VOID,
    statements: [
      when(infix(infix(START, '+', SIZE), '>', lengthOf(BYTES)), give()),
      run(put(decimal(0))),
      set(value, call(algorithmOf(context, placed), covered)),
      run(put(value)),
    ],
  };
}
