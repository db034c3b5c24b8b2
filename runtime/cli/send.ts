import { readInto, type VhdxDisk } from '../index.js';
import type { Output } from './output.js';

const CHUNK = 1024 * 1024;

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes from the start of the disk on are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Writes the bytes of the disk from `start` to `end` (exclusive) to standard output, as fast as they are taken. Ends
 * early where nobody takes them any more.
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
  let sent = Promise.resolve();
  let turn: 0 | 1 = 0;
  for (let at = start; at < end; at += CHUNK) {
    const bytes = buffers[turn].subarray(0, Math.min(CHUNK, end - at));
    await readInto(disk, bytes, at, { signal });
    await sent;
    if (output.isClosed()) return;
    sent = output.send(bytes);
    onProgress?.(at + bytes.length);
    turn = turn === 0 ? 1 : 0;
  }
  await sent;
}
