/** Messages about names that lead nowhere, with what may have been meant. */
import type { TypeName } from '../expr/ast.js';
import type { ClassSpec } from '../spec/model.js';
import { didYouMean, foreignTypeHint } from '../spec/similar-names.js';
import { topType, type Program } from './program.js';

const shown = ({ names }: TypeName): string => names.join('::');

export function unknownType(program: Program, name: TypeName, owner: ClassSpec): string {
  const text = shown(name);
  const hint = foreignTypeHint(text) || didYouMean(text, typesAround(program, owner));
  return `unable to find type '${text}', searching from ${owner.path.join('::')}${hint}`;
}

export function unknownEnum(name: TypeName, owner: ClassSpec): string {
  const text = shown(name);
  const enums = [...around(owner)].flatMap((scope) => [...scope.enums.keys()]);
  return `unable to find enum '${text}', searching from ${owner.path.join('::')}${didYouMean(text, enums)}`;
}

/** `owner` is where the name is written. */
export function unknownMember(name: string, spec: ClassSpec, owner: ClassSpec): string {
  return `unable to access '${name}' in ${spec.path.join('::')} context${memberHint(name, spec, owner)}`;
}

function memberHint(name: string, spec: ClassSpec, owner: ClassSpec): string {
  if (name === 'this' || name === 'self') return `; fields are named alone, without '${name}.'`;
  if (name === 'null' || name === 'nil' || name === 'undefined')
    return '; there is no such value: what a field is read for is said by its `if`';
  const isOwn = spec === owner;
  if (isOwn && spec.outer !== undefined && idsOf(topType(spec)).includes(name))
    return `; the top type has it: write \`_root.${name}\``;
  const outer = [...around(spec)].find((scope) => scope !== spec && idsOf(scope).includes(name));
  if (isOwn && outer !== undefined)
    return `; type ${outer.path.join('::')} has it: where that is the parent, write \`_parent.${name}\``;
  return didYouMean(name, idsOf(spec));
}

function idsOf({ seq, instances, params }: ClassSpec): string[] {
  return [...seq, ...instances, ...params].flatMap(({ id }) => id ?? []);
}

/** A type and those it is written in. */
function* around(spec: ClassSpec): Generator<ClassSpec> {
  for (let scope: ClassSpec | undefined = spec; scope !== undefined; scope = scope.outer) yield scope;
}

function typesAround(program: Program, owner: ClassSpec): string[] {
  const nested = [...around(owner)].flatMap((scope) => [...scope.types.keys()]);
  return [...nested, ...program.files.map(({ root }) => root.id)];
}
