/** Threads of this program. They can be started before it is known what they are to do. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { SHARE_ENV, Worker } from 'node:worker_threads';

/** A thread takes as long to start as some small images take to check: for fewer than these no second one is started unasked. */
const WORTH_A_THREAD = 16;
/** What tells the program that it runs in a thread. */
const THREAD_ARGUMENT = '__thread';

/** Threads that have been started and wait to be taken. */
const started: Worker[] = [];

let areFlagsSet = false;

/**
 * Has functions run seven times as much as usual before they are optimized. Each thread compiles for itself: with a
 * thousand images that took a quarter of all processor time, and gained less. A loop over a large BAT is optimized within
 * milliseconds all the same. Later versions have no such flag, and a compiler between the fastest and the best.
 *
 * To be called when the threads have started: with another flag V8 takes none of the code that Node brings compiled.
 */
export function optimizeLater(): void {
  if (!areFlagsSet && /^2[01]\./.test(process.versions.node)) setFlagsFromString('--interrupt-budget=500000');
  areFlagsSet = true;
}

function startThread(): Worker {
  // The program itself, which looks at its arguments.
  const worker = new Worker(new URL('./main.cjs', import.meta.url), {
    argv: [THREAD_ARGUMENT],
    execArgv: [],
    env: SHARE_ENV,
  });
  // Nobody waits for it yet.
  worker.unref();
  return worker;
}

/** Whether a thread that waits to be taken has not ended meanwhile. */
function isAlive({ threadId }: Worker): boolean {
  return threadId !== -1;
}

/** How many of `images` images are checked at once. */
export function jobsFor(images: number, jobs: number | undefined): number {
  if (jobs !== undefined) return Math.min(jobs, images);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(images / WORTH_A_THREAD)));
}

/** How many threads are for `jobs` images at once: more of them wait for servers, and need no threads for that. */
export function threadsFor(jobs: number): number {
  return Math.min(jobs, availableParallelism());
}

/** Whether a name stands for an unknown number of images: a folder or a pattern. */
function isCollective(name: string): boolean {
  if (/[*?[{(!]/.test(name)) return true;
  try {
    return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // Opening the file will say what is wrong with it.
    return false;
  }
}

/** How many images there will be, as far as that can be told at once. */
function likelyImages(names: readonly string[], fromFile: readonly string[] | undefined): number {
  if (fromFile !== undefined) return Infinity;
  return names.slice(0, WORTH_A_THREAD).some(isCollective) ? Infinity : names.length;
}

/**
 * Starts the threads that a check of these names will need, if they stand for several images: the threads start while
 * this one finds out which images these are.
 */
export function prepareThreads(
  names: readonly string[],
  { fromFile, jobs }: { readonly fromFile?: readonly string[]; readonly jobs?: number | undefined },
): void {
  const images = likelyImages(names, fromFile);
  if (images <= 1) return;
  for (let left = threadsFor(jobsFor(images, jobs)); left > 0; left -= 1) {
    const worker = startThread();
    // One that ends before it is taken does no harm.
    worker.on('error', () => undefined);
    started.push(worker);
  }
}

/** How many threads have been prepared and wait to be taken. */
export function preparedThreads(): number {
  return started.filter(isAlive).length;
}

/** A thread that has been prepared, or a new one. */
export function takeThread(): Worker {
  for (let worker = started.shift(); worker !== undefined; worker = started.shift()) if (isAlive(worker)) return worker;
  return startThread();
}
