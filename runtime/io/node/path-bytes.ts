/** Paths of Linux whose bytes are not UTF-8. */
import { realpath } from 'node:fs';
import { threaded } from './transfers.js';

/** The bytes of a code point that UTF-8 says begins with this byte. */
function lengthFrom(lead: number): number {
  if (lead < 0x80) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/**
 * A path as text. On Linux it may have any bytes; one that is no part of UTF-8 becomes a lone surrogate, U+DC80 to
 * U+DCFF, as in PEP 383. All functions for files take such a path.
 */
export function pathFromBytes(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    let text = '';
    for (let at = 0; at < bytes.length;) {
      const lead = bytes[at] ?? 0;
      const length = lengthFrom(lead);
      try {
        text += decoder.decode(bytes.subarray(at, at + length));
        at += length;
      } catch {
        text += String.fromCharCode(0xdc00 + lead);
        at += 1;
      }
    }
    return text;
  }
}

/** The path for the functions of Node, which take its bytes where it is no UTF-8: the inverse of `pathFromBytes`. */
export function systemPath(path: string): string | Buffer {
  if (process.platform === 'win32' || !/[\udc80-\udcff]/u.test(path)) return path;
  const pieces = path.split(/([\udc80-\udcff])/u);
  // Every other one is a stray byte.
  return Buffer.concat(
    pieces.map((piece, index) => (index % 2 === 1 ? Buffer.of(piece.charCodeAt(0) - 0xdc00) : Buffer.from(piece))),
  );
}

/** The path behind all links. */
export async function realPath(path: string): Promise<string> {
  return pathFromBytes(await threaded((done) => realpath.native(systemPath(path), { encoding: 'buffer' }, done)));
}
