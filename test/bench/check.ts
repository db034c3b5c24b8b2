/**
 * `npm run bench:check`: how long a check takes, and how much memory. A disk of 64 TiB with blocks of 1 MiB, all of them
 * allocated, has a BAT of 512 MiB and a file that no file system here can hold, so its bytes are made as they are read;
 * what that takes alone is said too. Beside it the command on a clean image of 10 GiB, and bare Node.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type ByteSource, checkImage } from '../../runtime/index.js';
import { GIB, MIB, TestImage, TIB } from '../support/image-builder.js';
import { median } from './harness.js';
import { aboveNode, timePrograms } from './processes.js';
import { roundsOf } from './quick.js';
import { result, section } from './results.js';

const VHDX = fileURLToPath(new URL('../../runtime/command/main.cjs', import.meta.url));
const SELF = fileURLToPath(import.meta.url);
const ROUNDS = roundsOf(3);

/** Orders of the blocks in the file: as they are in the disk, and in no order at all. */
const ORDERS = { ascending: 1, scattered: 0x2c1b_3c6d } as const;
type Order = keyof typeof ORDERS;

/** An image whose blocks are all allocated. Block `b` is at the place `b * factor`, modulo the number of blocks, a power of two. */
class FullImage implements ByteSource {
  readonly size: number;
  readonly #image: TestImage;
  readonly #factor: number;
  readonly #batEnd: number;

  constructor(order: Order) {
    this.#image = new TestImage({ virtualSize: 64 * TIB, blockSize: MIB });
    this.#factor = ORDERS[order];
    this.#batEnd = this.#image.batOffset + this.#image.batLength;
    this.size = this.#image.dataOffset + 64 * TIB;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const { batOffset } = this.#image;
    if (position < batOffset || position >= this.#batEnd) {
      this.#image.source.fill(into, position);
      return into.length;
    }
    if (position % 8 !== 0 || into.length % 8 !== 0) throw new Error('entries are read whole');
    this.#fillEntries(new Uint32Array(into.buffer, into.byteOffset, into.length / 4), (position - batOffset) / 8);
    return into.length;
  }

  /** FULLY_PRESENT (6) in the low 3 bits, the place in MiB from bit 20 on; the entry of each bitmap stays zero. */
  #fillEntries(words: Uint32Array, first: number): void {
    const { chunkRatio, payloadBlocks, dataOffset } = this.#image;
    const data = dataOffset / MIB;
    let chunk = Math.floor(first / (chunkRatio + 1));
    let inChunk = first % (chunkRatio + 1);
    for (let at = 0; at < words.length; at += 2) {
      const block = chunk * chunkRatio + inChunk;
      const isPresent = inChunk < chunkRatio && block < payloadBlocks;
      const place = isPresent ? data + (Math.imul(block, this.#factor) & (payloadBlocks - 1)) : 0;
      words[at] = isPresent ? ((place & 0xfff) << 20) | 6 : 0;
      words[at + 1] = place >>> 12;
      inChunk += 1;
      if (inChunk > chunkRatio) [chunk, inChunk] = [chunk + 1, 0];
    }
  }
}

interface Figures {
  readonly verdict: string;
  readonly seconds: number;
  readonly cpu: number;
  /** What it takes to make the bytes of the BAT. */
  readonly making: number;
  readonly peakMib: number;
}

async function checkFull(order: Order): Promise<Figures> {
  const image = new FullImage(order);
  const before = process.cpuUsage();
  const start = performance.now();
  const { verdict } = await checkImage(image);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const peakMib = process.resourceUsage().maxRSS / 1024;
  const buffer = new Uint8Array(MIB);
  const made = performance.now();
  for (let at = 0; at < 512 * MIB; at += MIB) await image.read(buffer, 2 * MIB + at);
  return { verdict, seconds, cpu: (user + system) / 1e6, making: (performance.now() - made) / 1000, peakMib };
}

function measureFull(order: Order): Figures {
  const { stdout, stderr } = spawnSync(process.execPath, [SELF, order], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Figures;
}

function benchFull(): void {
  for (const order of Object.keys(ORDERS) as Order[]) {
    const runs = Array.from({ length: ROUNDS }, () => measureFull(order));
    const of = (pick: (figures: Figures) => number): number => median(runs.map(pick));
    const [seconds, peak] = [of((run) => run.seconds), of((run) => run.peakMib)];
    section(`check of 64 TiB, blocks of 1 MiB, all allocated, ${order}: ${runs[0]?.verdict}`);
    result('time', seconds, 's', {
      goal: { atMost: order === 'scattered' ? 2 : 6 },
      detail: `${of((run) => run.cpu).toFixed(2)} s of CPU time`,
    });
    result(
      'of that to make the bytes of the BAT',
      of((run) => run.making),
      's',
    );
    result('memory of the process at most', peak, 'MiB', { goal: { atMost: order === 'scattered' ? 90 : 300 } });
  }
}

/** Holes where nothing is written, so that the file takes no room. */
function writeImage(path: string, image: TestImage): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, image.size);
  const bytes = image.source.bytes(0, image.dataOffset);
  writeSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
}

function benchCommand(folder: string): void {
  const image = join(folder, 'clean.vhdx');
  writeImage(image, new TestImage({ virtualSize: 10 * GIB, blockSize: 32 * MIB, type: 'fixed' }));
  const [check, node] = timePrograms(
    [
      { name: 'check', command: [process.execPath, VHDX, 'check', image] },
      { name: 'node', command: [process.execPath, '-e', '0'] },
    ],
    21,
  );
  if (check === undefined || node === undefined) return;
  section('vhdx check of a clean image of 10 GiB, all allocated');
  aboveNode('vhdx check', check, node, 100);
}

const [, , order] = process.argv;
if (order === 'ascending' || order === 'scattered') console.log(JSON.stringify(await checkFull(order)));
else {
  benchFull();
  const folder = mkdtempSync(join(tmpdir(), 'vhdx-bench-'));
  try {
    benchCommand(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
