/** Writing field by field: the body of `_write`. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isBits } from '../../types/sizes.js';
import { checksOf, elementName } from '../read/constraints.js';
import { block, indent, quote } from '../code/text.js';
import { FIELD_NAME, fieldName, type EmitContext } from '../context/context.js';
import { derivationOf, isDerivedFrom } from '../layout/derived.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import { cacheOf } from '../read/fixed.js';
import { isCached } from '../read/instances.js';
import { attrId, localName } from '../context/names.js';
import { negation } from '../code/operators.js';
import { delimited, encoded, isTrimmed, keepsLength, terminatorLength, unprocessed } from './bytes.js';
import { writeCases, writeItem } from './items.js';
import { holdsBig } from './numbers.js';
import { adoptLines, asWritable, fillsStream, finisher, isRoomy } from './structs.js';
import { isComputed } from '../layout/reasons.js';
import { isSeenWhileFilled } from '../layout/uses.js';

/** Statements of `_write`: every field of `seq` in order. */
export function writeSequence(context: EmitContext, spec: ClassSpec): string[] {
  const lines: string[] = [...forgetLines(context, spec), ...deriveLines(context, spec)];
  let inBits = false;
  for (const [index, attr] of spec.seq.entries()) {
    if (inBits && !isBits(attr)) lines.push('out.alignToByte();');
    inBits = isBits(attr);
    const id = attrId(attr, index);
    lines.push(...writeField(context, spec, attr, id, `this.${context.names.member(spec, id)}`));
  }
  return lines;
}

/** Computed values that are kept are computed anew: fields may have changed since. */
export function forgetLines(context: EmitContext, spec: ClassSpec): string[] {
  return spec.instances
    .filter((instance) =>
      instance.kind === 'value' ? isCached(spec, instance) : isComputed(context.inference.program, spec, instance),
    )
    .map((instance) => `this.${cacheOf(context.names.member(spec, instance.id))} = undefined;`);
}

/** Name of the constant that holds a field's bytes, where its size is derived from them. */
const bytesName = (context: EmitContext, spec: ClassSpec, of: AttrSpec): string =>
  localName(context.names.member(spec, of.id ?? ''), 'Bytes');

/** Statements that set counts and sizes from what they count, before anything is written. */
export function deriveLines(context: EmitContext, spec: ClassSpec): string[] {
  return spec.seq.flatMap((attr) => {
    const derivation = derivationOf(spec, attr);
    if (derivation === undefined || attr.id === undefined || derivation.of.id === undefined) return [];
    const { kind, of } = derivation;
    const target = `this.${context.names.member(spec, attr.id)}`;
    const set = (length: string): string =>
      `${target} = ${holdsBig(context, attr, spec) ? `BigInt(${length})` : length};`;
    const value = `this.${context.names.member(spec, derivation.of.id)}`;
    if (kind === 'count') return [set(`${value}.length`)];
    const { lines, length } = prepared(context, spec, of, derivation.of.id, value, target);
    return [...lines, set(length)];
  });
}

/** Statements that make a field's bytes ready before it is written, and their length. */
function prepared(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: string,
  given: string,
): { lines: string[]; length: string } {
  const name = bytesName(context, owner, attr);
  const { type } = attr;
  if (type.kind === 'bytes' && attr.process === undefined) {
    const needed = `${value}.length${plusTerminator(attr, owner, 'bytes')}`;
    return { lines: [], length: isTrimmed(attr, owner, 'bytes') ? `this._size(${given}, ${needed})` : needed };
  }
  if (type.kind === 'bytes' || type.kind === 'str' || type.kind === 'strz') {
    const bytes = type.kind === 'bytes' ? value : encoded(context, attr, owner, id, value);
    const needed = `${name}.length${plusTerminator(attr, owner, type.kind)}`;
    return {
      lines: [`const ${name} = ${unprocessed(context, attr, owner, id, bytes)};`],
      length: isTrimmed(attr, owner, type.kind) ? `this._size(${given}, ${needed})` : needed,
    };
  }
  const assign = type.kind === 'switch' ? `${name} =` : `const ${name} =`;
  const lines = writeCases(context, owner, attr, id, value, (simple, code) => {
    if (simple.kind === 'bytes') return [`${assign} out.raw(${code});`];
    if (simple.kind === 'str' || simple.kind === 'strz')
      return [`${assign} out.raw(${encoded(context, attr, owner, id, code)});`];
    if (simple.kind !== 'user') return [];
    const spec = context.inference.program.findType(simple.name, owner);
    const fills = spec !== undefined && fillsStream(context.inference.program, spec) ? ', undefined, true' : '';
    return [
      ...adoptLines(context, owner, attr, simple, code),
      `${assign} out.inner(${asWritable(context, owner, simple, id, code)}${fills});`,
    ];
  });
  const extra = plusTerminator(attr, owner, 'struct');
  const isPlain = extra === '' && attr.process === undefined;
  return {
    lines: [
      ...(type.kind === 'switch' ? [`let ${name}: ${context.imports.supportType('KaitaiWriter')};`] : []),
      ...lines,
    ],
    length: isPlain
      ? `${name}.sizeWithin(${given})`
      : `this._size(${given}, ${unprocessed(context, attr, owner, id, `${name}.finish()`)}.length${extra})`,
  };
}

