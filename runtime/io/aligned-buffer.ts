/** Page-aligned buffers. */
/**
 * A buffer for copies from file to file, of `length` bytes. It starts at a page of memory: V8 reserves whole pages for
 * what may be resized. A large buffer of the usual kind starts 16 bytes behind one, where x86's string instructions,
 * with which Linux reads from its page cache, take up to half as long again.
 */
export function alignedBuffer(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length, { maxByteLength: length }));
}
