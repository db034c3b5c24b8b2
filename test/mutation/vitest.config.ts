/** The tests without a build before them: those of the command, which run what was built, see no mutant. */
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

export default mergeConfig(
  { ...base, test: { ...base.test, globalSetup: [] } },
  defineConfig({ test: { fileParallelism: false, maxWorkers: 1 } }),
);
