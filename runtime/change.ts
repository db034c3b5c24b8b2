/** The entry `vhdx/change`: changes of an image at rest, as plans. */
export {
  type CompactCopyReport,
  type CompactPlan,
  type CompactRequest,
  compactImage,
  copyCompacted,
  defragmentImage,
  planCompact,
  planDefragment,
} from './change/compact.js';
export type { FreeRanges, VirtualRange } from './change/free-ranges.js';
export type { FreedBytes } from './change/needless-storage.js';
export { mergeImage, type MergePlan, type MergeRequest, planMerge } from './change/merge.js';
