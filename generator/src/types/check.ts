/** Checks every name and expression of every type, and reports the invalid ones. */
import type { Diagnostics } from '../diagnostics.js';
import { ID_PATTERN, locate } from '../spec/context.js';
import type { AttrSpec, ClassSpec, ConstraintSpec, ExprSpec, SimpleTypeSpec } from '../spec/model.js';
import { mentions } from '../expr/names.js';
import { attrExpressions, processArguments } from './expressions.js';
import { ExpressionError, type Scope } from './known-types.js';
import type { Inference } from './infer.js';
import { attrTypes, topType } from './program.js';
import { checkStyle } from './style.js';
import { unknownEnum, unknownType } from './unknown-names.js';
import { intType, isStruct, typeName, type ValueType } from './value-type.js';
import { SAFE_RANGE, SIZE_RANGE } from './int-range.js';

export function checkProgram(inference: Inference, diagnostics: Diagnostics): void {
  for (const spec of inference.program.classes) new ClassCheck(inference, diagnostics, spec).run();
  for (const { root } of inference.program.files) checkStyle(root, diagnostics);
}

class ClassCheck {
  readonly #inference: Inference;
  readonly #diagnostics: Diagnostics;
  readonly #owner: ClassSpec;

  constructor(inference: Inference, diagnostics: Diagnostics, owner: ClassSpec) {
    this.#inference = inference;
    this.#diagnostics = diagnostics;
    this.#owner = owner;
  }

  run(): void {
    const owner = this.#owner;
    for (const attr of owner.seq) this.#attr(attr);
    for (const instance of owner.instances) {
      if (instance.kind === 'parse') {
        this.#attr(instance.attr);
        this.#noIndex([instance.pos, instance.io]);
        this.#expect(instance.pos, 'int');
        this.#expect(instance.io, 'io');
      } else {
        const type = this.#type(instance.value);
        if (instance.enum !== undefined && type !== undefined && !['int', 'enum', 'any', 'never'].includes(type.kind)) {
          this.#diagnostics.error(instance.enum.at, `tried to resolve non-integer ${typeName(type)} to enum`);
        }
        if (type?.kind === 'never') {
          const hint = 'it is defined by nothing but itself, so its type cannot be told';
          this.#diagnostics.error(instance.value.at, `unable to derive the type of '${instance.id}': ${hint}`);
        }
        this.#noIndex([instance.value]);
        this.#expect(instance.if, 'bool');
        this.#enum(instance.enum);
        if (instance.valid !== undefined) this.#valid(instance.valid, this.#type(instance.value));
      }
    }
    for (const param of owner.params) {
      // Whoever passes an object has made it: its parameters are not given here.
      if (param.type.kind === 'simple') this.#knownType(param.type.type);
      this.#enum(param.enum);
    }
    if (owner.toStringExpr !== undefined) this.#expect(owner.toStringExpr, 'str');
    if (typeof owner.meta.endian === 'object' && owner.outer?.meta.endian !== owner.meta.endian) {
      const on = this.#type(owner.meta.endian.on);
      for (const arm of owner.meta.endian.cases) this.#match(arm.match, on);
    }
  }

