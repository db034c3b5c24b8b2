/** Times programs as `time` does, with what their own children take. */
import { spawnSync } from 'node:child_process';
import { median } from './harness.js';
import { roundsOf } from './quick.js';
import { result } from './results.js';

/** A run of a program, in seconds. */
export interface Cost {
  readonly wall: number;
  /** User and system time. */
  readonly cpu: number;
}

export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  /** Done before each run, untimed. */
  readonly before?: () => void;
}

/** Node has no way to ask what one child took; bash has. */
function run({ command }: Program): Cost {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null';
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  const [wall = NaN, user = NaN, system = NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wall, cpu: user + system };
}

/** Runs all programs in every round, and returns the median of each. */
export function timePrograms(programs: readonly Program[], rounds: number): Cost[] {
  const costs = programs.map((): Cost[] => []);
  // The first round warms caches and is not counted.
  for (let round = 0; round <= roundsOf(rounds); round += 1) {
    for (const [index, program] of programs.entries()) {
      program.before?.();
      const cost = run(program);
      if (round > 0) costs[index]?.push(cost);
    }
  }
  return costs.map((each) => ({
    wall: median(each.map(({ wall }) => wall)),
    cpu: median(each.map(({ cpu }) => cpu)),
  }));
}

/** The ratios of the wall and CPU times of two programs, with the goals that they have. */
export function compareCosts(
  title: string,
  ours: Cost,
  theirs: Cost,
  goals: Readonly<Partial<Record<keyof Cost, number>>>,
): void {
  for (const of of ['wall', 'cpu'] as const) {
    const most = goals[of];
    result(`${title}, ${of} time`, ours[of] / theirs[of], '×', {
      goal: most === undefined ? undefined : { atMost: most },
      detail: `${ours[of].toFixed(3)} s / ${theirs[of].toFixed(3)} s`,
    });
  }
}

/** The ratios that no program in Node can go below: of `floorPrograms`. */
export function compareFloors(copy: Cost, write: Cost, theirs: Cost): void {
  const floor = (title: string, of: keyof Cost, ours: Cost): void =>
    result(`floor: bare Node that ${title}, ${of} time`, ours[of] / theirs[of], '×', {
      detail: `${ours[of].toFixed(3)} s / ${theirs[of].toFixed(3)} s`,
    });
  floor('only writes', 'wall', write);
  floor('reads and writes', 'cpu', copy);
}

/** How much longer a program takes than bare Node. */
export function aboveNode(title: string, program: Cost, node: Cost, mostWallMs: number): void {
  const ms = (of: keyof Cost): number => (program[of] - node[of]) * 1000;
  const detail = `${(program.wall * 1000).toFixed(0)} ms - ${(node.wall * 1000).toFixed(0)} ms`;
  result(`${title} above node -e 0, wall time`, ms('wall'), 'ms', { goal: { atMost: mostWallMs }, detail });
  result(`${title} above node -e 0, CPU time`, ms('cpu'), 'ms');
}
