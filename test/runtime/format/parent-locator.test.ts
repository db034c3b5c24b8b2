/** How much of a parent locator is read. Its rules, H1 to H12, are in the matrix of the checker. */
import { expect, test } from 'vitest';
import type { Finding } from '../../../runtime/index.js';
import { readParentLocator } from '../../../runtime/format/parent-locator.js';
import { VhdxParentLocator, VhdxParentLocatorEntry } from '../../../generated/index.js';
import { GUIDS } from '../../../runtime/base/guid.js';
import { ANYTHING } from '../../support/anything.js';
import { guid } from '../../support/image-items.js';
import { MIB } from '../../support/units.js';

/** The longest string of a locator, in bytes: its length has 16 bits, and UTF-16 an even number of bytes. */
const LONGEST = 0xfffe;

/** A locator of `count` entries whose keys and values are all the same 64 KiB. */
function overlapping(count: number): Uint8Array {
  const at = 20 + 12 * count;
  const entry = VhdxParentLocatorEntry.create({
    keyOffset: at,
    keyLength: LONGEST,
    valueOffset: at,
    valueLength: LONGEST,
  });
  return VhdxParentLocator.create({
    locatorType: guid(GUIDS.vhdxParentLocator),
    entries: Array.from({ length: count }, () => entry),
    data: new Uint8Array(LONGEST).fill(0x61),
  }).toBytes(ANYTHING);
}

function read(bytes: Uint8Array): { read: number; codes: string[] } {
  const findings: Finding[] = [];
  const locator = readParentLocator(bytes, 0x300000, (finding) => findings.push(finding));
  return { read: locator?.entries.length ?? -1, codes: [...new Set(findings.map(({ code }) => code))] };
}

test('strings that lie on each other, 4 MiB of them in a small item → read up to that, with a finding', () => {
  const most = Math.floor((4 * MIB) / (2 * LONGEST));
  expect(read(overlapping(most)).read).toBe(most);
  expect(read(overlapping(most)).codes).not.toContain('VHDX_PARENT_LOCATOR_ENTRY_INVALID');
  const beyond = read(overlapping(most + 1));
  expect(beyond.read).toBe(most);
  expect(beyond.codes).toContain('VHDX_PARENT_LOCATOR_ENTRY_INVALID');
});
