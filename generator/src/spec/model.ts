/**
 * What a `.ksy` file says, read but not yet resolved: names of types and enums are still text, expressions are
 * trees, defaults of `meta` are inherited. Every part knows where it stands.
 */
import type { Location } from '../diagnostics.js';
import type { Expr, TypeName } from '../expr/ast.js';

export type Endian = 'le' | 'be';

/** A value with the place it was written at. */
export interface Located<T> {
  readonly value: T;
  readonly at: Location;
}

/** An expression, its source text and the place it was written at. */
export interface ExprSpec {
  readonly expr: Expr;
  readonly text: string;
  readonly at: Location;
}

/** One arm of a `cases` map; `match` is undefined for `_`. */
export interface CaseSpec<T> {
  readonly match: ExprSpec | undefined;
  readonly value: T;
  readonly at: Location;
}

/** `endian: {switch-on, cases}`: decided when the object is read. */
export interface EndianSwitchSpec {
  readonly kind: 'endian-switch';
  readonly on: ExprSpec;
  readonly cases: readonly CaseSpec<Endian>[];
}

export interface DocSpec {
  /** `doc`, trailing newline removed. */
  readonly summary: string | undefined;
  /** `doc-ref`, in order. */
  readonly refs: readonly string[];
  /** `-orig-id`: the specification's own spelling (the first, where it is a list). */
  readonly origId: string | undefined;
}

export interface MetaSpec {
  readonly id: Located<string> | undefined;
  readonly title: string | undefined;
  readonly license: string | undefined;
  /** Own or inherited from the outer type; undefined where neither says. */
  readonly endian: Endian | EndianSwitchSpec | undefined;
  /** Where that is said; the same holds for `bitEndianAt`. */
  readonly endianAt: Location | undefined;
  readonly bitEndian: Endian | undefined;
  readonly bitEndianAt: Location | undefined;
  readonly encoding: Located<string> | undefined;
  readonly imports: readonly Located<string>[];
  readonly opaqueTypes: boolean;
  readonly debug: boolean;
}

/** Names built into the language. `strz` is a `str` with terminator 0; endianness undefined means the default one. */
export type BuiltinType =
  | {
      readonly kind: 'int';
      readonly signed: boolean;
      readonly bytes: 1 | 2 | 4 | 8;
      readonly endian: Endian | undefined;
    }
  | { readonly kind: 'float'; readonly bytes: 4 | 8; readonly endian: Endian | undefined }
  | { readonly kind: 'bits'; readonly bits: number; readonly endian: Endian | undefined }
  | { readonly kind: 'str' }
  | { readonly kind: 'strz' };

export type SimpleTypeSpec =
  | { readonly kind: 'bytes' }
  | BuiltinType
  | {
      readonly kind: 'user';
      readonly name: TypeName;
      readonly args: readonly ExprSpec[];
      readonly at: Location;
      /** Where the use as a whole is: of a case, it has another path. */
      readonly usedAt: Location;
    };

export interface SwitchTypeSpec {
  readonly kind: 'switch';
  readonly on: ExprSpec;
  readonly cases: readonly CaseSpec<SimpleTypeSpec>[];
  readonly at: Location;
}

export type TypeSpec = SimpleTypeSpec | SwitchTypeSpec;

export type RepeatSpec =
  | { readonly kind: 'eos' }
  | { readonly kind: 'expr'; readonly count: ExprSpec }
  | { readonly kind: 'until'; readonly until: ExprSpec };

export type ProcessSpec =
  | { readonly kind: 'zlib'; readonly at: Location }
  | { readonly kind: 'xor'; readonly key: ExprSpec; readonly at: Location }
  | { readonly kind: 'rotate'; readonly left: boolean; readonly amount: ExprSpec; readonly at: Location }
  | {
      readonly kind: 'custom';
      readonly name: readonly string[];
      readonly args: readonly ExprSpec[];
      readonly at: Location;
    };

/** Severity of a violated constraint; the vendor key `-severity`. Only `error` throws when no collector is given. */
export type Severity = 'error' | 'refuse-write' | 'warning' | 'info';

/** `-rule` and `-severity` of a constraint. */
export interface RuleSpec {
  readonly rule: string | undefined;
  readonly severity: Severity;
}

export type ConstraintSpec = RuleSpec & { readonly at: Location } & (
    | { readonly kind: 'eq'; readonly expected: ExprSpec }
    | { readonly kind: 'range'; readonly min: ExprSpec | undefined; readonly max: ExprSpec | undefined }
    | { readonly kind: 'any-of'; readonly options: readonly ExprSpec[] }
    | { readonly kind: 'in-enum' }
    /** `_` is the value. */
    | { readonly kind: 'expr'; readonly condition: ExprSpec }
  );

