/**
 * Files of many formats: built here, of 100 KB and more unless fewer parts are asked for, or the first of their kind on
 * this machine.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

type Bytes = Uint8Array;

const join = (...parts: readonly Bytes[]): Bytes => Uint8Array.from(Buffer.concat(parts));
const text = (value: string, size = value.length): Bytes => {
  const bytes = new Uint8Array(size);
  bytes.set(Buffer.from(value, 'latin1'));
  return bytes;
};
const zeros = (size: number): Bytes => new Uint8Array(size);
const many = (count: number, make: (index: number) => Bytes): Bytes =>
  join(...Array.from({ length: count }, (_, index) => make(index)));

/** Numbers of `size` bytes each. */
function numbers(size: 1 | 2 | 4 | 8, isLittleEndian: boolean, values: readonly number[]): Bytes {
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    const at = index * size;
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, isLittleEndian);
    else if (size === 4) view.setUint32(at, value, isLittleEndian);
    else view.setBigUint64(at, BigInt(value), isLittleEndian);
  }
  return bytes;
}
const u1 = (...values: readonly number[]): Bytes => numbers(1, true, values);
const u2 = (...values: readonly number[]): Bytes => numbers(2, true, values);
const u4 = (...values: readonly number[]): Bytes => numbers(4, true, values);
const u8 = (...values: readonly number[]): Bytes => numbers(8, true, values);
const u2be = (...values: readonly number[]): Bytes => numbers(2, false, values);
const u4be = (...values: readonly number[]): Bytes => numbers(4, false, values);

