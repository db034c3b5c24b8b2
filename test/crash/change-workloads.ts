/** Changes that the explorer goes through: one of each kind, on small disks. */
import { setImage } from '../../runtime/index.js';
import { MIB } from '../support/image-builder.js';
import { buildImage } from '../support/stamped-images.js';
import type { ChangeWorkload } from './changes.js';
import { COMPACT_WORKLOADS } from './compact-workloads.js';
import { MERGE_WORKLOADS } from './merge-workloads.js';

const DISK_ID = '5e75e75e-0000-4000-8000-000000000001';

export const CHANGE_WORKLOADS: readonly ChangeWorkload[] = [
  {
    name: 'set: disk ID and sectors',
    image: () => buildImage({ spec: { virtualSize: 4 * MIB, allocate: [0, 2] } }),
    change: (target) => setImage(target, { virtualDiskId: DISK_ID, physicalSectorSize: 512 }),
  },
  ...COMPACT_WORKLOADS,
  ...MERGE_WORKLOADS,
];

/** The workload of this name. */
export function changeOf(name: string): ChangeWorkload {
  const found = CHANGE_WORKLOADS.find((workload) => workload.name === name);
  if (found === undefined) throw new RangeError(`there is no change ${name}`);
  return found;
}
