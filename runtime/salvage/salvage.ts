/** Opens damaged images as far as their contents can be found. */
import { InternalError } from '../errors/internal-error.js';
import { findParent, judgeParent } from '../disk/chain.js';
import { type DiskOptions, type Extent, type ExtentOptions, requireDiskOptions, VhdxDisk } from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import { errorOf, type Finding, finding, type Report } from '../errors/findings.js';
import type { VhdxImage } from '../image/open.js';
import type { ByteSource } from '../io/byte-source.js';
import { takeOver } from '../io/take-over.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import type { DiskRange, FaultOptions, ResolveOptions } from '../disk/translator.js';
import { walkImage } from '../image/walk.js';
import { LostRanges } from './lost-ranges.js';

/** Something that keeps an image from being opened otherwise, and what a salvage makes of it. */
export interface Obstacle extends Pick<Finding, 'code' | 'message' | 'fileOffset'> {
  /** Assumption made instead, as a sentence; absent if none is needed. */
  readonly assumed?: string;
  /** The file of the parent that it is about; left out where that is the image itself. */
  readonly image?: string;
}

/**
 * A damaged disk, as far as it can be read. Lost ranges read as zeros, never as the data of a parent. They are recorded
 * in `lost` when they are found: by `read`, `stream` and `resolve` for their range, by `extents` for what it lists,
 * except unreadable payload, which only `read` discovers.
 */
export class SalvagedDisk extends VhdxDisk {
  /** Damage that would have prevented opening, in this image and its parents; empty if all of them open normally. */
  readonly obstacles: readonly Obstacle[];
  /** Ranges found to be lost so far. */
  readonly lost: LostRanges = new LostRanges();

  /** @internal */
  constructor(level: Level, obstacles: readonly Obstacle[], batCacheBytes: number | undefined) {
    super(level.image, level.parent, batCacheBytes, level.lostParent);
    this.obstacles = obstacles;
  }

  override read(into: Uint8Array, position: number, options?: FaultOptions): Promise<number> {
    return super.read(into, position, this.#noting(options));
  }

  override resolve(position: number, length: number, options?: ResolveOptions): Promise<DiskRange[]> {
    return super.resolve(position, length, this.#noting(options));
  }

  override extents(options?: ExtentOptions): AsyncGenerator<Extent> {
    return super.extents(this.#noting(options));
  }

  override ranges(options?: ExtentOptions): AsyncGenerator<Extent> {
    return super.ranges(this.#noting(options));
  }

  #noting(options: ExtentOptions = {}): ExtentOptions {
    return {
      ...options,
      onUnreadable: (range) => {
        this.lost.add(range.virtualOffset, range.length, range.finding);
        options.onUnreadable?.(range);
      },
    };
  }
}

/** An image of a chain with what there is below it. */
interface Level {
  readonly image: VhdxImage;
  readonly parent: VhdxDisk | undefined;
  readonly lostParent: Finding | undefined;
}

/**
 * Opens a damaged disk for reading as far as it can be told where its contents are. Beyond what `openDisk` takes, it
 * takes headers and region tables that are plausible although their checksums are wrong, a log that cannot be replayed
 * (and leaves it out), structures that are cut off or in bad sectors, and a parent that is missing. The file is never
 * changed. Reads the whole BAT, to find what shares storage.
 *
 * The disk takes the source over, and the sources that the resolver opens: closing the disk closes them, and so does an
 * error.
 *
 * @throws VhdxError if it cannot be told what the disk is or where its BAT lies: the code of the first error that is
 * found; TypeError, RangeError as `openDisk`
 */
export async function salvageDisk(source: Bytes, options: DiskOptions = {}): Promise<SalvagedDisk> {
  const taken = toByteSource(source);
  return takeOver(taken, async () => {
    requireDiskOptions(options);
    const obstacles: Obstacle[] = [];
    const level = await openLevel(taken, options, [], obstacles);
    const disk = new SalvagedDisk(level, obstacles, options.batCacheBytes);
    try {
      await disk.survey(options);
      return disk;
    } catch (error) {
      await level.parent?.close();
      throw error;
    }
  });
}

/** `line`: the images from the disk that was asked for down to the child of this one. */
async function openLevel(
  source: ByteSource,
  options: DiskOptions,
  line: readonly VhdxImage[],
  obstacles: Obstacle[],
): Promise<Level> {
  const image = await openImage(source, options, line.length > 0 ? source.path : undefined, obstacles);
  const child = line.at(-1);
  if (child !== undefined) judgeParent(child, image, options);
  if (!image.disk.hasParent) return { image, parent: undefined, lostParent: undefined };
  return { image, ...(await openParent([...line, image], options, obstacles)) };
}

async function openParent(
  line: readonly VhdxImage[],
  options: DiskOptions,
  obstacles: Obstacle[],
): Promise<Omit<Level, 'image'>> {
  // Of a parent that cannot be used it is of no interest what else is wrong with it.
  const below: Obstacle[] = [];
  try {
    const source = await findParent(line, options);
    const { image, parent, lostParent } = await takeOver(source, () => openLevel(source, options, line, below));
    obstacles.push(...below);
    return { parent: new VhdxDisk(image, parent, options.batCacheBytes, lostParent), lostParent: undefined };
  } catch (error) {
    if (!(error instanceof VhdxError)) throw error;
    const { code, message, fileOffset = 0 } = error;
    const lostParent = finding(code, { fileOffset, length: 0, path: 'parent_locator', message, severity: 'error' });
    obstacles.push({ code, message, fileOffset, assumed: 'What it has of its parent is lost.' });
    return { parent: undefined, lostParent };
  }
}

/** The image with what is wrong with it; `name`: its file, if it is a parent. */
async function openImage(
  source: ByteSource,
  options: DiskOptions,
  name: string | undefined,
  obstacles: Obstacle[],
): Promise<VhdxImage> {
  const findings: Finding[] = [];
  const found: Obstacle[] = [];
  const report: Report = (each) => {
    findings.push(each);
    if (each.severity === 'error') found.push(obstacleOf(each, name));
  };
  const assume = (assumed: string): void => {
    // What is taken for granted goes with what was found before.
    const last = found.pop() ?? findings.slice(-1).map((each) => obstacleOf(each, name))[0];
    if (last === undefined) throw new InternalError('an assumption was made, but no finding asks for it');
    found.push({ ...last, assumed: last.assumed === undefined ? assumed : `${last.assumed} ${assumed}` });
  };
  const walk = await walkImage(source, report, { ...options, assume });
  if (walk.kind === 'foreign') throw firstError(found);
  const { header, log, logSummary, regions, items, disk, bat } = walk;
  if (header === undefined || log === undefined || logSummary === undefined) throw firstError(found);
  if (regions === undefined || items === undefined || disk === undefined || bat === undefined) throw firstError(found);
  obstacles.push(...found);
  const close = async (): Promise<void> => source.close?.();
  return { ...walk, header, log, logSummary, regions, items, disk, bat, findings, close, [Symbol.asyncDispose]: close };
}

function obstacleOf({ code, message, fileOffset }: Finding, image: string | undefined): Obstacle {
  return image === undefined ? { code, message, fileOffset } : { code, message, fileOffset, image };
}

function firstError([first]: readonly Obstacle[]): VhdxError {
  if (first === undefined) throw new InternalError('a part of the image is missing, but no error was reported');
  return errorOf({ ...first, severity: 'error' });
}
