/**
 * `npm run fuzz -- [images|readers|schemas] --seconds N [--seed S] [--first N] [--cases N] [--every N]`: runs cases one
 * after the other until the time is over or `--cases` have been run, each by its number, in a thread of its own; the
 * main thread sees to it that none hangs. Of images, which come first where nothing is named, the checker gets every
 * case; with `--every N` the opener and the reader get each Nth only, and one in four of these is drawn and repaired too.
 */
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { MEMORY_BOUND } from './oracles.js';
import type { Subject } from './subject.js';

interface Kind {
  make(): Promise<Subject>;
  /** Memory that the process may have beyond that at its start, in bytes. */
  readonly memory: number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  images: { make: async () => (await import('./run.js')).subject, memory: MEMORY_BOUND },
  // The generator takes most of it, before the first case.
  readers: { make: async () => (await import('./reader-cases.js')).makeSubject(), memory: 3 * MEMORY_BOUND },
  schemas: { make: async () => (await import('./schema-cases.js')).makeSubject(), memory: 4 * MEMORY_BOUND },
};

interface Work {
  readonly name: string;
  readonly seed: number;
  readonly first: number;
  readonly cases: number;
  readonly every: number;
  readonly milliseconds: number;
  /** How many cases have been run, and how many of them failed: the main thread looks at it. */
  readonly progress: Int32Array;
}

const DONE = 0;
const FAILED = 1;

/** A case that takes more CPU time than this hangs; on a busy machine that is a long time. */
const PATIENCE_MS = 60_000;
/** … and so does one that takes longer than this, whether it computes or waits. */
const WAIT_MS = 1_200_000;
const MAX_FAILURES = 10;
/** A long run says so often how far it is. */
const SAID_EVERY_MS = 300_000;

function kindOf(name: string): Kind {
  const kind = KINDS[name];
  if (kind === undefined) throw new RangeError(`no ${name}: only ${Object.keys(KINDS).join(', ')}`);
  return kind;
}

async function work({ name, seed, first, cases, every, milliseconds, progress }: Work): Promise<void> {
  const subject = await kindOf(name).make();
  const end = Date.now() + milliseconds;
  const goesOn = (): boolean => Date.now() < end && Atomics.load(progress, FAILED) < MAX_FAILURES;
  for (let number = first; number < first + cases && goesOn(); number += 1) {
    const failure = await subject.run(seed, number, every);
    Atomics.add(progress, DONE, 1);
    if (failure === undefined) continue;
    Atomics.add(progress, FAILED, 1);
    console.log(failure);
    // It is shown by the main thread.
    await setImmediate();
  }
  subject.end();
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '30' },
      seed: { type: 'string' },
      first: { type: 'string', default: '0' },
      cases: { type: 'string', default: 'Infinity' },
      every: { type: 'string', default: '1' },
    },
  });
  const [name = 'images'] = positionals;
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
  const first = Number(values.first);
  console.log(`${name}, seed ${seed}`);
  const progress = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const memoryAtStart = process.memoryUsage.rss();
  const started = Date.now();
  const [cases, every] = [Number(values.cases), Number(values.every)];
  const data: Work = { name, seed, first, cases, every, milliseconds: Number(values.seconds) * 1000, progress };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  const computed = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  let seen = { done: 0, at: started, computed: computed() };
  let said = started;
  const watch = setInterval(() => {
    const done = Atomics.load(progress, DONE);
    if (done !== seen.done) seen = { done, at: Date.now(), computed: computed() };
    else if (computed() - seen.computed > PATIENCE_MS || Date.now() - seen.at > WAIT_MS) {
      console.log(`seed ${seed}, case ${first + done} hangs`);
      process.exit(1);
    }
    if (Date.now() - said < SAID_EVERY_MS) return;
    said = Date.now();
    console.log(`${done} cases so far, ${Atomics.load(progress, FAILED)} failed`);
  }, 1000);
  worker.on('error', (error) => {
    console.log(`seed ${seed}, case ${first + Atomics.load(progress, DONE)}:`, error);
    process.exitCode = 1;
  });
  worker.on('exit', () => {
    clearInterval(watch);
    const [done, failed] = [Atomics.load(progress, DONE), Atomics.load(progress, FAILED)];
    const grown = process.resourceUsage().maxRSS * 1024 - memoryAtStart;
    const rate = Math.round((done * 1000) / (Date.now() - started));
    console.log(
      `${done} cases, ${rate} a second, ${failed} failed, ${Math.round(grown / 2 ** 20)} MiB of memory more than at the start`,
    );
    if (failed > 0 || grown > kindOf(name).memory) process.exitCode = 1;
  });
}

if (isMainThread) main();
else await work(workerData as Work);
