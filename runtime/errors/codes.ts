import { CHAIN_CODES } from './codes-chain.js';
import { CREATE_CODES } from './codes-create.js';
import { PROFILE_CODES } from './codes-profiles.js';

/** How bad a finding is; in this order, the worst first. */
export type Severity = 'error' | 'refuse-write' | 'warning' | 'info';

/** The severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'refuse-write', 'warning', 'info'];

/** One row of the table of codes. */
export interface CodeEntry {
  /** The rule of the conformance table that is broken; empty where the fault is not in the image. */
  readonly rule: string;
  /** Section of [MS-VHDX]; empty where no section says it. */
  readonly section: string;
  /** The usual severity; a finding may have another where the rule depends on circumstances. */
  readonly severity: Severity;
  /** What is wrong, in one sentence without a full stop. */
  readonly summary: string;
  /** What can be done; empty where nothing needs to be. */
  readonly remedy: string;
  /** Other rules that say the same thing and are reported by this code. */
  readonly covers?: readonly string[];
}

/** Remedies that several codes share, by the word that stands for them in the table. */
const REMEDIES: Readonly<Record<string, string>> = {
  REPAIR_COPY:
    'Restore the damaged copy from the good one before anything writes to the file: vhdx check --repair does that.',
  RESTORE: 'Restore the file from a backup.',
  REWRITE: 'No reader is known to mind; a tool that rewrites the structure will clear it.',
  HOSTILE: 'Do not replay this log: restore the file from a backup, and find out who wrote it.',
  CONVERT: 'Copy the virtual disk into a new image with a tool that can still read it, or restore a backup.',
};

