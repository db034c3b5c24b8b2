/** Parts of the format: the BAT, GUIDs, what a file and a disk consist of, and what the bytes of a file are. */
export { Bat } from './format/bat.js';
export { BatGeometry } from './format/bat-geometry.js';
export { PayloadState, SectorBitmapState } from './format/bat-states.js';
export { type ContentsKind, identifyContents, looksRaw } from './format/format-detection.js';
export { formatGuid, type GuidFields, GUIDS, guidsEqual, isZeroGuid, parseGuid, tryParseGuid } from './base/guid.js';
export { type PartitionTable, readPartitionTable } from './disk/partition-table.js';
export { type ImageState, readImageState } from './image/state.js';
export { BLOCK_STATES, type BlockState, FILE_OWNERS, type FileOwner } from './image/usage.js';
