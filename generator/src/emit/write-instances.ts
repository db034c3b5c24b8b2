/** Instances that are read: they are written at their places, once the stream they stand in is complete. */
import type { ClassSpec, ParseInstanceSpec } from '../spec/model.js';
import { block, quote } from './code.js';
import { typeText, type EmitContext } from './context.js';
import type { MethodDeclaration, PropertyDeclaration, SetterDeclaration } from './declarations.js';
import { emitNumber, emitSure } from './expression.js';
import { cacheOf } from './fixed.js';
import { attrId } from './names.js';
import { hasInstances, parseInstances, usedTypes } from './write-reasons.js';
import { usesPosition } from './write-uses.js';
import { writeField } from './writer.js';

/** Property that tells where an instance was read; -1 where it was set by hand. */
export const placeOf = (property: string): string => `_at_${property}`;

export function placeProperties(context: EmitContext, spec: ClassSpec): PropertyDeclaration[] {
  return parseInstances(spec).map(({ id }) => ({
    name: placeOf(context.names.member(spec, id)),
    type: 'number | undefined',
    hasDeclareKeyword: true,
  }));
}

export function instanceSetter(context: EmitContext, owner: ClassSpec, instance: ParseInstanceSpec): SetterDeclaration {
  const property = context.names.member(owner, instance.id);
  const { type } = context.inference.program.attrType(instance.attr, owner);
  return {
    name: property,
    parameters: [{ name: 'value', type: `${typeText(context, type)} | undefined` }],
    statements: [`this.${cacheOf(property)} = value;`, `this.${placeOf(property)} = -1;`],
  };
}

/** Statements at the end of `_write`. */
export function placeLines(context: EmitContext, owner: ClassSpec): string[] {
  return parseInstances(owner).flatMap((instance) => {
    const { attr, id, io } = instance;
    if (instance.pos === undefined) return [];
    const property = context.names.member(owner, id);
    const name = `${property}Value`;
    const body = writeField(context, owner, { ...attr, if: undefined }, id, name);
    const asRead = usesPosition(owner, instance.pos.expr) ? `(this.${placeOf(property)} ?? -1) >= 0 ? this.${placeOf(property)} ?? 0 : ` : '';
    const position = `${asRead}${emitNumber(context, instance.pos.expr, { owner })}`;
    const condition = attr.if === undefined ? '' : ` && this._given(${quote(id)}, ${emitSure(context, attr.if.expr, { owner })}, ${name})`;
    const call =
      io === undefined
        ? `out.place(this, ${quote(id)}, ${position}, (out) =>`
        : `out.placeIn(() => ${emitSure(context, io.expr, { owner })}, this, ${quote(id)}, () => ${position}, (out) =>`;
    return [`const ${name} = this.${cacheOf(property)};`, ...block(`if (${name} !== undefined${condition})`, block(call, body, '});'))];
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
  const instances = parseInstances(owner).map(({ id }) => names.member(owner, id));
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