  #attr(attr: AttrSpec): void {
    if (attr.repeat === undefined) this.#noIndex(attrExpressions(attr));
    else this.#noIndex([attr.if, attr.repeat.kind === 'expr' ? attr.repeat.count : undefined]);
    if (attr.repeat?.kind === 'until') this.#untilIndex(attr.repeat.until);
    for (const type of attrTypes(attr)) this.#typeSpec(type);
    if (attr.type.kind === 'switch') {
      const on = this.#type(attr.type.on);
      for (const arm of attr.type.cases) this.#match(arm.match, on);
    }
    this.#enum(attr.enum);
    this.#expect(attr.if, 'bool');
    this.#expect(attr.size, 'int');
    if (attr.repeat?.kind === 'expr') this.#expect(attr.repeat.count, 'int');
    const item = this.#inference.program.itemType(attr, this.#owner).type;
    if (attr.repeat?.kind === 'until') this.#expect(attr.repeat.until, 'bool', item);
    if (attr.valid !== undefined) this.#valid(attr.valid, item);
    if (attr.checksum?.size !== undefined) this.#expect(attr.checksum.size, 'int');
    if (attr.parent !== undefined && attr.parent !== 'none') this.#parent(attr.parent);
    this.#process(attr.process);
  }

  #process(process: AttrSpec['process']): void {
    if (process?.kind === 'rotate') {
      this.#expect(process.amount, 'int');
    } else if (process?.kind === 'xor') {
      const type = this.#type(process.key);
      if (type === undefined || ['int', 'bytes', 'any', 'never'].includes(type.kind)) return;
      const { at, text } = process.key;
      this.#diagnostics.error(at, `invalid type: expected integer or byte array, but '${text}' is ${typeName(type)}`);
    } else {
      for (const expr of processArguments(process)) this.#type(expr);
    }
  }

  #parent(parent: ExprSpec): void {
    const type = this.#type(parent);
    if (type === undefined || isStruct(type) || ['any', 'never', 'union'].includes(type.kind)) return;
    this.#diagnostics.error(parent.at, `invalid type: expected a structure, but '${parent.text}' is ${typeName(type)}`);
  }

  /** Refuses `_index` in what is evaluated outside of a repetition, or before it begins. */
  #noIndex(expressions: readonly (ExprSpec | undefined)[]): void {
    for (const spec of expressions) {
      if (spec !== undefined && mentions(spec.expr, '_index'))
        this.#diagnostics.error(
          spec.at,
          "unable to access '_index': it means something only for elements of a repeated field",
        );
    }
  }

  /** Kaitai Struct's other targets count on before they evaluate `repeat-until` (its issue 958). */
  #untilIndex({ expr, at }: ExprSpec): void {
    if (!mentions(expr, '_index')) return;
    this.#diagnostics.warning(
      at,
      "'_index' in `repeat-until` is the index of the element just read, as in the user guide and Kaitai Struct's Python; " +
        'code for JavaScript, Java, C#, C++, Ruby or Go has the next index there, and reads one element less',
    );
  }

  #knownType(type: SimpleTypeSpec): ClassSpec | undefined {
    if (type.kind !== 'user') return undefined;
    const spec = this.#inference.program.findType(type.name, this.#owner);
    if (spec !== undefined) return spec;
    const bad = type.name.names.find((name) => !ID_PATTERN.test(name));
    if (!topType(this.#owner).meta.opaqueTypes) {
      this.#diagnostics.error(type.at, unknownType(this.#inference.program, type.name, this.#owner));
    } else if (bad !== undefined) {
      this.#diagnostics.error(type.at, `invalid type ID: '${bad}', expected ${String(ID_PATTERN)}`);
    }
    return undefined;
  }

  #typeSpec(type: SimpleTypeSpec): void {
    if (type.kind !== 'user') return;
    const spec = this.#knownType(type);
    const text = type.name.names.join('::');
    if (spec === undefined) {
      for (const arg of type.args) this.#type(arg);
      return;
    }
    if (spec.params.length !== type.args.length) {
      this.#diagnostics.error(
        type.usedAt,
        `type '${text}' takes ${spec.params.length} parameters, but ${type.args.length} are given`,
      );
    }
    for (const [index, arg] of type.args.entries()) {
      const given = this.#type(arg);
      const param = spec.params[index];
      if (given === undefined || param === undefined) continue;
      const wanted = this.#inference.program.paramType(param, spec);
      if (!accepts(wanted, given)) {
        this.#diagnostics.error(
          { ...arg.at, path: type.usedAt.path },
          `parameter '${param.id}' must be ${typeName(wanted)}, not ${typeName(given)}`,
        );
      }
    }
  }

  #valid(valid: ConstraintSpec, value: ValueType | undefined): void {
    const sides = constraintSides(valid);
    for (const side of sides) {
      this.#match(side, value);
      const isOrdered = value === undefined || !['bool', 'enum', 'struct', 'array', 'io'].includes(value.kind);
      if (valid.kind !== 'range' || isOrdered) continue;
      this.#diagnostics.error(
        side.at,
        `can't use \`min\` or \`max\` with ${typeName(value)}: its values have no order`,
      );
    }
    if (valid.kind === 'expr') this.#expect(valid.condition, 'bool', value);
  }

  /** `expr` must be comparable with a value of type `other`. */
  #match(expr: ExprSpec | undefined, other: ValueType | undefined): void {
    if (expr === undefined || other === undefined) return;
    const type = this.#type(expr);
    if (type === undefined) return;
    if (!isStructure(type) && (accepts(other, type) || accepts(type, other))) return;
    this.#diagnostics.error(expr.at, `cannot compare ${typeName(other)} with ${typeName(type)}`);
  }

  #enum(name: AttrSpec['enum']): void {
    if (name === undefined || this.#inference.program.findEnum(name.value, this.#owner) !== undefined) return;
    this.#diagnostics.error(name.at, unknownEnum(name.value, this.#owner));
  }

  #expect(expr: ExprSpec | undefined, kind: 'bool' | 'int' | 'io' | 'str', underscore?: ValueType): void {
    if (expr === undefined) return;
    const type = this.#type(expr, underscore);
    if (type?.kind === 'int' && kind === 'int' && type.range.lo > SAFE_RANGE.hi) {
      this.#diagnostics.error(expr.at, 'a size, position or count beyond 2^53: no file is that long');
    }
    if (type === undefined || type.kind === kind || type.kind === 'any' || type.kind === 'never') return;
    const wanted = typeName(kind === 'int' ? intType(SIZE_RANGE) : { kind });
    this.#diagnostics.error(
      expr.at,
      `invalid type: expected ${wanted}, but '${expr.text.trim()}' is ${typeName(type)}${conversionHint(kind, type)}`,
    );
  }

  #type(expr: ExprSpec, underscore?: ValueType): ValueType | undefined {
    const scope: Scope = { owner: this.#owner, ...(underscore === undefined ? {} : { underscore }) };
    try {
      return this.#inference.typeOf(expr.expr, scope).type;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#diagnostics.error(locate(expr, error.offset), error.message);
      return undefined;
    }
  }
}

