/** Sizes, signatures and places within a log entry. [MS-VHDX] 2.3.1 */
import { VhdxLogDataDescriptor, VhdxLogDataSector, VhdxLogEntryHeader } from '../../generated/index.js';
import { offsetOf } from '../errors/field-location.js';
import { LOG_SECTOR_SIZE } from '../base/limits.js';
import { roundUp } from '../base/units.js';

/** `loge`, `desc`, `zero` and `data` as little-endian numbers. [MS-VHDX] 2.3.1 */
export const LOG_SIGNATURES = { entry: 0x65676f6c, data: 0x61746164, desc: 0x63736564, zero: 0x6f72657a } as const;

/** Where the fields around the data of a data sector are, in bytes. [MS-VHDX] 2.3.1.4 */
export const DATA_SECTOR: Readonly<Record<'signature' | 'sequenceHigh' | 'sequenceLow', number>> = {
  signature: offsetOf(VhdxLogDataSector.LAYOUT, 'data_signature'),
  sequenceHigh: offsetOf(VhdxLogDataSector.LAYOUT, 'sequence_high'),
  sequenceLow: offsetOf(VhdxLogDataSector.LAYOUT, 'sequence_low'),
};

/** Length in bytes of a descriptor of either kind. [MS-VHDX] 2.3.1 */
export const DESCRIPTOR_SIZE: number = VhdxLogDataDescriptor.SIZE;

/** Descriptors in the first sector of an entry, beside the header. [MS-VHDX] 2.3.1 */
export const DESCRIPTORS_OF_ONE_SECTOR: number = (LOG_SECTOR_SIZE - VhdxLogEntryHeader.SIZE) / DESCRIPTOR_SIZE;

/** Where descriptor `index` of an entry stands, in bytes from the start of the entry. */
export function descriptorOffset(index: number): number {
  return VhdxLogEntryHeader.SIZE + index * DESCRIPTOR_SIZE;
}

/** Length in bytes of the header and `count` descriptors, in whole sectors: the data sectors begin there. */
export function descriptorAreaLength(count: number): number {
  return roundUp(descriptorOffset(count), LOG_SECTOR_SIZE);
}
