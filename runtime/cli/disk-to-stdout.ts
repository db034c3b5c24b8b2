/** Bytes of a disk to standard output, at the pace of the reader. */
import { type VhdxCode, type VhdxDisk, VhdxError } from '../index.js';
import { readInto } from '../io.js';
import type { Output } from './output.js';

const CHUNK = 1024 * 1024;

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes from the start of the disk on are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** `taken`, or a rejection with the signal's reason as soon as it is aborted: a reader may never take any more. */
function orAborted(taken: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return taken;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    taken.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Why the output is incomplete, and how much of it there is. */
function outputError(cause: unknown, taken: number, wanted: number): VhdxError {
  const system = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const detail = cause instanceof Error ? cause.message : String(cause);
  const why = system === 'EPIPE' ? 'its reader closed it' : detail;
  const code: VhdxCode = system === 'ENOSPC' ? 'VHDX_TARGET_FULL' : 'VHDX_TARGET_IO';
  return new VhdxError(code, {
    message: `Cannot write to standard output: ${why}; at least ${taken} of ${wanted} bytes were taken.`,
    cause,
  });
}

/**
 * Writes the bytes of the disk from `start` to `end` (exclusive) to standard output, as fast as they are taken. Settled
 * when every byte has been taken.
 *
 * @throws VhdxError VHDX_TARGET_IO or VHDX_TARGET_FULL if they were not, also because the reader went away; what reading
 * the disk throws; the signal's reason
 */
export async function sendDisk(
  disk: VhdxDisk,
  start: number,
  end: number,
  output: Output,
  { signal, onProgress }: SendOptions = {},
): Promise<void> {
  // What a check calls an error is refused, shared storage too.
  await disk.survey({ signal });
  // One is filled while the other one is on its way.
  const buffers = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)] as const;
  let taken = 0;
  const take = async (bytes: Uint8Array): Promise<void> => {
    try {
      await output.sendAll(bytes);
    } catch (cause) {
      throw outputError(cause, taken, end - start);
    }
    taken += bytes.length;
  };
  let sent = Promise.resolve();
  let turn: 0 | 1 = 0;
  for (let at = start; at < end; at += CHUNK) {
    const bytes = buffers[turn].subarray(0, Math.min(CHUNK, end - at));
    await readInto(disk, bytes, at, { signal });
    await orAborted(sent, signal);
    sent = take(bytes);
    // Its failure is found when it is waited for.
    sent.catch(() => undefined);
    onProgress?.(at + bytes.length);
    turn = turn === 0 ? 1 : 0;
  }
  await orAborted(sent, signal);
}
