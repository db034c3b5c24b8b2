/** Standard output of a process. Node's streams take longer to load than results to write: the descriptor comes first. */
import { fstatSync, type Stats, statSync, writeSync } from 'node:fs';
import { KIB } from '../base/units.js';

/** A stream of a process. */
export type HostStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Takes the results. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Tells `done` when all of `data` has been taken, or why not; errors go to `failed` of `openSink` too. */
  readonly write: (data: string | Uint8Array, done: (error?: Error | null) => void) => void;
}

/** Devices may be terminals, but for the null device; pipes and files are none. */
function mayBeTerminal(stats: Stats): boolean {
  if (!stats.isCharacterDevice()) return false;
  try {
    return stats.rdev !== statSync('/dev/null').rdev;
  } catch {
    return true;
  }
}

/** Whether the stream that `openStream` opens is a terminal; it is not opened where its descriptor `fd` says enough. */
export function isTerminalStream(openStream: () => HostStream, fd: number | undefined): boolean {
  return (fd === undefined || mayBeTerminal(fstatSync(fd))) && openStream().isTTY === true;
}

/** All pipes have room for so many bytes. */
const PIPE_BYTES = 16 * KIB;

/**
 * How many bytes are written to `fd` itself: a pipe that is full has the process wait, and no signal is heard meanwhile.
 * With pipes of Windows nothing is certain.
 */
function directBytes(fd: number): number {
  const stats = fstatSync(fd);
  if (!stats.isFIFO() && !stats.isSocket()) return Infinity;
  return process.platform === 'win32' ? 0 : PIPE_BYTES;
}

/** Writes `bytes` to `fd`: undefined when all are taken, or what is left when it is full and does not wait. */
function writeNow(fd: number, bytes: Uint8Array): Uint8Array | undefined {
  // A device that is nearly full takes a part, and only the next call says why.
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at, bytes.length - at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      return bytes.subarray(at);
    }
  }
  return undefined;
}

/** Writes to `fd`, and by `streamed` from when that would be too much for it, or when it is full and does not wait. */
function descriptorSink(fd: number, streamed: Sink['write'], failed: (error: Error) => void): Sink['write'] {
  let room = directBytes(fd);
  return (data, done) => {
    let left: Uint8Array | undefined = typeof data === 'string' ? Buffer.from(data) : data;
    room = left.length > room ? 0 : room - left.length;
    try {
      if (room > 0) left = writeNow(fd, left);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      done(error);
      failed(error);
      return;
    }
    if (left === undefined) return done();
    room = 0;
    streamed(left, done);
  };
}

/**
 * The sink of what `openStream` opens, which is open as `fd` too if that is given. `failed` is told every error; a pipe
 * that nobody reads any more is one.
 */
export function openSink(openStream: () => HostStream, fd: number | undefined, failed: (error: Error) => void): Sink {
  let opened: HostStream | undefined;
  const stream = (): HostStream => (opened ??= openStream().on('error', failed));
  const streamed: Sink['write'] = (data, done) => void stream().write(data, done);
  const isShown = isTerminalStream(stream, fd);
  if (fd === undefined || isShown) return { isTerminal: isShown, write: streamed };
  return { isTerminal: isShown, write: descriptorSink(fd, streamed, failed) };
}
