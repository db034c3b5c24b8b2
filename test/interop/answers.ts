import { ask } from './peers.js';

/**
 * What vhdiinfo says of an image, under the keys of `vhdx info --json`. Its "Identifier" is the DataWriteGuid. It does
 * not give the block size.
 */
export function vhdiinfo(image: string, cwd: string): unknown {
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
