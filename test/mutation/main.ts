/**
 * `npm run mutate -- [--room NAME,…] [--file PREFIX] [--sample N] [--seed S] [--fixed] [--list]`: puts small faults into the
 * sources of a room (all rooms, if none is named), one at a time and in a copy of the project, and runs the tests near
 * them. A mutant that no test notices is printed; with one that is not in the list of those that change nothing the exit
 * code is 1. `--fixed` runs the list of faults that were put in by hand.
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Random } from '../support/random.js';
import { reasonOfEquivalent } from './equivalent.js';
import { fixedMutants } from './fixed.js';
import { type Mutant, mutantsOf, mutate, nameOf } from './mutants.js';
import { NearTests, ROOMS, sourcesOf } from './rooms.js';
import { type Outcome, Sandbox } from './sandbox.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A run of tests may take this much longer with a mutant than without, and so many milliseconds more. */
const PATIENCE = 3;
const PATIENCE_MS = 10_000;
const BASELINE_MS = 600_000;

interface Tally {
  killed: number;
  timeouts: number;
  readonly equivalent: string[];
  readonly survivors: string[];
}

class Judge {
  readonly #sandbox: Sandbox;
  readonly #near: NearTests;
  /** Milliseconds of a run without a mutant, by the tests. */
  readonly #baselines = new Map<string, number>();

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.#near = new NearTests(sandbox.folder);
  }

  /** What the tests say of a mutant, round by round until one fails. */
  async judge(mutant: Mutant): Promise<Outcome> {
    for (const tests of this.#near.of(mutant.file)) {
      // Before the file is spoiled.
      const limit = await this.#limit(tests);
      const text = mutate(this.#sandbox.read(mutant.file), mutant);
      const outcome = await this.#sandbox.with(mutant.file, text, () => this.#sandbox.run(tests, limit));
      if (outcome !== 'passed') return outcome;
    }
    return 'passed';
  }

  async #limit(tests: readonly string[]): Promise<number> {
    const key = tests.join(' ');
    let took = this.#baselines.get(key);
    if (took === undefined) {
      const began = Date.now();
      const outcome = await this.#sandbox.run(tests, BASELINE_MS);
      if (outcome !== 'passed') throw new Error(`${outcome} without a mutant: ${key}`);
      took = Date.now() - began;
      this.#baselines.set(key, took);
    }
    return took * PATIENCE + PATIENCE_MS;
  }
}

function pickedFrom(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = new Random(seed);
  const left = [...mutants];
  const picked: Mutant[] = [];
  while (picked.length < count && left.length > 0) picked.push(...left.splice(random.below(left.length), 1));
  return picked.toSorted((one, other) =>
    one.file < other.file ? -1 : one.file > other.file ? 1 : one.start - other.start,
  );
}

function chosenMutants(sandbox: Sandbox, values: Values): Mutant[] {
  const { file: prefix = '' } = values;
  const isWanted = (mutant: Mutant): boolean => nameOf(mutant).startsWith(prefix);
  if (values.fixed) return fixedMutants((file) => sandbox.read(file)).filter(isWanted);
  const rooms = values.room === undefined ? Object.values(ROOMS) : values.room.split(',').map(roomNamed);
  const files = rooms
    .flatMap((room) => sourcesOf(sandbox.folder, room))
    .filter((file) => file.startsWith(prefix) || prefix.startsWith(file));
  const mutants = files.flatMap((file) => mutantsOf(file, sandbox.read(file))).filter(isWanted);
  return values.sample === undefined ? mutants : pickedFrom(mutants, Number(values.sample), Number(values.seed));
}

function roomNamed(name: string): (typeof ROOMS)[string] {
  const room = ROOMS[name];
  if (room === undefined) throw new RangeError(`there is no room ${name}; there are ${Object.keys(ROOMS).join(', ')}`);
  return room;
}

interface Values {
  readonly room?: string | undefined;
  readonly file?: string | undefined;
  readonly sample?: string | undefined;
  readonly seed: string;
  readonly fixed: boolean;
  readonly list: boolean;
}

function report({ killed, timeouts, equivalent, survivors }: Tally): void {
  const counted = killed + survivors.length;
  const score = counted === 0 ? 'no score' : `${((100 * killed) / counted).toFixed(1)} %`;
  console.log(
    `${killed} killed (${timeouts} by the time limit), ${survivors.length} survived, ` +
      `${equivalent.length} change nothing: ${score}`,
  );
  for (const survivor of survivors) console.log(`  survived: ${survivor}`);
  for (const line of equivalent) console.log(`  changes nothing: ${line}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      room: { type: 'string' },
      file: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      fixed: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const sandbox = new Sandbox(ROOT);
  const end = (): void => sandbox.remove();
  process.on('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  const mutants = chosenMutants(sandbox, values);
  console.log(`seed ${values.seed}, ${mutants.length} mutants`);
  if (values.list) {
    for (const mutant of mutants) console.log(nameOf(mutant));
    return;
  }
  const judge = new Judge(sandbox);
  const tally: Tally = { killed: 0, timeouts: 0, equivalent: [], survivors: [] };
  for (const [index, mutant] of mutants.entries()) {
    const reason = reasonOfEquivalent(mutant);
    const outcome = reason === undefined ? await judge.judge(mutant) : 'passed';
    if (outcome !== 'passed') tally.killed += 1;
    if (outcome === 'timeout') tally.timeouts += 1;
    if (outcome === 'passed' && reason === undefined) tally.survivors.push(nameOf(mutant));
    if (reason !== undefined) tally.equivalent.push(`${nameOf(mutant)} (${reason})`);
    const said = reason === undefined && outcome === 'passed' ? 'SURVIVED' : (reason && 'equal') || outcome;
    console.log(`${index + 1}/${mutants.length} ${said} ${nameOf(mutant)}`);
  }
  report(tally);
  if (tally.survivors.length > 0) process.exitCode = 1;
}

await main();