/** A picture's file of chunks of 1 KiB, not all of which a viewer would like. */
export function png(count = 299): Bytes {
  const chunk = (type: string, length: number): Bytes => join(u4be(length), text(type), zeros(length + 4));
  const signature = u1(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return join(
    signature,
    many(count, () => chunk('IDAT', 1024)),
    chunk('IEND', 0),
  );
}

/** Stored files, then the directory. */
export function zip(count = 500): Bytes {
  const size = 200;
  const name = (index: number): Bytes => text(`folder/file-${String(index).padStart(4, '0')}.txt`);
  const common = (index: number): Bytes =>
    join(u2(20, 0, 0), u2(0x6000, 0x5a21), u4(0, size, size), u2(name(index).length, 0));
  const local = (index: number): Bytes => join(text('PK\x03\x04'), common(index), name(index), zeros(size));
  const entry = (index: number): Bytes => {
    const offset = index * local(0).length;
    return join(text('PK\x01\x02'), u2(20), common(index), u2(0, 0, 0), u4(0, offset), name(index));
  };
  const files = many(count, local);
  const directory = many(count, entry);
  return join(files, directory, text('PK\x05\x06'), u2(0, 0, count, count), u4(directory.length, files.length), u2(0));
}

/** UDP over IPv4 over Ethernet. */
export function pcap(count = 1000): Bytes {
  const body = 80;
  const udp = join(u2be(53, 1234, body + 8, 0), zeros(body));
  const ip = join(u1(0x45, 0), u2be(20 + udp.length, 7, 0), u1(64, 17), u2be(0), u1(10, 0, 0, 1, 10, 0, 0, 2), udp);
  const frame = join(zeros(12), u2be(0x0800), ip);
  const header = join(u4(0xa1b2c3d4), u2(2, 4), u4(0, 0, 65535, 1));
  return join(
    header,
    many(count, (index) => join(u4(index, 0, frame.length, frame.length), frame)),
  );
}

/** Packets of bit fields. */
export function rtpdump(count = 1500): Bytes {
  const packet = (index: number): Bytes => {
    const rtp = join(u1(0x80, 0), u2be(index & 0xffff), u4be(index, 1), zeros(60));
    return join(u2be(rtp.length + 8, rtp.length), u4be(index), rtp);
  };
  return join(text('#!rtpplay1.0 127.0.0.1/5000\n'), u4be(1, 2, 3), u2be(5000, 0), many(count, packet));
}

/** Records of byte arrays. */
export function hccapx(count = 400): Bytes {
  return many(count, () =>
    join(text('HCPX'), u4(4), u1(0x02, 8), text('networks', 32), u1(2), zeros(92), u2(100), zeros(256)),
  );
}

/** Sequences in sequences, of strings and object identifiers. */
export function der(count = 1400): Bytes {
  const wrap = (tag: number, body: Bytes): Bytes => join(u1(tag, 0x82), u2be(body.length), body);
  const leaf = (tag: number, body: Bytes): Bytes => join(u1(tag, body.length), body);
  const name = join(leaf(0x06, u1(0x55, 4, 3)), leaf(0x13, text('Example name')), leaf(0x0c, text('more text')));
  // Two bytes say how long a sequence is: many of them follow each other in one that is not longer than 64 KiB.
  return wrap(
    0x30,
    many(count, () => join(u1(0x30, name.length), name)),
  );
}

/** Notes, each after a time of two bytes. */
export function midi(count = 6000): Bytes {
  const track = many(count, (index) => u1(0x81, 0x20, 0x90, 40 + (index % 40), 64));
  return join(
    text('MThd'),
    u4be(6),
    u2be(1, 4, 96),
    many(4, () => join(text('MTrk'), u4be(track.length), track)),
  );
}

/** Two lumps of small structures. */
export function wad(count = 4000): Bytes {
  const things = many(count, (index) => u2(index, index, 90, 1, 7));
  const lines = many(count, (index) => u2(index, index + 1, 1, 0, 0, index, 0xffff));
  const entry = (offset: number, { length }: Bytes, name: string): Bytes => join(u4(offset, length), text(name, 8));
  const index = join(entry(12, things, 'THINGS'), entry(12 + things.length, lines, 'LINEDEFS'));
  return join(text('PWAD'), u4(2, 12 + things.length + lines.length), things, lines, index);
}

/** An index of names, each padded. */
export function quakePak(count = 2000): Bytes {
  const index = many(count, (at) => join(text(`maps/level-${at}.bsp`, 56), u4(12 + at * 16, 16)));
  return join(text('PACK'), u4(12 + count * 16, index.length), zeros(count * 16), index);
}

/** Pages of many short segments. */
export function ogg(count = 100): Bytes {
  const segments = 100;
  const sizes = u1(...Array.from({ length: segments }, () => 20));
  return many(count, (at) =>
    join(text('OggS'), u1(0, 0), u8(at), u4(1, at, 0), u1(segments), sizes, zeros(20 * segments)),
  );
}

/** Records of fixed layout with padded texts. */
export function utmp(count = 300): Bytes {
  return many(count, (at) =>
    join(
      text(`user${at}`, 256),
      text('id', 14),
      text('pts/0', 64),
      numbers(8, false, [at]),
      u2be(7),
      numbers(8, false, [1_700_000_000 + at]),
      u2be(0, 0),
      text('host.example', 256),
      zeros(36),
    ),
  );
}

/** Palettes of 256 colours. */
export function palettes(count = 120): Bytes {
  const meta = join(zeros(7), u2(257), zeros(5), u2be(8));
  const table = join(u1(0, 0), text('palette!'), u2be(0), zeros(256 * 4));
  return join(
    text('NT-MDT Palette File  1.00!'),
    u4be(count),
    many(count, () => meta),
    u1(0),
    many(count, () => table),
  );
}

/** A list of texts and numbers, all in ASCII. */
export function php(count = 4000): Bytes {
  const entries = Array.from({ length: count }, (_, at) => `i:${at};s:12:"text number!";`);
  return text(`a:${count}:{${entries.join('')}}`);
}

/** A picture of many parts. */
export function gif(count = 10): Bytes {
  const parts = join(
    many(60, () => join(u1(200), zeros(200))),
    u1(0),
  );
  const picture = join(u1(0x2c), u2(0, 0, 16, 16), u1(0, 8), parts);
  return join(
    text('GIF89a'),
    u2(16, 16),
    u1(0, 0, 0),
    many(count, () => picture),
    u1(0x3b),
  );
}

/** The first file that is called so and begins so, of 20 to 1000 KiB, below `folders` of this machine. */
export function firstFile(
  name: string,
  magic: readonly number[],
  folders: readonly string[] = ['/usr/lib', '/usr/share'],
): Bytes | undefined {
  const limits = ['-xdev', '-type', 'f', '-size', '+40', '-size', '-2000'];
  let found: string;
  try {
    found = execFileSync('find', [...folders, ...limits, '-name', name], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
  for (const path of found
    .split('\n')
    .filter((line) => line !== '')
    .toSorted()) {
    const bytes = Uint8Array.from(readFileSync(path));
    if (magic.every((byte, index) => bytes[index] === byte)) return bytes;
  }
  return undefined;
}

/** A compiled terminal description: names, flags, numbers, and texts by their offsets. */
export function terminfo(): Bytes {
  const names = text('dumb|a terminal of few means\0');
  const texts = text('\x07\0\r\0\n\0\x1b[H\0');
  const head = u2(0o432, names.length, 3, 2, 4, texts.length);
  return join(head, names, u1(0, 1, 0), u2(80, 0xffff), u2(0, 2, 4, 6), texts);
}
