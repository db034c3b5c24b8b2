/** `vhdx info --json`: the keys of `qemu-img info`, and what only a VHDX has. */
import { dirname, join } from 'node:path';
import type { ParentCandidate, VhdxInfo } from '../../index.js';

/** What the host knows of the file. */
export interface HostFile {
  /** As it was given. */
  readonly filename: string;
  /** Bytes that the file occupies on the host, where that is known. */
  readonly allocatedSize: number | undefined;
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A value of JSON with the names of its members as qemu-img writes names. */
function kebabNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kebabNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [kebabCase(name), kebabNames(member)]));
}

/** `value` as `JSON.stringify` writes it: the library says how 64-bit fields are written. */
function jsonValue(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** In the order in which they are followed. [MS-VHDX] 2.6.2.6.3 */
const PATH_KEYS: readonly ParentCandidate['kind'][] = ['relative_path', 'volume_path', 'absolute_win32_path'];

/** The parent with the keys of qemu-img: the path as the image has it, and from where the command runs. */
function backingJson({ parent }: VhdxInfo, filename: string): object {
  const stated = PATH_KEYS.map((each) => parent?.entries.find(({ key }) => key === each)?.value);
  const path = stated.find((value) => value !== undefined);
  if (path === undefined) return {};
  // With a drive or a root it is the same from everywhere.
  const isRelative = path === stated[0] && !/^(?:[a-z]:|[\\/])/i.test(path);
  const full = isRelative ? join(dirname(filename), ...path.split(/[\\/]/)) : path;
  return { 'backing-filename-format': 'vhdx', 'backing-filename': path, 'full-backing-filename': full };
}

/**
 * The description of an image as `qemu-img info --output=json` prints it: its keys with its values, and what only a
 * VHDX has under `format-specific`.
 */
export function infoJson(info: VhdxInfo, { filename, allocatedSize }: HostFile): unknown {
  const { creator, type, blockSize, logicalSectorSize, physicalSectorSize } = info;
  const { virtualDiskId, fileWriteGuid, dataWriteGuid, header, log, regions, bat, blocks, parent, fileSize } = info;
  return {
    'virtual-size': info.virtualSize,
    filename,
    'cluster-size': blockSize,
    format: 'vhdx',
    'actual-size': allocatedSize ?? fileSize,
    'format-specific': {
      type: 'vhdx',
      data: kebabNames(
        jsonValue({
          creator,
          type,
          fileSize,
          blockSize,
          logicalSectorSize,
          physicalSectorSize,
          virtualDiskId,
          fileWriteGuid,
          dataWriteGuid,
          header,
          log,
          regions,
          bat,
          blocks,
          ...(parent === undefined ? {} : { parent }),
          verdict: info.verdict,
          findings: info.findings,
        }),
      ),
    },
    ...backingJson(info, filename),
    // qemu-img means the log: it is dirty as long as there is something to replay.
    'dirty-flag': log.state !== 'clean',
  };
}
