/** Plans and applies changes of identifiers and properties of an image. */
import { VhdxFileTypeIdentifier, VhdxGuid, VhdxPhysicalSectorSize, VhdxVirtualDiskId } from '../../generated/index.js';
import { requireNumber, requireString } from '../base/arguments.js';
import { formatGuid, isZeroGuid, parseGuid } from '../base/guid.js';
import { randomGuid } from '../base/random-guid.js';
import { roundUp } from '../base/units.js';
import { encodeUtf16 } from '../base/utf16.js';
import { checkCreator, checkSectorSizes } from '../create/options.js';
import { VhdxError } from '../errors/errors.js';
import { InternalError } from '../errors/internal-error.js';
import type { KnownItemName } from '../format/metadata-table.js';
import type { VhdxImage } from '../image/open.js';
import { readExactly } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { applyOperation, type ApplyOptions, type ChangeReport, type Operation, planOperation } from './apply.js';
import { type Job, sessionOperation } from './operation.js';
import { CHILDREN_NOTICE } from './notices.js';
import type { ChangePlan, PlanOptions, PlanStep } from './plan.js';
import type { ChangeSession } from './session.js';

/** What is to be set; what is left out stays as it is. */
export interface ImageSettings {
  /** The virtual disk ID, which the guest sees (SCSI page 83h); `new` for a random one. [MS-VHDX] 2.6.2.3 */
  readonly virtualDiskId?: string | undefined;
  /** 512 or 4096, not less than a logical sector. [MS-VHDX] 2.6.2.5 */
  readonly physicalSectorSize?: number | undefined;
  /** Who made the file: at most 256 UTF-16 code units. [MS-VHDX] 2.2.1 */
  readonly creator?: string | undefined;
  /** Gives the contents a new identity, so that children made before do not take this image for their parent. */
  readonly newDataWriteGuid?: boolean | undefined;
}

/** What setting is going to do. */
export interface SetPlan extends ChangePlan {
  /** The operation that the plan is of. */
  readonly operation: 'set';
  /** The virtual disk ID afterwards. */
  readonly virtualDiskId: string;
}

type SetDetail = Pick<SetPlan, 'operation' | 'virtualDiskId'>;

/** A metadata item that gets another value. */
interface ItemChange {
  readonly fileOffset: number;
  readonly bytes: Uint8Array;
  readonly step: PlanStep;
}

const metadata = (message: string): PlanStep => ({ kind: 'metadata', message, bytes: 0 });

function itemAt({ items }: VhdxImage, wanted: KnownItemName): number {
  const item = items.find(({ name }) => name === wanted);
  if (item === undefined) throw new InternalError(`the image has no item ${wanted}, but no finding says so`);
  return item.fileOffset;
}

function changedItems(image: VhdxImage, { virtualDiskId, physicalSectorSize }: ImageSettings): ItemChange[] {
  const { disk } = image;
  const changes: ItemChange[] = [];
  if (virtualDiskId !== undefined && virtualDiskId !== disk.virtualDiskId) {
    changes.push({
      fileOffset: itemAt(image, 'virtual_disk_id'),
      bytes: VhdxVirtualDiskId.create({ virtualDiskId: VhdxGuid.create(parseGuid(virtualDiskId)) }).toBytes(),
      step: metadata(`Set the virtual disk ID from ${disk.virtualDiskId} to ${virtualDiskId} (2.6.2.3).`),
    });
  }
  if (physicalSectorSize !== undefined && physicalSectorSize !== disk.physicalSectorSize) {
    checkSectorSizes(disk.logicalSectorSize, physicalSectorSize);
    changes.push({
      fileOffset: itemAt(image, 'physical_sector_size'),
      bytes: VhdxPhysicalSectorSize.create({ physicalSectorSize }).toBytes(),
      step: metadata(
        `Set the physical sector size from ${disk.physicalSectorSize} to ${physicalSectorSize} bytes (2.6.2.5).`,
      ),
    });
  }
  return changes;
}

