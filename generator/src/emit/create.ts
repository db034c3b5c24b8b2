/** `create`: a structure out of the values that the schema does not determine. */
import type { InterfaceDeclaration, MethodDeclaration, PropertyDeclaration } from './declarations.js';
import type { AttrSpec, ClassSpec } from '../spec/model.js';
import { bytesLiteral } from './code.js';
import { construction } from './construction.js';
import { typeText, type EmitContext } from './context.js';
import { derivationOf, isDerivedFrom } from './derived.js';
import { docs } from './docs.js';
import { emitAs, emitNumber } from './expression.js';
import { attrId } from './names.js';
import { fieldType } from './reader.js';
import { deriveLines } from './writer.js';

const initName = (context: EmitContext, spec: ClassSpec): string => `${context.names.class(spec)}Init`;

export function initInterface(context: EmitContext, spec: ClassSpec): InterfaceDeclaration {
  const { names } = context;
  const params = spec.params.map((param) => ({
    name: names.member(spec, param.id),
    isReadonly: true,
    type: typeText(context, context.inference.program.paramType(param, spec)),
    docs: docs(param.doc),
  }));
  const fields = spec.seq.flatMap((attr, index): PropertyDeclaration[] => {
    if (isDetermined(spec, attr)) return [];
    const type = fieldType(context, attr, spec);
    const optional = type.endsWith('undefined') || defaultOf(context, spec, attr) !== undefined;
    return [
      {
        name: names.member(spec, attrId(attr, index)),
        isReadonly: true,
        hasQuestionToken: optional,
        type: optional && !type.endsWith('undefined') ? `${type} | undefined` : type,
        docs: docs(attr.doc),
      },
    ];
  });
  return {
    name: initName(context, spec),
    isExported: true,
    docs: [`What \`${names.class(spec)}.create\` takes: whatever the schema does not determine.`],
    properties: [...params, ...fields],
  };
}

export function createMethod(context: EmitContext, spec: ClassSpec): MethodDeclaration {
  const { names } = context;
  const init = initInterface(context, spec).properties ?? [];
  const allOptional = init.every((property) => property.hasQuestionToken);
  const unused = init.length === 0;
  return {
    name: 'create',
    isStatic: true,
    docs: ['A new structure: contents, reserved bytes, counts and checksums are filled in.'],
    parameters: [
      {
        name: unused ? '_init' : 'init',
        type: initName(context, spec),
        ...(allOptional ? { initializer: '{}' } : {}),
      },
    ],
    returnType: names.class(spec),
    statements: [
      `const value = ${construction(context, spec, 'undefined', (name) => `init.${name}`)};`,
      ...spec.seq.flatMap((attr, index) => assignment(context, spec, attr, names.member(spec, attrId(attr, index)))),
      ...deriveLines(context, spec, 'value'),
      'return value;',
    ],
  };
}

function assignment(context: EmitContext, spec: ClassSpec, attr: AttrSpec, property: string): string[] {
  if (derivationOf(spec, attr) !== undefined) return [];
  if (attr.contents !== undefined) return [`value.${property} = ${bytesLiteral(attr.contents.bytes)};`];
  const preset = defaultOf(context, spec, attr);
  const given = `init.${property}`;
  // Derived sizes are known once what they count is, and defaults may be computed from them.
  return [`value.${property} = ${preset === undefined ? given : `${given} ?? ${preset}`};`];
}

/** Whether a field's value follows from the schema or from other fields alone. */
function isDetermined(spec: ClassSpec, attr: AttrSpec): boolean {
  return (attr.contents !== undefined && attr.if === undefined && attr.repeat === undefined) || derivationOf(spec, attr) !== undefined;
}

/** Code for the value of a field that is not given; undefined where there is no obvious one. */
export function defaultOf(context: EmitContext, spec: ClassSpec, attr: AttrSpec): string | undefined {
  if (attr.if !== undefined || attr.repeat !== undefined) return undefined;
  if (attr.checksum !== undefined) return '0';
  const place = { owner: spec, self: 'value' };
  if (attr.valid?.kind === 'eq') {
    return emitAs(context, attr.valid.expected.expr, context.inference.program.itemType(attr, spec).type, place);
  }
  if (attr.type.kind !== 'bytes' || attr.process !== undefined) return undefined;
  if (attr.padRight !== undefined || attr.sizeEos) return 'new Uint8Array(0)';
  if (attr.size === undefined || isDerivedFrom(spec, attr.size.expr, attr) || attr.terminator !== undefined) return undefined;
  return attr.size.expr.kind === 'name' ? undefined : `new Uint8Array(${emitNumber(context, attr.size.expr, place)})`;
}
