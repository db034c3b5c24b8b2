/** Warnings about partition tables that count in sectors of another size. */
import { type VhdxDisk } from '../../index.js';
import { type PartitionTable, readPartitionTable } from '../../format.js';

const NAMES: Readonly<Record<PartitionTable['kind'], string>> = {
  gpt: 'its GUID partition table',
  mbr: 'its partition table (MBR)',
};

/** Says that a new disk has a partition table that counts in other sectors than its own. */
export function misfitText({ kind, sectorSize }: PartitionTable): string {
  const change = `--logical-sector-size ${sectorSize} fits it, or the disk has to be partitioned again`;
  return `${NAMES[kind]} counts in sectors of ${sectorSize} bytes and will not be found: ${change}`;
}

/** Bytes of the sectors that a raw image is taken to have where nothing else is said. */
const RAW_SECTOR_SIZE = 512;

/** What has to be said of the partition table of a disk that becomes raw, which tells no sector size; mostly nothing. */
export async function rawTableText(disk: VhdxDisk): Promise<string | undefined> {
  const { logicalSectorSize } = disk.image.disk;
  if (logicalSectorSize === RAW_SECTOR_SIZE) return undefined;
  const table = await readPartitionTable(disk, logicalSectorSize);
  if (table === undefined || table.sectorSize === RAW_SECTOR_SIZE) return undefined;
  return `${NAMES[table.kind]} counts in sectors of ${table.sectorSize} bytes, which a raw image does not say: give them where it is attached`;
}
