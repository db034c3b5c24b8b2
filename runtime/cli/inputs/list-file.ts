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

/** The list as UTF-8 and without a mark of its encoding: PowerShell writes UTF-16 where it is told nothing else. */
function withoutMark(bytes: Buffer): Buffer {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return bytes.subarray(3);
  if (first === 0xff && second === 0xfe) return Buffer.from(bytes.subarray(2).toString('utf16le'));
  if (first !== 0xfe || second !== 0xff) return bytes;
  const even = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  return Buffer.from(even.swap16().toString('utf16le'));
}

/** A line that begins with `# ` is for people; what begins with `#` alone may be a name. */
function isComment(line: Buffer): boolean {
  return line[0] === 0x23 && (line.length === 1 || line[1] === 0x20);
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
 * The names in a list (`-`: standard input): one a line, or each with a NUL behind it if there is one. Empty ones are left
 * out, and so are lines that begin with `# `.
 *
 * @throws UsageError if the list cannot be read
 */
export async function readNames(file: string): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = withoutMark(await bytesOf(file));
  } catch (error) {
    throw new UsageError(`cannot read the list ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const separator = bytes.includes(0) ? 0 : 10;
  const names = [...partsOf(bytes, separator)].filter((part) => part.length > 0);
  return names.filter((part) => separator === 0 || !isComment(part)).map((part) => pathFromBytes(part));
}
