import { ask } from './peers.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** The object in a JSON text. */
export function jsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('this is no JSON object');
  return Object.fromEntries(Object.entries(value));
}

/** The objects of the array in a JSON text. */
export function jsonArray(text: string): readonly JsonObject[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new TypeError('this is no JSON array');
  return value.map((item: unknown) => jsonObject(JSON.stringify(item)));
}

/** Those members of `object` whose keys `other` has too. */
export function sharedMembers(object: JsonObject, other: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key in other));
}

/** What every version of `qemu-img info --output=json` says of a VHDX; later ones add `children`. */
export const QEMU_INFO_KEYS: readonly string[] = [
  'actual-size',
  'cluster-size',
  'dirty-flag',
  'filename',
  'format',
  'virtual-size',
];

/**
 * What vhdiinfo says of an image, under the keys of `vhdx info --json`. Its "Identifier" is the DataWriteGuid. It does
 * not give the block size.
 */
export function vhdiinfo(image: string, cwd: string): JsonObject {
  const { stdout } = ask('vhdiinfo', [image], cwd);
  const field = (pattern: RegExp): string => pattern.exec(stdout)?.[1] ?? `not found in: ${stdout}`;
  return {
    'virtual-size': Number(field(/Media size\s*:.*?(\d+)(?: bytes)?\)?$/m)),
    'format-specific': {
      data: {
        type: field(/Disk type\s*: (\w+)/).toLowerCase(),
        'logical-sector-size': Number(field(/Bytes per sector\s*: (\d+)/)),
        'data-write-guid': field(/Identifier\s*: (\S+)/),
      },
    },
  };
}

/** The virtual size that 7-Zip lists. It warns of a log that is not replayed, and lists all the same. */
export function sizeOf7zz(image: string, cwd: string): number {
  const { stdout } = ask('7zz', ['l', '-slt', '-tVHDX', image], cwd);
  return Number(/^Size = (\d+)$/m.exec(stdout)?.[1]);
}
