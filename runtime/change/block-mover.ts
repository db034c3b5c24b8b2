/** Moves blocks to other places in the file, in batches that each take effect as a whole. */
import { MIB } from '../base/units.js';
import { Bat } from '../format/bat.js';
import { SectorBitmapState } from '../format/bat-states.js';
import { readAvailable, readPadded } from '../io/byte-source.js';
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { Copier, type Copy } from './copies.js';
import { type FileLayout, FIRST_MOVABLE, type Move } from './file-layout.js';
import type { BatchLimits, MoveBatch } from './move-planner.js';
import { entryBytes } from './needless-storage.js';
import type { ChangeSession } from './session.js';
import { movableStructures, moveStructure } from './structures.js';

/** Bytes of a batch: what an interruption loses, and the most that a file grows for a time. */
const BATCH_BYTES = 128 * MIB;
/** An entry of any log has room for a BAT sector of each. */
const BATCH_MOVES = 100;

/** How much is moved at once in a file. */
export function batchLimits(): BatchLimits {
  return { moves: BATCH_MOVES, units: BATCH_BYTES / MIB };
}

/**
 * Moves payload and sector bitmap blocks in batches: all of a batch is copied to free space; when that is on stable
 * storage the BAT names the new places, in one group; when that is in its place the old ones are free. Structures are
 * moved one by one. The contents are the same at any moment.
 */
export async function moveBlocks(
  session: ChangeSession,
  layout: FileLayout,
  batches: Iterable<MoveBatch>,
): Promise<void> {
  const structures = movableStructures(session.image);
  const copier = new Copier();
  let { bat } = session.image;
  for (const batch of batches) {
    session.signal?.throwIfAborted();
    session.space.reach(Math.max(...batch.map(({ to, units }) => to + units)) * MIB);
    await session.extend();
    const [{ id, from, to } = { id: 0, from: 0, to: 0 }] = batch;
    const structure = structures[id - layout.firstStructure];
    if (structure !== undefined) {
      await moveStructure(session, structure, from * MIB, to * MIB);
      if (structure.region?.name === 'bat') bat = new Bat(session.target, to * MIB, bat.geometry);
      continue;
    }
    const copies = batch.map((move) => ({ from: move.from * MIB, to: move.to * MIB, length: move.units * MIB }));
    await copier.copy(copies, (piece, buffer) => copyPiece(session, piece, buffer));
    const edits = session.edits();
    for (const move of batch) await edits.write(...(await changedEntry(session, bat, layout, move)), session.reading);
    await session.commit(edits);
    await session.flush();
  }
}

/** The last block of a file may be incomplete: what it lacks is zeros. */
async function copyPiece(session: ChangeSession, { from, to }: Copy, buffer: Uint8Array): Promise<void> {
  await readPadded(session.target, buffer, from, session.reading);
  await session.writePayload(buffer, to);
}

/** The BAT entry of what is moved, and where it stands. Its state stays as it is. */
async function changedEntry(
  { reading, target }: ChangeSession,
  bat: Bat,
  layout: FileLayout,
  { id, to }: Move,
): Promise<readonly [bytes: Uint8Array, fileOffset: number]> {
  if (id >= layout.firstSmall) {
    const index = bat.geometry.sectorBitmapIndex(id - layout.firstSmall);
    return [entryBytes({ state: SectorBitmapState.PRESENT, fileOffsetMb: to }), bat.entryOffset(index)];
  }
  const fileOffset = bat.entryOffset(bat.geometry.payloadIndex(id - FIRST_MOVABLE));
  const view = new VhdxPayloadBatEntryView(await readAvailable(target, fileOffset, 8, reading));
  return [entryBytes({ state: view.state(0), fileOffsetMb: to }), fileOffset];
}
