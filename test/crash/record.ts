/** Workloads, and what a disk does to its file while one of them runs. */
import { type DiskOptions, openDisk, type VhdxDisk } from '../../runtime/disk.js';
import { formatGuid } from '../../runtime/guid.js';
import { readExactly } from '../../runtime/source.js';
import { openWritableDisk, type WritableDisk } from '../../runtime/write/writable-disk.js';
import { ATOM } from '../support/crash-states.js';
import { ALIEN, DiskModel, FIRST_WRITE, GARBAGE, INITIAL, PARENT, stamp, stampsOf, ZEROS } from '../support/disk-model.js';
import { type ImageSpec, MIB, TestImage } from '../support/image-builder.js';
import { LayeredFile } from '../support/layered-file.js';
import { Random } from '../support/random.js';
import { Clock, RecordingTarget, type Timed } from '../support/recording-target.js';

/** A step of a workload. Positions and lengths are bytes of the disk. */
export type Step =
  | { readonly kind: 'write' | 'discard'; readonly position: number; readonly length: number }
  | { readonly kind: 'flush' }
  /** All of them at once. */
  | { readonly kind: 'together'; readonly steps: readonly Step[] };

/** A disk, and what is done to it. */
export interface Workload {
  readonly name: string;
  readonly spec: ImageSpec;
  /** MiBs of the file that no block has and that hold what must never be seen. */
  readonly garbage?: number;
  /** Whether the bits of all sectors are set in the sector bitmap block that it has. */
  readonly staleBits?: boolean;
  /** Whether steps at once may be of the same sectors. */
  readonly mayOverlap?: boolean;
  /** Steps before the crash states of interest. */
  readonly warmUp?: readonly Step[];
  readonly steps: readonly Step[];
}

export interface Recording {
  readonly workload: Workload;
  /** The file before everything that was recorded. */
  readonly base: LayeredFile;
  readonly timed: readonly Timed[];
  readonly model: DiskModel;
  /** Finds the parent, if there is one. */
  readonly resolver: Pick<DiskOptions, 'parent'>;
  /** What each atom of it holds. */
  readonly parent: Int32Array | undefined;
  /** The image's before. */
  readonly guids: { readonly fileWriteGuid: string; readonly dataWriteGuid: string };
  /** Whether it begins with the replay of a log, which keeps the DataWriteGuid. */
  readonly isPending: boolean;
  readonly image: TestImage;
  /** The moment from which on states are of interest. */
  readonly from: number;
}

/** The image of a workload, with stamps for contents. */
export function buildImage({ spec, garbage = 0, staleBits = false }: Workload): TestImage {
  const image = new TestImage(spec);
  const all = spec.type === 'fixed' ? Array.from({ length: image.payloadBlocks }, (_, block) => block) : [];
  for (const [index, block] of (spec.allocate ?? all).entries()) {
    const bytes = stamp(new Uint8Array(image.blockSize), block * image.blockSize, INITIAL);
    image.source.write(bytes, image.dataOffset + index * image.blockSize);
  }
  if (staleBits) image.source.write(new Uint8Array(MIB).fill(0xff), image.dataOffset);
  const start = image.append(garbage * MIB) * MIB;
  image.source.write(stamp(new Uint8Array(garbage * MIB), 0, GARBAGE), start);
  // The last MiB of the file is a block's, so that the garbage is inside of the file.
  if (garbage > 0) {
    const last = image.payloadBlocks - 1;
    const fileOffsetMb = image.append(image.blockSize);
    image.source.write(stamp(new Uint8Array(image.blockSize), last * image.blockSize, INITIAL), fileOffsetMb * MIB);
    image.setBat(image.payloadIndex(last), { state: 6, fileOffsetMb });
  }
  return image;
}

/** The parent of differencing workloads: every second block of it has contents. */
export function buildParent({ virtualSize = 16 * MIB, logicalSectorSize = 512 }: ImageSpec): TestImage {
  const blocks = Math.ceil(virtualSize / MIB);
  const allocate = Array.from({ length: blocks }, (_, block) => block).filter((block) => block % 2 === 0);
  const image = new TestImage({ virtualSize, logicalSectorSize, allocate });
  for (const [index, block] of allocate.entries()) {
    image.source.write(stamp(new Uint8Array(MIB), block * MIB, PARENT), image.dataOffset + index * MIB);
  }
  return image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 0x83ed_0ec3;
  });
}

