/** The methods of a class that write. */
import type { ClassSpec } from '../../spec/model.js';
import { placeFields, type FixedLayout } from '../layout/layout.js';
import type { EmitContext } from '../context/context.js';
import type { MethodDeclaration, ParameterDeclaration } from '../code/declarations.js';
import { checksumSize } from './checksum.js';
import { endianLines } from '../read/endian.js';
import { checkFixedLines, storeFixedLines } from './fixed.js';
import { fetchMethod, placeLines } from './instances.js';
import { writtenLayout } from '../layout/reasons.js';
import { forgetLines, writeSequence } from './sequence.js';

/** The class that a writable one extends: what has a fixed layout does without the machinery of the others. */
export function writableBase({ inference }: EmitContext, spec: ClassSpec): string {
  return writtenLayout(inference.program, spec) === undefined ? 'StreamedStruct' : 'WritableStruct';
}

export function writeMethods(context: EmitContext, spec: ClassSpec): MethodDeclaration[] {
  const layout = writtenLayout(context.inference.program, spec);
  return layout === undefined
    ? [...fetchMethod(context, spec), writeMethod(context, spec)]
    : fixedMethods(context, spec, layout);
}

function writeMethod(context: EmitContext, spec: ClassSpec): MethodDeclaration {
  const isChecksummed = hasChecksum(context, spec);
  return {
    name: '_write',
    hasOverrideKeyword: true,
    parameters: [{ name: 'out', type: context.imports.supportType('KaitaiWriter') }],
    returnType: 'void',
    statements: [
      'this._out = out;',
      ...(isChecksummed ? ['const start = out.pos;'] : []),
      ...endianLines(context, spec),
      ...writeSequence(context, spec),
      ...placeLines(context, spec),
      ...(isChecksummed
        ? [
            `const size = ${checksumSize(context, spec) ?? 'out.pos - start'};`,
            'out.defer((bytes) => this._writeChecksum(bytes, start, size));',
          ]
        : []),
    ],
  };
}

/** Whether the checksum has a place that is known before the structure is written. */
export function hasChecksum(context: EmitContext, spec: ClassSpec): boolean {
  const attr = spec.seq.find(({ checksum }) => checksum !== undefined);
  if (attr === undefined) return false;
  const place = placeFields(context.inference.program, spec).find((candidate) => candidate.attr === attr);
  return place?.offset !== undefined && place.size !== undefined;
}

function fixedMethods(context: EmitContext, spec: ClassSpec, layout: FixedLayout): MethodDeclaration[] {
  const { imports } = context;
  const { size } = layout;
  const isChecksummed = hasChecksum(context, spec);
  const covered = checksumSize(context, spec) ?? String(size);
  const options: ParameterDeclaration = {
    name: 'options',
    hasQuestionToken: true,
    type: imports.supportType('WriteOptions'),
  };
  const check = context.uses.of(() => [...forgetLines(context, spec), ...checkFixedLines(context, spec, layout)]);
  const store = context.uses.of(() => storeFixedLines(context, spec, layout));
  const parameter = (name: string, { names }: { readonly names: ReadonlySet<string> }): string =>
    names.has(name) ? name : `_${name}`;
  return [
    {
      name: '_check',
      hasOverrideKeyword: true,
      docs: [
        '\nFinds out whether the structure can be written.\n\n@throws {WriteError} where a value does not fit its field or breaks a constraint',
      ],
      parameters: [{ ...options, name: parameter('options', check) }],
      returnType: 'void',
      statements: check.made,
    },
    {
      name: 'writeTo',
      hasOverrideKeyword: true,
      docs: [
        `\nWrites ${size} bytes at \`offset\`, or nothing at all; contents and checksums are filled in.\n\n@throws {WriteError} as \`_check\`\n@throws {RangeError} where the structure does not fit into \`bytes\``,
      ],
      parameters: [
        { name: 'bytes', type: 'Uint8Array' },
        { name: 'offset', type: 'number', initializer: '0' },
        options,
      ],
      returnType: 'void',
      statements: [
        'this._check(options);',
        `const view = ${imports.support('viewOf')}(bytes, offset, ${size});`,
        'this._store(bytes, view, offset);',
        ...(isChecksummed ? [`this._writeChecksum(bytes, offset, ${covered}, view);`] : []),
      ],
    },
    {
      name: 'toBytes',
      hasOverrideKeyword: true,
      docs: [
        'The structure as bytes, with what stood behind it where it was read from bytes of its own; errors as for `writeTo`.',
      ],
      parameters: [options],
      returnType: 'Uint8Array',
      statements: [
        `const bytes = new Uint8Array(${size});`,
        'this.writeTo(bytes, 0, options);',
        'return this._withRest(bytes);',
      ],
    },
    {
      name: '_write',
      hasOverrideKeyword: true,
      parameters: [{ name: 'out', type: imports.supportType('KaitaiWriter') }],
      returnType: 'void',
      statements: [
        'this._out = out;',
        'this._check(out);',
        `const start = out.reserve(${size});`,
        'this._store(out.bytes, out.view, start);',
        ...(isChecksummed ? [`out.defer((bytes) => this._writeChecksum(bytes, start, ${covered}));`] : []),
      ],
    },
    {
      name: '_store',
      docs: ['Stores what `_check` has found right.'],
      parameters: [
        { name: parameter('bytes', store), type: 'Uint8Array' },
        { name: parameter('view', store), type: 'DataView' },
        { name: 'at', type: 'number' },
      ],
      returnType: 'void',
      statements: store.made,
    },
  ];
}
