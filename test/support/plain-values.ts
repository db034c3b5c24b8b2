/** What was read as the plain objects that make it again: nothing of what the schema determines. */
import { attrId } from '../../generator/src/emit/context/names.js';
import { derivationOf } from '../../generator/src/emit/layout/derived.js';
import { parseInstances } from '../../generator/src/emit/layout/reasons.js';
import type { ClassSpec } from '../../generator/src/spec/model.js';
import type { Generated } from './generated-classes.js';

export class PlainValues {
  readonly #generated: Generated;
  readonly #specs: ReadonlyMap<string, ClassSpec>;
  readonly #held = new Set<object>();

  constructor(generated: Generated) {
    this.#generated = generated;
    this.#specs = new Map(generated.program.classes.map((spec) => [generated.names.class(spec), spec]));
  }

  /** Instances that cannot be read, and those that lead back to what is around them, are left out. */
  of(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.of(item));
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    const spec = this.#specs.get(value.constructor.name);
    if (spec === undefined) return value;
    this.#held.add(value);
    const members = [...this.#fields(value, spec), ...this.#instances(value, spec)];
    this.#held.delete(value);
    return Object.fromEntries(members);
  }

  #fields(struct: object, spec: ClassSpec): [string, unknown][] {
    const { names, program } = this.#generated;
    return spec.seq.flatMap((attr, index) => {
      const isDetermined =
        derivationOf(program, attr) !== undefined ||
        (attr.if === undefined && attr.repeat === undefined && attr.contents !== undefined) ||
        attr.checksum !== undefined;
      if (isDetermined) return [];
      const name = names.member(spec, attrId(attr, index));
      return [[name, this.of(Reflect.get(struct, name))] satisfies [string, unknown]];
    });
  }

  #instances(struct: object, spec: ClassSpec): [string, unknown][] {
    const { names, program } = this.#generated;
    return parseInstances(program, spec).flatMap(({ id }) => {
      const name = names.member(spec, id);
      try {
        const value: unknown = Reflect.get(struct, name);
        const isAround = typeof value === 'object' && value !== null && this.#held.has(value);
        return value === undefined || isAround ? [] : [[name, this.of(value)] satisfies [string, unknown]];
      } catch {
        return [];
      }
    });
  }
}
