import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

/** Programs that know VHDX too, and what tells that they are there. */
const PROBES = {
  'qemu-img': ['--version'],
  vhdiinfo: ['-V'],
  '7zz': ['i'],
} as const;

/** A program whose answers are compared with ours. */
export type Peer = keyof typeof PROBES;

/** Where peers must be there, a missing one fails the tests instead of skipping them. */
const required = (process.env['VHDX_REQUIRE_PEERS'] ?? '') !== '';

function isMissing(peer: Peer): boolean {
  return spawnSync(peer, PROBES[peer], { stdio: 'ignore' }).error !== undefined;
}

/** A group of tests that need `peers`. */
export function describeWith(peers: readonly Peer[], title: string, body: () => void): void {
  const missing = peers.filter(isMissing);
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = `${missing.join(', ')}: not installed`;
  if (required) {
    describe(title, () => {
      test('peers are required → they are installed', () => {
        expect.fail(`${reason}, but VHDX_REQUIRE_PEERS is set`);
      });
    });
    return;
  }
  process.stderr.write(`SKIPPED: ${title} (${reason})\n`);
  describe.skip(`${title} (${reason})`, body);
}

/** What a peer answered. */
export interface Answer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a peer, or another program of its package, and waits for it. */
export function ask(program: Peer | 'qemu-io', args: readonly string[], cwd: string): Answer {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { exitCode: status, stdout, stderr };
}

/** The object in a JSON text. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('this is no JSON object');
  return Object.fromEntries(Object.entries(value));
}
