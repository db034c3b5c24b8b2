/** What a structure has by those around it, where it has no slot of its own: there may be millions of it. */
import type { KaitaiStream } from './stream.js';

export class WithinOthers {
  declare _parent: WithinOthers | undefined;
  declare protected _top: WithinOthers | undefined;
  declare protected _from: KaitaiStream | DataView | null | undefined;

  protected get _source(): KaitaiStream | DataView | undefined {
    const from = this._from;
    return from === undefined ? this._parent?._source : (from ?? undefined);
  }

  /** For hand-written classes; generated ones set their slot, which is faster. */
  protected set _source(value: KaitaiStream | DataView | undefined) {
    this._from = value ?? null;
  }

  get _root(): WithinOthers | undefined {
    // No chain without it is longer than reading is deep: what instances may link to any length keeps its own.
    return this._top ?? this._parent?._root;
  }

  set _root(value: WithinOthers | undefined) {
    if (value !== undefined && value !== this._root) this._top = value;
  }
}
