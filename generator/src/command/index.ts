/** Definitions of commands, for programs on commander: `vhdx` and `ksy-ts`. */
export { defineComplete, defineCompletion, type Shell } from './completion-commands.js';
export { helpOf, withHelp, type CommandHelp, type Example, type Term } from './help.js';
