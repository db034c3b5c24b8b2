/** The types of all members, found until nothing changes: value instances and enums may refer to each other in cycles. */
import type { Expr, TypeName } from '../expr/ast.js';
import type { ClassSpec, EnumSpec, ParamSpec, ValueInstanceSpec } from '../spec/model.js';
import { enumUses, type EnumUse } from './enum-uses.js';
import { expressionType } from './expression-types.js';
import { ExpressionError, type Scope } from './known-types.js';
import { namedType } from './named-types.js';
import { SIZE_RANGE, UNBOUNDED, isSafe, sameRange, single, union, type IntRange } from './int-range.js';
import { ParentTypes } from './parents.js';
import { attrTypes, attrsOf, findAttr, findInstance, isForeign, type Program } from './program.js';
import { ANY, NEVER, arrayOf, intType, sameType, type MaybeType, type ValueType } from './value-type.js';

const sure = (type: ValueType): MaybeType => ({ type, optional: false });
/** Instances that wait for each other on the stack; each has up to a thousand frames for its expression. */
const MAX_DEPTH = 8;

/** Too many instances wait for each other: this one is to be estimated first. */
class TooDeep {
  readonly spec: ValueInstanceSpec;
  readonly owner: ClassSpec;

  constructor(spec: ValueInstanceSpec, owner: ClassSpec) {
    this.spec = spec;
    this.owner = owner;
  }
}

/** Ranges of values that refer to themselves grow without end: after this many changes they are widened. */
const MAX_ESTIMATES = 4;

export class Inference {
  readonly program: Program;
  readonly parents: ParentTypes;
  #instanceTypes = new Map<ValueInstanceSpec, MaybeType>();
  #changes = new Map<ValueInstanceSpec, number>();
  #round = new Set<ValueInstanceSpec>();
  readonly #optionalParams = new Set<ParamSpec>();
  #depth = 0;
  /** Instances that are estimated once what they need is. */
  readonly #waiting = new Set<ValueInstanceSpec>();
  readonly #enumRanges = new Map<EnumSpec, IntRange>();
  #typed = new WeakMap<Expr, MaybeType>();

  constructor(program: Program) {
    this.program = program;
    this.parents = new ParentTypes(program, (parent, owner) => this.typeOf(parent, { owner }).type);
    this.#settle();
  }

  /** Estimates all value instances until nothing changes: they may refer to each other in cycles. */
  #settle(): void {
    const all = this.program.classes.flatMap((owner) =>
      owner.instances.flatMap((spec) => (spec.kind === 'value' ? [{ spec, owner }] : [])),
    );
    this.#collectEnumRanges();
    let changed = true;
    while (changed) {
      changed = false;
      this.#round.clear();
      this.#typed = new WeakMap();
      for (const { spec, owner } of all) {
        const before = this.#instanceTypes.get(spec);
        const after = this.#flat(() => this.#estimate(spec, owner));
        if (before === undefined || !sameMaybe(before, after)) changed = true;
      }
      if (this.#collectEnumRanges()) changed = true;
      if (this.#collectOptionalParams()) changed = true;
    }
    this.#typed = new WeakMap();
  }

  /** A long chain of instances is estimated from its far end, in pieces that the stack has room for. */
  #flat<T>(evaluate: () => T): T {
    const open: TooDeep[] = [];
    try {
      for (;;) {
        const next = open.at(-1);
        this.#depth = 0;
        try {
          if (next === undefined) return evaluate();
          this.#waiting.delete(next.spec);
          this.#estimate(next.spec, next.owner);
          open.pop();
        } catch (error) {
          if (!(error instanceof TooDeep)) throw error;
          open.push(error);
          for (const { spec } of open) this.#waiting.add(spec);
        }
      }
    } finally {
      this.#depth = 0;
      this.#waiting.clear();
    }
  }

