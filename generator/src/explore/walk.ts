/** Everything in a file, as its schema describes it: fields, lists, structures, values, and what is wrong with them. */
import type { KaitaiStruct, ReadLimits, SchemaNode, TreeFault, Violation } from 'ksy-ts/runtime';
import type { LoadedSchema } from './load.js';

export interface WalkOptions {
  /** The part that is asked for: `chunks[3].body`, or `chunks[10..20]` (both inclusive). */
  readonly path?: string;
  readonly params?: readonly unknown[];
  readonly limits?: ReadLimits;
  /** Elements of a list that are listed where the list is not asked for by its path. */
  readonly mostItems?: number;
  /** Takes the violations that reading finds, before the nodes they are about. */
  readonly onViolation?: (violation: Violation) => void;
}

/** What was read of `bytes`, as far as it can be; `fault` ended it. */
export interface Reading {
  readonly struct: KaitaiStruct;
  readonly fault: TreeFault | undefined;
}

export function readFile(schema: LoadedSchema, bytes: Uint8Array, options: WalkOptions): Reading {
  const { onViolation = () => undefined, limits, params = [] } = options;
  const io = new schema.Stream(bytes, { onViolation, limits });
  const struct = new schema.Root(io, undefined, undefined, ...params);
  try {
    struct._read(io);
    return { struct, fault: undefined };
  } catch (error) {
    return { struct, fault: schema.tree.faultOf(error, '') };
  }
}

/**
 * The nodes below a structure, in the order of the schema; each before what is in it.
 *
 * @throws {RangeError} where `path` is none
 */
export function walk(schema: LoadedSchema, { struct, fault }: Reading, options: WalkOptions): Iterable<SchemaNode> {
  const { path = '', mostItems = Infinity } = options;
  requirePath(path);
  return schema.tree.schemaTree(schema.reflection, struct, {
    select: path,
    fault,
    mostItems: (list) => (list === path ? Infinity : mostItems),
  });
}

function requirePath(path: string): void {
  const wrong = path === '' ? undefined : path.split(/(?<!\.)\.(?!\.)/).find((step) => !STEP.test(step));
  if (wrong !== undefined)
    throw new RangeError(`'${wrong}' is no part of a path: write chunks[3].body, or chunks[10..20]`);
}

const STEP = /^[a-z_]\w*(?:\[\d+(?:\.\.\d+)?\])?$/;
