/** The methods of a class that write. */
import type { ClassSpec } from '../../spec/model.js';
import type { Method, Parameter } from '../code/declarations.js';
import { remark, remarks } from '../code/docs.js';
import { arrow, call, decimal, infix, member, method, own, ownMethod, zeros } from '../code/expressions.js';
import { parameterFor } from '../code/inspect.js';
import type { Code, Statements } from '../code/nodes.js';
import { constant, give, run, set } from '../code/statements.js';
import { BYTE_ARRAY, DATA_VIEW, NUMBER, VOID, reference } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { AT, BYTES, OFFSET, OPTIONS, OUT, SIZE, START, VIEW } from '../context/locals.js';
import { checksumOf } from '../layout/checksum.js';
import type { FixedLayout } from '../layout/layout.js';
import { writtenLayout } from '../layout/reasons.js';
import { endianLines } from '../read/endian.js';
import { coveredSize } from './checksum.js';
import { checkFixedLines, storeFixedLines } from './fixed.js';
import { fetchMethod, placeLines } from './instances.js';
import { forgetLines, writeSequence } from './sequence.js';

/** The class that a writable one extends: what has a fixed layout does without the machinery of the others. */
export function writableBase({ inference }: EmitContext, spec: ClassSpec): string {
  return writtenLayout(inference.program, spec) === undefined ? 'StreamedStruct' : 'WritableStruct';
}

export function writeMethods(context: EmitContext, spec: ClassSpec): Method[] {
  const layout = writtenLayout(context.inference.program, spec);
  return layout === undefined
    ? [...fetchMethod(context, spec), streamedMethod(context, spec)]
    : fixedMethods(context, spec, layout);
}

/** `_write`, which appends the structure to a stream. */
const writeMethod = ({ imports }: EmitContext, statements: Statements): Method => ({
  name: '_write',
  isOverride: true,
  parameters: [{ name: OUT.name, type: reference(imports.support('KaitaiWriter')) }],
  returnType: VOID,
  statements: [set(own('_out'), OUT), ...statements],
});

/** The statement that sets the checksum when all bytes are there. */
const deferred = (size: Code): Statements => [
  run(method(OUT, 'defer', arrow([BYTES], ownMethod('_writeChecksum', BYTES, START, size)))),
];

function streamedMethod(context: EmitContext, spec: ClassSpec): Method {
  const position = member(OUT, 'pos');
  const isChecksummed = checksumOf(context.inference.program, spec) !== undefined;
  return writeMethod(context, [
    ...(isChecksummed ? [constant(START, position)] : []),
    ...endianLines(context, spec),
    ...writeSequence(context, spec),
    ...placeLines(context, spec),
    ...(isChecksummed
      ? [constant(SIZE, coveredSize(context, spec, infix(position, '-', START))), ...deferred(SIZE)]
      : []),
  ]);
}

function fixedMethods(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Method[] {
  const { imports } = context;
  const size = decimal(layout.size);
  const covered =
    checksumOf(context.inference.program, spec) === undefined ? undefined : coveredSize(context, spec, size);
  const options: Parameter = {
    name: OPTIONS.name,
    isOptional: true,
    type: reference(imports.support('WriteOptions')),
  };
  const check = [...forgetLines(context, spec), ...checkFixedLines(context, spec, layout)];
  const store = storeFixedLines(context, spec, layout);
  return [
    {
      name: '_check',
      isOverride: true,
      docs: remarks(
        'Finds out whether the structure can be written.',
        '',
        '@throws {WriteError} where a value does not fit its field or breaks a constraint',
      ),
      parameters: [{ ...options, name: parameterFor(OPTIONS, check) }],
      returnType: VOID,
      statements: check,
    },
    {
      name: 'writeTo',
      isOverride: true,
      docs: remarks(
        `Writes ${layout.size} bytes at \`offset\`, or nothing at all; contents and checksums are filled in.`,
        '',
        '@throws {WriteError} as `_check`',
        '@throws {RangeError} where the structure does not fit into `bytes`',
      ),
      parameters: [
        { name: BYTES.name, type: BYTE_ARRAY },
        { name: OFFSET.name, type: NUMBER, initializer: decimal(0) },
        options,
      ],
      returnType: VOID,
      statements: [
        run(ownMethod('_check', OPTIONS)),
        constant(VIEW, call(imports.support('viewOf'), BYTES, OFFSET, size)),
        run(ownMethod('_store', BYTES, VIEW, OFFSET)),
        ...(covered === undefined ? [] : [run(ownMethod('_writeChecksum', BYTES, OFFSET, covered, VIEW))]),
      ],
    },
    {
      name: 'toBytes',
      isOverride: true,
      docs: remark(
        'The structure as bytes, with what stood behind it where it was read from bytes of its own; errors as for `writeTo`.',
      ),
      parameters: [options],
      returnType: BYTE_ARRAY,
      statements: [
        constant(BYTES, zeros(size)),
        run(ownMethod('writeTo', BYTES, decimal(0), OPTIONS)),
        give(ownMethod('_withRest', BYTES)),
      ],
    },
    writeMethod(context, [
      run(ownMethod('_check', OUT)),
      constant(START, method(OUT, 'reserve', size)),
      run(ownMethod('_store', member(OUT, 'bytes'), member(OUT, 'view'), START)),
      ...(covered === undefined ? [] : deferred(covered)),
    ]),
    {
      name: '_store',
      docs: remark('Stores what `_check` has found right.'),
      parameters: [
        { name: parameterFor(BYTES, store), type: BYTE_ARRAY },
        { name: parameterFor(VIEW, store), type: DATA_VIEW },
        { name: AT.name, type: NUMBER },
      ],
      returnType: VOID,
      statements: store,
    },
  ];
}
