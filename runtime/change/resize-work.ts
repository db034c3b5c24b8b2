/** The work of a resize. */
import { VhdxVirtualDiskSize } from '../../generated/index.js';
import { MIB } from '../base/units.js';
import { InternalError } from '../errors/internal-error.js';
import { surveyBat } from '../image/bat-survey.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import { type NewStorage, ResizedBat, rewriteTable, writeTable } from './bat-table.js';
import { clearBits, hasStaleBytes, zeroTail } from './block-tail.js';
import { relocateRegion } from './region-table.js';
import { type Resizing, takeStorage } from './resize-plan.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';

async function editSize({ image, reading }: ChangeSession, edits: SectorEdits, size: number): Promise<void> {
  const item = image.items.find(({ name }) => name === 'virtual_disk_size');
  if (item === undefined) throw new InternalError('the image has no item virtual_disk_size, but no finding says so');
  await edits.write(VhdxVirtualDiskSize.create({ virtualDiskSize: BigInt(size) }).toBytes(), item.fileOffset, reading);
}

async function clearTail({ image, reading }: ChangeSession, { tail }: Resizing, edits: SectorEdits): Promise<void> {
  if (tail !== undefined) await clearBits(image, tail, edits, reading);
}

async function zeroStale(session: ChangeSession, { tail }: Resizing): Promise<void> {
  if (tail !== undefined && (await hasStaleBytes(session.image, tail, session.reading))) await zeroTail(session, tail);
}

/** Nothing of it is seen before the group: the table, storage and zeros behind the old end are there by then. */
async function grow(session: ChangeSession, work: Resizing): Promise<void> {
  const { image } = session;
  const { region, geometry, newBlocks } = work;
  const storage = takeStorage(session.space, work);
  let blocks: NewStorage | undefined;
  if (storage.blocks !== undefined) {
    const { fileOffset, length } = storage.blocks;
    // Zeros too: neither Hyper-V nor the owner of a fixed disk wants holes.
    await session.writeZeros(fileOffset, length);
    blocks = { first: image.bat.geometry.payloadBlocks, count: newBlocks, fileOffset };
  }
  const table = new ResizedBat(image.bat, geometry, image.disk.hasParent, blocks);
  const edits = session.edits();
  await zeroStale(session, work);
  if (storage.bat === undefined) {
    await rewriteTable(session, table, region, image.bat.geometry.entries, edits, 'write');
  } else {
    await writeTable(session, table, storage.bat);
    await relocateRegion(session, edits, region, storage.bat);
  }
  await session.extend();
  await clearTail(session, work, edits);
  await editSize(session, edits, work.size);
  await session.commit(edits, { changesContents: true });
  await session.flush();
  if (storage.bat !== undefined) session.space.release(region);
}

async function shrink(session: ChangeSession, work: Resizing): Promise<void> {
  const { image } = session;
  const { region, geometry } = work;
  const table = new ResizedBat(image.bat, geometry, image.disk.hasParent);
  const edits = session.edits();
  await rewriteTable(session, table, region, image.bat.geometry.entries, edits, 'leave');
  await clearTail(session, work, edits);
  await editSize(session, edits, work.size);
  await session.commit(edits, { changesContents: true });
  await session.flush();
  // What was cut off must not come back if another program makes the disk larger.
  await zeroStale(session, work);
  await rewriteTable(session, table, region, image.bat.geometry.entries, undefined, 'write');
}

/** Gives the disk its new size; the file is cut by `cutTail`. */
export async function resizeDisk(session: ChangeSession, work: Resizing): Promise<void> {
  const { virtualSize } = session.image.disk;
  if (work.size > virtualSize) await grow(session, work);
  else if (work.size < virtualSize) await shrink(session, work);
}

/** The image of a session as it is now. */
export async function readAgain({ target, signal }: ChangeSession): Promise<VhdxImage> {
  return readVhdx(target, { signal });
}

/** Cuts off the end of the file that nothing uses. */
export async function cutTail(session: ChangeSession): Promise<void> {
  await session.rest();
  const image = await readAgain(session);
  const { owners } = await surveyBat(image, () => undefined, session.reading);
  const end = owners.end * MIB;
  if (end < session.target.size) await session.cutTo(end);
}
