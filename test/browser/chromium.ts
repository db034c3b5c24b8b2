import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package `chromium` puts it. */
const PROGRAM = '/usr/bin/chromium';

/**
 * Whether tests have to be skipped because Chromium is not installed; says so on standard error. Never where
 * VHDX_REQUIRE_PEERS is set: the tests then run, and fail.
 */
export function withoutChromium(): boolean {
  if (existsSync(PROGRAM) || (process.env['VHDX_REQUIRE_PEERS'] ?? '') !== '') return false;
  process.stderr.write(`SKIPPED: tests that need Chromium: ${PROGRAM} not installed\n`);
  return true;
}

/** Starts Chromium without a window, with a profile of its own. It looks for nothing on the network by itself. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: PROGRAM,
    args: [
      // The sandbox cannot be set up by root, nor in most containers. Only pages of the tests are opened.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
