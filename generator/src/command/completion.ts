/** Completion of command lines in shells, of programs whose commands are defined with commander: `vhdx` and `ksy-ts`. */
export {
  completionLines,
  completionsOf,
  type Candidate,
  type Completions,
  type FileKind,
  type GivenOptions,
  type Vocabulary,
} from './complete.js';
export { pathCandidates, type NodesBelow, type PathNode } from './paths.js';
export { completionScript, type Completed } from './scripts.js';
export type { Shell } from './completion-commands.js';
