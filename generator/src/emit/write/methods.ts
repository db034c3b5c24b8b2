/** The methods of a class that write. */
import type { ClassSpec } from '../../spec/model.js';
import type { Method, Parameter } from '../code/declarations.js';
import { arrow, call, decimal, infix, member, method, own, ownMethod } from '../code/expressions.js';
import { parameterFor } from '../code/inspect.js';
import type { Code, Statements } from '../code/nodes.js';
import { constant, run, set } from '../code/statements.js';
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
  return writtenLayout(inference.program, spec) === undefined ? 'StreamedStruct' : 'FixedStruct';
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
  const isChecksummed = checksumOf(context.inference.program, spec) !== undefined;
  const covered = isChecksummed ? coveredSize(context, spec, decimal(layout.size)) : undefined;
  const check = [...forgetLines(context, spec), ...checkFixedLines(context, spec, layout)];
  const store = storeFixedLines(context, spec, layout);
  return [
    {
      name: '_check',
      isOverride: true,
      parameters: [{ ...writeOptions(context), name: parameterFor(OPTIONS, check) }],
      returnType: VOID,
      statements: check,
    },
    ...(covered === undefined ? [] : checksummedMethods(context, layout, covered)),
    {
      name: '_store',
      isOverride: true,
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

/** What writes a checksum when all that it covers is there. Other types have these methods from their base. */
function checksummedMethods(context: EmitContext, { size }: FixedLayout, covered: Code): Method[] {
  const { imports } = context;
  const all = decimal(size);
  return [
    {
      name: 'writeTo',
      isOverride: true,
      parameters: [
        { name: BYTES.name, type: BYTE_ARRAY },
        { name: OFFSET.name, type: NUMBER, initializer: decimal(0) },
        writeOptions(context),
      ],
      returnType: VOID,
      statements: [
        run(ownMethod('_check', OPTIONS)),
        constant(VIEW, call(imports.support('viewOf'), BYTES, OFFSET, all)),
        run(ownMethod('_store', BYTES, VIEW, OFFSET)),
        run(ownMethod('_writeChecksum', BYTES, OFFSET, covered, VIEW)),
      ],
    },
    writeMethod(context, [
      run(ownMethod('_check', OUT)),
      constant(START, method(OUT, 'reserve', all)),
      run(ownMethod('_store', member(OUT, 'bytes'), member(OUT, 'view'), START)),
      ...deferred(covered),
    ]),
  ];
}

const writeOptions = ({ imports }: EmitContext): Parameter => ({
  name: OPTIONS.name,
  isOptional: true,
  type: reference(imports.support('WriteOptions')),
});
