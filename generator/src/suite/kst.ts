#!/usr/bin/env node
/** `npm run kst -- --tests DIR`: Kaitai's own test suite, or a part of it. */
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { runRefusals } from './run-refusals.js';
import { runSuite } from './run-kst.js';
import { PROJECT } from './sandbox.js';

interface Options {
  readonly tests: string;
  readonly err: boolean;
}

await new Command('kst')
  .option('--tests <folder>', 'with spec/, formats/, ks_path/, src/, formats_err/', resolve(PROJECT, '../shared/kst'))
  .option('--err', 'instead: every schema of formats_err/ must be refused', false)
  .action(async ({ tests, err }: Options) => {
    const folder = resolve(tests);
    const { passed, failures, problems } = err
      ? runRefusals(join(folder, 'formats_err'), [folder])
      : await runSuite(folder);
    for (const problem of problems) console.log(problem);
    for (const [name, lines] of failures) console.log([`${name}:`, ...lines].join('\n  '));
    console.log(`${passed} passed, ${failures.size} failed`);
    process.exitCode = passed > 0 && failures.size + problems.length === 0 ? 0 : 1;
  })
  .parseAsync();
