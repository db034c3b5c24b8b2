/** What an image is worth as a crash has left it: how a checker and an opener see it, and what a replay does to it. */
import { VhdxHeader } from '../../generated/index.js';
import { examineImage } from '../../runtime/check/check.js';
import { VhdxDisk } from '../../runtime/disk/disk.js';
import { VhdxError } from '../../runtime/errors/errors.js';
import type { Finding } from '../../runtime/errors/findings.js';
import { formatGuid } from '../../runtime/base/guid.js';
import { HEADER_OFFSETS } from '../../runtime/base/limits.js';
import type { VhdxImage } from '../../runtime/image/open.js';
import { replayLog } from '../../runtime/change/replay.js';
import { type ByteSource, readExactly, readInto } from '../../runtime/io/byte-source.js';
import type { DiskRange } from '../../runtime/disk/translator.js';
import type { Walk } from '../../runtime/image/walk.js';
import { type Piece, piecesOf } from '../support/layered-file.js';
import { type EditableFile, RecordingTarget, type Timed } from '../support/recording-target.js';

type Fault = Pick<Finding, 'code' | 'severity' | 'message'>;

/** An image as checker and opener see it. */
export interface ImageState {
  /** Findings that are no mere remark. */
  readonly findings: readonly Fault[];
  /** The others. */
  readonly remarks: readonly Fault[];
  /** Where the contents of the disk are, this image alone; empty if it cannot be opened. */
  readonly ranges: readonly DiskRange[];
  /** Equal for equal ranges. */
  readonly key: string;
  readonly isPending: boolean;
  readonly fileWriteGuid: string;
  readonly dataWriteGuid: string;
}

/** Checks an image, and says where an opener finds its contents. Reads no payload. */
export async function examine(source: ByteSource): Promise<ImageState> {
  const { report, walk } = await examineImage(source);
  const isRemark = ({ severity, code }: Fault): boolean => severity === 'info' && code !== 'VHDX_LOG_TARGET_PAYLOAD';
  const findings = report.findings.filter((each) => !isRemark(each));
  const remarks = report.findings.filter(isRemark);
  const isBroken = findings.some(({ severity }) => severity === 'error');
  const image = walk === undefined || isBroken ? undefined : imageOf(walk);
  if (image === undefined) {
    return { findings, remarks, ranges: [], key: '', isPending: false, fileWriteGuid: '', dataWriteGuid: '' };
  }
  const ranges: DiskRange[] = [];
  for await (const { depth: _, ...range } of new VhdxDisk(image, undefined).ranges()) ranges.push(range);
  const { fileWriteGuid, dataWriteGuid } = image.header.header;
  return {
    findings,
    remarks,
    ranges,
    key: JSON.stringify(ranges),
    isPending: image.log.state === 'pending',
    fileWriteGuid: formatGuid(fileWriteGuid),
    dataWriteGuid: formatGuid(dataWriteGuid),
  };
}

/** What an opener would make of a walk without errors. */
function imageOf(walk: Walk): VhdxImage | undefined {
  const { header, log, logSummary, regions, items, disk, bat } = walk;
  if (header === undefined || log === undefined || logSummary === undefined || regions === undefined) return undefined;
  if (items === undefined || disk === undefined || bat === undefined) return undefined;
  const close = (): Promise<void> => Promise.resolve();
  return {
    ...walk,
    header,
    log,
    logSummary,
    regions,
    items,
    disk,
    bat,
    findings: [],
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What a replay does to an image. */
export interface ReplayState {
  /** Why there is none. */
  readonly fault: string | undefined;
  readonly timed: readonly Timed[];
  /** All that it writes, in its order. */
  readonly pieces: readonly Piece[];
  /** The length of the file afterwards. */
  readonly size: number;
}

/** A file over a source, which is not changed. */
export class Draft implements EditableFile {
  size: number;
  readonly #source: ByteSource;
  /** What is behind it has been cut off. */
  #storedEnd: number;
  readonly #writes: { readonly position: number; readonly bytes: Uint8Array }[] = [];

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
    this.#storedEnd = source.size;
  }

  write(bytes: Uint8Array, position: number): void {
    this.size = Math.max(this.size, position + bytes.length);
    this.#writes.push({ bytes, position });
  }

  cut(size: number): void {
    this.size = size;
    this.#storedEnd = Math.min(this.#storedEnd, size);
    for (const [index, { position, bytes }] of this.#writes.entries())
      this.#writes[index] = { position, bytes: bytes.subarray(0, Math.max(0, size - position)) };
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const length = Math.max(0, Math.min(into.length, this.size - position));
    const part = into.subarray(0, length);
    const stored = Math.max(0, Math.min(length, this.#storedEnd - position));
    await readInto(this.#source, part.subarray(0, stored), position);
    part.fill(0, stored);
    for (const { bytes, position: start } of this.#writes) {
      const [from, to] = [Math.max(start, position), Math.min(start + bytes.length, position + length)];
      if (from < to) part.set(bytes.subarray(from - start, to - start), from - position);
    }
    return length;
  }
}

/** FileWriteGuids that replays give images: fixed, so that equal images become equal ones. */
const GUIDS_OF_REPLAYS = ['5e91a7ed-0000-4000-8000-000000000001', '5e91a7ed-0000-4000-8000-000000000002'] as const;

/** One that neither header has. A replay that was interrupted has left one in one of them, or in both. */
async function unusedGuid(source: ByteSource): Promise<string> {
  const headers = await Promise.all(HEADER_OFFSETS.map((offset) => readExactly(source, offset, VhdxHeader.SIZE)));
  const used = headers.map((bytes) =>
    formatGuid(VhdxHeader.fromBytes(bytes, { onViolation: () => undefined }).fileWriteGuid),
  );
  const unused = GUIDS_OF_REPLAYS.find((guid) => !used.includes(guid));
  return unused ?? '5e91a7ed-0000-4000-8000-000000000003';
}

/** Replays the log of an image into a draft. */
export async function replay(source: ByteSource): Promise<ReplayState> {
  const target = new RecordingTarget(new Draft(source));
  let fault: string | undefined;
  try {
    await replayLog(target, { fileWriteGuid: await unusedGuid(source) });
  } catch (error) {
    if (!(error instanceof VhdxError)) throw error;
    fault = `${error.code}: ${error.message}`;
  }
  const pieces = target.operations.flatMap((operation) =>
    operation.kind === 'write' ? piecesOf(operation.bytes, operation.position) : [],
  );
  return { fault, timed: target.timed, pieces, size: target.size };
}
