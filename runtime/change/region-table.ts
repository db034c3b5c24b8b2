/** Changes of the region table, for both of its copies. */
import { VhdxRegionTable, VhdxRegionTableEntry } from '../../generated/index.js';
import { checksumAround, checksums } from '../../generated/kaitai/checksums.js';
import { bytesEqual } from '../base/bytes.js';
import { LOG_SECTOR_SIZE, REGION_TABLE_OFFSETS } from '../base/limits.js';
import { offsetOf, spanOf } from '../errors/field-location.js';
import type { Region } from '../format/region-table.js';
import { readExactly } from '../io/byte-source.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';

const TABLE_SIZE = REGION_TABLE_OFFSETS[1] - REGION_TABLE_OFFSETS[0];

/** Gives a region another place in both copies of the region table, as part of a group of changes. [MS-VHDX] 2.2.3 */
export async function relocateRegion(
  { target, reading }: ChangeSession,
  edits: SectorEdits,
  region: Region,
  place: { readonly fileOffset: number; readonly length: number },
): Promise<void> {
  const { span, entry } = {
    span: spanOf(VhdxRegionTable.LAYOUT, 'checksum'),
    entry: offsetOf(VhdxRegionTable.LAYOUT, 'entries') + region.index * VhdxRegionTableEntry.SIZE,
  };
  for (const offset of REGION_TABLE_OFFSETS) {
    const before = await readExactly(target, offset, TABLE_SIZE, reading);
    const after = before.slice();
    const view = new DataView(after.buffer);
    view.setBigUint64(entry + offsetOf(VhdxRegionTableEntry.LAYOUT, 'file_offset'), BigInt(place.fileOffset), true);
    view.setUint32(entry + offsetOf(VhdxRegionTableEntry.LAYOUT, 'length'), place.length, true);
    view.setUint32(span.offset, checksumAround(checksums.crc32c, after, 0, after.length, span), true);
    for (let at = 0; at < after.length; at += LOG_SECTOR_SIZE) {
      const sector = after.subarray(at, at + LOG_SECTOR_SIZE);
      if (!bytesEqual(sector, before.subarray(at, at + LOG_SECTOR_SIZE)))
        await edits.write(sector, offset + at, reading);
    }
  }
}
