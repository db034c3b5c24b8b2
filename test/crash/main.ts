/**
 * `npm run crash -- --seconds N | --states N [--seed S] [--first W] [--only W:N:S]`: records workloads, one after the
 * other, and goes through the states in which a crash can leave their images.
 */
import { parseArgs } from 'node:util';
import { describe, explore, noCounts, THOROUGHNESS } from './explore.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      states: { type: 'string' },
      seed: { type: 'string' },
      first: { type: 'string', default: '0' },
      only: { type: 'string' },
    },
  });
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
  const counts = noCounts();
  if (values.only !== undefined) {
    const [workload = 0, session = 0, state = 0] = values.only.split(':').map(Number);
    const failure = await explore(seed, workload, THOROUGHNESS, counts, { workload, session, state });
    console.log(failure === undefined ? 'nothing is wrong with it' : describe(failure));
    process.exitCode = failure === undefined ? 0 : 1;
    return;
  }
  console.log(`seed ${seed}`);
  const started = performance.now();
  const seconds = Number(values.seconds ?? (values.states === undefined ? 30 : Infinity));
  const states = Number(values.states ?? Infinity);
  const elapsed = (): number => (performance.now() - started) / 1000;
  const total = (): number => counts.states + counts.replayStates;
  let workload = Number(values.first);
  let failures = 0;
  for (; elapsed() < seconds && total() < states && failures < 10; workload += 1) {
    const failure = await explore(seed, workload, THOROUGHNESS, counts);
    if (failure === undefined) continue;
    failures += 1;
    console.log(describe(failure));
  }
  console.log(
    `${workload - Number(values.first)} workloads, ${total()} states (${Math.round(total() / elapsed())} a second): ` +
      `${counts.states} after a crash of the writer, ${counts.replayStates} after a crash of a replay; ` +
      `${counts.pending} logs replayed; ${counts.examined} images examined; ${counts.read} disks read; ${failures} failed`,
  );
  if (failures > 0) process.exitCode = 1;
}

await main();
