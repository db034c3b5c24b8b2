/** Writes the contents of a disk to a raw image. */
import { setImmediate } from 'node:timers/promises';
import type { ProgressOptions, SignalOptions } from '../base/options.js';
import { describeValue, requireOptions } from '../base/arguments.js';
import { identitiesOf } from '../disk/levels.js';
import type { VhdxDisk } from '../disk/disk.js';
import { finish, type OutputOptions, type SyncOptions } from '../io/node/atomic-file.js';
import { type PartOptions, partsOfDisk } from './read-ahead.js';
import { pathOf } from '../io/node/path.js';
import { RawFile } from '../io/node/raw-file.js';
import { MIB } from '../base/units.js';
import { zeros } from '../io/zeros.js';

/** Options of `convertToRaw`. If the operation is aborted, no file remains. */
export interface ConvertOptions extends OutputOptions, SyncOptions, SignalOptions, ProgressOptions {}

/** Zeros that are written before anything else gets its turn: some ten milliseconds. */
const TURN_BYTES = 32 * MIB;

/**
 * Writes the contents of `disk` to a raw image at `path`, with holes for zeros. The file gets its name only when it is
 * complete; a failure leaves no file behind, even if the process exits. The disk stays open.
 *
 * @throws VhdxError as `RawFile.create`; VHDX_TARGET_FULL, VHDX_TARGET_IO; what reading the disk throws, or the
 * signal's reason; TypeError for what is no open disk, or no path
 */
export async function convertToRaw(disk: VhdxDisk, path: string | URL, options: ConvertOptions = {}): Promise<void> {
  const to = pathOf(path);
  requireOptions(options);
  requireDisk(disk);
  const { force, sync, signal, onLeftover } = options;
  signal?.throwIfAborted();
  const file = await RawFile.create(to, { size: disk.size, force, sources: identitiesOf(disk), onLeftover });
  await finish(file, { sync, signal }, () => copy(disk, file, { ...options, to }));
}

function requireDisk(disk: unknown): void {
  if (typeof disk === 'object' && disk !== null && 'extents' in disk) return;
  throw new TypeError(`expected an open disk, not ${describeValue(disk)}: \`await openDisk(source)\` opens one`);
}

async function copy(disk: VhdxDisk, file: RawFile, options: ConvertOptions & PartOptions): Promise<void> {
  const { signal, onProgress } = options;
  let end = 0;
  for await (const { position, bytes } of partsOfDisk(disk, options)) {
    await writeZeros(file, end, position, signal);
    file.write(bytes, position);
    end = position + bytes.length;
    onProgress?.(end);
  }
  await writeZeros(file, end, disk.size, signal);
  onProgress?.(disk.size);
}

/** Nothing is to be done in a new file. */
async function writeZeros(file: RawFile, start: number, end: number, signal: AbortSignal | undefined): Promise<void> {
  if (!file.needsZeros) return;
  let turn = 0;
  for (const { bytes, offset } of zeros(start, end)) {
    file.write(bytes, offset);
    turn += bytes.length;
    if (turn < TURN_BYTES) continue;
    turn = 0;
    await setImmediate();
    signal?.throwIfAborted();
  }
}
