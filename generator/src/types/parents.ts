/** What `_parent` is: a type used by one other type only has that one as its parent. */
import type { Expr } from '../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../spec/model.js';
import { attrsOf, isForeign, usedTypes, type Program } from './program.js';
import { ANY_STRUCT, combine, isStruct, type ValueType } from './value-type.js';

type TypeOf = (expr: Expr, owner: ClassSpec) => ValueType;

export class ParentTypes {
  readonly #uses = new Map<ClassSpec, { attr: AttrSpec; owner: ClassSpec }[]>();
  readonly #known = new Map<ClassSpec, ValueType>();
  readonly #typeOf: TypeOf;

  constructor(program: Program, typeOf: TypeOf) {
    this.#typeOf = typeOf;
    for (const owner of program.classes) {
      for (const attr of attrsOf(owner)) {
        for (const used of usedTypes(program, attr, owner)) {
          // What one file says must not depend on who imports it.
          if (isForeign(used, owner)) continue;
          const uses = this.#uses.get(used) ?? [];
          uses.push({ attr, owner });
          this.#uses.set(used, uses);
        }
      }
    }
  }

  /** The type of `_parent` within `spec`: any structure, where it has none or several. */
  of(spec: ClassSpec): ValueType {
    const known = this.#known.get(spec);
    if (known !== undefined) return known;
    // Stands in while `parent: expr` of a use leads back here.
    this.#known.set(spec, ANY_STRUCT);
    let types: ValueType[];
    try {
      types = (this.#uses.get(spec) ?? []).flatMap(({ attr, owner }) => this.#parentGivenBy(attr, owner));
    } catch (error) {
      // Anything but a mistake of the schema is tried again.
      if (!(error instanceof Error)) this.#known.delete(spec);
      throw error;
    }
    const [first, ...rest] = types;
    const all = first === undefined ? ANY_STRUCT : rest.reduce(combine, first);
    const parent = isStruct(all) ? all : ANY_STRUCT;
    this.#known.set(spec, parent);
    return parent;
  }

  #parentGivenBy({ parent }: AttrSpec, owner: ClassSpec): ValueType[] {
    if (parent === 'none') return [];
    if (parent === undefined) return [{ kind: 'struct', spec: owner }];
    return [this.#typeOf(parent.expr, owner)];
  }
}
