/** A diagram before it is drawn: bands from top to bottom, with cells from left to right. */
export type Tone = 'plain' | 'constant' | 'reserved' | 'open' | 'gap';

export interface Cell {
  readonly label: string;
  /** Below the label, where there is room. */
  readonly detail: string;
  /** In full, for those who point at the cell. */
  readonly title: string;
  readonly tone: Tone;
  /** In units of the band; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** Whether the field began in an earlier band, or goes on in a later one. */
  readonly isContinued: { readonly left: boolean; readonly right: boolean };
}

export interface Band {
  /** Bytes, bits, or a field that is not drawn to scale. */
  readonly kind: 'bytes' | 'bits' | 'whole';
  /** How many bytes or bits it is wide. */
  readonly units: number;
  /** Of bits: the number of the first. */
  readonly first: number;
  /** Rows of bytes that it stands for: more than one for a field that fills them. */
  readonly rows: number;
  /** Offset of its first byte; empty where that is no number. */
  readonly gutter: string;
  readonly cells: readonly Cell[];
}

export interface Diagram {
  readonly title: string;
  /** The same in words. */
  readonly description: string;
  readonly bands: readonly Band[];
}
