/** What no field describes in the stream that a structure was read from. */
import { KaitaiStream } from './stream.js';
import { KaitaiStruct, holderOf } from './struct.js';

/** The stream that a structure was read from, where that is the structure's own. */
export interface Origin {
  /** Where the fields of `seq` ended. */
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** What no field describes in the stream of a structure: a root's, or one that was made for it within another. */
export function originOf(struct: object): Origin | undefined {
  if (!(struct instanceof KaitaiStruct)) return undefined;
  const source = struct['_source'];
  const bytes = struct['_bytes'];
  if (source === undefined || bytes === undefined || source === holderOf(struct)?.['_source']) return undefined;
  if (source instanceof KaitaiStream) return { end: source.pos, bytes };
  const { SIZE: size } = struct.constructor as { readonly SIZE?: number };
  return size === undefined || (struct['_start'] ?? 0) !== 0 ? undefined : { end: size, bytes };
}

/** `bytes` of a structure of fixed size, with what stood behind it in its stream. */
export function withOrigin(struct: KaitaiStruct, bytes: Uint8Array): Uint8Array {
  const origin = originOf(struct);
  if (origin === undefined || origin.end !== bytes.length || origin.bytes.length <= bytes.length) return bytes;
  const all = origin.bytes.slice();
  all.set(bytes);
  return all;
}
