/** One type of the schema as a class. */
import type {
  ClassDeclaration,
  ConstructorDeclaration,
  GetterDeclaration,
  InterfaceDeclaration,
  MethodDeclaration,
  PropertyDeclaration,
  SetterDeclaration,
} from './declarations.js';
import type { ClassSpec } from '../spec/model.js';
import { bitSizeOfClass } from '../types/sizes.js';
import { checksumMethods } from './checksum.js';
import { construction, parameters, type Parameter } from './construction.js';
import { filledLines, hasCalculatedEndian, hasPositions, typeText, type EmitContext } from './context.js';
import { createMethod, initInterface } from './create.js';
import { docs } from './docs.js';
import { endianLines } from './endian.js';
import { emitSure } from './expression.js';
import { cacheOf, lazyAccessors, readFixedLines, type Accessor } from './fixed.js';
import { instanceGetter, instanceType, isCached } from './instances.js';
import { fixedLayout, type FixedLayout } from './layout.js';
import { layoutTable } from './layout-table.js';
import { attrId, parameterName } from './names.js';
import { fieldType, readSequence } from './reader.js';
import { instanceSetter, placeProperties } from './instance-places.js';
import { writeMethods } from './write-methods.js';
import { parseInstances, whyNotWritable } from './write-reasons.js';

type Method = MethodDeclaration;
type Property = PropertyDeclaration;

export interface ClassOutput {
  readonly declaration: ClassDeclaration;
  /** What `create` takes; undefined where the type cannot be written. */
  readonly init: InterfaceDeclaration | undefined;
}

export function emitClass(context: EmitContext, spec: ClassSpec): ClassOutput {
  const { names, imports, inference } = context;
  const name = names.class(spec);
  // Positions are recorded field by field.
  const layout = hasPositions(context, spec) ? undefined : fixedLayout(inference.program, spec);
  const lazy = layout === undefined ? new Map<string, Accessor>() : lazyAccessors(context, spec, layout);
  const reason = whyNotWritable(inference.program, spec);
  const { readOnly } = context.options;
  const writable = reason === undefined && !readOnly;
  const notes = reason === undefined || readOnly ? [] : [`read only: ${reason}`];
  return {
    declaration: {
      name,
      isExported: true,
      docs: docs(spec.doc, notes),
      extends: imports.support(writable ? 'WritableStruct' : 'KaitaiStruct'),
      properties: [
        ...statics(context, spec),
        ...instanceProperties(context, spec, lazy),
        ...(writable ? placeProperties(context, spec) : []),
      ],
      ctors: spec.params.length === 0 ? [] : [constructorOf(context, spec)],
      methods: [
        ...readMethods(context, spec, layout),
        ...(writable ? [createMethod(context, spec), ...writeMethods(context, spec)] : []),
        ...checksumMethods(context, spec, writable),
        ...textMethod(context, spec),
      ],
      getAccessors: [
        ...[...lazy.values()].map(lazyGetter),
        ...spec.instances.map((instance) => instanceGetter(context, spec, instance)),
      ].map((accessor, index) => (index < lazy.size ? withDocs(context, spec, accessor) : accessor)),
      setAccessors: [
        ...(readOnly ? [] : [...lazy.values()].map(lazySetter)),
        ...(writable
          ? parseInstances(context.inference.program, spec).map((instance) => instanceSetter(context, spec, instance))
          : []),
      ],
    },
    init: writable ? initInterface(context, spec) : undefined,
  };
}

function statics(context: EmitContext, spec: ClassSpec): Property[] {
  const bits = bitSizeOfClass(context.inference.program, spec);
  const size: Property[] =
    bits === undefined
      ? []
      : [
          {
            name: 'SIZE',
            isStatic: true,
            isReadonly: true,
            initializer: String(Math.ceil(bits / 8)),
            docs: ['Size in bytes.'],
          },
        ];
  const table: Property = {
    name: 'LAYOUT',
    isStatic: true,
    isReadonly: true,
    type: `readonly ${context.imports.supportType('FieldLayout')}[]`,
    initializer: layoutTable(context, spec),
    docs: ['The fields in order, as the schema lays them out.'],
  };
  return [...size, table];
}

/** Declared only: each is set where it is read, so that an object has no more properties than it needs. */
function instanceProperties(context: EmitContext, spec: ClassSpec, lazy: ReadonlyMap<string, Accessor>): Property[] {
  const { names, inference } = context;
  const declared = (name: string, type: string, doc: string[] = []): Property => ({
    name,
    type,
    hasDeclareKeyword: true,
    docs: doc,
  });
  const field = (name: string, type: string, doc: string[]): Property => ({
    ...declared(name, type, doc),
    isReadonly: context.options.readOnly,
  });
  const parent = inference.parents.of(spec);
  const root = typeText(context, inference.valueType({ kind: 'name', name: '_root', offset: 0 }, { owner: spec }));
  return [
    ...(parent.kind !== 'struct' || spec.outer === undefined
      ? []
      : [declared('_parent', `${typeText(context, parent)} | undefined`)]),
    declared('_root', root),
    ...(hasCalculatedEndian(spec) ? [declared('_isLe', 'boolean | undefined')] : []),
    ...(hasPositions(context, spec)
      ? [declared('_debug', `${context.imports.supportType('Positions')} | undefined`)]
      : []),
    ...spec.params.map((param) =>
      field(names.member(spec, param.id), typeText(context, inference.program.paramType(param, spec)), docs(param.doc)),
    ),
    ...spec.seq.map((attr, index) => {
      const id = attrId(attr, index);
      const accessor = lazy.get(id);
      if (accessor !== undefined) return declared(accessor.cache, `${accessor.type} | undefined`);
      return field(names.member(spec, id), fieldType(context, attr, spec), docs(attr.doc));
    }),
    ...spec.instances.flatMap((instance) => {
      if (!isCached(context, spec, instance)) return [];
      const type = instanceType(context, spec, instance).replace(/ \| undefined$/, '');
      return [declared(cacheOf(names.member(spec, instance.id)), `${type} | undefined`)];
    }),
  ];
}

