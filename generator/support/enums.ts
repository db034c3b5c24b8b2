/** Names of enum values. */

/** A declared value of an enum, or any other as it was read. */
export type ValueOf<Values, Any extends number | bigint = number> = Values[keyof Values] | (Any & {});

/**
 * The name of a declared value of a generated enum (`FULLY_PRESENT`); undefined for any other. Of several names of one
 * value, the first.
 */
export function enumName<E extends Readonly<Record<string, number | bigint>>>(
  values: E,
  value: number | bigint | undefined,
): Extract<keyof E, string> | undefined {
  for (const name in values) if (values[name] === value) return name;
  return undefined;
}

export function isEnumValue(values: Readonly<Record<string, number | bigint>>, value: number | bigint): boolean {
  return enumName(values, value) !== undefined;
}
