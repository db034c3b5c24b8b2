/** What a schema says of its types and enums, as constants. */
import type { AttrSpec, ClassSpec, ConstraintSpec, EnumSpec, InstanceSpec } from '../../spec/model.js';
import { bitSizeOfClass } from '../../types/sizes.js';
import { usedTypes } from '../../types/program.js';
import type { MaybeType, ValueType } from '../../types/value-type.js';
import type { ConstantDeclaration, Declaration } from '../code/declarations.js';
import { remark } from '../code/docs.js';
import { TRUE, array, arrow, decimal, integerLike, name, object, string, table } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import { reference } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { placeFields } from '../layout/layout.js';
import { fieldKeys, sectionOf, typeLabel } from '../layout/table.js';

export function schemaDeclarations(context: EmitContext, spec: ClassSpec): Declaration[] {
  return [structSchema(context, spec), ...[...spec.enums.values()].map((named) => enumSchema(context, named))];
}

const maybeText = (text: string | undefined): Code | undefined => (text === undefined ? undefined : string(text));
const flag = (holds: boolean): Code | undefined => (holds ? TRUE : undefined);

function structSchema(context: EmitContext, spec: ClassSpec): ConstantDeclaration {
  const { imports, inference, names } = context;
  const bits = bitSizeOfClass(inference.program, spec);
  const type = imports.class(spec);
  return {
    kind: 'constant',
    name: name(names.schema(spec)),
    docs: remark(`What the schema says of \`${names.class(spec)}\`.`),
    type: reference(imports.support('SchemaOf'), reference(type)),
    value: object({
      id: string(spec.path.join('::')),
      type,
      size: bits === undefined ? undefined : decimal(Math.ceil(bits / 8)),
      doc: maybeText(spec.doc.summary?.trim()),
      origId: maybeText(spec.doc.origId),
      section: maybeText(spec.doc.refs[0]),
      fields: table([
        ...spec.params.map((param) => {
          const held = inference.paramType(param, spec);
          return object({
            id: string(param.id),
            name: string(names.member(spec, param.id)),
            kind: string('param'),
            type: string(paramLabel(held.type)),
            ...valueKeys(context, held),
            doc: maybeText(param.doc.summary?.trim()),
          });
        }),
        ...placeFields(inference.program, spec).map((place) =>
          object({
            ...fieldKeys(context, spec, place),
            kind: string('field'),
            ...attrKeys(context, spec, place.attr, inference.program.attrType(place.attr, spec)),
          }),
        ),
        ...spec.instances.map((instance) => instanceSchema(context, spec, instance)),
      ]),
    }),
  };
}

function instanceSchema(context: EmitContext, spec: ClassSpec, instance: InstanceSpec): Code {
  const { names, inference } = context;
  const held = inference.memberType(spec, instance.id);
  const common = { id: string(instance.id), name: string(names.member(spec, instance.id)) };
  if (instance.kind === 'value') {
    const { doc, valid } = instance;
    return object({
      ...common,
      kind: string('value'),
      type: string('value'),
      ...(held === undefined ? {} : valueKeys(context, held)),
      valid: constraints(valid === undefined ? [] : constraintsOf(valid)),
      doc: maybeText(doc.summary?.trim()),
      origId: maybeText(doc.origId),
      section: maybeText(sectionOf(instance, spec)),
    });
  }
  const { attr } = instance;
  return object({
    ...common,
    kind: string('instance'),
    type: string(typeLabel(attr)),
    isElsewhere: flag(instance.io !== undefined),
    ...attrKeys(context, spec, attr, held ?? inference.program.attrType(attr, spec)),
    origId: maybeText(attr.doc.origId),
    section: maybeText(sectionOf(attr, spec)),
  });
}

