/** Writes to the virtual disk within a session of changing. */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { BAT_ENTRY_SIZE } from '../base/limits.js';
import { MIB } from '../base/units.js';
import type { VhdxDisk } from '../disk/disk.js';
import { blockParts } from '../format/bat-geometry.js';
import { isPresent, PayloadState } from '../format/bat-states.js';
import { readInto } from '../io/byte-source.js';
import type { Piece } from '../io/byte-target.js';
import type { ChangeSession } from './session.js';

/**
 * Writes a piece of the virtual disk `disk`, which is that of the session: into the storage of blocks that are fully
 * present; any other block gets storage with all that a user sees of it. All of it is on stable storage afterwards.
 */
export async function writeVirtual(session: ChangeSession, disk: VhdxDisk, { offset, bytes }: Piece): Promise<void> {
  const { bat } = disk.image;
  const { geometry } = bat;
  const { blockSize } = geometry;
  for (const { block, inBlock, length } of blockParts(offset, bytes.length, blockSize)) {
    const at = block * blockSize + inBlock - offset;
    const part = bytes.subarray(at, at + length);
    const { state, fileOffsetMb } = await bat.payloadEntry(block, session.reading);
    if (state === PayloadState.FULLY_PRESENT) {
      await session.writeInPlace(part, fileOffsetMb * MIB + inBlock);
      continue;
    }
    const whole = new Uint8Array(blockSize);
    await readInto(disk, whole.subarray(0, geometry.usedLength(block)), block * blockSize, session.reading);
    whole.set(part, inBlock);
    const storage = session.space.take(blockSize);
    await session.writePayload(whole, storage.fileOffset);
    const entry = new Uint8Array(BAT_ENTRY_SIZE);
    new VhdxPayloadBatEntryView(entry).set(0, {
      state: PayloadState.FULLY_PRESENT,
      fileOffsetMb: storage.fileOffset / MIB,
    });
    const edits = session.edits();
    await edits.write(entry, bat.entryOffset(geometry.payloadIndex(block)), session.reading);
    await session.commit(edits);
    await session.flush();
    if (isPresent(state)) session.space.release({ fileOffset: fileOffsetMb * MIB, length: blockSize });
  }
  await session.flush();
}
