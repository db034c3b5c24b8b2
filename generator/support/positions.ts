/** Where fields were read (`ksy-ts --positions`), in the form of Kaitai Struct's debug mode. */
import type { KaitaiStream } from './stream.js';

export interface FieldPosition {
  /** The first byte, counted from the start of the stream that the field was read from. */
  readonly start: number;
  /** Behind the last byte; undefined where reading the field failed. */
  end: number | undefined;
  /** Where that stream begins within the outermost one; of bytes that were processed, where those stood. */
  readonly ioOffset: number;
  /** Of a repeated field, the positions of its elements. */
  arr?: FieldPosition[];
}

/** By property. */
export type Positions = Record<string, FieldPosition>;

interface Positioned {
  _debug: Positions | undefined;
}

export function beginField(owner: Positioned, name: string, io: KaitaiStream): void {
  (owner._debug ??= {})[name] = here(io);
}

export function endField(owner: Positioned, name: string, io: KaitaiStream): void {
  const position = owner._debug?.[name];
  if (position !== undefined) position.end = io.pos;
}

export function beginItem(owner: Positioned, name: string, io: KaitaiStream): void {
  const position = owner._debug?.[name];
  if (position !== undefined) (position.arr ??= []).push(here(io));
}

export function endItem(owner: Positioned, name: string, io: KaitaiStream): void {
  const position = owner._debug?.[name]?.arr?.at(-1);
  if (position !== undefined) position.end = io.pos;
}

function here(io: KaitaiStream): FieldPosition {
  return { start: io.pos, end: undefined, ioOffset: io.origin };
}
