/** Prints every test that was skipped, by file, at the end of a run: what was not tested is not passed over in silence. */
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

function lineOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note === undefined ? test.fullName : `${test.fullName} (${note})`;
}

export default class SkipReporter implements Reporter {
  /** A run of the tests of some name skips all others, which says nothing. */
  #isPartial = false;

  onInit(vitest: Vitest): void {
    this.#isPartial = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#isPartial) return;
    for (const module of modules) {
      const skipped = [...module.children.allTests('skipped')];
      if (skipped.length === 0) continue;
      console.log(`SKIPPED ${relative(process.cwd(), module.moduleId)}: ${skipped.length}`);
      for (const test of skipped) console.log(`  ${lineOf(test)}`);
    }
  }
}
