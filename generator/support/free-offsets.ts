/** Offsets that nobody gave: what they lead to is put behind everything else when it is written. */
import type { KaitaiStruct } from './struct.js';

/** By structure: the properties that hold such offsets, and what each was last set to. */
const free = new WeakMap<KaitaiStruct, Map<string, number | bigint>>();

/** Leaves an offset to the writer, until somebody sets it. Returns what it is until then. */
export function freeOffset<T extends number | bigint>(struct: KaitaiStruct, property: string, initial: T): T {
  const offsets = free.get(struct) ?? new Map<string, number | bigint>();
  free.set(struct, offsets.set(property, initial));
  return initial;
}

/** Whether one of a structure's offsets is left to the writer. */
export function holdsFreeOffset(struct: KaitaiStruct): boolean {
  return free.has(struct);
}

/**
 * What sets an offset to the end of a stream, which `valueAt` turns into the value of the property, and returns whether that
 * is another one than before; undefined where the offset was given.
 */
export function offsetSetter<Property extends string, T extends number | bigint>(
  struct: KaitaiStruct & { [P in Property]: T },
  property: Property,
  valueAt: (end: number) => T,
): ((end: number) => boolean) | undefined {
  const offsets = free.get(struct);
  if (offsets === undefined || offsets.get(property) !== struct[property]) return undefined;
  return (end) => {
    const before: number | bigint = struct[property];
    const value = valueAt(end);
    (struct as { [P in Property]: T })[property] = value;
    offsets.set(property, value);
    return value !== before;
  };
}