function constructorOf(context: EmitContext, spec: ClassSpec): ConstructorDeclaration {
  const { names, imports } = context;
  return {
    parameters: [
      { name: 'stream', type: `${imports.supportType('KaitaiStream')} | undefined` },
      { name: 'parent', type: `${imports.supportType('KaitaiStruct')} | undefined` },
      { name: 'root', type: `${imports.supportType('KaitaiStruct')} | undefined` },
      ...parameters(context, spec),
    ],
    statements: [
      'super(stream, parent, root);',
      ...spec.params.map(
        (param) => `this.${names.member(spec, param.id)} = ${parameterName(names.member(spec, param.id))};`,
      ),
    ],
  };
}

function readMethods(context: EmitContext, spec: ClassSpec, layout: FixedLayout | undefined): Method[] {
  const { imports, names } = context;
  const name = names.class(spec);
  const stream = imports.support('KaitaiStream');
  const options: Parameter = { name: 'options', hasQuestionToken: true, type: imports.supportType('ReadOptions') };
  const args = spec.params.map((param) => parameterName(names.member(spec, param.id)));
  const slow = `return ${name}.read(${[`new ${stream}(bytes, options)`, ...args].join(', ')});`;
  const fast =
    layout === undefined
      ? []
      : [
          `if (options === undefined && bytes.length >= ${layout.size}) {`,
          `  const value = new ${name}(undefined);`,
          '  if (value._readFixed(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)) return value;',
          '}',
        ];
  const io = spec.seq.length === 0 ? [] : readSequence(context, spec);
  const start =
    spec.seq.some((attr) => attr.checksum !== undefined) || layout !== undefined ? ['this._start = this._io.pos;'] : [];
  return [
    {
      name: 'fromBytes',
      isStatic: true,
      docs: [
        '\nReads the structure at the start of `bytes`. Byte fields are views of `bytes`: leave it unchanged for as long as they are used.\n\n@throws {ValidationError} the first broken constraint of severity `error`, unless `options.onViolation` takes them all\n@throws {EofError} where `bytes` ends early',
      ],
      parameters: [{ name: 'bytes', type: 'Uint8Array' }, ...parameters(context, spec), options],
      returnType: name,
      statements: [...fast, slow],
    },
    {
      name: 'read',
      isStatic: true,
      docs: ['\nReads the structure at the current position of `io`; errors as for `fromBytes`.'],
      parameters: [{ name: 'io', type: imports.supportType('KaitaiStream') }, ...parameters(context, spec), options],
      returnType: name,
      statements: [`return ${imports.support('readStruct')}(${construction(context, spec, 'io')}, options);`],
    },
    {
      name: '_read',
      hasOverrideKeyword: true,
      returnType: 'void',
      statements: [
        ...(layout === undefined
          ? []
          : [
              `if (this._io.canReadFixed(${layout.size}) && this._readFixed(this._io.bytes, this._io.dataView, this._io.pos)) {`,
              `  this._io.pos += ${layout.size};`,
              '  return;',
              '}',
            ]),
        ...start,
        ...endianLines(context, spec),
        ...(spec.seq.length === 0 ? [] : filledLines(context, spec)),
        ...io,
      ],
    },
    ...(layout === undefined
      ? []
      : [
          {
            name: '_readFixed',
            docs: ['False where a constraint is broken: `_read` finds out which.'],
            parameters: [
              { name: 'bytes', type: 'Uint8Array' },
              { name: layoutUsesView(context, spec, layout) ? 'view' : '_view', type: 'DataView' },
              { name: 'at', type: 'number' },
            ],
            returnType: 'boolean',
            statements: readFixedLines(context, spec, layout),
          },
        ]),
  ];
}

/** `to-string` of the schema. */
function textMethod(context: EmitContext, spec: ClassSpec): Method[] {
  if (spec.toStringExpr === undefined) return [];
  const text = emitSure(context, spec.toStringExpr.expr, { owner: spec });
  return [{ name: 'toString', hasOverrideKeyword: true, returnType: 'string', statements: [`return ${text};`] }];
}

function layoutUsesView(context: EmitContext, spec: ClassSpec, layout: FixedLayout): boolean {
  return readFixedLines(context, spec, layout).some((line) => /\bview\b/.test(line));
}

function lazyGetter({ property, type, cache, make }: Accessor): GetterDeclaration {
  return { name: property, returnType: type, statements: [`return (this.${cache} ??= ${make});`] };
}

function withDocs(context: EmitContext, spec: ClassSpec, accessor: GetterDeclaration): GetterDeclaration {
  const attr = spec.seq.find(
    (candidate, index) => context.names.member(spec, attrId(candidate, index)) === accessor.name,
  );
  return attr === undefined ? accessor : { ...accessor, docs: docs(attr.doc) };
}

function lazySetter({ property, type, cache }: Accessor): SetterDeclaration {
  return { name: property, parameters: [{ name: 'value', type }], statements: [`this.${cache} = value;`] };
}
