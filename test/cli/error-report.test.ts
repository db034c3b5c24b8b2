import { describe, expect, test } from 'vitest';
import { reportFailure } from '../../runtime/cli/error-report.js';
import type { Output } from '../../runtime/cli/output.js';
import { VhdxError } from '../../runtime/index.js';
import { plain } from '../support/paint.js';

function output(debug: boolean): Output & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    debug,
    write: () => undefined,
    notice: () => undefined,
    send: () => Promise.resolve(),
    sendAll: () => Promise.resolve(),
    isTerminal: false,
    showsProgress: false,
    isQuiet: false,
    error: (line) => {
      lines.push(line);
    },
    warn: () => undefined,
    paint: plain,
    isClosed: () => false,
    exitCode: (code) => code,
  };
}

describe('reportFailure', () => {
  test('a mistake of the program → one line with a hint, exit code 1', () => {
    const to = output(false);
    expect(reportFailure(new TypeError('x is not a function'), 'a.vhdx', to)).toBe(1);
    expect(to.lines).toEqual([
      'a.vhdx: internal error, please report it (VHDX_DEBUG=1 shows where it happened): TypeError: x is not a function',
    ]);
  });

  test('a mistake of the program, VHDX_DEBUG → the stack after the line', () => {
    const to = output(true);
    reportFailure(new TypeError('x is not a function'), 'a.vhdx', to);
    expect(to.lines.slice(2).every((line) => line.startsWith('    at '))).toBe(true);
  });

  test('something that is no error was thrown → one line, exit code 1', () => {
    const to = output(true);
    expect(reportFailure('no reason', 'a.vhdx', to)).toBe(1);
    expect(to.lines).toHaveLength(1);
  });

  test('a fault of the image → its message, code and section; exit code 2', () => {
    const to = output(false);
    const error = new VhdxError('VHDX_HEADER_NONE_VALID', { message: 'Neither header is valid.' });
    expect(reportFailure(error, 'a.vhdx', to)).toBe(2);
    expect(to.lines).toEqual(['a.vhdx: neither header is valid (VHDX_HEADER_NONE_VALID, [MS-VHDX] 2.2.2)']);
  });

  test('bytes that cannot be read → exit code 1', () => {
    const to = output(false);
    const error = new VhdxError('VHDX_SOURCE_IO', { message: 'Cannot read a.vhdx: EIO: i/o error, read.' });
    expect(reportFailure(error, 'a.vhdx', to)).toBe(1);
    expect(to.lines).toEqual(['cannot read a.vhdx: EIO: i/o error, read (VHDX_SOURCE_IO)']);
  });

  test('a file that shrinks while it is read → its name is said', () => {
    const to = output(false);
    const error = new VhdxError('VHDX_SOURCE_SHORT_READ', { message: 'Reading 8 bytes gave only 0.' });
    expect(reportFailure(error, 'a.vhdx', to)).toBe(1);
    expect(to.lines).toEqual(['a.vhdx: reading 8 bytes gave only 0 (VHDX_SOURCE_SHORT_READ)']);
  });
});
