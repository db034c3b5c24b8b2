/** What an image has in one piece besides its blocks, and how it is moved: the log and the regions. */
import { MIB } from '../base/units.js';
import { type Region, regionTitle } from '../format/region-table.js';
import type { VhdxImage } from '../image/open.js';
import { readInto } from '../io/byte-source.js';
import { Copier } from './copies.js';
import { relocateRegion } from './region-table.js';
import type { ChangeSession } from './session.js';

/** The log, or a region. */
export interface Structure {
  /** Name with its article: `the log`. */
  readonly title: string;
  /** First byte in the file. */
  readonly fileOffset: number;
  /** Bytes. */
  readonly length: number;
  /** Left out for the log. */
  readonly region?: Region;
}

/**
 * The structures that lie in whole MiBs of the file, always in the same order. Regions of unknown contents are among
 * them: the region table alone says where a region lies, and what is in it stays as it is. [MS-VHDX] 2.1, 2.2.3
 */
export function movableStructures({ log, regions, view }: VhdxImage): Structure[] {
  const all: Structure[] = regions.regions.map((region) => {
    const { fileOffset, length } = region;
    return { title: regionTitle(region), fileOffset, length, region };
  });
  if (log.place !== undefined) all.unshift({ title: 'the log', ...log.place });
  return all.filter(
    ({ fileOffset, length }) => fileOffset % MIB === 0 && length % MIB === 0 && fileOffset + length <= view.size,
  );
}

/**
 * Moves a structure from byte `from` of the file to `to`, where nothing is. Its old place is free when this is done: a
 * region is copied first, and the region table then names the new place in both copies, through the log. A log is ended,
 * and begins anew in the other place.
 */
export async function moveStructure(
  session: ChangeSession,
  { region, length }: Structure,
  from: number,
  to: number,
): Promise<void> {
  if (region === undefined) return session.moveLog(to);
  await new Copier().copy([{ from, to, length }], async (piece, buffer) => {
    await readInto(session.target, buffer, piece.from, session.reading);
    await session.writePayload(buffer, piece.to);
  });
  const edits = session.edits();
  await relocateRegion(session, edits, region, { fileOffset: to, length });
  await session.commit(edits);
  await session.flush();
}
