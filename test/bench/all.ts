/**
 * `npm run bench:all -- [--json FILE] [--against FILE] [--only NAMES] [--quick]`: all benchmarks one after the other, and
 * one table of what they found. `--json` keeps it, `--against` compares it with what was kept; `--only` names some of
 * them; `--quick` measures everything once, on smaller images where they are large, to see that it works.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { QUICK_VARIABLE } from './quick.js';
import { type Measurements, tableText } from './report.js';
import { type Result, RESULTS_VARIABLE } from './results.js';

const BENCHES = ['structures', 'writing', 'formats', 'read', 'write', 'check', 'change', 'fleet'].filter(isThere);
const ROUNDS = 50;

function programOf(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

function isThere(name: string): boolean {
  return existsSync(programOf(name));
}

/** The slowest of many rounds of the same work in relation to the fastest. */
function measureNoise(): number {
  const bytes = new Uint8Array(1 << 20);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let pass = 0; pass < 20; pass += 1) bytes.fill(pass);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = (bytes[at] ?? 0) ^ at;
    return performance.now() - start;
  });
  // The first rounds are compiled on the way.
  const settled = times.slice(10);
  return Math.max(...settled) / Math.min(...settled);
}

/** Runs a benchmark, and returns what it found. A fault ends that one alone: what it had found by then counts. */
function run(name: string, folder: string, isQuick: boolean): Result[] {
  const path = join(folder, `${name}.jsonl`);
  writeFileSync(path, '');
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', programOf(name)], {
    stdio: 'inherit',
    env: { ...process.env, [RESULTS_VARIABLE]: path, ...(isQuick ? { [QUICK_VARIABLE]: '1' } : {}) },
  });
  if (status !== 0) {
    console.error(`the benchmark ${name} failed`);
    process.exitCode = 1;
  }
  const lines = readFileSync(path, 'utf8').trimEnd();
  return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as Result);
}

function measureAll(names: readonly string[], isQuick: boolean): Measurements {
  const folder = mkdtempSync(join(tmpdir(), 'vhdx-bench-'));
  const [before = 0] = loadavg();
  const noise = measureNoise();
  try {
    const results = names.flatMap((name) => run(name, folder, isQuick));
    const [after = 0] = loadavg();
    const processors = cpus();
    const processor = processors[0]?.model.trim() ?? 'unknown';
    const machine = { node: process.versions.node, processor, processors: processors.length, system: type() };
    return { machine: { ...machine, load: [before, after], noise }, results };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    against: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const names = values.only?.split(',') ?? BENCHES;
const unknown = names.find((name) => !BENCHES.includes(name));
if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}: ${BENCHES.join(', ')}`);
// What cannot be read is said before the work, not after it.
const against =
  values.against === undefined ? undefined : (JSON.parse(readFileSync(values.against, 'utf8')) as Measurements);
const measured = measureAll(names, values.quick);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, undefined, 2)}\n`);
console.log(`\n${tableText(measured, against)}`);
