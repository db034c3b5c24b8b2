import { addAbortSignal, type Readable } from 'node:stream';
import { looksRaw, type VhdxDisk, VhdxError } from '../index.js';
import { type NewContents, openFile } from '../node.js';
import { type DiskCommandOptions, openDiskFile } from './open-disk.js';

/** What the input of `convert` is taken for. */
export type InputFormat = 'raw' | 'vhdx';

/** What is to be converted. */
export interface Input {
  readonly contents: NewContents;
  /** Bytes of the disk, where that is known. */
  readonly size: number | undefined;
  readonly close: () => Promise<void>;
}

const SIGNATURE = 'vhdxfile';

async function openRaw(image: string): Promise<Input> {
  const source = await openFile(image);
  return { contents: source, size: source.size, close: () => source.close() };
}

async function openVhdx(image: string, options: DiskCommandOptions): Promise<Input> {
  const disk: VhdxDisk = await openDiskFile(image, options);
  return { contents: disk, size: disk.size, close: () => disk.close() };
}

/** True for a file that is taken as raw: no VHDX, and nothing else that is known either. */
async function isRaw(image: string): Promise<boolean> {
  const source = await openFile(image);
  try {
    return await looksRaw(source);
  } finally {
    await source.close();
  }
}

/** The bytes of standard input, as raw contents. */
async function* readStream(
  stream: Readable,
  format: InputFormat | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  addAbortSignal(signal, stream);
  let isFirst = format === undefined;
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('standard input gives bytes');
      if (isFirst && Buffer.from(chunk).toString('latin1', 0, SIGNATURE.length) === SIGNATURE) throw noStream();
      isFirst = false;
      yield chunk;
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof VhdxError || !(cause instanceof Error)) throw cause;
    throw new VhdxError('VHDX_SOURCE_IO', { message: `Cannot read standard input: ${cause.message}.`, cause });
  }
}

function noStream(): VhdxError {
  return new VhdxError('VHDX_SOURCE_NOT_A_FILE', {
    message:
      'Cannot read a VHDX from standard input: it is not read from its beginning to its end, so it has to be a file.',
  });
}

/**
 * Opens what is to be converted: a VHDX with its parents, a raw image, or standard input (`-`), which is raw. Where
 * `from` does not say what a file is, its beginning tells; what is neither VHDX nor raw is refused as no VHDX.
 *
 * @throws VhdxError as `openDiskFile`; VHDX_SOURCE_NOT_A_FILE for a VHDX that comes as a stream
 */
export async function openInput(
  image: string,
  from: InputFormat | undefined,
  options: DiskCommandOptions,
  signal: AbortSignal,
): Promise<Input> {
  if (image === '-') {
    if (from === 'vhdx') throw noStream();
    const contents = readStream(process.stdin, from, signal);
    return { contents, size: undefined, close: async () => void process.stdin.destroy() };
  }
  const isRawFile = from === undefined ? await isRaw(image) : from === 'raw';
  return isRawFile ? openRaw(image) : openVhdx(image, options);
}
