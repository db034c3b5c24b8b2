/** Which problems of a schema only follow from others: those are not worth a message of their own. */
import type { Diagnostic, Location } from '../diagnostics.js';
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
  const places = new Places(errors);
  const tainted = new Set([
    ...program.classes.flatMap((spec) => taintedMembers(spec, places)),
    // What could not be read at all has left only its place.
    ...errors.flatMap(({ at }) => /\/(?:instances|types|enums)\/([^/]+)/.exec(at.path)?.[1] ?? []),
  ]);
  const isIncomplete = errors.some(losesNames);
  const usedAt = new Map(program.classes.flatMap(namesByPlace));
  return later.filter((diagnostic) => {
    const { at, message } = diagnostic;
    if (places.concern(at)) return false;
    if (isIncomplete && message.startsWith('unable to ')) return false;
    const names = [...(usedAt.get(placeOf(at.file, at.path)) ?? []), ...quotedNames(message)];
    return !names.some((name) => tainted.has(name));
  });
}

/** Where errors are, and what is around them. */
class Places {
  readonly #exact = new Set<string>();
  readonly #around = new Set<string>();

  constructor(errors: readonly Diagnostic[]) {
    for (const { at } of errors) {
      this.#exact.add(placeOf(at.file, at.path));
      for (const path of pathsAround(at.path)) this.#around.add(placeOf(at.file, path));
    }
  }

  /** Whether an error is at the place or within it. */
  isWithin({ file, path }: Location): boolean {
    return this.#around.has(placeOf(file, path));
  }

  /** Whether an error's place contains the place, or the other way round. */
  concern(at: Location): boolean {
    return this.isWithin(at) || pathsAround(at.path).some((path) => this.#exact.has(placeOf(at.file, path)));
  }
}

/** `/seq/3/type`: itself, `/seq/3`, `/seq` and the whole file. */
function pathsAround(path: string): string[] {
  const steps = path.split('/');
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}

/** Whether something that others may name is missing: a member without an id, an import, a whole section. */
function losesNames({ at: { path } }: Diagnostic): boolean {
  return /\/(?:id|seq|instances|types|enums|params|imports|imports\/\d+)$/.test(path) || path.split('/').length <= 2;
}

/** Members that something is wrong with. */
function taintedMembers(spec: ClassSpec, places: Places): string[] {
  const members = [...attrsOf(spec), ...spec.params, ...spec.instances];
  return members.flatMap(({ id, at }) => (id !== undefined && places.isWithin(at) ? [id] : []));
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