/**
 * `-checksum: {algo, size?, -rule?, -severity?}` on an integer field: the field holds the checksum of the structure's
 * first `size` bytes (all of them, where not given), with the field's own bytes taken as zero.
 */
export interface ChecksumSpec extends RuleSpec {
  readonly algo: string;
  readonly size: ExprSpec | undefined;
  readonly at: Location;
}

/** What `seq` fields and parse instances share. */
export interface AttrSpec {
  /** As written; `undefined` for an unnamed field of `seq`. */
  readonly id: string | undefined;
  readonly at: Location;
  readonly doc: DocSpec;
  readonly type: TypeSpec;
  /** `contents`, flattened to bytes; with `-rule`/`-severity` of the field. */
  readonly contents: (RuleSpec & { readonly bytes: Uint8Array; readonly at: Location }) | undefined;
  readonly size: ExprSpec | undefined;
  readonly sizeEos: boolean;
  readonly terminator: Uint8Array | undefined;
  readonly include: boolean;
  readonly consume: boolean;
  readonly eosError: boolean;
  readonly padRight: number | undefined;
  /** Own `encoding`; the default one of `meta` is not filled in here. */
  readonly encoding: Located<string> | undefined;
  readonly process: ProcessSpec | undefined;
  readonly enum: Located<TypeName> | undefined;
  readonly if: ExprSpec | undefined;
  readonly repeat: RepeatSpec | undefined;
  readonly valid: ConstraintSpec | undefined;
  readonly checksum: ChecksumSpec | undefined;
  /** `parent: expr`, `parent: false` (`'none'`), or not given. */
  readonly parent: ExprSpec | 'none' | undefined;
}

/** `instances` with `value`. */
export interface ValueInstanceSpec {
  readonly kind: 'value';
  readonly id: string;
  readonly at: Location;
  readonly doc: DocSpec;
  readonly value: ExprSpec;
  readonly if: ExprSpec | undefined;
  readonly enum: Located<TypeName> | undefined;
  readonly valid: ConstraintSpec | undefined;
}

/** `instances` that read: at `pos` of `io`, or at the current position where `pos` is not given. */
export interface ParseInstanceSpec {
  readonly kind: 'parse';
  readonly id: string;
  readonly at: Location;
  readonly attr: AttrSpec;
  readonly pos: ExprSpec | undefined;
  readonly io: ExprSpec | undefined;
}

export type InstanceSpec = ValueInstanceSpec | ParseInstanceSpec;

/** A parameter: `type` may also be one of the calculated types `bool`, `struct`, `io`, `any`, `bytes`, arrays of them. */
export interface ParamSpec {
  readonly id: string;
  readonly at: Location;
  readonly doc: DocSpec;
  readonly type: ParamTypeSpec;
  readonly enum: Located<TypeName> | undefined;
}

export type ParamTypeSpec = { readonly isArray: boolean } & (
  | { readonly kind: 'bool' | 'struct' | 'io' | 'any' | 'bytes' }
  | { readonly kind: 'simple'; readonly type: SimpleTypeSpec }
);

export interface EnumValueSpec {
  readonly value: bigint;
  /** The value as the schema writes it: `0x1b`. */
  readonly text: string;
  readonly id: string;
  readonly doc: DocSpec;
  readonly at: Location;
}

export interface EnumSpec {
  readonly id: string;
  /** Ids from the file's top type down: `['png', 'color_type']`. */
  readonly path: readonly string[];
  readonly at: Location;
  readonly values: readonly EnumValueSpec[];
  readonly owner: ClassSpec;
}

export interface ClassSpec {
  /** `meta/id` of the top type, the key under `types` of a nested one. */
  readonly id: string;
  /** Ids from the file's top type down: `['png', 'chunk']`. */
  readonly path: readonly string[];
  readonly at: Location;
  readonly file: string;
  readonly meta: MetaSpec;
  readonly doc: DocSpec;
  readonly toStringExpr: ExprSpec | undefined;
  readonly params: readonly ParamSpec[];
  readonly seq: readonly AttrSpec[];
  readonly instances: readonly InstanceSpec[];
  readonly types: ReadonlyMap<string, ClassSpec>;
  readonly enums: ReadonlyMap<string, EnumSpec>;
  /** The type this one is written in; undefined at the top of a file. */
  readonly outer: ClassSpec | undefined;
  /** `-view: true`: also emit an accessor over many of them in one byte array, without an object for each. */
  readonly view: boolean;
}

/** One schema file. `imports` are the files it imports, in order. */
export interface SchemaFile {
  readonly file: string;
  readonly root: ClassSpec;
  readonly imports: readonly SchemaFile[];
}
