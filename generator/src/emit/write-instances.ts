/** Instances that are read: they are written at their places, once the stream they stand in is complete. */
import type { ClassSpec, ParseInstanceSpec } from '../spec/model.js';
import { attrTypes } from '../types/program.js';
import { block, quote } from './code.js';
import { typeText, type EmitContext } from './context.js';
import type { MethodDeclaration, PropertyDeclaration, SetterDeclaration } from './declarations.js';
import { emitNumber, emitSure } from './expression.js';
import { cacheOf } from './fixed.js';
import { attrId } from './names.js';
import { hasInstances, parseInstances, usedTypes, whyNotWritable } from './write-reasons.js';
import { usesPosition } from './write-uses.js';
import { writeField } from './writer.js';

/** Property that tells where an instance was read; -1 where it was set by hand. */
const placeOf = (property: string): string => `_at_${property}`;
/** Property that tells where the stream stood when an instance was read, which its expressions depend on. */
const stoodOf = (property: string): string => `_from_${property}`;

/** Statements that note, before an instance is read, what writing must know of it; `seek` moves to where it is. */
export function notedSeek(context: EmitContext, owner: ClassSpec, instance: ParseInstanceSpec, seek: string): string[] {
  if (context.options.readOnly || whyNotWritable(context.inference.program, owner) !== undefined) return [seek];
  const property = context.names.member(owner, instance.id);
  const stood = dependsOnPosition(owner, instance) ? [`this.${stoodOf(property)} = this._io.pos;`] : [];
  return [...stood, seek, `this.${placeOf(property)} = io.pos;`];
}

function dependsOnPosition(owner: ClassSpec, { attr, pos, io }: ParseInstanceSpec): boolean {
  const { repeat, type } = attr;
  const expressions = [
    pos,
    io,
    attr.size,
    attr.if,
    repeat?.kind === 'expr' ? repeat.count : undefined,
    type.kind === 'switch' ? type.on : undefined,
    ...attrTypes(attr).flatMap((simple) => (simple.kind === 'user' ? simple.args : [])),
  ];
  return expressions.some((expr) => expr !== undefined && usesPosition(owner, expr.expr));
}

export function placeProperties(context: EmitContext, spec: ClassSpec): PropertyDeclaration[] {
  return parseInstances(context.inference.program, spec).flatMap((instance) => {
    const property = context.names.member(spec, instance.id);
    const names = [placeOf(property), ...(dependsOnPosition(spec, instance) ? [stoodOf(property)] : [])];
    return names.map((name) => ({ name, type: 'number | undefined', hasDeclareKeyword: true }));
  });
}

export function instanceSetter(context: EmitContext, owner: ClassSpec, instance: ParseInstanceSpec): SetterDeclaration {
  const property = context.names.member(owner, instance.id);
  const { type } = context.inference.program.attrType(instance.attr, owner);
  return {
    name: property,
    parameters: [{ name: 'value', type: `${typeText(context, type)} | undefined` }],
    statements: [
      `this.${cacheOf(property)} = value;`,
      `this.${placeOf(property)} = -1;`,
      ...(dependsOnPosition(owner, instance) ? [`this.${stoodOf(property)} = undefined;`] : []),
    ],
  };
}

/** Statements at the end of `_write`. */
export function placeLines(context: EmitContext, owner: ClassSpec): string[] {
  return parseInstances(context.inference.program, owner).flatMap((instance) => {
    const { attr, id, io } = instance;
    if (instance.pos === undefined) return [];
    const property = context.names.member(owner, id);
    const name = `${property}Value`;
    const body = writeField(context, owner, { ...attr, if: undefined }, id, name);
    const depends = dependsOnPosition(owner, instance);
    const asRead = (code: string): string => (depends ? `this._asRead(this.${stoodOf(property)}, () => ${code})` : code);
    const position = asRead(emitNumber(context, instance.pos.expr, { owner }));
    const condition = attr.if === undefined ? '' : ` && this._given(${quote(id)}, ${asRead(emitSure(context, attr.if.expr, { owner }))}, ${name})`;
    const call =
      io === undefined
        ? `out.place(this, ${quote(id)}, () => ${position}, (out) =>`
        : `out.placeIn(() => ${asRead(emitSure(context, io.expr, { owner }))}, this, ${quote(id)}, () => ${position}, (out) =>`;
    const written = depends ? block(`this._asRead(this.${stoodOf(property)}, () =>`, body, '});') : body;
    return [`const ${name} = this.${cacheOf(property)};`, ...block(`if (${name} !== undefined${condition})`, block(call, written, '});'))];
  });
}

/** `_fetch`, where a type or what it holds has instances. */
export function fetchMethod(context: EmitContext, owner: ClassSpec): MethodDeclaration[] {
  const { inference, names, imports } = context;
  if (!hasInstances(inference.program, owner)) return [];
  const holds = owner.seq.flatMap((attr, index) => {
    const used = usedTypes(inference.program, attr, owner);
    return used.some((type) => hasInstances(inference.program, type)) ? [`this.${names.member(owner, attrId(attr, index))}`] : [];
  });
  const instances = parseInstances(context.inference.program, owner).map(({ id }) => names.member(owner, id));
  const tries = instances.map((name) => `if (this.${placeOf(name)} === undefined) seen.try(() => this.${name});`);
  return [
    {
      name: '_fetch',
      hasOverrideKeyword: true,
      parameters: [{ name: 'seen', type: imports.supportType('Fetched') }],
      returnType: 'void',
      statements: [
        ...(tries.length === 0 ? [] : block('if (this._wasRead)', tries)),
        ...(holds.length === 0 ? [] : [`seen.all(${holds.join(', ')});`]),
        ...instances.map((name) => `seen.instance(this.${cacheOf(name)}, this.${placeOf(name)});`),
      ],
    },
  ];
}
