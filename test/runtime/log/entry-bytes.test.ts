import { describe, expect, test } from 'vitest';
import { parseGuid } from '../../../runtime/base/guid.js';
import { logEntryBytes, logEntryLength } from '../../../runtime/log/entry-bytes.js';
import { DESCRIPTORS_OF_ONE_SECTOR } from '../../../runtime/log/layout.js';
import { noise } from '../../support/bytes.js';
import { IDS, MIB } from '../../support/image-builder.js';
import { logEntryBytes as expectedBytes } from '../../support/log-entries.js';

const SECTOR = 4096;

describe('logEntryLength', () => {
  // 64 bytes of header and 32 for each descriptor, in whole sectors, and a sector for each update: 2.3.1.
  test.each([
    [0, SECTOR],
    [1, 2 * SECTOR],
    [126, 127 * SECTOR],
    [127, 129 * SECTOR],
    [254, 256 * SECTOR],
    [255, 258 * SECTOR],
  ])('%i updates → %i bytes', (updates, length) => {
    expect(logEntryLength(updates)).toBe(length);
  });

  test('one sector of descriptors → 126', () => {
    expect(DESCRIPTORS_OF_ONE_SECTOR).toBe(126);
  });
});

describe('logEntryBytes', () => {
  const facts = {
    logGuid: parseGuid(IDS.log),
    // Both halves differ, and so do they from the parts of the offsets.
    sequenceNumber: 0x1122_3344_5566_7788n,
    tail: 3 * SECTOR,
    flushedFileOffset: 7 * MIB,
    lastFileOffset: 9 * MIB,
  };

  test.each([1, 2, 126, 127])('%i updates → the entry that the builder of the tests makes', (count) => {
    const updates = Array.from({ length: count }, (_, index) => ({
      fileOffset: 2 * MIB + index * SECTOR,
      bytes: noise(SECTOR, index + 1),
    }));
    const expected = expectedBytes({
      guid: IDS.log,
      ...facts,
      writes: updates.map((update) => ({ kind: 'data', ...update })),
    });
    const bytes = logEntryBytes(updates, facts);
    expect(bytes.length).toBe(logEntryLength(count));
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });
});
