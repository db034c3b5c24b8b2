/**
 * The expression language of Kaitai Struct, as a tree. Every node knows its offset in the expression's text,
 * so that a diagnostic can point into the YAML scalar.
 */
export type UnaryOperator = '-' | '+' | '~' | 'not';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type BitOperator = '&' | '|' | '^' | '<<' | '>>';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type BooleanOperator = 'and' | 'or';
export type BinaryOperator = ArithmeticOperator | BitOperator | CompareOperator | BooleanOperator;

interface Node {
  /** Offset of the node's first character within the expression's text, in UTF-16 units. */
  readonly offset: number;
}

/** `foo::bar::baz`; `absolute` for a leading `::`. Used for types (`.as<…>`, `sizeof<…>`) and enums. */
export interface TypeName extends Node {
  readonly absolute: boolean;
  readonly names: readonly string[];
  /** `foo[]` or `bytes[]`, as `.as<…>` takes it. */
  readonly isArray: boolean;
}

export interface IntLiteral extends Node {
  readonly kind: 'int';
  readonly value: bigint;
}
export interface FloatLiteral extends Node {
  readonly kind: 'float';
  readonly value: number;
}
export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}
/** f"…{expr}…" */
export interface InterpolatedString extends Node {
  readonly kind: 'fstring';
  readonly parts: readonly (string | Expr)[];
}
export interface BoolLiteral extends Node {
  readonly kind: 'bool';
  readonly value: boolean;
}
/** `enum_type::value`, `outer::enum_type::value`, `::outer::enum_type::value`. */
export interface EnumLiteral extends Node {
  readonly kind: 'enum';
  readonly enumName: TypeName;
  readonly value: string;
}
export interface ArrayLiteral extends Node {
  readonly kind: 'array';
  readonly items: readonly Expr[];
}
export interface NameRef extends Node {
  readonly kind: 'name';
  readonly name: string;
}
export interface Attribute extends Node {
  readonly kind: 'attribute';
  readonly object: Expr;
  readonly name: string;
}
export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Expr[];
}
export interface Subscript extends Node {
  readonly kind: 'subscript';
  readonly object: Expr;
  readonly index: Expr;
}
export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expr;
}
export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}
export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly condition: Expr;
  readonly whenTrue: Expr;
  readonly whenFalse: Expr;
}
/** `expr.as<type>` */
export interface Cast extends Node {
  readonly kind: 'cast';
  readonly object: Expr;
  readonly type: TypeName;
}
/** `sizeof<type>` (bytes) and `bitsizeof<type>` (bits); the type may be built-in (`u4`). */
export interface SizeOf extends Node {
  readonly kind: 'sizeof';
  readonly type: TypeName;
  readonly inBits: boolean;
}

export type Expr =
  | IntLiteral
  | FloatLiteral
  | StringLiteral
  | InterpolatedString
  | BoolLiteral
  | EnumLiteral
  | ArrayLiteral
  | NameRef
  | Attribute
  | Call
  | Subscript
  | Unary
  | Binary
  | Conditional
  | Cast
  | SizeOf;

/** A reference to a type with arguments, as `type:` takes it: `foo::bar(1, size)`. */
export interface TypeReference {
  readonly type: TypeName;
  readonly args: readonly Expr[];
}