  #estimate(spec: ValueInstanceSpec, owner: ClassSpec): MaybeType {
    const known = this.#instanceTypes.get(spec);
    if (this.#round.has(spec) || this.#waiting.has(spec)) return known ?? sure(NEVER);
    if (this.#depth >= MAX_DEPTH) throw new TooDeep(spec, owner);
    this.#round.add(spec);
    this.#depth += 1;
    let next: MaybeType;
    try {
      next = this.#valueType(spec, owner);
    } catch (error) {
      this.#round.delete(spec);
      throw error;
    }
    this.#depth -= 1;
    if (known !== undefined && !sameMaybe(known, next)) {
      const changes = (this.#changes.get(spec) ?? 0) + 1;
      this.#changes.set(spec, changes);
      if (changes > MAX_ESTIMATES) next = { ...next, type: widen(next.type) };
    }
    this.#instanceTypes.set(spec, next);
    return next;
  }

  #valueType(spec: ValueInstanceSpec, owner: ClassSpec): MaybeType {
    let found: MaybeType;
    try {
      found = this.typeOf(spec.value.expr, { owner });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      found = sure(ANY);
    }
    const optional = found.optional || spec.if !== undefined;
    const named = spec.enum === undefined ? undefined : this.program.findEnum(spec.enum.value, owner);
    return { type: named === undefined ? found.type : { kind: 'enum', spec: named }, optional };
  }

  /** What the schema's own fields hand to parameters; true where another one may be absent. */
  #collectOptionalParams(): boolean {
    const before = this.#optionalParams.size;
    for (const owner of this.program.classes) {
      for (const type of attrsOf(owner).flatMap(attrTypes)) {
        const used = type.kind === 'user' ? this.program.findType(type.name, owner) : undefined;
        if (type.kind !== 'user' || used === undefined || isForeign(used, owner)) continue;
        for (const [index, param] of used.params.entries()) {
          const arg = type.args[index];
          if (arg !== undefined && this.#mayBeAbsent(arg.expr, owner)) this.#optionalParams.add(param);
        }
      }
    }
    return this.#optionalParams.size > before;
  }

  #mayBeAbsent(expr: Expr, owner: ClassSpec): boolean {
    try {
      return this.typeOf(expr, { owner }).optional;
    } catch (error) {
      if (error instanceof ExpressionError) return false;
      throw error;
    }
  }

  /** Declared values and all uses of each enum, in one range; true where one grew. */
  #collectEnumRanges(): boolean {
    let grew = false;
    const extend = (spec: EnumSpec, more: IntRange): void => {
      const before = this.#enumRanges.get(spec);
      const after = before === undefined ? more : union(before, more);
      if (before !== undefined && sameRange(before, after)) return;
      this.#enumRanges.set(spec, after);
      grew = true;
    };
    for (const owner of this.program.classes) {
      for (const spec of owner.enums.values()) for (const { value } of spec.values) extend(spec, single(value));
      for (const use of enumUses(owner)) {
        const spec = this.program.findEnum(use.name, owner);
        if (spec !== undefined) extend(spec, this.#rangeOfUse(use, owner));
      }
    }
    return grew;
  }

  #rangeOfUse(use: EnumUse, owner: ClassSpec): IntRange {
    if (use.value !== undefined) {
      const { expr } = use.value;
      try {
        const { type } = this.#flat(() => this.typeOf(expr, { owner }));
        return type.kind === 'int' ? type.range : SIZE_RANGE;
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        return SIZE_RANGE;
      }
    }
    return use.range ?? SIZE_RANGE;
  }

  /** Every value that any field of this enum can hold. */
  enumRange(spec: EnumSpec): IntRange {
    return this.#enumRanges.get(spec) ?? single(0n);
  }

  /** Whether values of this enum are bigint: one 64-bit use makes them so everywhere. */
  isBigEnum(spec: EnumSpec): boolean {
    return !isSafe(this.enumRange(spec));
  }

  instanceType(owner: ClassSpec, id: string): MaybeType | undefined {
    const spec = findInstance(owner, id);
    if (spec === undefined) return undefined;
    return spec.kind === 'parse' ? this.program.attrType(spec.attr, owner) : this.#estimate(spec, owner);
  }

  /** The type of a member of `owner`: field, instance, parameter. */
  memberType(owner: ClassSpec, id: string): MaybeType | undefined {
    const attr = findAttr(owner, id);
    if (attr !== undefined) return this.program.attrType(attr, owner);
    const instance = this.instanceType(owner, id);
    if (instance !== undefined) return instance;
    const param = owner.params.find((candidate) => candidate.id === id);
    return param === undefined ? undefined : this.paramType(param, owner);
  }

  /** The type of a parameter: optional where the schema itself hands it a value that may be absent. */
  paramType(param: ParamSpec, owner: ClassSpec): MaybeType {
    return { type: this.program.paramType(param, owner), optional: this.#optionalParams.has(param) };
  }

  /** @throws {ExpressionError} where operators, members or names do not fit. */
  typeOf(expr: Expr, scope: Scope): MaybeType {
    const known = this.#typed.get(expr);
    if (known !== undefined) return known;
    const type = expressionType(this, expr, scope);
    this.#typed.set(expr, type);
    return type;
  }

  /** A type as `.as<…>` writes it. @throws {ExpressionError} for an unknown one */
  namedType(name: TypeName, owner: ClassSpec): ValueType {
    return namedType(this, name, owner);
  }

  /** As `typeOf`, where only the type matters. */
  valueType(expr: Expr, scope: Scope): ValueType {
    return this.typeOf(expr, scope).type;
  }
}

function widen(type: ValueType): ValueType {
  if (type.kind === 'int') return intType(UNBOUNDED);
  if (type.kind === 'array') return arrayOf(widen(type.item));
  return type;
}

function sameMaybe(a: MaybeType, b: MaybeType): boolean {
  return a.optional === b.optional && sameType(a.type, b.type);
}
