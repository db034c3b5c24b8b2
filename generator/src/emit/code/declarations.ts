/** The declarations that a generated file is made of, before they are text. */

export interface ParameterDeclaration {
  readonly name: string;
  readonly type: string;
  readonly hasQuestionToken?: boolean;
  readonly initializer?: string;
}

interface Documented {
  /** Comments; a leading newline asks for one of several lines. */
  readonly docs?: readonly string[];
}

interface Body extends Documented {
  readonly parameters?: readonly ParameterDeclaration[];
  readonly statements: readonly string[];
}

export interface PropertyDeclaration extends Documented {
  readonly name: string;
  readonly type?: string;
  readonly initializer?: string;
  readonly isStatic?: boolean;
  readonly isReadonly?: boolean;
  readonly hasDeclareKeyword?: boolean;
  readonly hasExclamationToken?: boolean;
  readonly hasOverrideKeyword?: boolean;
  readonly hasQuestionToken?: boolean;
}

export type ConstructorDeclaration = Body;

export interface MethodDeclaration extends Body {
  readonly name: string;
  readonly returnType: string;
  readonly isStatic?: boolean;
  readonly hasOverrideKeyword?: boolean;
}

export interface GetterDeclaration extends Documented {
  readonly name: string;
  readonly returnType: string;
  readonly statements: readonly string[];
  readonly hasOverrideKeyword?: boolean;
}

export interface SetterDeclaration extends Body {
  readonly name: string;
}

export interface ClassDeclaration extends Documented {
  readonly name: string;
  readonly isExported?: boolean;
  readonly extends?: string;
  readonly properties?: readonly PropertyDeclaration[];
  readonly ctors?: readonly ConstructorDeclaration[];
  readonly getAccessors?: readonly GetterDeclaration[];
  readonly setAccessors?: readonly SetterDeclaration[];
  readonly methods?: readonly MethodDeclaration[];
}

export interface InterfaceDeclaration extends Documented {
  readonly name: string;
  readonly isExported?: boolean;
  readonly properties?: readonly PropertyDeclaration[];
}

export interface ImportDeclaration {
  readonly module: string;
  readonly values: readonly string[];
  readonly types: readonly string[];
}
