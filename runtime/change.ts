/** The entry `vhdx/change`: changes of an image at rest, as plans. */
export { applyPlan, type ApplyOptions, type ChangeReport } from './change/apply.js';
export type {
  ChangeOperation,
  ChangePlan,
  PlanBinding,
  PlanOptions,
  PlanRefusal,
  PlanStep,
  StepKind,
} from './change/plan.js';
export { planReplay, replayImage, type ReplayPlan } from './change/replay.js';
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
export { planRebase, rebaseImage, type RebaseOptions, type RebasePlan, type RebaseRequest } from './change/rebase.js';
export { planResize, resizeImage, type ResizeOptions, type ResizePlan, type ResizeRequest } from './change/resize.js';
export { type ImageSettings, planSet, setImage, type SetPlan } from './change/set.js';
export {
  type CompactCopyReport,
  type CompactPlan,
  compactImage,
  copyCompacted,
  defragmentImage,
  planCompact,
  planDefragment,
} from './change/compact.js';
export type { CompactRequest } from './change/compact-request.js';
export type { FreeRanges, VirtualRange } from './change/free-ranges.js';
export type { FreedBytes } from './change/storage-judge.js';
export { mergeImage, type MergePlan, type MergeRequest, planMerge } from './change/merge.js';
