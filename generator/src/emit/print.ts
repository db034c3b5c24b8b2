/**
 * Declarations to text, indented as they nest. What emitters hand over is indented within itself, so nothing has to be
 * parsed and formatted again: through ts-morph's formatter the format library took four times as long.
 */
import { indent } from './code.js';
import type {
  ClassDeclaration,
  ImportDeclaration,
  InterfaceDeclaration,
  ParameterDeclaration,
  PropertyDeclaration,
} from './declarations.js';

export function printClass(declaration: ClassDeclaration): string[] {
  const { name, isExported, docs, extends: base } = declaration;
  const members = [
    (declaration.properties ?? []).flatMap(printProperty),
    ...(declaration.ctors ?? []).map(({ docs: own, parameters, statements }) =>
      withBody(own, `constructor(${printParameters(parameters)})`, statements),
    ),
    ...printAccessors(declaration),
    ...(declaration.methods ?? []).map((method) => {
      const modifiers = `${method.isStatic === true ? 'static ' : ''}${method.hasOverrideKeyword === true ? 'override ' : ''}`;
      const head = `${modifiers}${method.name}(${printParameters(method.parameters)}): ${method.returnType}`;
      return withBody(method.docs, head, method.statements);
    }),
  ].filter((lines) => lines.length > 0);
  const head = `${isExported === true ? 'export ' : ''}class ${name}${base === undefined ? '' : ` extends ${base}`}`;
  return [...comment(docs), `${head} {`, ...indent(separated(members)), '}'];
}

export function printInterface({ name, isExported, docs, properties }: InterfaceDeclaration): string[] {
  const head = `${isExported === true ? 'export ' : ''}interface ${name} {`;
  return [...comment(docs), head, ...indent((properties ?? []).flatMap(printProperty)), '}'];
}

/** One import; names of types are marked, as `verbatimModuleSyntax` wants it. */
export function printImport({ module, values, types }: ImportDeclaration): string {
  const names = values.length === 0 ? types : [...types.map((name) => `type ${name}`), ...values];
  return `import ${values.length === 0 ? 'type ' : ''}{ ${names.join(', ')} } from '${module}';`;
}

/** Groups of lines with an empty one between them. */
export function separated(groups: readonly (readonly string[])[]): string[] {
  return groups.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

export function comment(docs: readonly string[] | undefined): string[] {
  return (docs ?? []).flatMap((text) => {
    if (!text.includes('\n')) return [`/** ${text} */`];
    const lines = text.replace(/^\n/, '').split(/\r?\n/);
    return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
  });
}

/** A getter is followed by its setter. */
function printAccessors({ getAccessors = [], setAccessors = [] }: ClassDeclaration): string[][] {
  return getAccessors.flatMap((getter) => [
    withBody(
      getter.docs,
      `${getter.hasOverrideKeyword === true ? 'override ' : ''}get ${getter.name}(): ${getter.returnType}`,
      getter.statements,
    ),
    ...setAccessors
      .filter(({ name }) => name === getter.name)
      .map((setter) => withBody(setter.docs, `set ${setter.name}(${printParameters(setter.parameters)})`, setter.statements)),
  ]);
}

function printProperty(property: PropertyDeclaration): string[] {
  const modifiers = [
    property.hasDeclareKeyword === true ? 'declare ' : '',
    property.isStatic === true ? 'static ' : '',
    property.isReadonly === true ? 'readonly ' : '',
  ].join('');
  const type = property.type === undefined ? '' : `${property.hasQuestionToken === true ? '?' : ''}: ${property.type}`;
  const value = property.initializer === undefined ? '' : ` = ${property.initializer}`;
  return [...comment(property.docs), ...`${modifiers}${property.name}${type}${value};`.split('\n')];
}

function printParameters(parameters: readonly ParameterDeclaration[] | undefined): string {
  return (parameters ?? [])
    .map(({ name, type, hasQuestionToken, initializer }) =>
      [name, hasQuestionToken === true ? '?' : '', `: ${type}`, initializer === undefined ? '' : ` = ${initializer}`].join(''),
    )
    .join(', ');
}

function withBody(docs: readonly string[] | undefined, head: string, statements: readonly string[]): string[] {
  if (statements.length === 0) return [...comment(docs), `${head} {}`];
  return [...comment(docs), `${head} {`, ...indent(statements), '}'];
}
