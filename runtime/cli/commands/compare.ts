/** `vhdx compare`: whether two images hold the same disk. */
import { type ByteSource, compareContents, type Difference, VhdxDisk } from '../../index.js';
import { openContents, TAKE_AS_RAW } from './contents-input.js';
import { reportFailure } from '../error-report.js';
import type { ImageFormat } from '../format-names.js';
import { shown } from '../harmless.js';
import type { DiskCommandOptions } from './open-disk.js';
import type { Output } from '../output.js';
import type { ExitCode } from '../exit-codes.js';

export interface CompareCommandOptions extends DiskCommandOptions {
  /** The parent of the second image; `parent` is that of the first one. */
  readonly parentB?: string;
  /** What the first image is taken for. */
  readonly from?: ImageFormat;
  /** What the second image is taken for. */
  readonly fromB?: ImageFormat;
  readonly strict?: true;
}

/** The exit codes of `qemu-img compare`. */
export const CompareCode = { SAME: 0, DIFFERENT: 1, COULD_NOT_RUN: 2 } as const;
type CompareCode = (typeof CompareCode)[keyof typeof CompareCode];

/** The words of `qemu-img compare`; offsets of contents are exact here, while it rounds them down to sectors. */
function differenceText(difference: Difference): string {
  switch (difference.kind) {
    case 'size':
      return 'Strict mode: Image size mismatch!';
    case 'storage':
      return `Strict mode: Offset ${difference.offset} block status mismatch!`;
    case 'contents':
      return `Content mismatch at offset ${difference.offset}!`;
  }
}

/** Finds what is wrong with the blocks of a disk while it is clear whose fault it is. */
async function meetFaults(contents: VhdxDisk | ByteSource): Promise<void> {
  if (!(contents instanceof VhdxDisk)) return;
  await contents.survey();
  for await (const _extent of contents.extents());
}

async function compare(
  one: ByteSource,
  other: ByteSource,
  { strict }: CompareCommandOptions,
  output: Output,
): Promise<CompareCode> {
  if (one.size !== other.size && strict !== true) output.notice(shown`Warning: Image size mismatch!\n`);
  const difference = await compareContents(one, other, { strict });
  output.notice(shown`${difference === undefined ? 'Images are identical.' : differenceText(difference)}\n`);
  return difference === undefined ? CompareCode.SAME : CompareCode.DIFFERENT;
}

/** `vhdx compare`: whether two images, each a VHDX or a raw one, hold the same disk. */
export async function runCompare(
  first: string,
  second: string,
  options: CompareCommandOptions,
  output: Output,
): Promise<ExitCode> {
  let image = first;
  const opened: ByteSource[] = [];
  try {
    const one = await openContents(first, options.from, options);
    opened.push(one);
    await meetFaults(one);
    image = second;
    const { parentB, parent: _parent, ...rest } = options;
    const ofB = parentB === undefined ? rest : { ...rest, parent: parentB };
    const other = await openContents(second, options.fromB, ofB, TAKE_AS_RAW.replace('--from', '--from-b'));
    opened.push(other);
    await meetFaults(other);
    image = `${first}, ${second}`;
    return await compare(one, other, options, output);
  } catch (error) {
    reportFailure(error, image, output);
    return CompareCode.COULD_NOT_RUN;
  } finally {
    for (const source of opened) await source.close?.();
  }
}
