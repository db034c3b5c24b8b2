/** `-view: true`: access to many structures in one byte array, without an object for each. */
import type { Expr } from '../../expr/ast.js';
import type { ClassSpec, ValueInstanceSpec } from '../../spec/model.js';
import type { ClassDeclaration, Method, Parameter } from '../code/declarations.js';
import { docs, remark, remarks } from '../code/docs.js';
import {
  THIS,
  call,
  construct,
  decimal,
  infix,
  lengthOf,
  member,
  method,
  name,
  own,
  ownMethod,
  string,
} from '../code/expressions.js';
import type { Code, Statements, Type } from '../code/nodes.js';
import { constant, give, run, set } from '../code/statements.js';
import { BYTE_ARRAY, DATA_VIEW, NUMBER as NUMBER_TYPE, VOID, maybe } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { AT, BYTES, DATA_VIEW_CLASS, ENTRY, INDEX, LENGTH, MATH, NUMBER, VIEW } from '../context/locals.js';
import { maybeTypeOf, typeOf } from '../context/types.js';
import { emitAs } from '../expression/expression.js';
import { fixedLayout, type FixedField, type FixedLayout } from '../layout/layout.js';
import { numberAccess, store } from '../layout/numbers.js';
import { fieldLoad } from '../read/fixed.js';
import { defaultOf } from './create-values.js';
import { storeGroup } from './fixed.js';
import { boundsOf } from './numbers.js';

/** Members of every view: a field of that name gets another one. */
const VIEW_MEMBERS: readonly string[] = ['view', 'length', 'set'];

/** The method of a view that reads a field or computes an instance. */
function viewMember({ names }: EmitContext, spec: ClassSpec, id: string): string {
  const called = names.member(spec, id);
  return VIEW_MEMBERS.includes(called) ? `${called}_` : called;
}

/** The view class of a fixed type of numbers; undefined where the type is not of that kind. */
export function viewClass(context: EmitContext, spec: ClassSpec): ClassDeclaration | undefined {
  const layout = fixedLayout(context.inference.program, spec);
  if (layout === undefined || !layout.fields.every(isNumber)) return undefined;
  const called = context.names.class(spec);
  const at = layout.size === 1 ? INDEX : infix(INDEX, '*', decimal(layout.size));
  const index: Parameter = { name: INDEX.name, type: NUMBER_TYPE };
  return {
    kind: 'class',
    name: name(`${called}View`),
    docs: remarks(
      `Many \`${called}\` in one byte array, read and written in place.`,
      '',
      'No object is made for an entry.',
    ),
    properties: [
      { name: VIEW.name, isReadonly: true, isDeclared: true, type: DATA_VIEW },
      {
        name: LENGTH.name,
        isReadonly: true,
        isDeclared: true,
        type: NUMBER_TYPE,
        docs: remark('How many entries there are.'),
      },
    ],
    ctor: constructorOf(layout.size),
    methods: [
      ...layout.fields.map((field) => ({
        name: viewMember(context, spec, field.id),
        docs: docs(field.attr.doc),
        parameters: [index],
        returnType: fieldType(context, spec, field),
        statements: [give(fieldLoad(context, field, spec, own(VIEW.name), at))],
      })),
      ...computed(spec).map((instance) => ({
        name: viewMember(context, spec, instance.id),
        docs: docs(instance.doc),
        parameters: [index],
        returnType: typeOf(context, context.inference.memberType(spec, instance.id)?.type ?? { kind: 'any' }),
        statements: [give(computedCode(context, spec, instance))],
      })),
      ...(context.options.readOnly ? [] : [setMethod(context, spec, layout, at)]),
    ],
  };
}

