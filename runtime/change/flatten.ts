/** Copies what the old parent supplied into a child that gets another parent. */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { bytesEqual } from '../base/bytes.js';
import { BAT_ENTRY_SIZE, LIMITS } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import { MIB } from '../base/units.js';
import { VhdxDisk } from '../disk/disk.js';
import { PayloadState } from '../format/bat-states.js';
import type { VhdxImage } from '../image/open.js';
import { type ByteSource, readAvailable } from '../io/byte-source.js';
import type { ChangeSession } from './session.js';

/** Blocks from `first` to `end` (exclusive). */
type BlockRange = readonly [first: number, end: number];

/** The blocks of a child of `size` bytes in which one of two parents may have something else than zeros, in order. */
async function candidates(
  parents: readonly VhdxDisk[],
  { blockSize, virtualSize }: { readonly blockSize: number; readonly virtualSize: number },
  options: SignalOptions,
): Promise<BlockRange[]> {
  const ranges: BlockRange[] = [];
  for (const parent of parents) {
    for await (const { kind, virtualOffset, length } of parent.extents(options)) {
      const end = Math.min(virtualOffset + length, virtualSize);
      if (kind === 'zero' || virtualOffset >= end) continue;
      ranges.push([Math.floor(virtualOffset / blockSize), Math.ceil(end / blockSize)]);
    }
  }
  const merged: [number, number][] = [];
  for (const [first, end] of ranges.toSorted(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last !== undefined && first <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([first, end]);
  }
  return merged;
}

/** Bytes that a parent shows, behind whose end zeros are. */
async function shownBy(parent: ByteSource, at: number, length: number, options: SignalOptions): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  if (at < parent.size) bytes.set(await readAvailable(parent, at, length, options));
  return bytes;
}

async function differs(
  [one, other]: readonly [VhdxDisk, VhdxDisk],
  position: number,
  length: number,
  options: SignalOptions,
): Promise<boolean> {
  for (let done = 0; done < length; done += LIMITS.readChunkBytes) {
    const part = Math.min(LIMITS.readChunkBytes, length - done);
    const [first, second] = await Promise.all([
      shownBy(one, position + done, part, options),
      shownBy(other, position + done, part, options),
    ]);
    if (!bytesEqual(first, second)) return true;
  }
  return false;
}

/** The blocks of `child` for which its old and new parent have different contents, where the child has none itself. */
export async function blocksToCopy(
  child: VhdxImage,
  parents: readonly [VhdxDisk, VhdxDisk],
  options: SignalOptions,
): Promise<number[]> {
  const { geometry } = child.bat;
  const own = new VhdxDisk(child, undefined);
  const blocks: number[] = [];
  for (const [first, end] of await candidates(parents, geometry, options)) {
    for (let block = first; block < end; block += 1) {
      const start = block * geometry.blockSize;
      for (const range of await own.resolve(start, geometry.usedLength(block), options)) {
        if (range.kind !== 'parent') continue;
        if (!(await differs(parents, range.virtualOffset, range.length, options))) continue;
        blocks.push(block);
        break;
      }
    }
  }
  return blocks;
}

/** How many blocks become the child's own with one commit. */
const BATCH = 32;

/**
 * Makes blocks of the child its own, as its user sees them: what has storage gets the sectors that it lacks, which
 * nobody reads there yet; the others get storage. Nothing that a user sees changes.
 */
export async function copyBlocks(session: ChangeSession, blocks: readonly number[], old: VhdxDisk): Promise<void> {
  const { bat } = session.image;
  const { geometry } = bat;
  const own = new VhdxDisk(session.image, undefined);
  for (let at = 0; at < blocks.length; at += BATCH) {
    const edits = session.edits();
    for (const block of blocks.slice(at, at + BATCH)) {
      const { state, fileOffsetMb } = await bat.payloadEntry(block, session.reading);
      const isPartial = state === PayloadState.PARTIALLY_PRESENT;
      const fileOffset = isPartial ? fileOffsetMb * MIB : session.space.take(geometry.blockSize).fileOffset;
      const start = block * geometry.blockSize;
      for (const range of await own.resolve(start, geometry.usedLength(block), session.reading)) {
        if (range.kind !== 'parent') continue;
        for (let done = 0; done < range.length; done += LIMITS.readChunkBytes) {
          const part = Math.min(LIMITS.readChunkBytes, range.length - done);
          const bytes = await shownBy(old, range.virtualOffset + done, part, session.reading);
          await session.writePayload(bytes, fileOffset + range.virtualOffset + done - start);
        }
      }
      const entry = new Uint8Array(BAT_ENTRY_SIZE);
      new VhdxPayloadBatEntryView(entry).set(0, {
        state: PayloadState.FULLY_PRESENT,
        fileOffsetMb: fileOffset / MIB,
      });
      await edits.write(entry, bat.entryOffset(geometry.payloadIndex(block)), session.reading);
    }
    await session.commit(edits);
  }
}
