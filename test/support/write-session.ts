/** A disk in memory that is open for writing, with everything that is done to its file. */
import { VhdxHeader, VhdxLogEntry } from '../../generated/index.js';
import { openWritableDisk, type WritableDisk } from '../../runtime/index.js';
import { type ImageSpec, TestImage } from './image-builder.js';
import { type Operation, RecordingTarget } from './recording-target.js';
import { KIB } from './units.js';

/** Where the two headers are. [MS-VHDX] 2.2 */
export const HEADERS = [64 * KIB, 128 * KIB] as const;

export async function openNew(
  spec: ImageSpec = {},
  edit: (image: TestImage) => void = () => undefined,
): Promise<{ image: TestImage; target: RecordingTarget; disk: WritableDisk }> {
  const image = new TestImage(spec);
  edit(image);
  const target = new RecordingTarget(image.source);
  return { image, target, disk: await openWritableDisk(target) };
}

export function headerOf(image: TestImage, index: 0 | 1): VhdxHeader {
  return VhdxHeader.fromBytes(image.source.bytes(HEADERS[index], VhdxHeader.SIZE));
}

export const isHeader = (operation: Operation): boolean => operation.kind === 'write' && operation.position < 192 * KIB;

/** The log entries among what was written, as they were written. */
export function entriesOf(
  image: TestImage,
  operations: readonly Operation[],
): { start: number; entry: VhdxLogEntry }[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== 'write') return [];
    const start = operation.position - image.logOffset;
    return start >= 0 && start < image.logLength ? [{ start, entry: VhdxLogEntry.fromBytes(operation.bytes) }] : [];
  });
}
