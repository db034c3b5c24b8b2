/** One type of the schema as a class. */
import type { ClassSpec } from '../spec/model.js';
import { bitSizeOfClass } from '../types/sizes.js';
import { typesProperty } from './layout/cases.js';
import type {
  AliasDeclaration,
  ClassDeclaration,
  InterfaceDeclaration,
  Method,
  Property,
} from './code/declarations.js';
import { docs, remark } from './code/docs.js';
import { asConst, decimal, name } from './code/expressions.js';
import type { Type } from './code/nodes.js';
import { give } from './code/statements.js';
import { BOOLEAN, NUMBER, STRING, maybe, reference } from './code/types.js';
import { hasCalculatedEndian, hasPositions, type EmitContext } from './context/context.js';
import { attrId, cacheOf } from './context/names.js';
import { maybeTypeOf, typeOf } from './context/types.js';
import { emitSure } from './expression/expression.js';
import { coversWhatIsRead } from './layout/checksum.js';
import { fixedLayout } from './layout/layout.js';
import { parseInstances, whyNotWritable } from './layout/reasons.js';
import { keepsStart } from './layout/starts.js';
import { layoutTable } from './layout/table.js';
import { isCached } from './layout/cheap-instances.js';
import { instanceSetter, placeProperties } from './read/instance-places.js';
import { instanceGetter, instanceValue } from './read/instances.js';
import { lazyAccessors, lazyGetter, lazySetter, type Accessor } from './read/lazy.js';
import { constructorOf, readMethods } from './read/methods.js';
import { checksumMethods } from './write/checksum.js';
import { createMethods } from './write/create.js';
import { initDeclaration, nestedInit } from './write/init.js';
import { writableBase, writeMethods } from './write/methods.js';

export interface ClassOutput {
  readonly declaration: ClassDeclaration;
  /** What `create` takes; undefined where the type cannot be written. */
  readonly init: InterfaceDeclaration | AliasDeclaration | undefined;
}

export function emitClass(context: EmitContext, spec: ClassSpec): ClassOutput {
  const { imports, inference, names } = context;
  const { readOnly } = context.options;
  // Positions are recorded field by field.
  const layout = hasPositions(context, spec) ? undefined : fixedLayout(inference.program, spec);
  const lazy = lazyAccessors(context, spec, layout);
  const isStarted = keepsStart(inference.program, spec, layout);
  const reason = whyNotWritable(inference.program, spec);
  const writable = reason === undefined && !readOnly;
  const init = writable ? initDeclaration(context, spec) : undefined;
  const declaration: ClassDeclaration = {
    kind: 'class',
    name: name(names.class(spec)),
    at: spec.at,
    docs: docs(spec.doc, reason === undefined || readOnly ? [] : [`read only: ${reason}`]),
    extends: imports.support(writable ? writableBase(context, spec) : 'KaitaiStruct'),
    properties: [
      ...statics(context, spec),
      ...familyProperties(context, spec, isStarted),
      ...fieldProperties(context, spec, lazy),
      ...typesProperty(context, spec, writable ? nestedInit(context, spec) : undefined),
      ...(writable ? placeProperties(context, spec) : []),
    ],
    ctor: constructorOf(context, spec, layout),
    methods: [
      ...readMethods(context, spec, layout, isStarted),
      ...(init === undefined ? [] : [...createMethods(context, spec, init), ...writeMethods(context, spec)]),
      ...checksumMethods(context, spec, writable),
      ...textMethod(context, spec),
    ],
    getters: [
      ...spec.seq.flatMap((attr, index) => {
        const accessor = lazy.get(attrId(attr, index));
        return accessor === undefined ? [] : [{ ...lazyGetter(accessor), at: attr.at, docs: docs(attr.doc) }];
      }),
      ...spec.instances.map((instance) => instanceGetter(context, spec, instance)),
    ],
    setters: [
      ...(readOnly ? [] : [...lazy.values()].map(lazySetter)),
      ...(writable
        ? parseInstances(inference.program, spec).map((instance) => instanceSetter(context, spec, instance))
        : []),
    ],
  };
  return { declaration, init };
}

function statics(context: EmitContext, spec: ClassSpec): Property[] {
  const bits = bitSizeOfClass(context.inference.program, spec);
  const size: Property = {
    name: 'SIZE',
    isStatic: true,
    isReadonly: true,
    initializer: decimal(Math.ceil((bits ?? 0) / 8)),
    docs: remark('Size in bytes.'),
  };
  const table: Property = {
    name: 'LAYOUT',
    isStatic: true,
    isReadonly: true,
    // With the ids as types, so that a wrong one is found by the compiler.
    initializer: asConst(layoutTable(context, spec)),
    docs: remark('The fields in order.'),
  };
  return bits === undefined ? [table] : [size, table];
}

const declared = (property: string, type: Type): Property => ({ name: property, type, isDeclared: true });

/** What a structure has whatever its fields are: those around it, where it began, its byte order. */
function familyProperties(context: EmitContext, spec: ClassSpec, isStarted: boolean): Property[] {
  const { imports, inference } = context;
  const parent = inference.parents.of(spec);
  const isTop = spec.outer === undefined;
  const root = typeOf(context, inference.valueType({ kind: 'name', name: '_root', offset: 0 }, { owner: spec }));
  return [
    ...(parent.kind !== 'struct' || isTop ? [] : [declared('_parent', maybe(typeOf(context, parent)))]),
    declared('_root', isTop ? root : maybe(root)),
    ...(isStarted ? [{ name: '_start', type: NUMBER, initializer: decimal(0), isOverride: true }] : []),
    ...(coversWhatIsRead(inference.program, spec) ? [{ name: '_end', type: NUMBER, initializer: decimal(0) }] : []),
    ...(hasCalculatedEndian(spec) ? [{ name: '_isLe', type: maybe(BOOLEAN) }] : []),
    ...(hasPositions(context, spec) ? [declared('_debug', maybe(reference(imports.support('Positions'))))] : []),
  ];
}

/**
 * The fields are there from the start, so that an object has its final shape and size when it is made; what is made
 * later, if at all, is only declared.
 */
function fieldProperties(context: EmitContext, spec: ClassSpec, lazy: ReadonlyMap<string, Accessor>): Property[] {
  const { names, inference } = context;
  const isReadonly = context.options.readOnly;
  return [
    ...spec.params.map((param) => ({
      name: names.member(spec, param.id),
      at: param.at,
      type: maybeTypeOf(context, inference.paramType(param, spec)),
      isReadonly,
      docs: docs(param.doc),
    })),
    ...spec.seq.flatMap((attr, index): readonly Property[] => {
      const id = attrId(attr, index);
      const accessor = lazy.get(id);
      if (accessor !== undefined) return accessor.slots;
      const held = inference.program.attrType(attr, spec);
      return [
        {
          name: names.member(spec, id),
          at: attr.at,
          type: maybeTypeOf(context, held),
          isSetLater: !held.optional,
          isReadonly,
          docs: docs(attr.doc),
        },
      ];
    }),
    ...spec.instances.flatMap((instance) => {
      if (!isCached(spec, instance)) return [];
      const { type } = instanceValue(context, spec, instance);
      return [declared(cacheOf(names.member(spec, instance.id)), maybe(typeOf(context, type)))];
    }),
  ];
}

/** `to-string` of the schema. */
function textMethod(context: EmitContext, spec: ClassSpec): Method[] {
  if (spec.toStringExpr === undefined) return [];
  const text = emitSure(context, spec.toStringExpr.expr, { owner: spec });
  return [{ name: 'toString', isOverride: true, returnType: STRING, statements: [give(text)] }];
}
