/** Completion of command lines in shells, of programs whose commands are defined with commander: `vhdx` and `ksy-ts`. */
export {
  completionLines,
  completionsOf,
  type Candidate,
  type Completions,
  type Vocabulary,
} from './complete.js';
export { pathCandidates } from './paths.js';
export { completionScript, type Completed } from './scripts.js';
