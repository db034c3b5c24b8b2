import { type ByteSource, compareContents, type Difference, readAvailable } from '../index.js';
import { openFile } from '../node.js';
import { reportFailure } from './failure.js';
import { shown } from './harmless.js';
import { type DiskCommandOptions, openDiskFile } from './open-disk.js';
import type { Output } from './output.js';
import type { ExitCode } from './exit-codes.js';

export interface CompareCommandOptions extends DiskCommandOptions {
  /** The parent of the second image; `parent` is that of the first one. */
  readonly parentB?: string;
  readonly strict?: true;
  readonly quiet?: true;
}

/** The exit codes of `qemu-img compare`. */
export const CompareCode = { SAME: 0, DIFFERENT: 1, COULD_NOT_RUN: 2 } as const;
type CompareCode = (typeof CompareCode)[keyof typeof CompareCode];

const SIGNATURE = 'vhdxfile';

/** The disk in a VHDX, or the bytes of any other file: a raw image. */
async function openContents(path: string, options: DiskCommandOptions): Promise<ByteSource> {
  const file = await openFile(path);
  try {
    const head = await readAvailable(file, 0, SIGNATURE.length);
    if (new TextDecoder('latin1').decode(head) !== SIGNATURE) return file;
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return openDiskFile(path, options);
}

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

async function compare(
  one: ByteSource,
  other: ByteSource,
  { strict, quiet }: CompareCommandOptions,
  output: Output,
): Promise<CompareCode> {
  const say = (text: string): void => {
    if (quiet !== true) output.write(shown`${text}\n`);
  };
  if (one.size !== other.size && strict !== true) say('Warning: Image size mismatch!');
  const difference = await compareContents(one, other, { strict });
  say(difference === undefined ? 'Images are identical.' : differenceText(difference));
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
    opened.push(await openContents(first, options));
    image = second;
    const { parentB, parent: _parent, ...rest } = options;
    opened.push(await openContents(second, parentB === undefined ? rest : { ...rest, parent: parentB }));
    const [one, other] = opened;
    if (one === undefined || other === undefined) throw new TypeError('two images are compared');
    image = `${first}, ${second}`;
    return await compare(one, other, options, output);
  } catch (error) {
    reportFailure(error, image, output);
    return CompareCode.COULD_NOT_RUN;
  } finally {
    for (const source of opened) await source.close?.();
  }
}
