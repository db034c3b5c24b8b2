/** Reports that are merged, taken apart into images. */
/** What a report has of one image, and its place among those of all shares if that is known. */
export interface Part<T> {
  readonly position: number | undefined;
  readonly of: number | undefined;
  readonly value: T;
}

/** A report that was read. */
export interface ReadReport {
  readonly name: string;
  readonly text: string;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{ position, of }` in `shard`, and the members without it. */
export function takeShard(members: Readonly<Record<string, unknown>>): Part<Readonly<Record<string, unknown>>> {
  const { shard, ...value } = members;
  if (!isRecord(shard)) return { position: undefined, of: undefined, value };
  const { position, of } = shard;
  return {
    position: typeof position === 'number' ? position : undefined,
    of: typeof of === 'number' ? of : undefined,
    value,
  };
}
