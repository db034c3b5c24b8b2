/** Lists of names in files. */
import { createReadStream } from 'node:fs';
import { pathFromBytes, systemPath } from '../../node.js';
import { UsageError } from '../usage-error.js';

async function bytesOf(file: string): Promise<Buffer> {
  const stream = file === '-' ? process.stdin : createReadStream(systemPath(file));
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk)));
  return Buffer.concat(chunks);
}

/** The parts of `bytes` between separators, `\r` before a line feed left out. */
function* partsOf(bytes: Buffer, separator: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(separator, at);
    const end = found === -1 ? bytes.length : found;
    const isWindowsLine = separator === 10 && end > at && bytes[end - 1] === 13;
    yield bytes.subarray(at, isWindowsLine ? end - 1 : end);
    at = end + 1;
  }
}

/**
 * The names in a list (`-`: standard input): one a line, or each with a NUL behind it if there is one; empty ones are left out.
 *
 * @throws UsageError if the list cannot be read
 */
export async function readNames(file: string): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = await bytesOf(file);
  } catch (error) {
    throw new UsageError(`cannot read the list ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const separator = bytes.includes(0) ? 0 : 10;
  return Array.from(partsOf(bytes, separator), (part) => pathFromBytes(part)).filter((name) => name !== '');
}
