/** The declarations that a generated file is made of, before they are text. */
import type { Location } from '../../diagnostics.js';
import type { Comment } from './docs.js';
import type { Code, Name, ReferenceType, Statements, Type } from './nodes.js';

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  readonly isOptional?: boolean;
  readonly initializer?: Code;
}

interface Documented {
  readonly docs?: Comment | undefined;
}

interface Body extends Documented {
  /** Where in the schema it is, if not where its class is. */
  readonly at?: Location;
  readonly parameters?: readonly Parameter[];
  readonly statements: Statements;
}

export interface Property extends Documented {
  readonly name: string;
  readonly at?: Location;
  readonly type?: Type;
  readonly initializer?: Code;
  readonly isStatic?: boolean;
  readonly isReadonly?: boolean;
  readonly isOverride?: boolean;
  /** Without a place of its own before it is set. */
  readonly isDeclared?: boolean;
  /** Set before anyone asks for it. */
  readonly isSetLater?: boolean;
}

export type Constructor = Body;

export interface Method extends Body {
  readonly name: string;
  readonly returnType: Type;
  readonly isStatic?: boolean;
  readonly isOverride?: boolean;
}

export interface Getter extends Documented {
  readonly name: string;
  readonly at?: Location;
  readonly returnType: Type;
  readonly statements: Statements;
}

export interface Setter extends Body {
  readonly name: string;
}

/** A class that the file exports. */
export interface ClassDeclaration extends Documented {
  readonly kind: 'class';
  readonly name: Name;
  readonly at?: Location;
  readonly extends?: ReferenceType;
  readonly properties: readonly Property[];
  readonly ctor: Constructor;
  readonly getters?: readonly Getter[];
  readonly setters?: readonly Setter[];
  readonly methods: readonly Method[];
}

export interface InterfaceDeclaration extends Documented {
  readonly kind: 'interface';
  readonly name: Name;
  readonly at?: Location;
  /** What it consists of. */
  readonly extends: Type;
}

export interface AliasDeclaration extends Documented {
  readonly kind: 'alias';
  readonly name: Name;
  readonly at?: Location;
  readonly type: Type;
}

/** An object of values, and the type that admits every other value of their kind too. */
export interface EnumDeclaration {
  readonly kind: 'enum';
  readonly name: Name;
  readonly at?: Location;
  readonly values: readonly EnumValue[];
  readonly type: Type;
}

interface EnumValue extends Documented {
  readonly name: string;
  readonly at?: Location;
  readonly value: Code;
}

/** A constant that the file exports. */
export interface ConstantDeclaration extends Documented {
  readonly kind: 'constant';
  readonly name: Name;
  readonly type: Type;
  readonly value: Code;
}

export type Declaration =
  | ClassDeclaration
  | InterfaceDeclaration
  | AliasDeclaration
  | EnumDeclaration
  | ConstantDeclaration;
