/** The first page of the library: images and disks, in Node, Electron and browsers. */

export type { ProgressOptions, RangeOptions, SignalOptions } from './base/options.js';

// Opening.
export {
  type DiskOptions,
  type Extent,
  type ExtentOptions,
  openDisk,
  type StreamOptions,
  VhdxDisk,
} from './disk/disk.js';
export type { ChainOptions, ParentCandidate, ParentOptions, ParentResolver } from './disk/chain.js';
export type { DiskRange, DiskRun, FaultOptions, ResolveOptions, UnreadableRange } from './disk/translator.js';
export { openVhdx, type VhdxImage } from './image/open.js';
export type { OpenOptions } from './image/walk.js';
export type { DiskParameters, DiskType } from './format/metadata-items.js';
export type { ParentLocator, ParentLocatorPair } from './format/parent-locator.js';
export { openWritableDisk, type WritableDisk, type WritableDiskOptions } from './write/writable-disk.js';
export { type Obstacle, type SalvagedDisk, salvageDisk } from './salvage/salvage.js';
export type { LostRange, LostRanges } from './salvage/lost-ranges.js';

// Bytes; `vhdx/io` has all sources and targets.
export { openUrl, type OpenUrlOptions } from './io/http/http-source.js';
export { type ByteSource, readExactly, type SourceReadOptions } from './io/byte-source.js';
export type { ByteTarget } from './io/byte-target.js';
export type { Bytes } from './io/to-byte-source.js';
export { BlobSource } from './io/blob-source.js';
export { MemorySource } from './io/memory-source.js';
export { MemoryTarget } from './io/memory-target.js';

// Checking and repairing.
export { type CheckOptions, type CheckReport, checkImage } from './check/check.js';
export { type ChainCheckOptions, type ChainReport, checkChain, type ParentVerdict } from './check/chain-check.js';
export type { Profile } from './check/profiles.js';
export type { SpaceSummary } from './check/space.js';
export type { BlockCounts } from './format/bat-states.js';
export { type CodeEntry, type CodeGroup, codes, type RuleGroup, type Severity, type VhdxCode } from './errors/codes.js';
export { VhdxError, type VhdxErrorDetail } from './errors/errors.js';
export type { Finding, FindingGroup, Verdict } from './errors/findings.js';
export {
  planRepair,
  repairImage,
  type RepairKind,
  type RepairOptions,
  type RepairPlan,
  type RepairRefusal,
  type RepairReport,
  type RepairStep,
} from './change/repair.js';
export { planLogReplay, replayLog, type ReplayOptions, type ReplayPlan, type ReplayReport } from './change/replay.js';
export type { ApplyOptions, ChangeReport } from './change/apply.js';
export type { ChangeOperation, ChangePlan, PlanBinding, PlanRefusal, PlanStep, StepKind } from './change/plan.js';

// Describing.
export { inspectImage, type VhdxInfo } from './image/info.js';
export type { CopyIndex } from './format/copies.js';
export type { RegionName } from './format/region-table.js';
export type { LogState } from './log/read-log.js';
export type { LogDescriptorSummary, LogEntrySummary, LogSummary } from './log/summary.js';
export { imageTree, type TreeOptions } from './tree/tree.js';
export type { TreeNode, TreeValue } from './tree/tree-node.js';
export {
  type BlockState,
  type FileOwner,
  imageUsage,
  type ImageUsage,
  type Strip,
  type UsageOptions,
} from './image/usage.js';
export type { FixedExtent } from './image/mib-ownership.js';
export { type BlockLocation, type FileLocation, locateFileOffset } from './tree/file-location.js';
export { locateVirtualOffset, type VirtualLevel, type VirtualLocation } from './disk/virtual-location.js';
export type { SectorBit } from './disk/sector-bit.js';
export { type CompareOptions, compareContents, type Contents, type Difference } from './disk/compare.js';

// Making.
export { type CreateOptions, type CreateReport, createVhdx } from './create/create.js';
export type { ContentsOptions, ContentsPart, ContentsReport } from './create/contents.js';
export type { NewDiskOptions, NewParent } from './create/options.js';