/** Nothing says when two of them are equal. */
const isStructure = ({ kind }: ValueType): boolean => kind === 'struct' || kind === 'any-struct';

/** How to make of a value what is wanted. */
function conversionHint(wanted: string, { kind }: ValueType): string {
  if (wanted === 'bool' && kind === 'int') return '; compare it: `!= 0`';
  if (wanted === 'int' && (kind === 'str' || kind === 'enum' || kind === 'float' || kind === 'bool'))
    return '; convert it: `.to_i`';
  return '';
}

function constraintSides(valid: ConstraintSpec): ExprSpec[] {
  switch (valid.kind) {
    case 'eq':
      return [valid.expected];
    case 'range':
      return [valid.min, valid.max].filter((side) => side !== undefined);
    case 'any-of':
      return [...valid.options];
    default:
      return [];
  }
}

/** Whether a value of type `given` can stand where `wanted` is declared. */
function accepts(wanted: ValueType, given: ValueType): boolean {
  if (wanted.kind === 'any' || given.kind === 'any' || given.kind === 'never' || wanted.kind === 'never') return true;
  if (wanted.kind === 'float') return given.kind === 'float' || given.kind === 'int';
  if (wanted.kind === 'any-struct') return ['struct', 'any-struct', 'opaque', 'union'].includes(given.kind);
  if (wanted.kind === 'struct')
    return given.kind === 'struct' ? wanted.spec === given.spec : given.kind === 'any-struct';
  if (wanted.kind === 'enum') return given.kind === 'enum' && wanted.spec === given.spec;
  if (wanted.kind === 'array') return given.kind === 'array' && accepts(wanted.item, given.item);
  if (wanted.kind === 'union') return wanted.members.some((member) => accepts(member, given));
  return wanted.kind === given.kind;
}
