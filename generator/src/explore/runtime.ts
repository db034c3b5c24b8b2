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
  readonly pos: number;
}

export type StreamClass = new (
  bytes: Uint8Array,
  options: { readonly onViolation: (violation: Violation) => void; readonly limits: Limits | undefined },
) => Stream;

export interface AnyStruct {
  _read(io: Stream): void;
}

export type StructClass = new (
  io: Stream,
  parent?: undefined,
  root?: undefined,
  ...params: readonly unknown[]
) => AnyStruct;

/** What a schema says of a type (`StructSchema`). */
export interface Reflection {
  readonly id: string;
}

/** As `TreeFault` of the support modules. */
export interface Fault {
  readonly path: string;
  readonly offset: number | undefined;
  readonly kind: string;
  readonly expected: string | undefined;
  readonly message: string;
}

/** As `SchemaNode` of the support modules. */
export interface TreeNode {
  readonly path: string;
  readonly label: string;
  readonly depth: number;
  readonly kind: 'structure' | 'list' | 'field' | 'value' | 'more';
  readonly type: string;
  readonly field: { readonly doc?: string; readonly section?: string };
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly bytes?: Uint8Array | undefined;
  readonly isProcessed?: boolean;
  readonly value?: unknown;
  readonly enumName?: string | undefined;
  readonly count?: number;
  readonly sameAs?: string;
  readonly fault?: Fault | undefined;
}

/** The support module `tree`. */
export interface TreeModule {
  schemaTree(
    schema: Reflection,
    struct: AnyStruct,
    options: {
      readonly select: string;
      readonly fault: Fault | undefined;
      readonly mostItems: (path: string) => number;
    },
  ): Iterable<TreeNode>;
  faultOf(error: unknown, path: string): Fault;
}

interface HexWords {
  readonly quoted: (text: string) => string;
  readonly ascii: (bytes: Uint8Array) => string;
}

/** The support module `hex-view`. */
export interface HexView {
  readonly fieldRow: (
    field: {
      readonly path: string;
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly value?: unknown;
      readonly note?: string | undefined;
    },
    words: HexWords,
  ) => string;
  readonly furtherRows: (offset: number, bytes: Uint8Array, words: HexWords) => Iterable<string>;
  readonly asciiText: (bytes: Uint8Array) => string;
}
