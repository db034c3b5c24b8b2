/** One type of the schema as a class. */
import type {
  ClassDeclaration,
  ConstructorDeclaration,
  GetterDeclaration,
  InterfaceDeclaration,
  MethodDeclaration,
  PropertyDeclaration,
  SetterDeclaration,
} from './code/declarations.js';
import type { ClassSpec } from '../spec/model.js';
import { bitSizeOfClass } from '../types/sizes.js';
import { checksumMethods } from './write/checksum.js';
import { block } from './code/text.js';
import { construction, parameters, type Parameter } from './read/construction.js';
import {
  filledLines,
  hasCalculatedEndian,
  hasPositions,
  maybeText,
  typeText,
  type EmitContext,
} from './context/context.js';
import { createMethod, initInterface } from './write/create.js';
import { docs } from './code/docs.js';
import { endianLines } from './read/endian.js';
import { emitSure } from './expression/expression.js';
import { cacheOf, lazyAccessors, readFixedLines, readsFixed, type Accessor } from './read/fixed.js';
import { instanceGetter, instanceValue, isCached } from './read/instances.js';
import { fixedLayout, type FixedLayout } from './layout/layout.js';
import { layoutTable } from './layout/table.js';
import { attrId, parameterName } from './context/names.js';
import { fieldType, readSequence } from './read/sequence.js';
import { instanceSetter, placeProperties } from './read/instance-places.js';
import { writableBase, writeMethods } from './write/methods.js';
import { parseInstances, whyNotWritable } from './layout/reasons.js';

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
      extends: imports.support(writable ? writableBase(context, spec) : 'KaitaiStruct'),
      properties: [
        ...statics(context, spec),
        ...instanceProperties(context, spec, lazy),
        ...(writable ? placeProperties(context, spec) : []),
      ],
      ctors: [constructorOf(context, spec)],
      methods: [
        ...readMethods(context, spec, layout, lazy.size > 0 || looksBack(spec)),
        ...(writable ? [createMethod(context, spec), ...writeMethods(context, spec)] : []),
        ...checksumMethods(context, spec, writable),
        ...textMethod(context, spec),
      ],
      getAccessors: [
        ...spec.seq.flatMap((attr, index) => {
          const accessor = lazy.get(attrId(attr, index));
          return accessor === undefined ? [] : [{ ...lazyGetter(accessor), docs: docs(attr.doc) }];
        }),
        ...spec.instances.map((instance) => instanceGetter(context, spec, instance)),
      ],
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
    // With the ids as types, so that a wrong one is found by the compiler.
    initializer: `${layoutTable(context, spec)} as const`,
    docs: ['The fields in order, as the schema lays them out.'],
  };
  return [...size, table];
}

/**
 * The fields are there from the start, so that an object has its final shape and size when it is made; what is made
 * later, if at all, is only declared.
 */
function instanceProperties(context: EmitContext, spec: ClassSpec, lazy: ReadonlyMap<string, Accessor>): Property[] {
  const { names, inference } = context;
  const declared = (name: string, type: string, doc: string[] = []): Property => ({
    name,
    type,
    hasDeclareKeyword: true,
    docs: doc,
  });
  const { readOnly } = context.options;
  const parent = inference.parents.of(spec);
  const root = typeText(context, inference.valueType({ kind: 'name', name: '_root', offset: 0 }, { owner: spec }));
  return [
    ...(parent.kind !== 'struct' || spec.outer === undefined
      ? []
      : [declared('_parent', `${typeText(context, parent)} | undefined`)]),
    declared('_root', spec.outer === undefined ? root : `${root} | undefined`),
    ...(lazy.size > 0 || looksBack(spec)
      ? [{ name: '_start', type: 'number', initializer: '0', hasOverrideKeyword: true }]
      : []),
    ...(hasCalculatedEndian(spec) ? [{ name: '_isLe', type: 'boolean | undefined' }] : []),
    ...(hasPositions(context, spec)
      ? [declared('_debug', `${context.imports.supportType('Positions')} | undefined`)]
      : []),
    ...spec.params.map((param) => ({
      name: names.member(spec, param.id),
      type: maybeText(context, inference.paramType(param, spec)),
      isReadonly: readOnly,
      docs: docs(param.doc),
    })),
    ...spec.seq.map((attr, index) => {
      const id = attrId(attr, index);
      const accessor = lazy.get(id);
      if (accessor !== undefined) return declared(accessor.cache, `${accessor.type} | undefined`);
      const type = fieldType(context, attr, spec);
      const hasExclamationToken = !inference.program.attrType(attr, spec).optional;
      return { name: names.member(spec, id), type, hasExclamationToken, isReadonly: readOnly, docs: docs(attr.doc) };
    }),
    ...spec.instances.flatMap((instance) => {
      if (!isCached(spec, instance)) return [];
      const { type } = instanceValue(context, spec, instance);
      return [declared(cacheOf(names.member(spec, instance.id)), maybeText(context, { type, optional: true }))];
    }),
  ];
}

