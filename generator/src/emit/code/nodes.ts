/**
 * Code of the output as a tree: expressions, types, statements. It is also analysed as a tree: whether code refers to a
 * name, or is the same as other code, is never asked of its text. Parentheses are the printer's (`printer.ts`).
 */
import type { Location } from '../../diagnostics.js';

export type InfixOperator =
  | '||'
  | '&&'
  | '??'
  | '|'
  | '^'
  | '&'
  | '==='
  | '!=='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'instanceof'
  | '<<'
  | '>>'
  | '>>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

/** A name that is declared in the same file, or everywhere. Who looks for it looks for this very object. */
export interface Name {
  readonly kind: 'name';
  readonly name: string;
}

/** A name that another module exports: where it is used, the file gets its import. */
export interface Imported {
  readonly kind: 'imported';
  readonly module: string;
  readonly name: string;
  /** What it is called here. */
  readonly local: string;
}

/** Text in quotes; `role` where it is the id of a field, with which writing refuses a value. */
interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly role?: 'field';
}

export interface Infix {
  readonly kind: 'infix';
  readonly operator: InfixOperator;
  readonly left: Code;
  readonly right: Code;
}

export interface Assignment {
  readonly kind: 'assign';
  readonly operator: '=' | '??=' | '+=';
  readonly target: Code;
  readonly value: Code;
}

export type Code =
  | Name
  | Imported
  | StringLiteral
  | Infix
  | Assignment
  /** A number or bigint, without a sign. */
  | { readonly kind: 'number'; readonly text: string }
  /** A word of the language that stands for a value. */
  | { readonly kind: 'word'; readonly word: string }
  /** `code as const` */
  | { readonly kind: 'as-const'; readonly code: Code }
  | { readonly kind: 'template'; readonly parts: readonly (string | Code)[] }
  /** `isOptional`, also of a call: `?.`. */
  | { readonly kind: 'member'; readonly object: Code; readonly name: string; readonly isOptional?: boolean }
  | { readonly kind: 'index'; readonly object: Code; readonly index: Code }
  | {
      readonly kind: 'call';
      readonly callee: Code;
      readonly types: readonly Type[];
      readonly args: readonly Code[];
      readonly isOptional?: boolean;
    }
  | {
      readonly kind: 'new';
      readonly callee: Name | Imported;
      readonly types?: readonly Type[];
      readonly args: readonly Code[];
    }
  | { readonly kind: 'prefix'; readonly operator: '-' | '~' | '!' | 'typeof'; readonly operand: Code }
  | { readonly kind: 'postfix'; readonly operator: '++' | '--'; readonly operand: Code }
  | { readonly kind: 'conditional'; readonly condition: Code; readonly whenTrue: Code; readonly whenFalse: Code }
  | { readonly kind: 'arrow'; readonly parameters: readonly Name[]; readonly body: Code | readonly Statement[] }
  /** `isTable`: a line for each item. */
  | { readonly kind: 'array'; readonly items: readonly Code[]; readonly isTable: boolean }
  | { readonly kind: 'object'; readonly properties: readonly (readonly [key: string, value: Code])[] };

export interface ReferenceType {
  readonly kind: 'reference';
  readonly name: Name | Imported;
  readonly args: readonly Type[];
}

export type Type =
  /** A type of the language. */
  | { readonly kind: 'word'; readonly word: string }
  /** The type of a constant. */
  | { readonly kind: 'type-of'; readonly name: Name }
  /** The type of one text. */
  | { readonly kind: 'text'; readonly text: string }
  | ReferenceType
  | { readonly kind: 'array'; readonly item: Type }
  | { readonly kind: 'union'; readonly members: readonly Type[] }
  /** Of references. */
  | { readonly kind: 'intersection'; readonly members: readonly Type[] }
  /** An object's properties, which cannot be set. */
  | { readonly kind: 'object'; readonly properties: readonly PropertyType[] };

export interface PropertyType {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: Type;
}

export type Statements = readonly Statement[];

/** What an `if` does: statements in braces, or one without. */
export type Body = Statements | Statement;

export interface Variable {
  readonly name: Name;
  readonly type?: Type;
  readonly value?: Code;
}

export interface Case {
  /** Undefined for what is done where no case matches. */
  readonly match: Code | undefined;
  readonly body: Statements;
}

/** `at`: the place in a schema that a statement comes from, where that is not the one of the statements around it. */
export type Statement = StatementNode & { readonly at?: Location };

type StatementNode =
  | { readonly kind: 'run'; readonly code: Code }
  | { readonly kind: 'declare'; readonly keyword: 'const' | 'let'; readonly variables: readonly Variable[] }
  /** `const { names } = value` */
  | { readonly kind: 'take'; readonly names: readonly Name[]; readonly value: Code }
  | { readonly kind: 'if'; readonly condition: Code; readonly body: Body; readonly otherwise: Statements | undefined }
  | {
      readonly kind: 'for';
      readonly variables: readonly Variable[];
      readonly condition: Code | undefined;
      readonly step: Code | undefined;
      readonly body: Statements;
    }
  | { readonly kind: 'for-of'; readonly item: Name; readonly items: Code; readonly body: Statements }
  | { readonly kind: 'switch'; readonly on: Code; readonly cases: readonly Case[] }
  | {
      readonly kind: 'try';
      readonly body: Statements;
      readonly caught: { readonly error: Name; readonly body: Statements } | undefined;
      readonly always: Statements | undefined;
    }
  | { readonly kind: 'block'; readonly body: Statements }
  | { readonly kind: 'return'; readonly value: Code | undefined }
  | { readonly kind: 'throw'; readonly value: Code }
  | { readonly kind: 'break' };
