/**
 * `npm run bench:fleet`: checks of many images, in a folder and behind a server on the loopback interface, with one and
 * two jobs, beside a shell loop of qemu-img, and with a cache. VHDX_BENCH_IMAGES is the number of images. Programs that
 * are compared run in turn.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GIB, KIB, MIB, TestImage, TIB } from '../support/image-builder.js';
import { makeFleet, writeImage } from './fleet-images.js';
import type { Fetched } from './fleet-server.js';
import { makeFolder } from './folder.js';
import { isQuick, roundsOf } from './quick.js';
import { type Cost, type Program, timePrograms } from './processes.js';
import { result, section } from './results.js';

const VHDX = fileURLToPath(new URL('../../runtime/command/main.cjs', import.meta.url));
const FLOOR = fileURLToPath(new URL('./fleet-floor.js', import.meta.url));
const IMAGES = Number(process.env['VHDX_BENCH_IMAGES'] ?? (isQuick ? 100 : 2000));
const ROUNDS = roundsOf(5);
/** What the images and reports of this benchmark take in memory at most. */
const BYTES = IMAGES * 3 * MIB;

const { parent, folder } = makeFolder(BYTES);
const at = (name: string): string => join(folder, name);

/** A check whose exit code says only whether all images could be read. */
function check(name: string, ...words: readonly string[]): Program {
  return { name, command: [process.execPath, VHDX, 'check', '--fail-on', 'none', ...words] };
}

/** How much sooner a check ends with two jobs than with one, and what the processors did for it. */
function compareJobs(title: string, one: Cost, two: Cost): void {
  result(title, one.wall / two.wall, '×', {
    goal: { atLeast: 1.7 },
    detail: `${one.wall.toFixed(2)} s / ${two.wall.toFixed(2)} s; CPU ${one.cpu.toFixed(2)} s and ${two.cpu.toFixed(2)} s`,
  });
  // On a machine that has other work, the time of a process says little; its CPU time bounds what two can gain.
  result(`${title}, at most by CPU time`, (2 * one.cpu) / two.cpu, '×');
}

/** What the processors are worth: where two of them share a core, no program is twice as quick with both. */
function benchProcessors(): void {
  const [one, two] = timePrograms(
    ['1', '2'].map((threads) => ({ name: threads, command: [process.execPath, FLOOR, 'calculate', threads] })),
    ROUNDS,
  );
  if (one === undefined || two === undefined) return;
  section('two threads that calculate, and nothing else');
  result('two / one, speed', one.wall / two.wall, '×', {
    detail: `${one.wall.toFixed(2)} s / ${two.wall.toFixed(2)} s; CPU ${one.cpu.toFixed(2)} s and ${two.cpu.toFixed(2)} s`,
  });
}

function benchJobs(title: string, images: string, count: number): void {
  const report = `--format=json=${at('report.json')}`;
  const [one, two] = timePrograms(
    [check('one', '--jobs', '1', report, images), check('two', '--jobs', '2', report, images)],
    ROUNDS,
  );
  if (one === undefined || two === undefined) return;
  section(`${title}: ${count} images`);
  compareJobs('--jobs 2 / --jobs 1, speed', one, two);
  result('CPU time an image, one job', (one.cpu / count) * 1000, 'ms');
}

/** Large images: BATs of 8 MiB, all blocks allocated, of which nothing but the BAT is there. */
function benchLarge(): void {
  const images = at('large');
  mkdirSync(images);
  const count = 24;
  const image = new TestImage({ virtualSize: TIB, blockSize: MIB, type: 'fixed' });
  for (let index = 0; index < count; index += 1) writeImage(join(images, `${index}.vhdx`), image);
  benchJobs('folder, disks of 1 TiB with blocks of 1 MiB, all allocated', images, count);
  rmSync(images, { recursive: true });
}

/** A thousand small images, beside a shell loop. */
function benchLoop(): void {
  if (!existsSync('/usr/bin/qemu-img')) return;
  const images = at('small');
  mkdirSync(images);
  const count = Math.min(1000, IMAGES);
  const image = new TestImage({ virtualSize: 64 * MIB, allocate: [0] });
  for (let index = 0; index < count; index += 1) writeImage(join(images, `${index}.vhdx`), image);
  // What of each has to be zeros, for the most part: behind its headers, its metadata and its BAT.
  const searched = [[0, 320 * KIB], ...[image.metadataOffset, image.batOffset].map((start) => [start, start + MIB])];
  const loop = 'for image in "$1"/*.vhdx; do qemu-img check -q "$image"; done';
  const [ours, theirs, unchanged, floor] = timePrograms(
    [
      check('vhdx check', '--quiet', images),
      { name: 'loop', command: ['bash', '-c', loop, 'bash', images] },
      check('cached', '--quiet', '--cache', at('cache'), images),
      { name: 'floor', command: [process.execPath, FLOOR, 'read', images, ...searched.flat().map(String)] },
    ],
    roundsOf(3),
  );
  if (ours === undefined || theirs === undefined || unchanged === undefined || floor === undefined) return;
  section(`small images: ${count}`);
  const seconds = (of: keyof Cost): string => `${theirs[of].toFixed(2)} s / ${ours[of].toFixed(2)} s`;
  result('a shell loop of qemu-img check / vhdx check', theirs.wall / ours.wall, '×', {
    goal: { atLeast: 20 },
    detail: seconds('wall'),
  });
  result('the same in CPU time', theirs.cpu / ours.cpu, '×', { detail: seconds('cpu') });
  result('the loop / two threads of Node that read the same bytes and judge nothing', theirs.wall / floor.wall, '×', {
    detail: `${theirs.wall.toFixed(2)} s / ${floor.wall.toFixed(2)} s, CPU ${floor.cpu.toFixed(2)} s`,
  });
  result('unchanged images (--cache) / all, CPU time', unchanged.cpu / ours.cpu, '×', {
    detail: `${unchanged.cpu.toFixed(2)} s / ${ours.cpu.toFixed(2)} s`,
  });
  benchJobs('folder, small images', images, count);
  rmSync(images, { recursive: true });
}

