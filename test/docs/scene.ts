/** The folder that the commands and the code of a page are run in, with the files that the pages speak of. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { damagedHeaders, fixtureBytes, MIB, pendingLog, withBatEntries } from '../cli/images.js';
import { PROGRAM } from '../cli/vhdx.js';
import { ROOT } from './pages.js';

/** Files of a scene that are images. */
const IMAGES: Readonly<Record<string, () => Uint8Array>> = {
  'disk.vhdx': fixtureBytes,
  // The first header has a wrong checksum.
  'damaged.vhdx': () => damagedHeaders(0),
  // The log has an entry to be replayed.
  'pending.vhdx': pendingLog,
  // The last block is cut off after its first byte.
  'broken.vhdx': () => fixtureBytes().subarray(0, 9 * MIB + 1),
  // The entries of blocks 0 and 1 name the same storage.
  'overlap.vhdx': () => withBatEntries([(8n << 20n) | 6n, (8n << 20n) | 6n]),
};

/** What depends on the file system that a file lies on. */
function withoutHost(text: string): string {
  return text
    .replaceAll(/, \d+ infos?\)/g, ', infos)')
    .replaceAll(/, [\d.]+ \w+ on the host/g, ', on the host')
    .replaceAll(/"actual-size": \d+/g, '"actual-size": 0');
}

/** Whether `actual` is what a page shows; a line with an ellipsis stands for any lines. */
export function isShown(shown: string, actual: string): boolean {
  const parts = withoutHost(shown).split(/^…\n/m);
  const text = withoutHost(actual);
  let position = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const found = index === 0 ? 0 : isLast && part !== '' ? text.lastIndexOf(part) : text.indexOf(part, position);
    if (found < position || !text.startsWith(part, found)) return false;
    position = found + part.length;
  }
  return parts.length > 1 && parts.at(-1) === '' ? true : position === text.length;
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== '');
}

/**
 * What a page that shows `shown` shows of `actual` instead: as many lines before and behind an ellipsis. Lines that
 * differ only in what depends on the host stay.
 */
export function shownOf(shown: string, actual: string): string {
  const kept = new Map(linesOf(shown).map((line) => [withoutHost(line), line]));
  const lines = linesOf(actual).map((line) => kept.get(withoutHost(line)) ?? line);
  const [first = '', ...rest] = shown.split(/^…\n/m);
  if (rest.length === 0) return lines.join('');
  const last = linesOf(rest.at(-1) ?? '').length;
  return [...lines.slice(0, linesOf(first).length), '…\n', ...(last === 0 ? [] : lines.slice(-last))].join('');
}

export interface Outcome {
  readonly status: number | null;
  /** Standard output and standard error, as a terminal shows them. */
  readonly output: string;
}

export class Scene {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'vhdx-page-'));
  readonly #bin: string;
  #status: number | null = 0;

  constructor() {
    for (const [name, bytes] of Object.entries(IMAGES)) writeFileSync(join(this.folder, name), bytes());
    mkdirSync(join(this.folder, 'images'));
    writeFileSync(join(this.folder, 'images', 'a.vhdx'), fixtureBytes());
    // Pages of the repository name its own files too.
    for (const name of ['test', 'schemas']) symlinkSync(join(ROOT, name), join(this.folder, name));
    this.#bin = mkdtempSync(join(tmpdir(), 'vhdx-bin-'));
    const program = join(this.#bin, 'vhdx');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`);
    chmodSync(program, 0o755);
  }

  /** Runs a line of a shell. */
  run(line: string): Outcome {
    const { NO_COLOR: _color, FORCE_COLOR: _force, GITHUB_WORKSPACE: _workspace, ...rest } = process.env;
    const env = { ...rest, NO_COLOR: '1', PATH: `${this.#bin}:${process.env['PATH'] ?? ''}` };
    const before = this.#status === 0 ? '' : `(exit ${this.#status});`;
    const words = ['-c', `set -o pipefail; exec 2>&1; ${before} ${line}`];
    const { status, stdout } = spawnSync('bash', words, { cwd: this.folder, encoding: 'utf8', env });
    this.#status = status;
    return { status, output: stdout };
  }

  /** Whether all programs of a line of a shell are here. */
  has(line: string): boolean {
    const programs = line.split(/[|;&]+/).map((part) => part.trim().split(' ')[0] ?? '');
    return programs.every((program) => this.run(`command -v ${program}`).status === 0);
  }

  remove(): void {
    for (const folder of [this.folder, this.#bin]) rmSync(folder, { recursive: true });
  }
}
