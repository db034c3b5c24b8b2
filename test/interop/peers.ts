import { spawnSync } from 'node:child_process';

/** Programs that know VHDX too, and what tells that they are there. */
const PROBES = {
  'qemu-img': ['--version'],
  vhdiinfo: ['-V'],
  '7zz': ['i'],
  // libvhdi reads contents for a program alone; see libvhdi-read.py.
  python3: ['-c', 'import ctypes; ctypes.CDLL("libvhdi.so.1")'],
  // The runtime of what the official compiler makes for Python.
  kaitaistruct: ['-c', 'import kaitaistruct; assert kaitaistruct.API_VERSION >= (0, 11)'],
} as const;

/** The program of a peer, where it has another name. */
const PROGRAMS: Readonly<Partial<Record<keyof typeof PROBES, string>>> = { kaitaistruct: 'python3' };

/** A program whose answers are compared with ours. */
export type Peer = keyof typeof PROBES;

const required = (process.env['VHDX_REQUIRE_PEERS'] ?? '') !== '';

function isMissing(peer: Peer): boolean {
  const program = PROGRAMS[peer] ?? peer;
  const { error, status } = spawnSync(program, PROBES[peer], { stdio: 'ignore' });
  return error !== undefined || (program === 'python3' && status !== 0);
}

/**
 * Whether tests have to be skipped because one of `peers` is not installed; says so on standard error. Never where
 * VHDX_REQUIRE_PEERS is set: the tests then run, and fail.
 */
export function without(...peers: readonly Peer[]): boolean {
  const missing = peers.filter(isMissing);
  if (missing.length === 0 || required) return false;
  process.stderr.write(`SKIPPED: tests that need ${peers.join(' and ')}: ${missing.join(', ')} not installed\n`);
  return true;
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
