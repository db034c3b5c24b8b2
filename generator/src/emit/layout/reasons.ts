/** Which types can be written, and why the others cannot. */
import type { Location } from '../../diagnostics.js';
import { canonicalEncoding } from '../../spec/encodings.js';
import type { AttrSpec, ClassSpec, ParseInstanceSpec } from '../../spec/model.js';
import { factOfTypes } from '../../types/post-order.js';
import { attrTypes, isDelimited, usedTypes, type Program } from '../../types/program.js';
import { isBits } from '../../types/sizes.js';
import { fixedLayout, type BitGroup, type FixedLayout } from './layout.js';
import { attrId } from '../context/names.js';
import { dependsOnEnd, namesAskedFor } from './uses.js';

export interface Obstacle {
  readonly at: Location;
  readonly reason: string;
}

/** Why values of a type cannot be written; undefined where they can. */
export function whyNotWritable(program: Program, spec: ClassSpec): string | undefined {
  return obstacleTo(program, spec)?.reason;
}

export function obstacleTo(program: Program, spec: ClassSpec): Obstacle | undefined {
  const found = obstacles.get(program) ?? findObstacles(program);
  obstacles.set(program, found);
  return found.get(spec);
}

const obstacles = new WeakMap<Program, ReadonlyMap<ClassSpec, Obstacle>>();

/** A longer way to what stands in the way of writing is not told in full. */
const MAX_STEPS = 8;

/** What stands in the way in a type itself also does in those that use it: the nearest one is reported. */
function findObstacles(program: Program): Map<ClassSpec, Obstacle> {
  const found = new Map<ClassSpec, Obstacle & { readonly cause: string; readonly steps: number }>();
  for (const spec of program.classes) {
    const [own] = ownObstacles(program, spec);
    if (own !== undefined) found.set(spec, { ...own, cause: own.reason, steps: 0 });
  }
  const uses = usesOf(program);
  // What is added while the map is walked through is walked through as well.
  for (const [spec, { reason, cause, steps }] of found) {
    for (const { owner, attr, id } of uses.get(spec) ?? []) {
      if (found.has(owner)) continue;
      const rest = steps < MAX_STEPS ? reason : `… ${cause}`;
      found.set(owner, { at: attr.at, reason: `${id}: ${rest}`, cause, steps: steps + 1 });
    }
  }
  return found;
}

interface Use {
  readonly owner: ClassSpec;
  readonly attr: AttrSpec;
  readonly id: string;
}

/** The fields and instances that hold values of each type. */
function usesOf(program: Program): Map<ClassSpec, Use[]> {
  const uses = new Map<ClassSpec, Use[]>();
  for (const owner of program.classes) {
    for (const { attr, id } of writtenFields(program, owner)) {
      for (const used of usedTypes(program, attr, owner)) {
        const list = uses.get(used) ?? [];
        list.push({ owner, attr, id });
        uses.set(used, list);
      }
    }
  }
  return uses;
}

/** Everything that stands in the way of writing, at its own place. */
export function obstaclesOf(program: Program): Obstacle[] {
  return program.classes.flatMap((spec) => ownObstacles(program, spec));
}

function ownObstacles(program: Program, spec: ClassSpec): Obstacle[] {
  const adrift = parseInstances(program, spec)
    .filter((instance) => isAdrift(program, spec, instance))
    .map(({ id, at }) => ({
      at,
      reason: `${id} is read wherever the stream stands when it is first asked for: give it a \`pos\``,
    }));
  return [...adrift, ...writtenFields(program, spec).flatMap(({ attr, id }) => obstacleOfField(attr, id, spec) ?? [])];
}

/** Whether the place of an instance without a position cannot be told: within a byte, or amid fields that ask for it. */
function isAdrift(program: Program, owner: ClassSpec, { attr, id, pos }: ParseInstanceSpec): boolean {
  if (pos !== undefined) return false;
  const hasBytes =
    isDelimited(attr) ||
    attrTypes(attr).some((type) => type.kind !== 'user' || program.findType(type.name, owner)?.seq.length !== 0);
  return hasBytes && (isBits(attr) || namesAskedFor(program).has(id));
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

/** Whether values of a type, or what they hold, have instances that are read. */
export function hasInstances(program: Program, spec: ClassSpec): boolean {
  const found = withInstances.get(program) ?? findInstances(program);
  withInstances.set(program, found);
  return found.has(spec);
}

const withInstances = new WeakMap<Program, ReadonlySet<ClassSpec>>();

function findInstances(program: Program): Set<ClassSpec> {
  const users = new Map<ClassSpec, ClassSpec[]>(program.classes.map((spec) => [spec, []]));
  for (const owner of program.classes)
    for (const attr of owner.seq) for (const used of usedTypes(program, attr, owner)) users.get(used)?.push(owner);
  const found = new Set(program.classes.filter((spec) => parseInstances(program, spec).length > 0));
  for (const spec of found) for (const user of users.get(spec) ?? []) found.add(user);
  return found;
}

/** The layout of a type that is written at constant offsets and describes every bit; undefined for any other. */
export const writtenLayout: (program: Program, spec: ClassSpec) => FixedLayout | undefined = factOfTypes(
  (program, spec) => spec.seq.flatMap((attr) => usedTypes(program, attr, spec)),
  (program, spec, known) => {
    const layout = hasInstances(program, spec) ? undefined : fixedLayout(program, spec);
    if (layout === undefined || leavesBits(layout)) return undefined;
    const used = layout.fields.flatMap(({ attr }) => usedTypes(program, attr, spec));
    return used.every((type) => known(type) !== undefined) ? layout : undefined;
  },
);

/** Whether a group of bit fields has bits that none of them describes. */
function leavesBits({ fields }: FixedLayout): boolean {
  const described = new Map<BitGroup, number>();
  for (const { bits } of fields)
    if (bits !== undefined) described.set(bits.group, (described.get(bits.group) ?? 0) + bits.count);
  return [...described].some(([{ size }, count]) => count < size * 8);
}
