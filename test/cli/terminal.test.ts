/** What the command shows to a person: its standard streams are a terminal, which script(1) of util-linux makes. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { TestImage } from '../support/image-builder.js';
import { MIB, temporaryDirectory } from './images.js';
import { PROGRAM } from './vhdx.js';

const cwd = temporaryDirectory();
const BLOCKS = 48;
const contents = new Uint8Array(BLOCKS * MIB).fill(0xa5);

beforeAll(() => {
  const allocate = Array.from({ length: BLOCKS }, (_, block) => block);
  const image = new TestImage({ virtualSize: BLOCKS * MIB, allocate });
  image.source.write(contents, image.dataOffset);
  writeFileSync(join(cwd, 'a.vhdx'), image.toBytes());
});

/** Runs the command, behind `before`, with a terminal for its streams; what it writes there comes with `\r\n`. */
function onTerminal(args: string, before = ''): { readonly status: number | null; readonly shown: string } {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
  const { status, stdout } = spawnSync(
    'script',
    ['-qec', `${before} '${process.execPath}' '${PROGRAM}' ${args}`, '/dev/null'],
    {
      cwd,
      encoding: 'utf8',
      env: { ...rest, TERM: 'xterm', COLUMNS: '100' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return { status, shown: stdout };
}

// Not there at all: no output.
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

describe.skipIf(!hasScript)('on a terminal (script of util-linux)', () => {
  test('vhdx convert → a bar from 0 % on, taken away at the end, and the contents', () => {
    const { status, shown } = onTerminal('convert a.vhdx a.raw');
    expect(status, shown).toBe(0);
    const line = /\[1G([#.]+ \d+% {2}.+? of 48 MiB)/gu;
    const lines = [...shown.matchAll(line)].map((match) => match[1] ?? '');
    expect(lines.at(0)).toMatch(/^\.+ 0% {2}0 bytes of 48 MiB$/);
    expect(lines.at(-1)).toMatch(/^#+ 100% {2}48 MiB of 48 MiB$/);
    // ECMA-48: the cursor is shown again, and the line erased.
    expect(shown.indexOf('\u001B[?25h', shown.lastIndexOf('100%'))).toBeGreaterThan(0);
    expect(shown.endsWith('\u001B[2K')).toBe(true);
    expect(readFileSync(join(cwd, 'a.raw')).equals(contents)).toBe(true);
  });

  test('vhdx convert of a stream → bytes and rate instead of a share that nobody knows', () => {
    const { status, shown } = onTerminal('convert - stream.vhdx --from raw', '(head -c 20000000 a.vhdx; sleep 0.3) |');
    expect(status, shown).toBe(0);
    expect(shown).not.toContain('%');
    const lines = [...shown.matchAll(/\[1G([\d.]+ \w+) {2}([\d.]+ \w+)\/s/gu)].map((match) => [match[1], match[2]]);
    expect(lines.at(0)).toEqual(['0 bytes', '0 bytes']);
    expect(lines.at(-1)?.[0]).toBe('19.07 MiB');
    expect(lines.at(-1)?.[1]).toMatch(/^[1-9][\d.]* MiB$/);
  });

  test('vhdx convert to standard output, vhdx read → refused, nothing is shown of the disk', () => {
    for (const args of ['convert a.vhdx -', 'read a.vhdx --length 512']) {
      const { status, shown } = onTerminal(args);
      expect({ status, shown: shown.trim() }).toEqual({
        status: 1,
        shown: expect.stringMatching(/^vhdx: standard output is a terminal/),
      });
    }
  });

  test('vhdx check → coloured', () => {
    expect(onTerminal('check a.vhdx').shown).toContain('\u001B[32m');
  });
});
