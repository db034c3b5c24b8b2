/** What is used of generated classes and their support modules, which are compiled apart from this program. */

export interface Violation {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly constraint: string;
  readonly rule: string | undefined;
  readonly severity: 'error' | 'refuse-write' | 'warning' | 'info';
  readonly section: string | undefined;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly message: string;
}

/** As `ReadLimits` of the support modules. */
export interface Limits {
  readonly depth?: number;
  readonly items?: number;
  readonly emptyItems?: number;
  readonly allocated?: number;
  readonly inflated?: number;
}

export interface Stream {
  readonly memory: DataView;
  readonly base: number;
  readonly length: number;
  slice(position: number, length: number): Uint8Array;
}

export type StreamClass = new (
  bytes: Uint8Array,
  options: { readonly onViolation: (violation: Violation) => void; readonly limits: Limits | undefined },
) => Stream;

/** As `--positions` records it: counted from the start of a stream, which begins at `ioOffset` of the file. */
export interface Position {
  readonly start: number;
  /** Undefined where the field could not be read. */
  readonly end: number | undefined;
  readonly ioOffset: number;
  readonly arr?: readonly Position[];
}

export interface AnyStruct {
  readonly _io: Stream;
  readonly _debug?: Readonly<Record<string, Position>>;
  _read(io: Stream): void;
}

export type StructClass = new (
  io: Stream,
  parent?: undefined,
  root?: undefined,
  ...params: readonly unknown[]
) => AnyStruct;