function plusTerminator(attr: AttrSpec, owner: ClassSpec, content: 'bytes' | 'str' | 'strz' | 'struct'): string {
  const length = terminatorLength(attr, owner, content);
  return length === 0 ? '' : ` + ${length}`;
}

/** A field with its condition, repetition and checks; `seen` is where expressions find it. */
export function writeField(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  property: string,
  seen: string = property,
): string[] {
  const body =
    attr.repeat === undefined
      ? writeOnce(context, owner, attr, id, property)
      : writeMany(context, owner, attr, id, property, seen);
  if (attr.if === undefined) return body;
  return block(
    `if (this._given(${fieldName(context, id)}, ${emitSure(context, attr.if.expr, { owner })}, ${property}))`,
    body,
  );
}

function writeOnce(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: string): string[] {
  return [...writeValue(context, owner, attr, id, value), ...validLines(context, owner, attr, id, value)];
}

function writeValue(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: string): string[] {
  const isPrepared = attr.repeat === undefined && attr.size !== undefined && isDerivedFrom(owner, attr.size.expr, attr);
  if (!isPrepared || (attr.type.kind === 'bytes' && attr.process === undefined))
    return writeItem(context, owner, attr, id, value);
  const name = bytesName(context, owner, attr);
  const size = attr.size === undefined ? undefined : emitNumber(context, attr.size.expr, { owner });
  const { kind } = attr.type;
  if (kind === 'bytes' || kind === 'str' || kind === 'strz') {
    return [`out.writeBytes(${delimited(context, attr, owner, id, kind, name, size)});`];
  }
  const known = keepsLength(attr) && !isTrimmed(attr, owner, 'struct') ? size : undefined;
  return [
    `out.${isRoomy(attr, owner) ? 'embed' : 'collapse'}(${name}${finisher(context, owner, attr, id, size, known)});`,
  ];
}

/** `valid` of severity `error`, looked at where reading does: after the field. */
function validLines(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: string): string[] {
  if (attr.valid?.severity !== 'error') return [];
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const checks = checksOf(
    context,
    { valid: attr.valid },
    type,
    owner,
    optional ? `${context.imports.support('need')}(${value})` : value,
  );
  return checks.map(({ condition, kind, expected }) => {
    const rest = `${quote(kind)}, ${expected}, ${value}, out);`;
    // The name of an element is put together only where it is needed.
    return attr.repeat === undefined
      ? `this._expectValid(${condition.text}, ${fieldName(context, id)}, ${rest}`
      : `if (${negation(condition)}) this._expectValid(false, ${elementName(context, id)}, ${rest}`;
  });
}

function untilLines(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, items: string): string[] {
  if (attr.repeat?.kind !== 'until') return [];
  const { type, optional } = context.inference.program.itemType(attr, owner);
  const item = optional ? `${context.imports.support('need')}(item)` : 'item';
  const until = emitSure(context, attr.repeat.until.expr, { owner, underscore: { code: item, type } });
  return [`this._until(${fieldName(context, id)}, ${context.uses.note('i')}, ${items}.length, ${until});`];
}

function writeMany(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: string,
  seen: string,
): string[] {
  const { repeat } = attr;
  const { optional } = context.inference.program.itemType(attr, owner);
  const filled = isSeenWhileFilled(context.inference.program, attr);
  const items = filled ? localName(context.names.member(owner, id), 'Items') : value;
  const { made: body, names } = context.uses.of(() => [
    ...writeValue(context, owner, attr, id, 'item'),
    ...(filled ? [`${seen}.push(item);`] : []),
    ...validLines(context, owner, attr, id, 'item'),
    ...untilLines(context, owner, attr, id, items),
  ]);
  const mayRefuse = names.has(FIELD_NAME);
  const usesIndex = mayRefuse || names.has('i');
  const loop = block(`for (const item of ${items})`, usesIndex ? [...body, 'i++;'] : body);
  const named = mayRefuse
    ? block('} catch (error)', [`throw this._ofElement(${fieldName(context, id)}, i, error);`])
    : [];
  const restored = filled ? block('} finally', [`${seen} = ${items};`, 'this._filling = undefined;']) : [];
  const guards = [...named.slice(0, named.length > 0 && filled ? -1 : undefined), ...restored];
  const guarded = guards.length === 0 ? loop : [...block('try', loop).slice(0, -1), ...guards];
  const counted = usesIndex ? ['{', ...indent(['let i = 0;', ...guarded]), '}'] : guarded;
  const whole = filled
    ? [
        `const ${items} = ${value};`,
        // Elements see those before them, as when they are read.
        `this._filling = ${seen} = [];`,
        ...counted,
      ]
    : counted;
  switch (repeat?.kind) {
    case 'expr': {
      if (optional || isDerivedFrom(owner, repeat.count.expr, attr)) return whole;
      const count = emitNumber(context, repeat.count.expr, { owner });
      return [`this._expect(${quote(`${id}.length`)}, ${count}, ${value}.length);`, ...whole];
    }
    case 'until':
      return [`if (${value}.length === 0) this._expect(${quote(`${id}.length`)}, 1, 0);`, ...whole];
    default:
      return [...whole, `out.mustEnd(this, ${fieldName(context, id)});`];
  }
}
