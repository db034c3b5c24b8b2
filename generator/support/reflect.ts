/**
 * What a schema says of its types, as data (`ksy-ts --reflection`): the modules `*.schema.ts` hold an object for each class
 * and each enum. Nothing of a class refers to them, so that a bundle has only those that a program asks for.
 */
import type { ConstraintKind, Severity } from './constraints.js';
import type { FieldLayout, KaitaiStruct } from './struct.js';

/** A type of a schema. */
export interface StructSchema<T extends KaitaiStruct = KaitaiStruct, Name extends string = string> {
  /** The type's path from the top of its schema: `png::chunk`. */
  readonly id: string;
  /** The class that was generated from it. */
  readonly type: abstract new (...args: never[]) => T;
  /** Bytes; undefined where they are not the same in every file. */
  readonly size?: number;
  readonly doc?: string;
  /** The specification's own spelling (`-orig-id`). */
  readonly origId?: string;
  /** The type's first `doc-ref`. */
  readonly section?: string;
  /** In the order of the schema: parameters, fields, instances. */
  readonly fields: readonly FieldSchema<Name>[];
}

/** The schema of the class `T`, with its properties as names. */
export type SchemaOf<T extends KaitaiStruct> = StructSchema<T, Extract<keyof T, string>>;

/** A field, an instance or a parameter of a type. Places are those of fields alone: an instance reads where it says. */
export interface FieldSchema<Name extends string = string> extends FieldLayout {
  /** The property that holds it. */
  readonly name: Name;
  /** `field`: of `seq`. `instance`: read when it is asked for. `value`: computed. */
  readonly kind: 'param' | 'field' | 'instance' | 'value';
  /** True where the value is an array. */
  readonly isList?: true;
  /** True where the value may be absent: by `if`, or a switch without a matching case. */
  readonly isOptional?: true;
  /** True of an instance with `io`: its bytes are not those of its structure's stream. */
  readonly isElsewhere?: true;
  /** What structures the values may be. */
  readonly structs?: () => readonly StructSchema[];
  /** What enum the values, or those in the array, are of. */
  readonly enum?: () => EnumSchema;
  /** `contents`, `valid` and `-checksum`. */
  readonly valid?: readonly ConstraintSchema[];
  readonly doc?: string;
  /** The specification's own spelling (`-orig-id`). */
  readonly origId?: string;
  /** The field's first `doc-ref`, or that of its type. */
  readonly section?: string;
}

/** A constraint as the schema states it. */
export interface ConstraintSchema {
  readonly kind: ConstraintKind;
  /** The bound, the values or the condition in the schema's words; `contents` in hexadecimal; the algorithm of a checksum. */
  readonly expected?: string;
  /** `-rule` of the schema. */
  readonly rule?: string;
  readonly severity: Severity;
}

/** An enum of a schema. */
export interface EnumSchema {
  /** The enum's path from the top of its schema: `png::color_type`. */
  readonly id: string;
  readonly values: readonly EnumValueSchema[];
}

/** A declared value of an enum. */
export interface EnumValueSchema {
  /** `truecolor_alpha` */
  readonly id: string;
  /** The key of the generated enum: `TRUECOLOR_ALPHA`. */
  readonly name: string;
  readonly value: number | bigint;
  readonly doc?: string;
  readonly origId?: string;
}

/** The schema of a structure's own class among those that a field may hold; undefined for any other value. */
export function schemaOf(field: Pick<FieldSchema, 'structs'>, value: unknown): StructSchema | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return field.structs?.().find(({ type }) => type === value.constructor);
}

/** The declared value that `value` is; undefined for any other. */
export function enumValueOf({ values }: EnumSchema, value: unknown): EnumValueSchema | undefined {
  return values.find((each) => each.value === value);
}
