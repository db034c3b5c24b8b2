/** Where results go: the descriptor of standard output, or its stream. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, readSync } from 'node:fs';
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
    'a pipe that does not wait, and is full → the stream takes the rest',
    () => {
      const pipe = join(cwd, 'pipe');
      expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
      const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
      const stream = new PassThrough({ highWaterMark: 4 << 20 });
      const { seen, write } = watched(fd, stream);
      const data = Uint8Array.from({ length: 1 << 20 }, (_, index) => index * 7);
      write(data);
      write('end');
      const start = Buffer.alloc(data.length);
      const count = readSync(fd, start);
      closeSync(fd);
      expect([count > 0 && count < data.length, seen.opened, seen.failed]).toEqual([true, 1, []]);
      const rest = stream.read() as Uint8Array;
      expect(Buffer.concat([start.subarray(0, count), rest]).equals(Buffer.concat([data, Buffer.from('end')]))).toBe(
        true,
      );
    },
  );
});

test('a stream alone → written to, and asked whether it is a terminal', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  const { sink, write } = watched(undefined, stream);
  write('a');
  expect([sink.isTerminal, String(stream.read())]).toEqual([true, 'a']);
});
