export { Bat, BatGeometry, PayloadState, SectorBitmapState } from './bat.js';
export type { BlockCounts } from './bat-states.js';
export { BlobSource } from './blob-source.js';
export { type CacheOptions, CachedSource } from './cached-source.js';
export type { ChainOptions, ParentCandidate, ParentResolver } from './chain.js';
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
} from './check/repair.js';
export type { SpaceSummary } from './check/space.js';
export { type CompareOptions, compareContents, type Contents, type Difference } from './compare.js';
export { levelsOf } from './disk-levels.js';
export { type DiskOptions, type Extent, type ExtentOptions, openDisk, type StreamOptions, VhdxDisk } from './disk.js';
export { type CodeEntry, codes, SEVERITIES, type Severity, type VhdxCode, VhdxError } from './errors.js';
export { excerpt } from './excerpt.js';
export { type ContentsKind, identifyContents, looksRaw } from './file-kind.js';
export type { Finding, FindingGroup, Verdict } from './findings.js';
export { formatGuid, GUIDS, guidsEqual, isZeroGuid, parseGuid, tryParseGuid } from './guid.js';
export type { FetchFunction } from './http-connection.js';
export type { Clock } from './http-retry.js';
export { HttpSource, type HttpSourceOptions, openUrl, type OpenUrlOptions } from './http-source.js';
export { inspectImage, type VhdxInfo } from './info.js';
export type { LogDescriptorSummary, LogEntrySummary, LogSummary } from './log.js';
export { MemorySource } from './memory-source.js';
export { MemoryTarget } from './memory-target.js';
export type { DiskParameters, DiskType } from './metadata-items.js';
export { type OpenOptions, openVhdx, type VhdxImage } from './open.js';
export { type PartitionTable, readPartitionTable } from './partition-table.js';
export { planLogReplay, replayLog, type ReplayOptions, type ReplayPlan, type ReplayReport } from './replay.js';
export type { LostRange, LostRanges } from './salvage/lost-ranges.js';
export { type Obstacle, SalvagedDisk, salvageDisk } from './salvage/salvage.js';
export type { SectorBit } from './sector-bit.js';
export { type ByteSource, readAvailable, readExactly, readInto, type SourceReadOptions } from './source.js';
export type { ByteTarget } from './target.js';
export { type Bytes, toByteSource } from './to-byte-source.js';
export type { DiskRange, FaultOptions, ResolveOptions, UnreadableRange } from './translate.js';
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
} from './usage.js';
export { locateVirtualOffset, type VirtualLevel, type VirtualLocation } from './virtual-location.js';
export { type CreateOptions, type CreateReport, createVhdx } from './write/create.js';
export type { ContentsOptions, ContentsPart, ContentsReport } from './write/create-contents.js';
export type { NewDiskOptions, NewParent } from './write/create-options.js';
export { openWritableDisk, WritableDisk, type WritableDiskOptions } from './write/writable-disk.js';