/** Code: rule, section, severity, summary, remedy, and the other rules that it reports. */
const TABLE = {
  // Sources. Not faults of an image.
  VHDX_SOURCE_NOT_FOUND: ['', '', 'error', 'there is no such file', 'Check the path.'],
  VHDX_SOURCE_NOT_PERMITTED: ['', '', 'error', 'the file may not be read', 'Check the permissions.'],
  VHDX_SOURCE_IS_DIRECTORY: ['', '', 'error', 'the path is a directory', 'Name the image files in it.'],
  VHDX_SOURCE_NOT_A_FILE: ['', '', 'error', 'the path is no regular file or block device', 'Name an image file.'],
  VHDX_SOURCE_IO: ['', '', 'error', 'the bytes could not be read', 'See the cause; try again.'],
  VHDX_SOURCE_SHORT_READ: ['', '', 'error', 'the source ended too early', 'Make sure that nothing changes the file.'],
  VHDX_SOURCE_CHANGED: [
    '',
    '',
    'error',
    'the file has changed since it was opened',
    'Open it again when nothing writes.',
  ],
  VHDX_SOURCE_RANGES_UNSUPPORTED: [
    '',
    '',
    'error',
    'the server does not send parts of a file',
    'Use a server with range requests, or copy the file first.',
  ],
  VHDX_SOURCE_REQUEST_REFUSED: ['', '', 'error', 'the server refused the request', 'See the status that it answered.'],
  VHDX_SOURCE_ANSWER_INVALID: [
    '',
    '',
    'error',
    'the server sent something else than what was asked for',
    'Look for a proxy in between, or copy the file first.',
  ],
  VHDX_SOURCE_UNAVAILABLE: [
    '',
    '',
    'error',
    'the server could not be reached, or failed again and again',
    'Try again later.',
  ],

  // Targets: what is to be written. Not faults of an image.
  VHDX_TARGET_NOT_PERMITTED: ['', '', 'error', 'the file may not be written', 'Check permissions and file system.'],
  VHDX_TARGET_IN_USE: ['', '', 'error', 'another program has the file open for writing', 'Close it there first.'],
  VHDX_TARGET_FULL: ['', '', 'error', 'the host has no room for more', 'Make room and run it again.'],
  VHDX_TARGET_IO: ['', '', 'error', 'the bytes could not be written', 'See the cause; run it again.'],
  VHDX_TARGET_CHANGED: [
    '',
    '2.2.2',
    'error',
    'another program has written to the image while it was open for writing',
    'Check the image: it has what the other program wrote, and what was flushed before. Let only one program write.',
  ],
  VHDX_TARGET_EXISTS: [
    '',
    '',
    'error',
    'there is a file of this name already',
    'Choose another name, or let it be replaced.',
  ],
  VHDX_TARGET_IS_SOURCE: ['', '', 'error', 'the target is an image that is read', 'Choose another name.'],
  VHDX_TARGET_UNSUITABLE: ['', '', 'error', 'the target is nothing that an image can be put in', 'Name a file.'],

  // Writing a disk. Not faults of an image.
  VHDX_WRITE_PAST_END: ['', '', 'error', 'the disk ends before', 'Write no farther than the size of the disk.'],
  VHDX_WRITE_UNALIGNED: [
    '',
    '2.6.2.4',
    'error',
    'a disk is written in whole sectors',
    'Use multiples of the logical sector size.',
  ],
  VHDX_DISK_CLOSED: ['', '', 'error', 'the disk has been closed', 'Open it again.'],
  VHDX_DISK_POISONED: [
    '',
    '',
    'error',
    'an earlier change of the disk failed',
    'Close the disk, see to the cause and open it again: what was flushed is there.',
  ],

  // A. File and file type identifier
  VHDX_FILE_TOO_SHORT: ['A1', '2.2', 'error', 'the file is shorter than its 1 MiB header section', 'RESTORE'],
  VHDX_SIGNATURE_MISMATCH: ['A2', '2.2.1', 'error', 'the file is not a VHDX', 'Check that this is the right file.'],
  VHDX_CREATOR_MALFORMED: ['A3', '2.2.1', 'info', 'the creator is not well-formed UTF-16', ''],
  VHDX_IDENTIFIER_RESERVED_NONZERO: ['A4', '2.2.1', 'info', 'there are bytes behind the file type identifier', ''],
  VHDX_FILE_LENGTH_UNALIGNED: [
    'A6',
    '2.1',
    'warning',
    'the file length is not a multiple of 1 MiB',
    'vhdx check --repair extends it with zeros to a whole MiB, unless its end is missing.',
  ],
  VHDX_TRAILING_SPACE: [
    'A7',
    '2.1',
    'info',
    'there is unused space at the end of the file',
    'Cutting it off makes the file shorter.',
  ],
  VHDX_FREE_SPACE: [
    'A8',
    '2.1',
    'info',
    'there is unused space inside the file',
    'Compacting makes the file shorter.',
    ['J2'],
  ],
  VHDX_HOST_FILE_SPARSE: [
    'A9',
    '',
    'info',
    'the host file is sparse, compressed or a clone',
    'A copy made on Windows has no holes unless it gets the sparse attribute there, which Hyper-V and WSL refuse.',
  ],

  // B. Headers
  VHDX_HEADER_SIGNATURE_MISMATCH: ['B1', '2.2.2', 'refuse-write', 'a header has a wrong signature', 'REPAIR_COPY'],
  VHDX_HEADER_CHECKSUM_MISMATCH: ['B2', '2.2.2', 'refuse-write', 'a header has a wrong checksum', 'REPAIR_COPY'],
  VHDX_HEADER_NONE_VALID: ['B3', '2.2.2', 'error', 'neither header is valid', 'RESTORE'],
  VHDX_HEADER_SEQUENCE_EQUAL: [
    'B4',
    '2.2.2',
    'error',
    'two valid headers have the same sequence number, so none is current',
    'RESTORE',
  ],
  VHDX_HEADER_COPIES_DIFFER: ['B6', '2.2.2.1', 'info', 'the noncurrent header has not been updated', ''],
  VHDX_HEADER_DATA_WRITE_GUID_DIFFERS: [
    'B7',
    '2.2.2',
    'warning',
    'the headers have different DataWriteGuids',
    'If child disks refer to this file, compare their parent_linkage with the current header.',
  ],
  VHDX_HEADER_VERSION_UNSUPPORTED: [
    'B8',
    '2.2.2',
    'error',
    'the current header has an unknown version',
    'Use a tool that knows this version.',
  ],
  VHDX_HEADER_LOG_VERSION_UNSUPPORTED: [
    'B9',
    '2.2.2',
    'error',
    'the current header has an unknown log version',
    'Use a tool that knows this log version.',
  ],
  VHDX_LOG_MISSING: ['B10', '2.2.2', 'error', 'there is a log to replay, but the log has no length', 'RESTORE'],
  VHDX_LOG_LENGTH_UNALIGNED: ['B11', '2.2.2', 'error', 'the log length is not a multiple of 1 MiB', 'RESTORE'],
  VHDX_LOG_OFFSET_INVALID: [
    'B12',
    '2.2.2',
    'error',
    'the log offset is not a multiple of 1 MiB, or less than 1 MiB',
    'RESTORE',
    ['B14'],
  ],
  VHDX_LOG_BEYOND_END: ['B13', '2.2.2', 'error', 'the log lies past the end of the file', 'RESTORE'],
  VHDX_LOG_TOO_LONG: ['B15', '', 'warning', 'the log is longer than 1 GiB, which some readers refuse', 'CONVERT'],
  VHDX_LOG_ABSENT: ['B16', '2.2.2', 'refuse-write', 'the file has no log, so it cannot be modified safely', 'CONVERT'],
  VHDX_HEADER_RESERVED_NONZERO: [
    'B17',
    '2.2.2',
    'warning',
    'reserved bytes of the current header are not zero',
    'REWRITE',
  ],
  VHDX_HEADER_SLOT_NONZERO: ['B18', '2.2.2', 'info', 'there are bytes behind a header', ''],
  VHDX_HEADER_GUID_ZERO: [
    'B19',
    '2.2.2',
    'warning',
    'a GUID of the current header is zero',
    'A disk whose DataWriteGuid is zero should not become the parent of another.',
  ],
  VHDX_HEADER_SEQUENCE_EXHAUSTED: [
    'B20',
    '2.2.2',
    'refuse-write',
    'the sequence number cannot be increased as often as writing needs',
    'CONVERT',
  ],

  // C. Region tables
  VHDX_REGION_TABLE_SIGNATURE_MISMATCH: [
    'C1',
    '2.2.3.1',
    'refuse-write',
    'a region table has a wrong signature',
    'REPAIR_COPY',
  ],
  VHDX_REGION_TABLE_CHECKSUM_MISMATCH: [
    'C1',
    '2.2.3.1',
    'refuse-write',
    'a region table has a wrong checksum',
    'REPAIR_COPY',
  ],
  VHDX_REGION_TABLES_DIFFER: [
    'C2',
    '2.2.3',
    'refuse-write',
    'the two region tables differ',
    'Decide which copy is right before anything writes to the file; readers take the first.',
  ],
  VHDX_REGION_COUNT_EXCEEDED: ['C3', '2.2.3.1', 'error', 'the region table has more than 2047 entries', 'RESTORE'],
  VHDX_REGION_TABLE_RESERVED_NONZERO: [
    'C4',
    '2.2.3.1',
    'warning',
    'a reserved field of the region table is not zero',
    'REWRITE',
  ],
  VHDX_REGION_DUPLICATE: ['C5', '2.2.3.2', 'error', 'two regions have the same GUID', 'RESTORE'],
  VHDX_REGION_OFFSET_INVALID: [
    'C6',
    '2.2.3.2',
    'error',
    'a region offset is not a multiple of 1 MiB, or less than 1 MiB',
    'RESTORE',
  ],
  VHDX_REGION_LENGTH_INVALID: [
    'C7',
    '2.2.3.2',
    'error',
    'a region length is zero or not a multiple of 1 MiB',
    'RESTORE',
  ],
  VHDX_REGION_BEYOND_END: ['C8', '2.2.3.2', 'error', 'a region lies past the end of the file', 'RESTORE'],
  VHDX_REGION_OVERLAP: ['C9', '2.2.3.2', 'error', 'two regions overlap', 'RESTORE', ['J1']],
  VHDX_REGION_LOG_OVERLAP: ['C10', '2.2.3.2', 'error', 'a region overlaps the log', 'RESTORE', ['B14', 'J1']],
  VHDX_REGION_MISSING: ['C12', '2.2.3.2', 'error', 'the BAT or the metadata region is missing', 'RESTORE'],
  VHDX_REGION_NOT_REQUIRED: ['C13', '2.2.3.2', 'warning', 'a known region is not marked as required', ''],
  VHDX_REGION_REQUIRED_RESERVED: [
    'C14',
    '2.2.3.2',
    'warning',
    'the field Required of a region is neither 0 nor 1',
    'REWRITE',
  ],
  VHDX_REGION_UNKNOWN_REQUIRED: [
    'C15',
    '2.2.3.2',
    'error',
    'a required region is not known',
    'Use a tool that knows this region.',
  ],
  VHDX_REGION_TABLE_UNUSED_NONZERO: [
    'C17',
    '2.2.3.2',
    'info',
    'there are bytes behind the last region table entry',
    '',
  ],
  VHDX_REGION_GUID_ZERO: ['C19', '2.2.3.2', 'warning', 'a region has a zero GUID', ''],

  // D. Log entries
  VHDX_LOG_ENTRY_SIGNATURE_MISMATCH: ['D2', '2.3.1.1', 'error', 'a log entry has a wrong signature', 'RESTORE'],
  VHDX_LOG_ENTRY_LENGTH_INVALID: ['D3', '2.3.1.1', 'error', 'a log entry has an impossible length', 'RESTORE'],
  VHDX_LOG_ENTRY_CHECKSUM_MISMATCH: ['D4', '2.3.1.1', 'error', 'a log entry has a wrong checksum', 'RESTORE'],
  VHDX_LOG_ENTRY_GUID_MISMATCH: [
    'D5',
    '2.3.1.1',
    'error',
    'a log entry has another LogGuid than the header',
    'RESTORE',
  ],
  VHDX_LOG_ENTRY_SEQUENCE_ZERO: ['D6', '2.3.1.1', 'error', 'a log entry has sequence number zero', 'RESTORE'],
  VHDX_LOG_ENTRY_TAIL_INVALID: ['D7', '2.3.1.1', 'error', 'a log entry has an impossible tail', 'RESTORE'],
  VHDX_LOG_ENTRY_DESCRIPTOR_COUNT: ['D8', '2.3.1', 'error', 'a log entry has no room for its descriptors', 'RESTORE'],
  VHDX_LOG_ENTRY_RESERVED_NONZERO: [
    'D10',
    '2.3.1.1',
    'warning',
    'a reserved field of a log entry is not zero',
    'REWRITE',
  ],
  VHDX_LOG_ENTRY_FILE_SIZE_UNALIGNED: [
    'D11',
    '2.3.1.1',
    'warning',
    'a file size in a log entry is not a multiple of 1 MiB',
    'REWRITE',
  ],
  VHDX_LOG_ENTRY_LAST_AFTER_FLUSHED: [
    'D12',
    '2.3.1.1',
    'info',
    'a log entry has a LastFileOffset greater than its FlushedFileOffset',
    '',
  ],
  VHDX_LOG_DESCRIPTOR_SIGNATURE_MISMATCH: [
    'D13',
    '2.3.1',
    'error',
    'a log descriptor has an unknown signature',
    'RESTORE',
  ],
  VHDX_LOG_DESCRIPTOR_SEQUENCE_MISMATCH: [
    'D13',
    '2.3.1',
    'error',
    'a log descriptor has another sequence number than its entry',
    'RESTORE',
  ],
  VHDX_LOG_DESCRIPTOR_OFFSET_UNALIGNED: [
    'D14',
    '2.3.1.3',
    'error',
    'a log descriptor has a target that is not a multiple of 4 KiB',
    'RESTORE',
  ],
  VHDX_LOG_ZERO_LENGTH_UNALIGNED: [
    'D15',
    '2.3.1.2',
    'error',
    'a zero descriptor has a length that is not a multiple of 4 KiB',
    'RESTORE',
  ],
  VHDX_LOG_ZERO_RESERVED_NONZERO: [
    'D15',
    '2.3.1.2',
    'warning',
    'a reserved field of a zero descriptor is not zero',
    'REWRITE',
  ],
  VHDX_LOG_DATA_SECTOR_MISMATCH: [
    'D16',
    '2.3.1.4',
    'error',
    'a data sector of the log has a wrong signature or sequence number',
    'RESTORE',
  ],
  VHDX_LOG_DATA_SECTOR_COUNT: [
    'D17',
    '2.3.1',
    'error',
    'a log entry has not one data sector for each data descriptor',
    'RESTORE',
  ],
  VHDX_LOG_TARGET_HEADER: [
    'D18',
    '2.2.2',
    'error',
    'the log would overwrite the file type identifier or a header',
    'HOSTILE',
  ],
  VHDX_LOG_TARGET_LOG: ['D19', '2.3', 'error', 'the log would overwrite itself', 'HOSTILE'],
  VHDX_LOG_TARGET_PAYLOAD: [
    'D20',
    '2.3',
    'warning',
    'the log changes a payload block, for which it must not be used',
    'Compare the contents of the block with what they should be.',
  ],
  VHDX_LOG_TARGET_BEYOND_END: ['D21', '2.3.3', 'error', 'the log would write far past the end of the file', 'HOSTILE'],
  VHDX_LOG_TOO_MANY_DESCRIPTORS: [
    'D21',
    '2.3.3',
    'error',
    'the log has more descriptors than a real one can have',
    'HOSTILE',
  ],
  VHDX_LOG_REPLAY_TOO_LARGE: ['D21', '2.3.3', 'error', 'the log would make the host write without bound', 'HOSTILE'],
  VHDX_LOG_TARGETS_REPEAT: ['D22', '2.3.3', 'info', 'a log entry writes a sector more than once', ''],
  VHDX_LOG_ENTRY_MISALIGNED: ['D23', '2.3.1', 'info', 'a log entry does not begin at a multiple of 4 KiB', ''],

  // E. Log sequence
  VHDX_LOG_NO_ACTIVE_SEQUENCE: [
    'E6',
    '2.3.3',
    'error',
    'there is a log to replay, but it has no valid sequence of entries',
    'RESTORE',
    ['E2'],
  ],
  VHDX_LOG_FILE_TRUNCATED: ['E7', '2.3.3', 'error', 'the file is shorter than its log says that it was', 'RESTORE'],
  VHDX_LOG_PENDING: [
    'E12',
    '2.3.3',
    'refuse-write',
    'the log has not been replayed yet',
    'Replay the log before anything else writes to the file: vhdx replay or vhdx check --repair does that, and Hyper-V when it opens the disk.',
  ],

  // F. Metadata table
  VHDX_METADATA_SIGNATURE_MISMATCH: ['F1', '2.6.1.1', 'error', 'the metadata table has a wrong signature', 'RESTORE'],
  VHDX_METADATA_REGION_TOO_SHORT: ['F1', '2.6.1', 'error', 'the metadata region has no room for its table', 'RESTORE'],
  VHDX_METADATA_COUNT_EXCEEDED: ['F2', '2.6.1.1', 'error', 'the metadata table has more than 2047 entries', 'RESTORE'],
  VHDX_METADATA_TABLE_RESERVED_NONZERO: [
    'F3',
    '2.6.1.1',
    'warning',
    'reserved fields of the metadata table are not zero',
    'REWRITE',
  ],
  VHDX_METADATA_DUPLICATE: ['F4', '2.6.1.2', 'error', 'two metadata items have the same ID', 'RESTORE'],
  VHDX_METADATA_OFFSET_INVALID: [
    'F5',
    '2.6.1.2',
    'error',
    'a metadata item begins inside the metadata table',
    'RESTORE',
  ],
  VHDX_METADATA_BEYOND_REGION: ['F6', '2.6.1.2', 'error', 'a metadata item leaves the metadata region', 'RESTORE'],
  VHDX_METADATA_OVERLAP: ['F7', '2.6.1.2', 'error', 'two metadata items overlap', 'RESTORE'],
  VHDX_METADATA_LENGTH_EXCEEDED: ['F8', '2.6.1.2', 'error', 'a metadata item is longer than 1 MiB', 'RESTORE'],
  VHDX_METADATA_EMPTY_WITH_OFFSET: ['F9', '2.6.1.2', 'warning', 'an empty metadata item has an offset', 'REWRITE'],
  VHDX_METADATA_USER_COUNT_EXCEEDED: [
    'F10',
    '2.6.1.2',
    'error',
    'there are more than 1024 user metadata items',
    'RESTORE',
  ],
  VHDX_METADATA_ENTRY_RESERVED_NONZERO: [
    'F11',
    '2.6.1.2',
    'warning',
    'reserved bits of a metadata table entry are not zero',
    'REWRITE',
  ],
  VHDX_METADATA_UNKNOWN_REQUIRED: [
    'F12',
    '2.6.1.2',
    'error',
    'a required metadata item is not known',
    'Use a tool that knows this item.',
  ],
  VHDX_METADATA_USER_REQUIRED: [
    'F14',
    '',
    'warning',
    'a user metadata item is marked as required, which Windows refuses',
    'Clear IsRequired of the item.',
  ],
  VHDX_METADATA_ID_ZERO: ['F15', '', 'warning', 'a metadata item has a zero ID', ''],
  VHDX_METADATA_UNUSUAL_SIZE: ['F16', '', 'info', 'there is more metadata than some readers accept', ''],
  VHDX_METADATA_FLAGS_UNEXPECTED: ['F17', '2.6.2', 'warning', 'a known metadata item has unexpected flags', ''],
  VHDX_METADATA_KNOWN_EXTRA: ['F18', '', 'info', 'there is a metadata item that the specification does not name', ''],
  VHDX_METADATA_INCOMPLETE_FILE: [
    'F18',
    '',
    'error',
    'the creation of the file was never finished',
    'Create the image again.',
  ],
  VHDX_METADATA_UNREFERENCED: ['F19', '2.6.1.1', 'info', 'there are bytes between the metadata items', ''],

  // G. Known metadata items
  VHDX_METADATA_ITEM_MISSING: ['G1', '2.6.2', 'error', 'a metadata item that every image needs is missing', 'RESTORE'],
  VHDX_METADATA_ITEM_LENGTH: ['G2', '2.6.2', 'error', 'a known metadata item has a wrong length', 'RESTORE'],
  VHDX_BLOCK_SIZE_INVALID: [
    'G3',
    '2.6.2.1',
    'error',
    'the block size is not a power of two from 1 MiB to 256 MiB',
    'RESTORE',
  ],
  VHDX_FILE_PARAMETERS_RESERVED_NONZERO: [
    'G4',
    '2.6.2.1',
    'warning',
    'reserved bits of the file parameters are not zero',
    'REWRITE',
  ],
  VHDX_PARENT_LOCATOR_MISSING: ['G5', '2.6.2.6', 'error', 'a differencing disk has no parent locator', 'RESTORE'],
  VHDX_PARENT_LOCATOR_UNEXPECTED: [
    'G5',
    '2.6.2.6',
    'warning',
    'there is a parent locator in a disk without a parent',
    'QEMU refuses such a file: remove the item.',
  ],
  VHDX_FIXED_NOT_ALLOCATED: [
    'G6',
    '2.6.2.1',
    'warning',
    'a fixed disk has blocks without storage',
    'Writing to such a block makes the file grow; convert the image to have all of it allocated.',
    ['I13'],
  ],
  VHDX_FIXED_WITH_PARENT: ['G7', '2.6.2.1', 'info', 'a differencing disk is marked as fixed', ''],
  VHDX_DISK_SIZE_UNALIGNED: [
    'G8',
    '2.6.2.2',
    'error',
    'the virtual disk size is not a multiple of the logical sector size',
    'RESTORE',
  ],
  VHDX_DISK_SIZE_TOO_LARGE: ['G9', '2.6.2.2', 'error', 'the virtual disk is larger than 64 TiB', 'RESTORE'],
  VHDX_DISK_SIZE_ZERO: ['G10', '2.6.2.2', 'warning', 'the virtual disk has no bytes', 'RESTORE'],
  VHDX_LOGICAL_SECTOR_SIZE_INVALID: [
    'G11',
    '2.6.2.4',
    'error',
    'the logical sector size is neither 512 nor 4096',
    'RESTORE',
  ],
  VHDX_PHYSICAL_SECTOR_SIZE_INVALID: [
    'G12',
    '2.6.2.5',
    'error',
    'the physical sector size is neither 512 nor 4096',
    'RESTORE',
  ],
  VHDX_PHYSICAL_SECTOR_SIZE_LESS: [
    'G13',
    '2.6.2.5',
    'warning',
    'the physical sector size is less than the logical one',
    '',
  ],
  VHDX_DISK_ID_ZERO: ['G14', '2.6.2.3', 'warning', 'the virtual disk ID is zero', ''],

  // H. Parent locator
  VHDX_PARENT_LOCATOR_TOO_SHORT: [
    'H1',
    '2.6.2.6',
    'error',
    'the parent locator has no room for its entries',
    'RESTORE',
  ],
  VHDX_PARENT_LOCATOR_TYPE_UNKNOWN: [
    'H2',
    '2.6.2.6.1',
    'error',
    'the type of the parent locator is not known',
    'Use a tool that knows this kind of parent.',
  ],
  VHDX_PARENT_LOCATOR_RESERVED_NONZERO: [
    'H3',
    '2.6.2.6.1',
    'warning',
    'a reserved field of the parent locator is not zero',
    'REWRITE',
  ],
  VHDX_PARENT_LOCATOR_ENTRY_INVALID: [
    'H4',
    '2.6.2.6.2',
    'error',
    'an entry of the parent locator has an impossible place or length',
    'RESTORE',
  ],
  VHDX_PARENT_LOCATOR_STRING_MALFORMED: [
    'H5',
    '2.6.2.6.2',
    'error',
    'a string of the parent locator is not well-formed',
    'RESTORE',
  ],
  VHDX_PARENT_LOCATOR_TRAILING_NUL: [
    'H5',
    '2.6.2.6.2',
    'warning',
    'a string of the parent locator counts a trailing NUL',
    '',
  ],
  VHDX_PARENT_LOCATOR_KEY_DUPLICATE: [
    'H6',
    '2.6.2.6.2',
    'error',
    'a key of the parent locator is there twice',
    'RESTORE',
  ],
  VHDX_PARENT_LINKAGE_MISSING: [
    'H7',
    '2.6.2.6.3',
    'error',
    'the parent locator has no parent_linkage',
    'Reconnect the disk with its parent.',
  ],
  VHDX_PARENT_LINKAGE_MALFORMED: [
    'H7',
    '2.6.2.6.3',
    'error',
    'the parent_linkage is not a GUID in braces',
    'Reconnect the disk with its parent.',
  ],
  VHDX_PARENT_LINKAGE2_PRESENT: [
    'H8',
    '2.6.2.6.3',
    'warning',
    'there is a parent_linkage2: a merge into the parent was interrupted',
    'Finish the merge; either linkage may be that of the parent.',
  ],
  VHDX_PARENT_PATH_MISSING: [
    'H9',
    '2.6.2.6.3',
    'error',
    'the parent locator has no path',
    'Reconnect the disk with its parent.',
  ],
  VHDX_PARENT_PATH_FORM: [
    'H11',
    '2.6.2.6.3',
    'warning',
    'an absolute path of the parent locator does not have the form that its key asks for',
    'Reconnect the disk with its parent.',
  ],
  VHDX_PARENT_RELATIVE_PATH_FORM: [
    'H12',
    '2.6.2.6.3',
    'warning',
    'the relative path of the parent locator is not a relative Windows path',
    'Reconnect the disk with its parent.',
  ],

  // I. BAT
  VHDX_BAT_TOO_SMALL: ['I1', '2.5', 'error', 'the BAT region has no room for all entries', 'RESTORE'],
  VHDX_BAT_UNUSED_NONZERO: ['I3', '2.5', 'info', 'there are bytes behind the last BAT entry', ''],
  VHDX_BAT_RESERVED_NONZERO: ['I4', '2.5.1', 'warning', 'reserved bits of a BAT entry are not zero', 'REWRITE'],
  VHDX_BAT_STATE_RESERVED: ['I5', '2.5.1.1', 'error', 'a payload block has a reserved state', 'RESTORE'],
  VHDX_BAT_PARTIAL_WITHOUT_PARENT: [
    'I6',
    '2.5.1.1',
    'error',
    'a block of a disk without a parent is partially present',
    'RESTORE',
  ],
  VHDX_BAT_OFFSET_ZERO: ['I7', '2.5.1', 'error', 'a present block has no place in the file', 'RESTORE'],
  VHDX_BAT_BLOCK_BEYOND_END: ['I8', '2.5.1', 'error', 'a payload block lies past the end of the file', 'RESTORE'],
  VHDX_BAT_BLOCK_OVERLAP: ['I9', '2.5.1', 'error', 'two payload blocks share storage', 'CONVERT', ['J1']],
  VHDX_BAT_BLOCK_ON_STRUCTURE: [
    'I10',
    '2.5.1',
    'error',
    'a payload block lies on the log or a region',
    'CONVERT',
    ['B14', 'C11', 'J1'],
  ],
  VHDX_BAT_OFFSET_IGNORED: [
    'I11',
    '2.5.1.1',
    'warning',
    'a block without contents has a file offset, at which Hyper-V is reported to fail',
    'Set the file offset of the entry to zero.',
  ],
  VHDX_BAT_SOFT_ANCHOR_INVALID: [
    'I12',
    '2.5.1.1',
    'warning',
    'the former contents of an unmapped block lie outside the file',
    'Set the file offset of the entry to zero.',
  ],
  VHDX_BAT_SOFT_ANCHOR_COLLISION: [
    'I12',
    '2.5.1.1',
    'refuse-write',
    'the former contents of an unmapped block lie on something else',
    'Set the file offset of the entry to zero before anything writes to the file.',
    ['J1'],
  ],
  VHDX_BAT_BITMAP_MISSING: ['I17', '2.5.1.2', 'error', 'a partially present block has no sector bitmap', 'RESTORE'],
  VHDX_BAT_BITMAP_STATE_RESERVED: ['I18', '2.5.1.2', 'error', 'a sector bitmap block has a reserved state', 'RESTORE'],
  VHDX_BAT_ENTRIES_SHIFTED: [
    'I18',
    '2.5.1.2',
    'warning',
    'a fault of old versions of QEMU may have moved blocks of the disk',
    'Compare the contents with a backup, or have the guest check its file systems.',
  ],
  VHDX_BAT_BITMAP_WITHOUT_PARENT: [
    'I19',
    '2.5.1.2',
    'warning',
    'a disk without a parent has a sector bitmap block',
    '',
  ],
  VHDX_BAT_BITMAP_OFFSET_ZERO: ['I20', '2.5.1', 'error', 'a sector bitmap block has no place in the file', 'RESTORE'],
  VHDX_BAT_BITMAP_BEYOND_END: [
    'I20',
    '2.5.1',
    'error',
    'a sector bitmap block lies past the end of the file',
    'RESTORE',
  ],
  VHDX_BAT_BITMAP_OVERLAP: [
    'I20',
    '2.5.1',
    'error',
    'a sector bitmap block shares storage with something else',
    'CONVERT',
    ['B14', 'C11', 'J1'],
  ],
  VHDX_BAT_BITMAP_UNUSED: ['I21', '2.5.1.2', 'info', 'a sector bitmap block has no partially present block', ''],
  VHDX_BITMAP_BITS_PAST_END: [
    'I22',
    '2.4',
    'info',
    'a sector bitmap has bits for sectors past the end of the disk',
    '',
  ],
  VHDX_BITMAP_BITS_UNUSED: [
    'I22',
    '2.4',
    'info',
    'a sector bitmap has bits for blocks that are not partially present',
    '',
  ],
  VHDX_BITMAP_BLOCK_UNIFORM: ['I23', '2.4', 'info', 'a partially present block has all of its sectors, or none', ''],
  VHDX_BAT_OFFSET_TOO_LARGE: ['I24', '2.5.1', 'error', 'a block lies farther out than any file can reach', 'RESTORE'],
  VHDX_BAT_ROOM_FOR_GROWTH: ['I25', '2.5', 'info', 'the BAT region is larger than the disk needs', ''],

  // J. Whole-file accounting
  VHDX_OWNERSHIP_INCOMPLETE: [
    'J1',
    '2.1',
    'warning',
    'the blocks are spread too far for all overlaps to be found',
    'CONVERT',
  ],
  VHDX_FIXED_NOT_CONTIGUOUS: ['J3', '2.1', 'info', 'the blocks of a fixed disk are not in order', ''],
} as const;

