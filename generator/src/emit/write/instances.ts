/** Instances that are read: they are written at their places, once the stream they stand in is complete. */
import type { ClassSpec } from '../../spec/model.js';
import { block, quote } from '../code/text.js';
import type { EmitContext } from '../context/context.js';
import type { MethodDeclaration } from '../code/declarations.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import { cacheOf } from '../read/fixed.js';
import { dependsOnPosition, placeOf, stoodOf } from '../read/instance-places.js';
import { attrId, localName } from '../context/names.js';
import { usedTypes } from '../../types/program.js';
import { hasInstances, parseInstances } from '../layout/reasons.js';
import { writeField } from './sequence.js';

/** Statements at the end of `_write`. */
export function placeLines(context: EmitContext, owner: ClassSpec): string[] {
  return parseInstances(context.inference.program, owner).flatMap((instance) => {
    const { attr, id, io } = instance;
    if (instance.pos === undefined) return [];
    const property = context.names.member(owner, id);
    const name = localName(property, 'Value');
    const body = writeField(context, owner, { ...attr, if: undefined }, id, name, `this.${cacheOf(property)}`);
    const depends = dependsOnPosition(owner, instance);
    const asRead = (code: string): string =>
      depends ? `this._asRead(this.${stoodOf(property)}, () => ${code})` : code;
    const position = asRead(emitNumber(context, instance.pos.expr, { owner }));
    const condition =
      attr.if === undefined
        ? ''
        : ` && this._given(${quote(id)}, ${asRead(emitSure(context, attr.if.expr, { owner }))}, ${name})`;
    const call =
      io === undefined
        ? `out.place(this, ${quote(id)}, () => ${position}, (out) =>`
        : `out.placeIn(() => ${asRead(emitSure(context, io.expr, { owner }))}, this, ${quote(id)}, () => ${position}, (out) =>`;
    const written = depends ? block(`this._asRead(this.${stoodOf(property)}, () =>`, body, '});') : body;
    return [
      `const ${name} = this.${cacheOf(property)};`,
      ...block(
        `if (${name} !== undefined${condition})`,
        block(call, written, `}, this._yields(this.${placeOf(property)}, ${name}));`),
      ),
      // Set by hand, to nothing: its bytes are not wanted any more.
      `if (${name} === undefined && this.${placeOf(property)} === -1) out.forget();`,
    ];
  });
}

/** `_fetch`, where a type or what it holds has instances. */
export function fetchMethod(context: EmitContext, owner: ClassSpec): MethodDeclaration[] {
  const { inference, names, imports } = context;
  if (!hasInstances(inference.program, owner)) return [];
  const holds = owner.seq.flatMap((attr, index) => {
    const used = usedTypes(inference.program, attr, owner);
    return used.some((type) => hasInstances(inference.program, type))
      ? [`this.${names.member(owner, attrId(attr, index))}`]
      : [];
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
