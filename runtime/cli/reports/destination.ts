/** Where reports go: standard output or files. */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { systemPath } from '../../node.js';
import type { Harmless } from '../harmless.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

/** Where a report goes. */
export interface Destination {
  readonly write: (text: Harmless<'log' | 'xml' | 'markdown'>) => Promise<void>;
  /** Nothing more comes; only now a file has the report. @throws UsageError if it cannot be written */
  readonly end: () => Promise<void>;
  /** Nothing of it is wanted. */
  readonly discard: () => Promise<void>;
}

const doNothing = (): Promise<void> => Promise.resolve();

/** Standard output. */
export function toOutput(output: Output): Destination {
  return { write: (text) => output.send(text), end: doNothing, discard: doNothing };
}

async function isSpecial(path: string): Promise<boolean> {
  return stat(systemPath(path)).then(
    (stats) => !stats.isFile(),
    () => false,
  );
}

/** A file that is being written. */
export interface Draft extends Omit<Destination, 'write'> {
  /** @throws UsageError if that is not possible */
  readonly write: (text: string) => Promise<void>;
}

/** As `openDraft`, for a report. */
export async function toFile(path: string): Promise<Destination> {
  const draft = await openDraft(path);
  return { ...draft, write: (text) => draft.write(String(text)) };
}

/**
 * A file, which is made or replaced at the end: a run that is ended leaves what was there. A device or a pipe is written
 * to as it is.
 *
 * @throws UsageError if there cannot be such a file, before anything is checked
 */
export async function openDraft(path: string): Promise<Draft> {
  const draft = (await isSpecial(path))
    ? undefined
    : `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  const failure = (error: unknown): UsageError =>
    new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  let handle: FileHandle;
  try {
    handle = await open(systemPath(draft ?? path), 'w');
  } catch (error) {
    throw failure(error);
  }
  const discard = async (): Promise<void> => {
    await handle.close();
    if (draft !== undefined) await rm(systemPath(draft), { force: true });
  };
  return {
    write: async (text) => {
      try {
        await handle.writeFile(text);
      } catch (error) {
        throw failure(error);
      }
    },
    end: async () => {
      try {
        await handle.close();
        if (draft !== undefined) await rename(systemPath(draft), systemPath(path));
      } catch (error) {
        if (draft !== undefined) await rm(systemPath(draft), { force: true });
        throw failure(error);
      }
    },
    discard,
  };
}
