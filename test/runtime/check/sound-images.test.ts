import { expect, test } from 'vitest';
import { brief, check } from '../../support/findings.js';
import { GIB, type ImageSpec, MIB, parentLocatorBytes, TestImage } from '../../support/image-builder.js';

const LINKAGE = ['parent_linkage', '{83ed0ec3-24c8-49a6-a959-5e4bf1288bfb}'] as const;

const sound: readonly (readonly [string, ImageSpec])[] = [
  ['dynamic', {}],
  ['dynamic with blocks', { allocate: [3, 0, 15] }],
  ['fixed', { type: 'fixed' }],
  ['differencing', { type: 'differencing', allocate: [0], allocateAs: 7, bitmaps: [0] }],
  [
    'sectors of 4096 bytes',
    { logicalSectorSize: 4096, virtualSize: 40 * GIB, blockSize: 32 * MIB, allocate: [0, 1023, 1024] },
  ],
  ['several chunks', { virtualSize: 9 * GIB, allocate: [0, 4095, 4096, 8191, 8192] }],
  ['blocks of 256 MiB', { virtualSize: 9 * GIB, blockSize: 256 * MIB, allocate: [0, 35] }],
  [
    'user item',
    { items: [{ id: 'deadbeef-0000-4000-8000-000000000001', bytes: Uint8Array.of(1, 2, 3, 4), isUser: true }] },
  ],
];

test.each(sound)('sound image, %s → nothing found', async (_, spec) => {
  const report = await check(new TestImage(spec));
  // A block that has each of its sectors, or none, could be said more simply: a hint, and all there is.
  expect(report.findings.map(brief).filter((text) => text !== 'I23 info')).toEqual([]);
  expect(report.verdict).toBe('clean');
  expect(report.space?.freeBytes).toBe(0);
});

test('parent locator as a writer makes it → read back', () => {
  expect(parentLocatorBytes([LINKAGE]).length).toBe(20 + 12 + 2 * (LINKAGE[0].length + LINKAGE[1].length));
});