/** The name of a kind of fault. Codes are never renamed. */
export type VhdxCode =
  | keyof typeof TABLE
  | keyof typeof CHAIN_CODES
  | keyof typeof CREATE_CODES
  | keyof typeof PROFILE_CODES;

type Row = readonly [string, string, Severity, string, string, (readonly string[])?];

function entry([rule, section, severity, summary, remedy, covers]: Row): CodeEntry {
  const common = { rule, section, severity, summary, remedy: REMEDIES[remedy] ?? remedy };
  return covers === undefined ? common : { ...common, covers };
}

const ROWS: Readonly<Record<VhdxCode, Row>> = { ...TABLE, ...CHAIN_CODES, ...CREATE_CODES, ...PROFILE_CODES };

type CodeEntries = Record<VhdxCode, CodeEntry>;

function isCode(text: string): text is VhdxCode {
  return text in ROWS;
}

function isComplete(made: Partial<CodeEntries>): made is CodeEntries {
  return Object.keys(ROWS).every((code) => code in made);
}

function makeEntries(): CodeEntries {
  const made: Partial<CodeEntries> = {};
  for (const [code, row] of Object.entries(ROWS)) if (isCode(code)) made[code] = entry(row);
  if (!isComplete(made)) throw new TypeError('a code was lost');
  return made;
}

/** Every code, with its rule, section, usual severity, summary and remedy. */
export const codes: Readonly<Record<VhdxCode, CodeEntry>> = makeEntries();
