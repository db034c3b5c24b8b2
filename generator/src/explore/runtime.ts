/**
 * Generated classes and their support modules, as this program sees them: they are compiled and loaded when it runs, so
 * nothing but their types is imported.
 */
import type { StructSchema } from 'ksy-ts/runtime';
import type { ReadOptions } from 'ksy-ts/runtime/constraints.js';
import type { KaitaiStream } from 'ksy-ts/runtime/stream.js';
import type { KaitaiStruct } from 'ksy-ts/runtime/struct.js';

export type StreamClass = new (bytes: Uint8Array, options: ReadOptions) => KaitaiStream;

export type StructClass = new (
  io: KaitaiStream,
  parent?: undefined,
  root?: undefined,
  ...params: readonly unknown[]
) => KaitaiStruct;

/** What a schema says of a type. */
export type Reflection = StructSchema;

export type TreeModule = typeof import('ksy-ts/runtime/tree.js');
export type HexView = typeof import('ksy-ts/runtime/hex-view.js');
