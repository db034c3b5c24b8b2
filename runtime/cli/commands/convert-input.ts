/** Opens what `vhdx convert` reads: a VHDX with its parents, a raw image, or standard input. */
import { addAbortSignal, type Readable } from 'node:stream';
import { InternalError } from '../../errors/internal-error.js';
import { MemorySource, VhdxDisk, VhdxError } from '../../index.js';
import { identifyContents } from '../../format.js';
import type { NewContents } from '../../node.js';
import { openContents, TAKE_AS_RAW } from './contents-input.js';
import type { ImageFormat } from '../format-names.js';
import type { DiskCommandOptions } from './open-disk.js';

/** What is to be converted. */
export interface Input {
  readonly contents: NewContents;
  /** The contents, if they are those of a VHDX. */
  readonly disk?: VhdxDisk;
  /** Bytes of the disk, where that is known. */
  readonly size: number | undefined;
  readonly close: () => Promise<void>;
}

/** How much of a stream is looked at before any of it is used: the headers and region tables of a VHDX, and more. */
const HEAD_BYTES = 512 * 1024;

/** @throws VhdxError if a stream that begins with `head` is no raw image */
async function refuseForeign(head: Uint8Array): Promise<void> {
  const { kind, looksLike } = await identifyContents(new MemorySource(head));
  if (kind === 'raw') return;
  if (looksLike === undefined) throw noStream();
  throw new VhdxError('VHDX_SIGNATURE_MISMATCH', {
    fileOffset: 0,
    message: `No raw image: it looks like ${looksLike}; ${TAKE_AS_RAW}.`,
  });
}

/** What the last bytes of a file can tell: a fixed VHD is raw but for them. */
const TAIL_BYTES = 512;

/**
 * The same bytes; the first of them are kept back until it is clear that they are those of a disk.
 *
 * @throws VhdxError as `refuseForeign`, for the last bytes only at the end
 */
async function* checked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] | undefined = [];
  let length = 0;
  let tail = new Uint8Array(0);
  for await (const chunk of chunks) {
    tail = chunk.length < TAIL_BYTES ? Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES) : chunk.slice(-TAIL_BYTES);
    if (held === undefined) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    length += chunk.length;
    if (length < HEAD_BYTES) continue;
    await refuseForeign(Buffer.concat(held));
    yield* held;
    held = undefined;
  }
  if (held === undefined) return refuseForeign(Buffer.concat([new Uint8Array(TAIL_BYTES), tail]));
  if (length === 0) return;
  await refuseForeign(Buffer.concat(held));
  yield* held;
}

async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new InternalError('standard input gave text');
    yield chunk;
  }
}

/** The bytes of standard input, as raw contents. */
async function* readStream(
  stream: Readable,
  format: ImageFormat | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  addAbortSignal(signal, stream);
  try {
    const bytes = bytesOf(stream);
    yield* format === undefined ? checked(bytes) : bytes;
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
 * `from` does not say what it is, name and contents do; what is neither VHDX nor raw is refused as no VHDX.
 *
 * @throws VhdxError as `openContents`; VHDX_SOURCE_NOT_A_FILE for a VHDX that comes as a stream
 */
export async function openInput(
  image: string,
  from: ImageFormat | undefined,
  options: DiskCommandOptions,
  signal: AbortSignal,
): Promise<Input> {
  if (image === '-') {
    if (from === 'vhdx') throw noStream();
    const contents = readStream(process.stdin, from, signal);
    return { contents, size: undefined, close: async () => void process.stdin.destroy() };
  }
  const contents = await openContents(image, from, options);
  const input = { contents, size: contents.size, close: () => contents.close() };
  return contents instanceof VhdxDisk ? { ...input, disk: contents } : input;
}
