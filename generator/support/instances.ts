/** Instances that are read where they are first asked for. */
import { propertyOf } from './names.js';
import type { KaitaiStream } from './stream.js';
import { located, type KaitaiStruct } from './struct.js';

/** What `read` makes of `io` for the instance `id`: an error has its path, and nothing that was read half-way is kept. */
export function readHere<T>(
  struct: KaitaiStruct,
  id: string,
  io: KaitaiStream,
  read: (io: KaitaiStream) => T,
  name?: string,
): T {
  try {
    return read(io);
  } catch (error) {
    Reflect.set(struct, `_m_${propertyOf({ id, name })}`, undefined);
    throw located(struct, id, error);
  }
}

/** As `readHere`, of an instance that has a position: `io` stands afterwards where it stood. */
export function readThere<T>(
  struct: KaitaiStruct,
  id: string,
  io: KaitaiStream,
  read: (io: KaitaiStream) => T,
  name?: string,
): T {
  const back = io.pos;
  try {
    return readHere(struct, id, io, read, name);
  } finally {
    io.seek(back);
  }
}