/** What holds of the values of anything that is read. */
function attrKeys(
  context: EmitContext,
  spec: ClassSpec,
  attr: AttrSpec,
  held: MaybeType,
): Readonly<Record<string, Code | undefined>> {
  const { program } = context.inference;
  return {
    ...valueKeys(context, held),
    structs: structsOf(context, usedTypes(program, attr, spec)),
    valid: constraints([
      ...(attr.contents === undefined
        ? []
        : [
            object({
              kind: string('contents'),
              expected: string(hexText(attr.contents.bytes)),
              ...ruleOf(attr.contents),
            }),
          ]),
      ...(attr.valid === undefined ? [] : constraintsOf(attr.valid)),
      ...(attr.checksum === undefined
        ? []
        : [object({ kind: string('checksum'), expected: string(attr.checksum.algo), ...ruleOf(attr.checksum) })]),
    ]),
    doc: maybeText(attr.doc.summary?.trim()),
  };
}

/** What the type of values tells. */
function valueKeys(context: EmitContext, { type, optional }: MaybeType): Readonly<Record<string, Code | undefined>> {
  const item = type.kind === 'array' ? type.item : type;
  const members = item.kind === 'union' ? item.members : [item];
  const named = members.find((each) => each.kind === 'enum');
  const structs = members.flatMap((each) => (each.kind === 'struct' ? [each.spec] : []));
  return {
    isList: flag(type.kind === 'array'),
    isOptional: flag(optional),
    structs: structsOf(context, structs),
    enum: named?.kind === 'enum' ? arrow([], context.imports.schema(named.spec)) : undefined,
  };
}

/** As functions: schemas refer to each other, whichever of their modules comes first. */
function structsOf({ imports }: EmitContext, specs: readonly ClassSpec[]): Code | undefined {
  const unique = [...new Set(specs)];
  return unique.length === 0 ? undefined : arrow([], array(unique.map((spec) => imports.schema(spec))));
}

const constraints = (all: readonly Code[]): Code | undefined => (all.length === 0 ? undefined : array(all));

function constraintsOf(valid: ConstraintSpec): Code[] {
  const of = (kind: string, expected?: string): Code =>
    object({ kind: string(kind), expected: maybeText(expected), ...ruleOf(valid) });
  switch (valid.kind) {
    case 'eq':
      return [of('eq', valid.expected.text)];
    case 'range':
      return [
        ...(valid.min === undefined ? [] : [of('min', valid.min.text)]),
        ...(valid.max === undefined ? [] : [of('max', valid.max.text)]),
      ];
    case 'any-of':
      return [of('any-of', valid.options.map(({ text }) => text).join(', '))];
    case 'in-enum':
      return [of('in-enum')];
    case 'expr':
      return [of('expr', valid.condition.text)];
  }
}

function ruleOf({ rule, severity }: { readonly rule: string | undefined; readonly severity: string }): {
  readonly rule: Code | undefined;
  readonly severity: Code;
} {
  return { rule: maybeText(rule), severity: string(severity) };
}

const hexText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** A parameter's type in a word. */
function paramLabel(type: ValueType): string {
  switch (type.kind) {
    case 'array':
      return `${paramLabel(type.item)}[]`;
    case 'struct':
    case 'enum':
      return type.spec.path.join('::');
    default:
      return type.kind;
  }
}

function enumSchema({ inference, names, imports }: EmitContext, spec: EnumSpec): ConstantDeclaration {
  const isBig = inference.isBigEnum(spec);
  return {
    kind: 'constant',
    name: name(names.schema(spec)),
    docs: remark(`What the schema says of \`${names.enum(spec)}\`.`),
    type: reference(imports.support('EnumSchema')),
    value: object({
      id: string(spec.path.join('::')),
      values: table(
        spec.values.map((value) =>
          object({
            id: string(value.id),
            name: string(names.enumValue(spec, value)),
            value: integerLike(value.value, value.text, isBig),
            doc: maybeText(value.doc.summary?.trim()),
            origId: maybeText(value.doc.origId),
          }),
        ),
      ),
    }),
  };
}