/** Whether something in a type counts from where it began. */
function looksBack(spec: ClassSpec): boolean {
  const isChecked = spec.instances.some((instance) => instance.kind === 'value' && instance.valid !== undefined);
  return isChecked || spec.seq.some((attr) => attr.checksum !== undefined);
}

/** Each class sets what is common to all by itself: where the base class does, it does so for objects of any shape. */
function constructorOf(context: EmitContext, spec: ClassSpec): ConstructorDeclaration {
  const { names, imports } = context;
  const hasParams = spec.params.length > 0;
  const optional = (name: string, type: string): Parameter =>
    hasParams ? { name, type: `${type} | undefined` } : { name, hasQuestionToken: true, type };
  const struct = imports.supportType('KaitaiStruct');
  const as = imports.support('as');
  const hasOwnParent = context.inference.parents.of(spec).kind === 'struct' && spec.outer !== undefined;
  return {
    parameters: [
      optional('source', `${imports.supportType('KaitaiStream')} | DataView`),
      optional('parent', struct),
      optional('root', struct),
      ...parameters(context, spec),
    ],
    statements: [
      'super();',
      'this._source = source;',
      `this._parent = ${hasOwnParent ? `${as}(parent)` : 'parent'};`,
      `this._root = ${as}(${spec.outer === undefined ? 'root ?? this' : 'root'});`,
      ...spec.params.map(
        (param) => `this.${names.member(spec, param.id)} = ${parameterName(names.member(spec, param.id))};`,
      ),
    ],
  };
}

function readMethods(
  context: EmitContext,
  spec: ClassSpec,
  layout: FixedLayout | undefined,
  keepsStart: boolean,
): Method[] {
  const { imports, names } = context;
  const name = names.class(spec);
  const stream = imports.support('KaitaiStream');
  const options: Parameter = { name: 'options', hasQuestionToken: true, type: imports.supportType('ReadOptions') };
  const args = spec.params.map((param) => parameterName(names.member(spec, param.id)));
  const slow = `return ${name}.read(${[`new ${stream}(bytes, options)`, ...args].join(', ')});`;
  const fast =
    layout === undefined
      ? []
      : block(`if (options === undefined && bytes.length >= ${layout.size})`, [
          'const memory = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);',
          `const value = new ${name}(memory);`,
          'if (value._readFixed(memory, 0)) return value;',
        ]);
  const body = [
    ...(keepsStart ? ['this._start = io.pos;'] : []),
    ...(layout === undefined
      ? []
      : block(`if (io.canReadFixed(${layout.size}) && this._readFixed(io.memory, io.base + io.pos))`, [
          `io.pos += ${layout.size};`,
          'return;',
        ])),
    ...endianLines(context, spec),
    ...(spec.seq.length === 0 ? [] : [...filledLines(context, spec), ...readSequence(context, spec)]),
  ];
  const type = imports.supportType('KaitaiStream');
  const io: Parameter =
    keepsStart || layout !== undefined || spec.seq.length > 0
      ? { name: 'io', type, initializer: 'this._io' }
      : { name: '_stream', hasQuestionToken: true, type };
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
      parameters: [io],
      statements: body,
    },
    ...(layout === undefined ? [] : [readFixedMethod(context, spec, layout)]),
  ];
}

function readFixedMethod(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Method {
  const reads = readsFixed(context, spec, layout);
  return {
    name: '_readFixed',
    docs: ['False where a constraint is broken: `_read` finds out which.'],
    parameters: [
      { name: reads ? 'view' : '_view', type: 'DataView' },
      { name: reads ? 'at' : '_at', type: 'number' },
    ],
    returnType: 'boolean',
    statements: readFixedLines(context, spec, layout),
  };
}

/** `to-string` of the schema. */
function textMethod(context: EmitContext, spec: ClassSpec): Method[] {
  if (spec.toStringExpr === undefined) return [];
  const text = emitSure(context, spec.toStringExpr.expr, { owner: spec });
  return [{ name: 'toString', hasOverrideKeyword: true, returnType: 'string', statements: [`return ${text};`] }];
}

function lazyGetter({ property, type, cache, make }: Accessor): GetterDeclaration {
  return { name: property, returnType: type, statements: [`return (this.${cache} ??= ${make});`] };
}

function lazySetter({ property, type, cache }: Accessor): SetterDeclaration {
  return { name: property, parameters: [{ name: 'value', type }], statements: [`this.${cache} = value;`] };
}
