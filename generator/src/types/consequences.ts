/** Which problems of a schema only follow from others: those are not worth a message of their own. */
import type { Diagnostic } from '../diagnostics.js';
import { nodesOf } from '../expr/names.js';
import type { ClassSpec } from '../spec/model.js';
import { expressionsOf } from './expressions.js';
import { attrsOf, type Program } from './program.js';

/** Those of `later` that do not follow from `earlier`, which were found while the files were read. */
export function independentOf(
  earlier: readonly Diagnostic[],
  later: readonly Diagnostic[],
  program: Program,
): Diagnostic[] {
  const errors = earlier.filter(({ severity }) => severity === 'error');
  const tainted = new Set(program.classes.flatMap((spec) => taintedNames(spec, errors)));
  const isIncomplete = errors.some(losesNames);
  const usedAt = new Map(program.classes.flatMap(namesByPlace));
  return later.filter((diagnostic) => {
    const { at, message } = diagnostic;
    if (errors.some((error) => concern(error, diagnostic))) return false;
    if (isIncomplete && message.startsWith('unable to ')) return false;
    const names = [...(usedAt.get(placeOf(at.file, at.path)) ?? []), ...quotedNames(message)];
    return !names.some((name) => tainted.has(name));
  });
}

/** Whether one place contains the other. */
function concern({ at: a }: Diagnostic, { at: b }: Diagnostic): boolean {
  return a.file === b.file && (isWithin(a.path, b.path) || isWithin(b.path, a.path));
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

/** Whether something that others may name is missing: a member without an id, an import, a whole section. */
function losesNames({ at: { path } }: Diagnostic): boolean {
  return /\/(?:id|seq|instances|types|enums|params|imports|imports\/\d+)$/.test(path) || path.split('/').length <= 2;
}

/** Members and types that something is wrong with. */
function taintedNames(spec: ClassSpec, errors: readonly Diagnostic[]): string[] {
  const own = errors.filter(({ at }) => at.file === spec.file);
  const isTainted = (path: string): boolean => own.some(({ at }) => isWithin(at.path, path));
  const members = [...attrsOf(spec), ...spec.params, ...spec.instances];
  return [
    ...members.flatMap(({ id, at }) => (id !== undefined && isTainted(at.path) ? [id] : [])),
    // What could not be read at all has left only its place.
    ...own.flatMap(({ at }) => /\/(?:instances|types|enums)\/([^/]+)/.exec(at.path)?.[1] ?? []),
  ];
}

/** The names that each expression uses, by its place. */
function namesByPlace(spec: ClassSpec): [string, string[]][] {
  return expressionsOf(spec).map(({ at, expr }) => [
    placeOf(at.file, at.path),
    nodesOf(expr).flatMap((node) => ('name' in node && typeof node.name === 'string' ? [node.name] : [])),
  ]);
}

function placeOf(file: string, path: string): string {
  return `${file} ${path}`;
}

function quotedNames(message: string): string[] {
  return [...message.matchAll(/'([^']+)'/g)].flatMap(([, text = '']) => text.split('::'));
}
