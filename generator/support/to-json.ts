/** Structures as JSON has them, from what their schema says (`ksy-ts --reflection`). */
import { LimitError } from './errors.js';
import { enumValueOf, schemaOf, type FieldSchema, type StructSchema } from './reflect.js';
import type { KaitaiStruct } from './struct.js';

/** A value that `JSON.stringify` writes without loss. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface JsonOptions {
  /** Also what instances read and compute; only what `seq` reads unless given. A value that cannot be had is left out. */
  readonly instances?: boolean;
  /** Enum values as the schema's names, or as numbers (those without a name always are); `name` unless given. */
  readonly enums?: 'name' | 'number';
  /** Bytes as hexadecimal digits or in Base64; `hex` unless given. */
  readonly bytes?: 'hex' | 'base64';
  /** Structures within structures, at most; 500 unless given. */
  readonly depth?: number;
}

/**
 * A structure as plain data: an object of its fields by property, without those that are absent. Fields whose type is
 * `bigint` are decimal strings, however small the value is; bytes are hexadecimal digits or Base64; enum values are the
 * schema's names (`truecolor`); `NaN` and infinite numbers are strings, since JSON has none. An object of a class of your own is `null`. A
 * structure that an instance's value leads back to (`_parent`) is left out.
 *
 * @throws {LimitError} where structures are nested deeper than `depth`
 * @throws {ReadError} where a field that is read when it is asked for cannot be read
 */
export function toJSON<T extends KaitaiStruct>(
  schema: StructSchema<T>,
  struct: T,
  options: JsonOptions = {},
): JsonValue {
  return new Converter(options).struct(schema, struct, 0);
}

class Converter {
  readonly #withInstances: boolean;
  readonly #withNames: boolean;
  readonly #bytesText: (bytes: Uint8Array) => string;
  readonly #depth: number;

  constructor({ instances = false, enums = 'name', bytes = 'hex', depth = 500 }: JsonOptions) {
    this.#withInstances = instances;
    this.#withNames = enums === 'name';
    this.#bytesText = bytes === 'hex' ? hexDigits : base64;
    this.#depth = depth;
  }

  struct(schema: StructSchema, struct: KaitaiStruct, depth: number): JsonValue {
    if (depth > this.#depth) throw new LimitError(`a structure more than ${this.#depth} deep in others`);
    const json: Record<string, JsonValue> = {};
    for (const field of schema.fields) {
      if (field.kind !== 'field' && !this.#withInstances) continue;
      const value = this.#valueOf(struct, field);
      if (value === undefined || !isOwn(field, value)) continue;
      // A field may be called `__proto__`, which an assignment would not create.
      Object.defineProperty(json, field.name, {
        value: this.#json(field, value, depth),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return json;
  }

  /** An instance may have no value in this file: then it has none here. */
  #valueOf(struct: KaitaiStruct, { name, kind }: FieldSchema): unknown {
    try {
      const value: unknown = Reflect.get(struct, name);
      return value;
    } catch (error) {
      if (kind === 'field') throw error;
      return undefined;
    }
  }

  #json(field: FieldSchema, value: unknown, depth: number): JsonValue {
    if (Array.isArray(value)) return value.map((item: unknown) => this.#json(field, item, depth));
    if (typeof value === 'number' || typeof value === 'bigint') {
      const declared = field.enum === undefined || !this.#withNames ? undefined : enumValueOf(field.enum(), value);
      if (declared !== undefined) return declared.id;
      return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
    }
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (value instanceof Uint8Array) return this.#bytesText(value);
    const schema = schemaOf(field, value);
    return schema === undefined ? null : this.struct(schema, value as KaitaiStruct, depth + 1);
  }
}

/** Parameters and computed values refer to structures that stand elsewhere. */
function isOwn({ kind }: FieldSchema, value: unknown): boolean {
  if (kind === 'field' || kind === 'instance') return true;
  const item: unknown = Array.isArray(value) ? value[0] : value;
  return typeof item !== 'object' || item instanceof Uint8Array;
}

function hexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // As arguments of one call, many bytes would be too many.
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(text);
}
