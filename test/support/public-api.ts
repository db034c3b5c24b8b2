/** What the entries of a package declare, as a TypeScript compiler reads it from the declarations that are published. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript-6.0';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A module that programs import. */
export interface Entry {
  /** How it is imported: `vhdx/io`. */
  readonly name: string;
  /** Its declarations. */
  readonly file: string;
}

/** The modules among the `exports` of the package in `folder` of this project (`''`, `generator`). */
export function entriesOf(folder: string): Entry[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return (
    Object.entries(manifest.exports)
      .map(([key, target]) => ({ key, path: typeof target === 'string' ? target : target.types }))
      // Patterns are for generated code.
      .filter(({ path }) => /\.(?:js|d\.ts)$/.test(path) && !path.includes('*'))
      .map(({ key, path }) => ({
        name: manifest.name + key.slice(1),
        file: join(ROOT, folder, path.replace(/\.js$/, '.d.ts')),
      }))
  );
}

/** A name that an entry exports. */
export interface ExportedName {
  readonly name: string;
  /** Whether there is something of this name when a program runs. */
  readonly isValue: boolean;
  readonly symbol: ts.Symbol;
}

/** Support modules, beside the structures and in ksy-ts. */
const SUPPORT = /\/generated\/kaitai\/|\/generator\/dist\/support\//;

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

export class PublicApi {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  constructor(entries: readonly Entry[]) {
    this.#program = ts.createProgram(
      entries.map(({ file }) => file),
      {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        target: ts.ScriptTarget.ES2022,
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
        types: ['node'],
        noEmit: true,
      },
    );
    this.#checker = this.#program.getTypeChecker();
  }

  /** The names that an entry exports, sorted. */
  names({ file }: Entry): ExportedName[] {
    const source = this.#program.getSourceFile(file);
    const module = source && this.#checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} is no module: has the project been built?`);
    return this.#checker
      .getExportsOfModule(module)
      .map((alias) => {
        const symbol = this.#resolve(alias);
        const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(alias);
        return { name: alias.name, isValue, symbol };
      })
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The declaration of a name, without comments and private members. */
  declaration({ name, isValue, symbol }: ExportedName): string {
    const texts = (symbol.declarations ?? []).map((declaration) => {
      const words = this.#literals(declaration);
      if (words !== undefined) return `type ${name} =${list(words)};`;
      const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      const text = printer.printNode(ts.EmitHint.Unspecified, withoutPrivate(statement), statement.getSourceFile());
      return text.replace(/^export (?:declare )?/, '');
    });
    const kind = !isValue && (symbol.flags & ts.SymbolFlags.Value) !== 0 ? ' (its type alone)' : '';
    return [`// ${name}${kind}`, ...texts].join('\n');
  }

  /** What is wrong with the declarations that the entries lead to, as compilers say it that check libraries too. */
  errors(): string[] {
    return this.#program
      .getSourceFiles()
      .filter(({ fileName }) => isOwnFile(fileName))
      .flatMap((file) => this.#program.getSemanticDiagnostics(file))
      .map(({ file, messageText }) => {
        const path = file === undefined ? '' : relative(ROOT, file.fileName);
        return `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      });
  }

  /** The texts that a type of nothing but literals allows, sorted, wherever they are written down. */
  #literals(declaration: ts.Declaration): string[] | undefined {
    if (!ts.isTypeAliasDeclaration(declaration)) return undefined;
    const type = this.#checker.getTypeAtLocation(declaration.name);
    if (!type.isUnion() || !type.types.every((each) => each.isStringLiteral())) return undefined;
    return type.types.map((each) => `'${each.value}'`).toSorted();
  }

  /**
   * Types of the package that the exports of `entry` lead to and that nobody can import from it, from `others` or as
   * something of theirs; with the type that leads there. Keys of a table (`keyof typeof TABLE`) lead nowhere.
   */
  unexported(entry: Entry, others: readonly Entry[]): string[] {
    const exported = new Set([entry, ...others].flatMap((each) => this.names(each).map(({ symbol }) => symbol)));
    const seen = new Set(this.names(entry).map(({ symbol }) => symbol));
    const found: string[] = [];
    const visit = (node: ts.Node, from: ts.Symbol): void => {
      if (ts.isTypeQueryNode(node) || isPrivate(node)) return;
      const symbol = ts.isIdentifier(node) ? this.#checker.getSymbolAtLocation(node) : undefined;
      const used = symbol && this.#resolve(symbol);
      if (used !== undefined && this.#isOwn(used) && !seen.has(used)) {
        seen.add(used);
        if (!exported.has(used)) found.push(`${from.name} → ${used.name}`);
        follow(used);
      }
      ts.forEachChild(node, (child) => visit(child, from));
    };
    const follow = (symbol: ts.Symbol): void => {
      // Texts lead nowhere, from whatever they are derived.
      const leading = symbol.declarations?.filter((each) => this.#literals(each) === undefined) ?? [];
      for (const declaration of leading) visit(declaration, symbol);
    };
    for (const { symbol } of this.names(entry)) follow(symbol);
    return found.toSorted();
  }

  #resolve(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }

  /**
   * Whether a module of this project declares it, as something that could be exported. What supports generated code is
   * beside every output, and the structures are made of it: it is no secret, and nothing to import.
   */
  #isOwn({ declarations = [] }: ts.Symbol): boolean {
    return declarations.some((declaration) => {
      const { fileName } = declaration.getSourceFile();
      return isOwnFile(fileName) && !SUPPORT.test(fileName) && isTopLevel(declaration);
    });
  }
}

/** Whether a file is none of the compiler or of an installed package. */
function isOwnFile(name: string): boolean {
  return !relative(ROOT, name).startsWith('..') && !name.includes('/node_modules/');
}

/** The members of a union, a line each where there are many: a change of one is a line of the difference. */
function list(words: readonly string[]): string {
  const line = ` ${words.join(' | ')}`;
  return line.length <= 100 ? line : words.map((word) => `\n    | ${word}`).join('');
}

function isTypeOnly({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(
    (declaration) =>
      ts.isExportSpecifier(declaration) && (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly),
  );
}

function isTopLevel(declaration: ts.Declaration): boolean {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(statement.parent);
}

function isPrivate(node: ts.Node): boolean {
  if (ts.isClassElement(node) && node.name !== undefined && ts.isPrivateIdentifier(node.name)) return true;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  // That a constructor is private is something to know; it says nothing else.
  return (
    modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true && !ts.isConstructorDeclaration(node)
  );
}

function withoutPrivate(node: ts.Node): ts.Node {
  if (!ts.isClassDeclaration(node)) return node;
  const { modifiers, name, typeParameters, heritageClauses, members } = node;
  const visible = members.filter((member) => !isPrivate(member));
  return ts.factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, visible);
}
