/** Which types can be written, and why the others cannot. */
import type { Location } from '../diagnostics.js';
import { canonicalEncoding } from '../spec/encodings.js';
import type { AttrSpec, ClassSpec, ParseInstanceSpec } from '../spec/model.js';
import { attrTypes, isDelimited, type Program } from '../types/program.js';
import { fixedLayout, type FixedLayout } from './layout.js';
import { attrId } from './names.js';
import { dependsOnEnd } from './write-uses.js';

export interface Obstacle {
  readonly at: Location;
  readonly reason: string;
}

const known = new WeakMap<Program, Map<ClassSpec, Obstacle | undefined>>();

/** Why values of a type cannot be written; undefined where they can. */
export function whyNotWritable(program: Program, spec: ClassSpec): string | undefined {
  return obstacleTo(program, spec)?.reason;
}

export function obstacleTo(program: Program, spec: ClassSpec): Obstacle | undefined {
  const found = known.get(program) ?? new Map<ClassSpec, Obstacle | undefined>();
  known.set(program, found);
  if (!found.has(spec)) found.set(spec, findObstacle(program, spec, new Set()));
  return found.get(spec);
}

/** Everything that stands in the way of writing, at its own place. */
export function obstaclesOf(program: Program): Obstacle[] {
  return program.classes.flatMap((spec) => ownObstacles(program, spec));
}

function findObstacle(program: Program, spec: ClassSpec, open: Set<ClassSpec>): Obstacle | undefined {
  if (open.has(spec)) return undefined;
  open.add(spec);
  const [own] = ownObstacles(program, spec);
  if (own !== undefined) return own;
  for (const { attr, id } of writtenFields(program, spec)) {
    for (const used of usedTypes(program, attr, spec)) {
      const inner = findObstacle(program, used, open);
      if (inner !== undefined) return { at: attr.at, reason: `${id}: ${inner.reason}` };
    }
  }
  return undefined;
}

function ownObstacles(program: Program, spec: ClassSpec): Obstacle[] {
  const adrift = parseInstances(program, spec)
    .filter(({ pos }) => pos === undefined)
    .map(({ id, at }) => ({
      at,
      reason: `${id} is read wherever the stream stands when it is first asked for: give it a \`pos\``,
    }));
  return [...adrift, ...writtenFields(program, spec).flatMap(({ attr, id }) => obstacleOfField(attr, id, spec) ?? [])];
}

function writtenFields(program: Program, spec: ClassSpec): { attr: AttrSpec; id: string }[] {
  const instances = parseInstances(program, spec).map(({ attr, id }) => ({ attr, id }));
  return [...spec.seq.map((attr, index) => ({ attr, id: attrId(attr, index) })), ...instances];
}

function obstacleOfField(attr: AttrSpec, id: string, owner: ClassSpec): Obstacle | undefined {
  if (attr.size === undefined && !attr.sizeEos && dependsOnEnd(owner, attr))
    return { at: attr.at, reason: `${id} is made of the place where its bytes end: give it a \`size\`` };
  const isText = attrTypes(attr).some(({ kind }) => kind === 'str' || kind === 'strz');
  const encoding = attr.encoding ?? owner.meta.encoding;
  if (!isText || encoding === undefined || canonicalEncoding(encoding.value) !== undefined) return undefined;
  return { at: attr.at, reason: `${id} is text in the unknown encoding '${encoding.value}'` };
}

/** Instances that hold bytes of their own; one whose types have no bytes is computed, however it is declared. */
export function parseInstances(program: Program, spec: ClassSpec): ParseInstanceSpec[] {
  return spec.instances
    .filter((instance) => instance.kind === 'parse')
    .filter((instance) => !isComputed(program, spec, instance));
}

export function isComputed(program: Program, owner: ClassSpec, { attr, pos, io }: ParseInstanceSpec): boolean {
  if (
    pos !== undefined ||
    io !== undefined ||
    attr.repeat !== undefined ||
    isDelimited(attr) ||
    attr.contents !== undefined
  )
    return false;
  return attrTypes(attr).every((type) => {
    const used = type.kind === 'user' ? program.findType(type.name, owner) : undefined;
    return used !== undefined && used.seq.length === 0 && used.instances.every((instance) => instance.kind === 'value');
  });
}

export function usedTypes(program: Program, attr: AttrSpec, owner: ClassSpec): ClassSpec[] {
  return attrTypes(attr).flatMap((type) => {
    const used = type.kind === 'user' ? program.findType(type.name, owner) : undefined;
    return used === undefined ? [] : [used];
  });
}

/** Whether values of a type, or what they hold, have instances that are read. */
export function hasInstances(program: Program, spec: ClassSpec, open: Set<ClassSpec> = new Set()): boolean {
  if (open.has(spec)) return false;
  open.add(spec);
  if (parseInstances(program, spec).length > 0) return true;
  return spec.seq.some((attr) => usedTypes(program, attr, spec).some((used) => hasInstances(program, used, open)));
}

/** The layout of a type that is written at constant offsets; undefined for any other. */
export function writtenLayout(program: Program, spec: ClassSpec): FixedLayout | undefined {
  return hasInstances(program, spec) ? undefined : fixedLayout(program, spec);
}
