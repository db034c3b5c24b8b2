#!/usr/bin/env node
/** `npm run formats -- DIR`: generates every schema below a folder and type-checks all of it. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { runFormats } from './run-formats.js';
import { PROJECT } from './sandbox.js';

new Command('formats')
  .argument('[folder]', 'schemas, and where their absolute imports are found', resolve(PROJECT, '../shared/formats'))
  .action((folder: string) => {
    const { schemas, files, lines, seconds, failures } = runFormats(resolve(folder));
    for (const failure of failures) console.error(failure);
    console.log(
      `${schemas} schemas, ${files} files of ${lines} lines generated in ${seconds.toFixed(2)} s, ${failures.length} failures`,
    );
    process.exitCode = failures.length === 0 && schemas > 0 ? 0 : 1;
  })
  .parse();
