import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests run against the sources; the published package resolves these through "imports" and "exports".
    alias: {
      '#crc32c': source('./runtime/node/crc32c-native.ts'),
      'ksy-ts/completion': source('./generator/src/command/completion.ts'),
      'ksy-ts/command': source('./generator/src/command/index.ts'),
      'ksy-ts/reports': source('./generator/src/reports/index.ts'),
      'ksy-ts': source('./generator/src/index.ts'),
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/setup.ts'],
    // One more than the default, which leaves a processor idle: the main process only collects what the workers say.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/skip-reporter.ts'],
  },
});
