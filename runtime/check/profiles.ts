/** What Hyper-V, Azure and WSL require beyond the specification. */
import { PayloadState } from '../format/bat-states.js';
import { catalogue, type VhdxCode } from '../errors/codes.js';
import { finding, type Report } from '../errors/findings.js';
import { BAT_ENTRY_SIZE } from '../base/limits.js';
import { itemPath } from '../format/metadata-items.js';
import type { KnownItemName } from '../format/metadata-table.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { countText, GIB, hex, MIB, sizeText } from '../base/units.js';
import type { Walk } from '../image/walk.js';

/** Hosts for an image. `spec` is the specification alone, which every check covers. */
export const PROFILES = ['spec', 'hyperv', 'azure', 'wsl'] as const;
/** A host that an image must be accepted by. */
export type Profile = (typeof PROFILES)[number];

/**
 * Bytes of a disk that Azure takes by direct upload, the footer of its VHD left aside. The reference of
 * DiskCreationData.UploadSizeBytes speaks of 32 TiB, but its number, 35183298347520 with the footer, is 32767 GiB.
 */
const AZURE_DISK_BYTES = { least: 20 * MIB, most: 32_767 * GIB } as const;

/** HV1, WSL1: only the attribute of Windows is refused; what else has holes is A9 and nothing more. */
function judgeSparse(code: VhdxCode, { source }: Walk, report: Report): void {
  if (source.hostSparseAttribute !== true) return;
  report(
    finding(code, {
      fileOffset: 0,
      length: source.size,
      path: 'file',
      message: `The file of ${sizeText(source.size)} is sparse or compressed by an attribute of the host's file system.`,
    }),
  );
}

/** HV2: one finding for all entries, since one tool wrote them. Reads the BAT once. */
async function judgeZeroOffsets({ bat }: Walk, report: Report, options?: SourceReadOptions): Promise<void> {
  if (bat === undefined) return;
  let count = 0;
  let first = 0;
  for await (const extents of bat.extents(options)) {
    while (extents.next()) {
      const { kind, state, fileOffsetMb } = extents;
      if (kind !== 'payload' || state !== PayloadState.ZERO || fileOffsetMb === 0) continue;
      if (count === 0) first = extents.index;
      count += extents.count;
    }
  }
  if (count === 0) return;
  report(
    finding('VHDX_HYPERV_ZERO_WITH_OFFSET', {
      fileOffset: bat.entryOffset(first),
      length: BAT_ENTRY_SIZE,
      path: `bat[${first}]`,
      message: `${countText(count, 'block is', 'blocks are')} in state ZERO (2) with a file offset other than 0; the first is bat[${first}] at ${hex(bat.entryOffset(first))}.`,
    }),
  );
}

/** AZ1 to AZ5: what becomes of the disk when it is made a fixed VHD. */
function judgeForAzure({ source, disk, items }: Walk, report: Report): void {
  report(
    finding('VHDX_AZURE_NOT_A_FIXED_VHD', {
      fileOffset: 0,
      length: source.size,
      path: 'file',
      message: 'The file is a VHDX; an upload to Azure needs the disk as a fixed VHD.',
    }),
  );
  if (disk === undefined) return;
  const at = (name: KnownItemName): { fileOffset: number; length: number; path: string } => {
    const item = items?.find((candidate) => candidate.name === name);
    return { fileOffset: item?.fileOffset ?? 0, length: item?.length ?? 0, path: itemPath(name) };
  };
  const { virtualSize, logicalSectorSize, hasParent } = disk;
  if (virtualSize % MIB !== 0) {
    report(
      finding('VHDX_AZURE_SIZE_UNALIGNED', {
        ...at('virtual_disk_size'),
        message: `The virtual disk has ${virtualSize} bytes, no whole number of MiB.`,
      }),
    );
  }
  if (virtualSize < AZURE_DISK_BYTES.least || virtualSize > AZURE_DISK_BYTES.most) {
    report(
      finding('VHDX_AZURE_SIZE_LIMIT', {
        ...at('virtual_disk_size'),
        message: `The virtual disk has ${sizeText(virtualSize)}, expected ${sizeText(AZURE_DISK_BYTES.least)} to ${sizeText(AZURE_DISK_BYTES.most)}.`,
      }),
    );
  }
  if (logicalSectorSize !== 512) {
    report(
      finding('VHDX_AZURE_SECTOR_SIZE', {
        ...at('logical_sector_size'),
        message: `The logical sector size is ${logicalSectorSize}, expected 512.`,
      }),
    );
  }
  if (hasParent) {
    report(
      finding('VHDX_AZURE_DIFFERENCING', {
        ...at('parent_locator'),
        message: 'The disk is a differencing one: what its parents hold would be missing.',
      }),
    );
  }
}

/** What the hosts of `profiles` are known to refuse, beyond the specification. */
export async function judgeProfiles(
  walk: Walk,
  profiles: readonly Profile[],
  report: Report,
  options?: SourceReadOptions,
): Promise<void> {
  const isAsked = (code: VhdxCode): boolean =>
    catalogue[code].profiles?.some((each) => profiles.includes(each)) === true;
  if (isAsked('VHDX_HYPERV_HOST_FILE_SPARSE')) judgeSparse('VHDX_HYPERV_HOST_FILE_SPARSE', walk, report);
  if (isAsked('VHDX_WSL_HOST_FILE_SPARSE')) judgeSparse('VHDX_WSL_HOST_FILE_SPARSE', walk, report);
  if (isAsked('VHDX_HYPERV_ZERO_WITH_OFFSET')) await judgeZeroOffsets(walk, report, options);
  if (profiles.includes('azure')) judgeForAzure(walk, report);
}
