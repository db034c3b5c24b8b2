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

/** Characters that are written to a file at once. */
const WRITE_LENGTH = 64 * 1024;

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
  let waiting: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const text = waiting.join('');
    [waiting, length] = [[], 0];
    await handle.writeFile(text);
  };
  const discard = async (): Promise<void> => {
    await handle.close();
    if (draft !== undefined) await rm(systemPath(draft), { force: true });
  };
  return {
    write: async (text) => {
      waiting.push(text);
      length += text.length;
      // Whoever reads a pipe waits for it.
      if (length < WRITE_LENGTH && draft !== undefined) return;
      try {
        await flush();
      } catch (error) {
        throw failure(error);
      }
    },
    end: async () => {
      try {
        if (length > 0) await flush();
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
