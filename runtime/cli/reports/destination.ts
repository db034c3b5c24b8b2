/** Where reports go: standard output or files. */
import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import {
  claimDraftName,
  type Leftover,
  pathFromBytes,
  releaseDraftName,
  removeLeftovers,
  systemPath,
} from '../../node.js';
import type { Harmless } from '../harmless.js';
import { leftoverTeller } from '../leftover.js';
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

/** Drafts that are being written. None of them is left by a process that ends in the middle, whatever the reason. */
const unfinished = new Set<string>();

/** A name for a draft of `path`, in its folder. */
function claimDraft(path: string): string {
  if (unfinished.size === 0) process.once('exit', removeDrafts);
  const draft = claimDraftName(path);
  unfinished.add(draft);
  return draft;
}

function releaseDraft(draft: string): void {
  unfinished.delete(draft);
  releaseDraftName(draft);
  if (unfinished.size === 0) process.off('exit', removeDrafts);
}

function removeDrafts(): void {
  for (const draft of unfinished) rmSync(systemPath(draft), { force: true });
}

/** The file that a path leads to, which is what is replaced, and not the link. */
async function fileAt(path: string): Promise<string> {
  return realpath(systemPath(path), { encoding: 'buffer' }).then(pathFromBytes, () => path);
}

/** As `openDraft`, for a report; `output` is told what an earlier run has left. */
export async function toFile(path: string, output?: Output): Promise<Destination> {
  const draft = await openDraft(path, output && leftoverTeller(path, output));
  return { ...draft, write: (text) => draft.write(String(text)) };
}

/**
 * A file, which is made or replaced at the end: a run that is ended leaves what was there. A device or a pipe is written
 * to as it is. Drafts that runs which were killed have left for the same file are removed.
 *
 * @throws UsageError if there cannot be such a file, before anything is checked
 */
export async function openDraft(path: string, onLeftover?: (leftover: Leftover) => void): Promise<Draft> {
  const file = await fileAt(path);
  const draft = (await isSpecial(path)) ? undefined : claimDraft(file);
  if (draft !== undefined) removeLeftovers(file, onLeftover);
  const failure = (error: unknown): UsageError =>
    new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  let handle: FileHandle;
  try {
    handle = await open(systemPath(draft ?? path), 'w');
  } catch (error) {
    if (draft !== undefined) releaseDraft(draft);
    throw failure(error);
  }
  let waiting: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const text = waiting.join('');
    [waiting, length] = [[], 0];
    await handle.writeFile(text);
  };
  const remove = async (): Promise<void> => {
    if (draft === undefined) return;
    await rm(systemPath(draft), { force: true });
    releaseDraft(draft);
  };
  const discard = async (): Promise<void> => {
    await handle.close();
    await remove();
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
        if (draft === undefined) return;
        await rename(systemPath(draft), systemPath(file));
        releaseDraft(draft);
      } catch (error) {
        await remove();
        throw failure(error);
      }
    },
    discard,
  };
}
