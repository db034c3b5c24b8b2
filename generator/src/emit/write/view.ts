/** `-view: true`: access to many structures in one byte array, without an object for each. */
import type { ClassDeclaration, MethodDeclaration } from '../code/declarations.js';
import type { Expr } from '../../expr/ast.js';
import type { ClassSpec, ValueInstanceSpec } from '../../spec/model.js';
import { quote } from '../code/text.js';
import { typeText, type EmitContext } from '../context/context.js';
import { defaultOf } from './create.js';
import { docs } from '../code/docs.js';
import { emitAs } from '../expression/expression.js';
import { fieldLoad } from '../read/fixed.js';
import { fixedLayout, type FixedField, type FixedLayout } from '../layout/layout.js';
import { numberAccess, plus } from '../layout/primitives.js';
import { fieldType } from '../read/sequence.js';
import { storeGroup } from './fixed.js';
import { rangeLiterals } from './numbers.js';

/** Members of every view: a field of that name gets another one. */
const VIEW_MEMBERS: readonly string[] = ['view', 'length', 'set'];

/** The method of a view that reads a field or computes an instance. */
function viewMember({ names }: EmitContext, spec: ClassSpec, id: string): string {
  const member = names.member(spec, id);
  return VIEW_MEMBERS.includes(member) ? `${member}_` : member;
}

/** The view class of a fixed type of numbers; undefined where the type is not of that kind. */
export function viewClass(context: EmitContext, spec: ClassSpec): ClassDeclaration | undefined {
  const layout = fixedLayout(context.inference.program, spec);
  if (layout === undefined || !layout.fields.every(isNumber)) return undefined;
  const { names } = context;
  const name = names.class(spec);
  const at = layout.size === 1 ? 'index' : `index * ${layout.size}`;
  const types = layout.fields.map((field) => {
    const optional = defaultOf(context, spec, field.attr) !== undefined;
    const type = fieldType(context, field.attr, spec);
    return `${names.member(spec, field.id)}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''}`;
  });
  return {
    name: `${name}View`,
    isExported: true,
    docs: [`\nMany \`${name}\` in one byte array, read and written in place.\n\nNo object is made for an entry.`],
    properties: [
      { name: 'view', isReadonly: true, type: 'DataView' },
      { name: 'length', isReadonly: true, type: 'number', docs: ['How many entries there are.'] },
    ],
    ctors: [
      {
        docs: [
          `\n@param bytes holds the entries, ${layout.size} bytes each\n@param byteOffset where the first one starts, in bytes\n@param length how many there are; all that fit, if not given\n@throws {RangeError} where they do not fit into \`bytes\``,
        ],
        parameters: [
          { name: 'bytes', type: 'Uint8Array' },
          { name: 'byteOffset', type: 'number', initializer: '0' },
          { name: 'length', type: 'number', initializer: `Math.floor((bytes.length - byteOffset) / ${layout.size})` },
        ],
        statements: [
          `this.view = new DataView(bytes.buffer, bytes.byteOffset + byteOffset, length * ${layout.size});`,
          'this.length = length;',
        ],
      },
    ],
    methods: [
      ...layout.fields.map((field) => ({
        name: viewMember(context, spec, field.id),
        docs: docs(field.attr.doc),
        parameters: [{ name: 'index', type: 'number' }],
        returnType: fieldType(context, field.attr, spec),
        statements: [`return ${fieldLoad(context, field, spec, 'this.view', at)};`],
      })),
      ...computed(spec).map((instance) => ({
        name: viewMember(context, spec, instance.id),
        docs: docs(instance.doc),
        parameters: [{ name: 'index', type: 'number' }],
        returnType: typeText(context, context.inference.memberType(spec, instance.id)?.type ?? { kind: 'any' }),
        statements: [`return ${computedCode(context, spec, instance)};`],
      })),
      ...(context.options.readOnly ? [] : [setMethod(context, spec, layout, types, at)]),
    ],
  };
}

function setMethod(
  context: EmitContext,
  spec: ClassSpec,
  layout: FixedLayout,
  types: readonly string[],
  at: string,
): MethodDeclaration {
  return {
    name: 'set',
    docs: ['\nWrites a whole entry.\n\n@throws {WriteError} where a value does not fit its field'],
    parameters: [
      { name: 'index', type: 'number' },
      { name: 'entry', type: `{ readonly ${types.join('; readonly ')} }` },
    ],
    returnType: 'void',
    statements: ['const { view } = this;', `const at = ${at};`, ...setLines(context, spec, layout)],
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

function computedCode(context: EmitContext, spec: ClassSpec, instance: ValueInstanceSpec): string {
  const type = context.inference.memberType(spec, instance.id)?.type ?? { kind: 'any' };
  const member = (id: string): string => `this.${viewMember(context, spec, id)}(index)`;
  return emitAs(context, instance.value.expr, type, { owner: spec, member });
}

function setLines(context: EmitContext, spec: ClassSpec, layout: FixedLayout): string[] {
  const checked = (field: FixedField, value: string): string => {
    const { type } = field.attr;
    const bounds = rangeLiterals(context, field.attr, spec);
    const preset = defaultOf(context, spec, field.attr);
    const given = preset === undefined ? value : `${value} ?? ${preset}`;
    if (bounds === undefined) return type.kind === 'bits' ? `Number(${given})` : given;
    const check = context.imports.support(bounds.big ? 'bigIntInRange' : 'intInRange');
    const code = `${check}(${quote(field.id)}, ${given}, ${bounds.lo}, ${bounds.hi})`;
    return bounds.narrow ? `Number(${code})` : code;
  };
  return layout.fields.flatMap((field) => {
    if (field.bits !== undefined) {
      return field.bits.first === 0 ? storeGroup(context, spec, layout, field, 'entry', checked) : [];
    }
    const access = numberAccess(field, spec);
    if (access === undefined) return [];
    const value = checked(field, `entry.${context.names.member(spec, field.id)}`);
    return [`view.set${access.method}(${plus('at', field.offset)}, ${value}${access.littleEndian});`];
  });
}
