/** Where results go: the descriptor of standard output, or its stream. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type HostStream, openSink } from '../../runtime/cli/sink.js';
import { temporaryDirectory } from './images.js';

const cwd = temporaryDirectory();

/** A sink on `fd` with what happens to it. */
function watched(fd: number | undefined, stream: HostStream = new PassThrough()) {
  const seen = { opened: 0, failed: [] as string[], done: [] as unknown[] };
  const openStream = (): HostStream => {
    seen.opened += 1;
    return stream;
  };
  const sink = openSink(openStream, fd, (error: NodeJS.ErrnoException) => seen.failed.push(error.code ?? ''));
  const write = (data: string | Uint8Array): void => sink.write(data, (error) => seen.done.push(error));
  return { sink, seen, write };
}

const PAGE = 4096;

function openPipe(name: string, flags: number): number {
  const pipe = join(cwd, name);
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  return openSync(pipe, flags);
}

/** Writes whole pages to `fd` until it takes no more; returns how many bytes it holds. */
function fill(fd: number): number {
  for (let count = 0; ; count += PAGE) {
    try {
      writeSync(fd, Buffer.alloc(PAGE));
    } catch {
      return count;
    }
  }
}

describe('a descriptor', () => {
  test('a file → written at once, no stream is opened', () => {
    const file = join(cwd, 'a');
    const fd = openSync(file, 'w');
    const { sink, seen, write } = watched(fd);
    write('é');
    write(Uint8Array.of(10));
    closeSync(fd);
    expect([sink.isTerminal, seen]).toEqual([false, { opened: 0, failed: [], done: [undefined, undefined] }]);
    expect(readFileSync(file, 'utf8')).toBe('é\n');
  });

  test.skipIf(!existsSync('/dev/null'))('the null device → no stream is opened', () => {
    const { seen, write } = watched(openSync('/dev/null', 'w'));
    write('a');
    expect(seen).toEqual({ opened: 0, failed: [], done: [undefined] });
  });

  test.skipIf(!existsSync('/dev/full'))('a full device → the error is told once to each', () => {
    const { seen, write } = watched(openSync('/dev/full', 'w'));
    write('a');
    expect(seen).toMatchObject({ opened: 1, failed: ['ENOSPC'], done: [{ code: 'ENOSPC' }] });
  });

  test.skipIf(process.platform === 'win32')(
    'a pipe → a little is written at once, what could fill it by the stream',
    () => {
      const fd = openPipe('much', constants.O_RDWR);
      const stream = new PassThrough();
      const { seen, write } = watched(fd, stream);
      write('a'.repeat(8192));
      expect(seen).toEqual({ opened: 0, failed: [], done: [undefined] });
      write('b'.repeat(8192));
      write('c');
      expect(readSync(fd, Buffer.alloc(20_000))).toBe(8192);
      closeSync(fd);
      expect(String(stream.read())).toBe(`${'b'.repeat(8192)}c`);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'a pipe that does not wait, and is full → the stream takes the rest',
    () => {
      const fd = openPipe('full', constants.O_RDWR | constants.O_NONBLOCK);
      const stream = new PassThrough();
      const { seen, write } = watched(fd, stream);
      // Others have left room for a page.
      const filled = fill(fd);
      readSync(fd, Buffer.alloc(PAGE));
      const data = Uint8Array.from({ length: 2 * PAGE }, (_, index) => index * 7);
      write(data);
      write('end');
      const held = Buffer.alloc(filled);
      expect(readSync(fd, held)).toBe(filled);
      closeSync(fd);
      expect([seen.opened, seen.failed]).toEqual([1, []]);
      const written = Buffer.concat([held.subarray(filled - PAGE), stream.read() as Uint8Array]);
      expect(written.equals(Buffer.concat([data, Buffer.from('end')]))).toBe(true);
    },
  );
});

test('a stream alone → written to, and asked whether it is a terminal', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  const { sink, write } = watched(undefined, stream);
  write('a');
  expect([sink.isTerminal, String(stream.read())]).toEqual([true, 'a']);
});
