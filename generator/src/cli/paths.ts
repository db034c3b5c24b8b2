/** Completion of the paths that `ksy-ts dump` takes, by what is in the file. */
import { statSync } from 'node:fs';
import type { SchemaNode } from 'ksy-ts/runtime';
import { pathCandidates, type Candidate, type GivenOptions } from '../command/completion.js';
import { walk, readFile } from '../explore/walk.js';
import { readBytes } from './files.js';
import { loadInputs, optionsIn } from './inputs.js';

/** Bytes of the largest file that is read to complete a word. */
const MAX_SIZE = 64 * 1024 * 1024;
/** Milliseconds until a long list is given up: a shell waits for the answer. */
const PATIENCE_MS = 1000;
/** Elements of a list that are offered. */
const MOST_ITEMS = 200;

/** The paths that continue `current`. None where the schema or the file cannot be read, or the schema wants parameters. */
export async function pathsIn(
  schemaFile: string,
  file: string,
  current: string,
  given: GivenOptions,
): Promise<readonly Candidate[]> {
  try {
    if (statSync(file).size > MAX_SIZE) return [];
    const { schema, params, limits } = await loadInputs(schemaFile, optionsIn(given));
    const reading = readFile(schema, readBytes(file), { params, limits });
    return await pathCandidates(current, (path) =>
      within(PATIENCE_MS, walk(schema, reading, { path, mostItems: MOST_ITEMS })),
    );
  } catch {
    // The command itself says what is wrong.
    return [];
  }
}

function* within(patience: number, nodes: Iterable<SchemaNode>): Generator<SchemaNode> {
  const end = Date.now() + patience;
  for (const node of nodes) {
    if (Date.now() > end) return;
    if (node.kind !== 'more') yield node;
  }
}
