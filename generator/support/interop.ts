/**
 * Streams for code written against the npm package `kaitai-struct`. Only the output of schemas with opaque types, or
 * with custom processes that take structures or streams, imports this module, and only it imports that package.
 */
import runtime from 'kaitai-struct';
import { KaitaiStream } from './stream.js';

/** The class of the package, whose types put a `default` around it that is not there at run time. */
type OfficialStream = InstanceType<(typeof runtime)['KaitaiStream']['default']>;
const Official = runtime.KaitaiStream as unknown as { readonly prototype: OfficialStream };

// From here on every stream is an instance of that class too, those included that exist already. The methods of
// `KaitaiStream` come before the inherited ones, so that none of these sees fields that are not there.
Object.setPrototypeOf(KaitaiStream.prototype, Official.prototype);

/** `value` for a class that nothing was generated from: a stream is one of the package's own. */
export function forKaitaiStruct(value: KaitaiStream): KaitaiStream & OfficialStream;
export function forKaitaiStruct<T>(value: T): T;
export function forKaitaiStruct(value: unknown): unknown {
  return value;
}
