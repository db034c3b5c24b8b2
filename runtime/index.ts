export { Bat } from './format/bat.js';
export { BatGeometry } from './format/bat-geometry.js';
export { PayloadState, SectorBitmapState } from './format/bat-states.js';
export type { BlockCounts } from './format/bat-states.js';
export { BlobSource } from './io/blob-source.js';
export { type CacheOptions, CachedSource } from './io/cached-source.js';
export type { ChainOptions, ParentCandidate, ParentResolver } from './disk/chain.js';
export { type ChainCheckOptions, type ChainReport, checkChain, type ParentVerdict } from './check/chain-check.js';
export { type CheckOptions, type CheckReport, checkImage, RULE_GROUPS, type RuleGroup } from './check/check.js';
export { type Profile, PROFILES } from './check/profiles.js';
export {
  planRepair,
  type RepairAction,
  repairImage,
  type RepairKind,
  type RepairOptions,
  type RepairPlan,
  type RepairRefusal,
  type RepairReport,
} from './change/repair.js';
export type { SpaceSummary } from './check/space.js';
export { type CompareOptions, compareContents, type Contents, type Difference } from './disk/compare.js';
export { levelsOf } from './disk/levels.js';
export {
  type DiskOptions,
  type Extent,
  type ExtentOptions,
  openDisk,
  type StreamOptions,
  VhdxDisk,
} from './disk/disk.js';
export { type CodeEntry, codes, SEVERITIES, type Severity, type VhdxCode, VhdxError } from './errors/errors.js';
export { excerpt } from './base/excerpt.js';
export { type ContentsKind, identifyContents, looksRaw } from './format/format-detection.js';
export type { Finding, FindingGroup, Verdict } from './errors/findings.js';
export { formatGuid, GUIDS, guidsEqual, isZeroGuid, parseGuid, tryParseGuid } from './base/guid.js';
export type { FetchFunction } from './io/http/connection.js';
export type { Clock } from './io/http/retry.js';
export { HttpSource, type HttpSourceOptions, openUrl, type OpenUrlOptions } from './io/http/http-source.js';
export { inspectImage, type VhdxInfo } from './image/info.js';
export type { LogDescriptorSummary, LogEntrySummary, LogSummary } from './log/summary.js';
export { MemorySource } from './io/memory-source.js';
export { MemoryTarget } from './io/memory-target.js';
export type { DiskParameters, DiskType } from './format/metadata-items.js';
export { type OpenOptions, openVhdx, type VhdxImage } from './image/open.js';
export { type PartitionTable, readPartitionTable } from './disk/partition-table.js';
export { planLogReplay, replayLog, type ReplayOptions, type ReplayPlan, type ReplayReport } from './change/replay.js';
export type { LostRange, LostRanges } from './salvage/lost-ranges.js';
export { type Obstacle, SalvagedDisk, salvageDisk } from './salvage/salvage.js';
export type { SectorBit } from './disk/sector-bit.js';
export { type ByteSource, readAvailable, readExactly, readInto, type SourceReadOptions } from './io/byte-source.js';
export type { ByteTarget } from './io/byte-target.js';
export { type Bytes, toByteSource } from './io/to-byte-source.js';
export type { DiskRange, FaultOptions, ResolveOptions, UnreadableRange } from './disk/translator.js';
export { type BlockLocation, type FileLocation, locateFileOffset } from './tree/file-location.js';
export { imageTree, type TreeOptions } from './tree/tree.js';
export type { TreeNode, TreeValue } from './tree/tree-node.js';
export {
  BLOCK_STATES,
  type BlockState,
  FILE_OWNERS,
  type FileOwner,
  imageUsage,
  type ImageUsage,
  type Strip,
  type UsageOptions,
} from './image/usage.js';
export { locateVirtualOffset, type VirtualLevel, type VirtualLocation } from './disk/virtual-location.js';
export { type CreateOptions, type CreateReport, createVhdx } from './create/create.js';
export type { ContentsOptions, ContentsPart, ContentsReport } from './create/contents.js';
export type { NewDiskOptions, NewParent } from './create/options.js';
export { openWritableDisk, WritableDisk, type WritableDiskOptions } from './write/writable-disk.js';