/** The value of each atom of a disk. */
async function valuesOf(disk: VhdxDisk): Promise<Int32Array> {
  const values = new Int32Array(disk.size / ATOM).fill(ZEROS);
  for await (const { kind, virtualOffset, length } of disk.extents()) {
    if (kind === 'zero') continue;
    const stamps = stampsOf(await readExactly(disk, virtualOffset, length));
    for (let at = 0; at < stamps.length; at += 2) values[virtualOffset / ATOM + at / 2] = stamps[at] ?? ALIEN;
  }
  return values;
}

/** Runs steps on a disk and on its model. */
class Runner {
  readonly #disk: WritableDisk;
  readonly #model: DiskModel;

  constructor(disk: WritableDisk, model: DiskModel) {
    this.#disk = disk;
    this.#model = model;
  }

  async run(step: Step): Promise<void> {
    const { clock } = this.#model;
    switch (step.kind) {
      case 'together':
        await Promise.all(step.steps.map((each) => this.run(each)));
        return;
      case 'flush': {
        const begun = clock.tick();
        await this.#disk.flush();
        this.#model.flushed(begun);
        return;
      }
      case 'write':
      case 'discard': {
        const { kind, position, length } = step;
        const change = this.#model.begin(kind, position, length);
        if (kind === 'discard') await this.#disk.discard(position, length);
        else await this.#disk.write(stamp(new Uint8Array(length), position, change.value), position);
        this.#model.end(change);
      }
    }
  }
}

/** An image to go on with, and what it is of. */
export interface Start {
  readonly file: LayeredFile;
  /** How many sessions have written to it. */
  readonly sessions: number;
}

/** More than a session writes. */
const VALUES_OF_SESSION = 1000;

/** GUIDs of a session, so that the same one is recorded every time. */
function guidsOf(session: number): { readonly fileWriteGuid: string; readonly dataWriteGuid: string } {
  const end = `0000-4000-8000-${String(session).padStart(12, '0')}`;
  return { fileWriteGuid: `f11e0000-${end}`, dataWriteGuid: `da7a0000-${end}` };
}

/**
 * Runs a workload and records it: on its own image, or on one that a crash has left. The same seed gives the same
 * recording.
 */
export async function record(workload: Workload, seed: number, start?: Start): Promise<Recording> {
  const image = buildImage(workload);
  const base = start?.file ?? LayeredFile.of(image.source);
  const { spec, mayOverlap, warmUp, steps } = workload;
  const parentImage = spec.type === 'differencing' ? buildParent(spec) : undefined;
  const resolver = parentImage === undefined ? {} : { parent: () => Promise.resolve(parentImage.source) };
  const before = await openDisk(base, resolver);
  const parent = before.parent === undefined ? undefined : await valuesOf(before.parent);
  const clock = new Clock();
  const sessions = start?.sessions ?? 0;
  const model = new DiskModel(before.size, clock, await valuesOf(before), FIRST_WRITE + sessions * VALUES_OF_SESSION);
  const random = new Random(seed);
  const wait = async (): Promise<void> => {
    for (let turns = random.below(6); turns > 0; turns -= 1) await Promise.resolve();
  };
  const target = new RecordingTarget(base.copy(), undefined, { clock, wait, mayOverlap });
  const disk = await openWritableDisk(target, { ...resolver, ...guidsOf(sessions) });
  const runner = new Runner(disk, model);
  for (const step of warmUp ?? []) await runner.run(step);
  const from = warmUp === undefined ? -1 : clock.tick();
  for (const step of steps) await runner.run(step);
  const closing = clock.tick();
  await disk.close();
  model.flushed(closing);
  const { fileWriteGuid, dataWriteGuid } = before.image.header.header;
  const guids = { fileWriteGuid: formatGuid(fileWriteGuid), dataWriteGuid: formatGuid(dataWriteGuid) };
  return { workload, base, timed: target.timed, model, resolver, parent, guids, isPending: before.image.log.state === 'pending', image, from };
}