function constructorOf(size: number): ClassDeclaration['ctor'] {
  const byteOffset = name('byteOffset');
  const rest = infix(lengthOf(BYTES), '-', byteOffset);
  const start = infix(member(BYTES, 'byteOffset'), '+', byteOffset);
  const all = infix(LENGTH, '*', decimal(size));
  return {
    docs: remarks(
      `@param bytes holds the entries, ${size} bytes each`,
      '@param byteOffset where the first one starts, in bytes',
      '@param length how many there are; all that fit, if not given',
      '@throws {RangeError} where they do not fit into `bytes`',
    ),
    parameters: [
      { name: BYTES.name, type: BYTE_ARRAY },
      { name: byteOffset.name, type: NUMBER_TYPE, initializer: decimal(0) },
      { name: LENGTH.name, type: NUMBER_TYPE, initializer: method(MATH, 'floor', infix(rest, '/', decimal(size))) },
    ],
    statements: [
      set(own(VIEW.name), construct(DATA_VIEW_CLASS, member(BYTES, 'buffer'), start, all)),
      set(own(LENGTH.name), LENGTH),
    ],
  };
}

const fieldType = (context: EmitContext, spec: ClassSpec, { attr }: FixedField): Type =>
  maybeTypeOf(context, context.inference.program.attrType(attr, spec));

function setMethod(context: EmitContext, spec: ClassSpec, layout: FixedLayout, at: Code): Method {
  const properties = layout.fields.map((field) => {
    const isOptional = defaultOf(context, spec, field.attr, ENTRY) !== undefined;
    const type = fieldType(context, spec, field);
    return { name: context.names.member(spec, field.id), isOptional, type: isOptional ? maybe(type) : type };
  });
  return {
    name: 'set',
    docs: remarks('Writes a whole entry.', '', '@throws {WriteError} where a value does not fit its field'),
    parameters: [
      { name: INDEX.name, type: NUMBER_TYPE },
      { name: ENTRY.name, type: { kind: 'object', properties } },
    ],
    returnType: VOID,
    statements: [{ kind: 'take', names: [VIEW], value: THIS }, constant(AT, at), ...setLines(context, spec, layout)],
  };
}

function isNumber({ attr }: FixedField): boolean {
  return ['int', 'float', 'bits'].includes(attr.type.kind) && attr.contents === undefined;
}

/** Value instances that use nothing but fields. */
function computed(spec: ClassSpec): ValueInstanceSpec[] {
  return spec.instances.filter(
    (instance): instance is ValueInstanceSpec =>
      instance.kind === 'value' && instance.if === undefined && usesFieldsOnly(spec, instance.value.expr),
  );
}

function usesFieldsOnly(spec: ClassSpec, expr: Expr): boolean {
  switch (expr.kind) {
    case 'int':
    case 'bool':
    case 'float':
    case 'enum':
      return true;
    case 'name':
      return spec.seq.some((attr) => attr.id === expr.name);
    case 'unary':
      return usesFieldsOnly(spec, expr.operand);
    case 'binary':
      return usesFieldsOnly(spec, expr.left) && usesFieldsOnly(spec, expr.right);
    case 'cast':
      return usesFieldsOnly(spec, expr.object);
    default:
      return false;
  }
}

function computedCode(context: EmitContext, spec: ClassSpec, instance: ValueInstanceSpec): Code {
  const type = context.inference.memberType(spec, instance.id)?.type ?? { kind: 'any' };
  const read = (id: string): Code => ownMethod(viewMember(context, spec, id), INDEX);
  return emitAs(context, instance.value.expr, type, { owner: spec, member: read });
}

function setLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Statements {
  const checked = (field: FixedField, value: Code): Code => {
    const { attr, id } = field;
    const bounds = boundsOf(context, attr, spec);
    const preset = defaultOf(context, spec, attr, ENTRY);
    const given = preset === undefined ? value : infix(value, '??', preset);
    if (bounds === undefined) return attr.type.kind === 'bits' ? call(NUMBER, given) : given;
    const check = context.imports.support(bounds.big ? 'bigIntInRange' : 'intInRange');
    const code = call(check, string(id), given, bounds.lo, bounds.hi);
    return bounds.narrow ? call(NUMBER, code) : code;
  };
  return layout.fields.flatMap((field) => {
    if (field.bits !== undefined) {
      return field.bits.first === 0 ? storeGroup(context, spec, layout, field, ENTRY, checked) : [];
    }
    const access = numberAccess(field, spec);
    if (access === undefined) return [];
    const value = checked(field, member(ENTRY, context.names.member(spec, field.id)));
    return [run(store(VIEW, access, AT, field.offset, value))];
  });
}
