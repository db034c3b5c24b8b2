/**
 * Locks that QEMU respects: open file description locks on single bytes of the image. From byte 100 on there is one for
 * each thing that a program does with the image, from byte 200 on one for each that it does not let others do; QEMU
 * holds them shared, and looks whether the byte opposite could be locked exclusively (block/file-posix.c). They live as
 * long as the open file: closing another descriptor of it does not end them, as it would end those of fcntl(F_SETLK).
 */
import { nativeExtensions } from './native-extensions.js';
import { systemCode } from './system-errors.js';

/** All bytes that QEMU locks. */
const ALL = { first: 100, count: 200 };

/** The bytes for what a program does, and for what it does not let others do. */
const USES_READ = 100;
const USES_WRITE = 101;
const USES_RESIZE = 103;
const NO_WRITE = 201;
const NO_RESIZE = 203;

/** Bytes that a program has locked if it writes to the image. */
export const WRITER_BYTES: readonly number[] = [USES_WRITE, USES_RESIZE];

/** False if another program holds a lock in the way. True also where there are no such locks. */
function lock(file: number, first: number, count: number, shared: boolean): boolean {
  // Node has no such locks, and only Linux has them.
  const extensions = process.platform === 'linux' ? nativeExtensions() : undefined;
  if (extensions === undefined) return true;
  try {
    return extensions.tryLock(file, first, count, { shared });
  } catch (cause) {
    // Other faults are those of file systems without locks.
    return systemCode(cause) !== 'EACCES';
  }
}

/**
 * Locks an image that is written, until `file` (a descriptor that can write) is closed: against everybody, as QEMU does
 * against those who have not been told to share. False if another program has it open in a way that this forbids.
 */
export function lockRangesForWriting(file: number): boolean {
  return lock(file, ALL.first, ALL.count, false);
}

/**
 * Locks an image that is read and must not change meanwhile, until `file` is closed: any number of programs may. False
 * if a program has locked it against readers. Those who only write hold locks that do not collide with these: look for
 * `WRITER_BYTES` afterwards.
 */
export function lockRangesForReading(file: number): boolean {
  return [USES_READ, NO_WRITE, NO_RESIZE].every((byte) => lock(file, byte, 1, true));
}