async function startServer(images: string): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  const program = fileURLToPath(new URL('./fleet-server.js', import.meta.url));
  const server = spawn(process.execPath, [program, images], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface(server.stdout), 'line')) as [string];
  return { server, url: `http://127.0.0.1:${port}/` };
}

/** Bytes and requests of one run over all images on a server. */
async function benchServer(images: string, sizes: ReadonlyMap<string, number>): Promise<void> {
  const { server, url } = await startServer(images);
  try {
    writeFileSync(at('urls'), [...sizes.keys()].map((name) => `${url}${name}`).join('\n'));
    const words = ['check', '--fail-on', 'none', '--format', `ndjson=${at('http.ndjson')}`, '--from-file', at('urls')];
    const began = performance.now();
    const run = spawnSync(process.execPath, [VHDX, ...words, '--jobs', '16'], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    const seconds = (performance.now() - began) / 1000;
    const fetched = Object.entries((await (await fetch(url)).json()) as Record<string, Fetched>);
    const large = fetched.filter(([name]) => (sizes.get(name) ?? 0) >= GIB);
    const sum = (of: (each: Fetched) => number, all: typeof fetched): number =>
      all.reduce((total, [, each]) => total + of(each), 0);
    const disks = large.reduce((total, [name]) => total + (sizes.get(name) ?? 0), 0);
    const worst = Math.max(...large.map(([name, { bytes }]) => bytes / (sizes.get(name) ?? Infinity)));
    section(`server on the loopback interface: ${sizes.size} images, ${large.length} of them of 1 GiB or more`);
    result('bytes fetched / size of the disks of ≥ 1 GiB', (sum(({ bytes }) => bytes, large) / disks) * 100, '%', {
      goal: { atMost: 1 },
      detail: `${(sum(({ bytes }) => bytes, large) / large.length / MIB).toFixed(2)} MiB an image`,
    });
    result('the same for the worst disk', worst * 100, '%', { goal: { atMost: 1 } });
    result('requests an image', sum(({ requests }) => requests, fetched) / fetched.length, '×', {
      detail: `${seconds.toFixed(1)} s for ${sizes.size} images with 16 jobs`,
    });
  } finally {
    server.kill();
  }
}

/** What the report costs in memory: the most that the process takes for all images, less that for a tenth of them. */
function benchMemory(images: string, count: number): void {
  section(`memory of the process for each image of a report: ${count} images`);
  const some = readFileSync(at('list'), 'utf8').split('\n');
  writeFileSync(at('tenth'), some.slice(0, count / 10).join('\n'));
  for (const format of ['ndjson', 'junit', 'sarif', 'html', 'markdown']) {
    const peak = (list: string): number => {
      const script = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(at('peak'))}, String(process.resourceUsage().maxRSS)));`;
      writeFileSync(at('peak.cjs'), script);
      const words = ['check', '--fail-on', 'none', '--jobs', '1', '--format', `${format}=${at('out')}`];
      spawnSync(process.execPath, ['--require', at('peak.cjs'), VHDX, ...words, '--from-file', at(list)], {
        cwd: images,
      });
      return Number(readFileSync(at('peak'), 'utf8'));
    };
    const [all, tenth] = [peak('list'), peak('tenth')];
    result(format, (all - tenth) / (count * 0.9), 'KiB', { detail: `${(all / 1024).toFixed(0)} MiB in all` });
  }
}

try {
  console.log(`Images in ${parent}.`);
  benchProcessors();
  const images = at('images');
  const sizes = makeFleet(images, IMAGES);
  writeFileSync(at('list'), [...sizes.keys()].join('\n'));
  benchJobs('folder, seeded images', images, IMAGES);
  await benchServer(images, sizes);
  benchMemory(images, IMAGES);
  rmSync(images, { recursive: true });
  benchLarge();
  benchLoop();
} finally {
  rmSync(folder, { recursive: true });
}
