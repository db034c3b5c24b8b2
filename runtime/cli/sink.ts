/** Standard output of a process. Node's streams take longer to load than results to write: the descriptor comes first. */
import { fstatSync, type Stats, statSync, writeSync } from 'node:fs';

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

/** Pipes of Windows do not wait until there is room, and only a stream does then. */
function needsStream(fd: number): boolean {
  return process.platform === 'win32' && !fstatSync(fd).isFile();
}

/** Writes `bytes` to `fd`: undefined when all are taken, or what is left when the descriptor cannot take more at once. */
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

/** Writes to `fd`; by `streamed` from when the descriptor is one that does not wait, and full. */
function descriptorSink(fd: number, streamed: Sink['write'], failed: (error: Error) => void): Sink['write'] {
  let isFull = false;
  return (data, done) => {
    let left: Uint8Array | undefined = typeof data === 'string' ? Buffer.from(data) : data;
    try {
      if (!isFull) left = writeNow(fd, left);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      done(error);
      failed(error);
      return;
    }
    isFull = left !== undefined;
    if (left === undefined) done();
    else streamed(left, done);
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
  if (fd === undefined || isShown || needsStream(fd)) return { isTerminal: isShown, write: streamed };
  return { isTerminal: isShown, write: descriptorSink(fd, streamed, failed) };
}
