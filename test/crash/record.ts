/** Workloads, and what a disk does to its file while one of them runs. */
import { type DiskOptions, openDisk } from '../../runtime/disk/disk.js';
import { formatGuid } from '../../runtime/base/guid.js';
import { openWritableDisk } from '../../runtime/write/writable-disk.js';
import { DiskModel, FIRST_WRITE } from '../support/disk-model.js';
import { perform, type Step } from '../support/disk-steps.js';
import type { TestImage } from '../support/image-builder.js';
import { LayeredFile } from '../support/layered-file.js';
import { Random } from '../support/random.js';
import { Clock, RecordingTarget, type Timed } from '../support/recording-target.js';
import { buildImage, buildParent, type StampedSpec, valuesOf } from '../support/stamped-images.js';

/** A disk, and what is done to it. */
export interface Workload extends StampedSpec {
  readonly name: string;
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
  for (const step of warmUp ?? []) await perform(disk, model, step);
  const from = warmUp === undefined ? -1 : clock.tick();
  for (const step of steps) await perform(disk, model, step);
  const closing = clock.tick();
  await disk.close();
  model.flushed(closing);
  const { fileWriteGuid, dataWriteGuid } = before.image.header.header;
  const guids = { fileWriteGuid: formatGuid(fileWriteGuid), dataWriteGuid: formatGuid(dataWriteGuid) };
  return {
    workload,
    base,
    timed: target.timed,
    model,
    resolver,
    parent,
    guids,
    isPending: before.image.log.state === 'pending',
    image,
    from,
  };
}