/** Bytes that hold the signature and the creator, in whole sectors of any disk. [MS-VHDX] 2.2.1 */
const IDENTIFIER_BYTES = roundUp(8 + 512, 512);

/** The identifier is neither logged nor has it a copy (2.2.1), so only the sectors with the text are written. */
async function writeCreator(session: ChangeSession, creator: string): Promise<void> {
  const bytes = await readExactly(session.target, 0, IDENTIFIER_BYTES, session.reading);
  const identifier = VhdxFileTypeIdentifier.create({});
  identifier.creator.set(encodeUtf16(creator));
  bytes.set(identifier.toBytes().subarray(0, IDENTIFIER_BYTES));
  await session.writeInPlace(bytes, 0);
}

function prepare(image: VhdxImage, settings: ImageSettings): Job<SetDetail> {
  const items = changedItems(image, settings);
  const { creator, newDataWriteGuid = false } = settings;
  const hasCreator = creator !== undefined && creator !== image.creator;
  const changesContents = items.length > 0 || newDataWriteGuid;
  const steps = [
    ...(hasCreator
      ? [metadata(`Set the creator from ${JSON.stringify(image.creator)} to ${JSON.stringify(creator)} (2.2.1).`)]
      : []),
    ...items.map(({ step }) => step),
    ...(newDataWriteGuid
      ? [{ kind: 'header' as const, message: 'Give the headers a new DataWriteGuid (2.2.2).', bytes: 0 }]
      : []),
  ];
  return {
    steps,
    notices: changesContents ? [CHILDREN_NOTICE] : [],
    changesContents,
    detail: { operation: 'set', virtualDiskId: settings.virtualDiskId ?? image.disk.virtualDiskId },
    run: async (session) => {
      if (hasCreator) await writeCreator(session, creator);
      if (items.length === 0) {
        if (newDataWriteGuid) await session.renewDataWriteGuid();
        return;
      }
      const edits = session.edits();
      for (const { bytes, fileOffset } of items) await edits.write(bytes, fileOffset, session.reading);
      await session.commit(edits, { changesContents });
    },
  };
}

function diskIdOf(text: string): string {
  const guid = text === 'new' ? randomGuid() : parseGuid(text);
  if (!isZeroGuid(guid)) return formatGuid(guid);
  throw new VhdxError('VHDX_DISK_ID_ZERO', {
    message: 'The virtual disk ID cannot be zero: it would identify nothing.',
  });
}

function operationOf({ virtualDiskId, ...settings }: ImageSettings, options: PlanOptions): Operation<SetDetail> {
  requireString(virtualDiskId, 'virtualDiskId');
  requireNumber(settings.physicalSectorSize, 'physicalSectorSize');
  requireString(settings.creator, 'creator');
  if (settings.creator !== undefined) checkCreator(settings.creator);
  const wanted = virtualDiskId === undefined ? settings : { ...settings, virtualDiskId: diskIdOf(virtualDiskId) };
  return sessionOperation({ name: 'set', prepare: ({ image }) => Promise.resolve(prepare(image, wanted)) }, options);
}

/**
 * Says what it takes to set identifiers and sizes of an image that are metadata alone, and changes nothing. The source
 * stays open. Costs a pass over the BAT.
 *
 * @throws VhdxError VHDX_DISK_ID_ZERO, VHDX_CREATE_SECTOR_SIZE_INVALID, VHDX_CREATE_CREATOR_INVALID; as `openVhdx`, and
 * the code of the first finding that forbids writing; TypeError for what is no GUID, no number or no text
 */
export async function planSet(source: Bytes, settings: ImageSettings, options: PlanOptions = {}): Promise<SetPlan> {
  return planOperation(toByteSource(source), operationOf(settings, options), options);
}

/** Plans as `planSet` and carries it out at once. @throws as `planSet` and `applyPlan` */
export async function setImage(
  target: ByteTarget,
  settings: ImageSettings,
  options: ApplyOptions & PlanOptions = {},
): Promise<ChangeReport<SetPlan>> {
  return applyOperation(target, operationOf(settings, options), options);
}
