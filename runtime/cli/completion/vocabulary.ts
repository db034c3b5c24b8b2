/** What completes the command lines of `vhdx` beside the definitions of its commands. */
import type { Completed, Vocabulary } from 'ksy-ts/completion';

export const COMPLETED: Completed = { program: 'vhdx', extensions: ['vhdx', 'avhdx', 'vhdpmem'] };

export const VOCABULARY: Vocabulary = {
  files: {
    A: 'files',
    B: 'files',
    FILE: 'files',
    IMAGE: 'own',
    SOURCE: 'files',
    TARGET: 'files',
    file: 'files',
    folder: 'folders',
    image: 'own',
  },
  // What these need is loaded for them alone.
  async valuesOf(name, current, [image]) {
    if (name === 'CODE|RULE') return (await import('./codes.js')).EXPLAINED;
    if (name === 'PATH' && image !== undefined) return (await import('./tree-paths.js')).treePaths(image, current);
    return undefined;
  },
};
