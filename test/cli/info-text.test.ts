import { describe, expect, test } from 'vitest';
import { infoJson } from '../../runtime/cli/info-json.js';
import { infoText } from '../../runtime/cli/info-text.js';
import { inspectImage } from '../../runtime/index.js';
import { plain } from '../support/paint.js';
import { TestImage, type ImageSpec } from '../support/image-builder.js';

const HOST = { filename: 'child.vhdx', allocatedSize: undefined };

const CHILD: ImageSpec = {
  type: 'differencing',
  creator: 'somebody',
  parent: [
    ['parent_linkage', '{83ed0ec3-24c8-49a6-a959-5e4bf1288bfb}'],
    ['relative_path', '.\\base\u001b[31m.vhdx'],
  ],
};

async function textOf(spec: ImageSpec): Promise<string[]> {
  const info = await inspectImage(new TestImage(spec).source);
  return String(infoText(info, HOST, plain)).split('\n');
}

describe('infoText', () => {
  test('a differencing disk → its parent locator, with controls written out', async () => {
    const lines = await textOf(CHILD);
    expect(lines).toContainEqual(expect.stringMatching(/^format: +VHDX, differencing$/));
    expect(lines).toContainEqual(expect.stringMatching(/^parent: +locator type b04aefb7-d19e-4a81-b789-25b8e9445913$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ +relative_path = \.\\base\\u\{1b\}\[31m\.vhdx$/));
  });

  test('no creator → says so', async () => {
    expect(await textOf({ creator: '' })).toContainEqual(expect.stringMatching(/^creator: +\(none\)$/));
  });

  test('the host does not say what a file takes → only its length', async () => {
    expect(await textOf({})).toContainEqual(expect.stringMatching(/^file size: +\d+ MiB \(\d+ bytes\)$/));
  });

  test('blocks behind the end of the file → corrupt, with the finding', async () => {
    const image = new TestImage().setBat(1, { state: 6, fileOffsetMb: 64 });
    const info = await inspectImage(image.source);
    expect(info).toMatchObject({ verdict: 'corrupt', counts: { error: 1 } });
    const lines = String(infoText(info, HOST, plain))
      .trimEnd()
      .split('\n');
    expect(lines.at(-2)).toMatch(/^verdict: +corrupt, 1 error$/);
    expect(lines.at(-1)).toMatch(/^ +VHDX_BAT_BLOCK_BEYOND_END: .* the file ends at 0x/);
  });

  test('a sound image → clean, as its last line', async () => {
    expect((await textOf({})).at(-2)).toMatch(/^verdict: +clean, no findings$/);
  });

  test('any image → every value in the same column', async () => {
    const lines = (await textOf(CHILD)).filter((line) => line !== '');
    const columns = lines.filter((line) => /^\w/.test(line)).map((line) => /^[^:]+: +/.exec(line)?.[0].length);
    expect(new Set(columns).size).toBe(1);
  });
});

describe('infoJson', () => {
  test('a differencing disk → the parent locator, as it is', async () => {
    const info = await inspectImage(new TestImage(CHILD).source);
    expect(infoJson(info, HOST)).toMatchObject({
      'format-specific': {
        data: {
          type: 'differencing',
          parent: {
            'type-guid': 'b04aefb7-d19e-4a81-b789-25b8e9445913',
            entries: [
              { key: 'parent_linkage', value: '{83ed0ec3-24c8-49a6-a959-5e4bf1288bfb}' },
              { key: 'relative_path', value: '.\\base\u001b[31m.vhdx' },
            ],
          },
        },
      },
    });
  });

  test.each([
    ['child.vhdx', [['relative_path', String.raw`.\a\b.vhdx`]], String.raw`.\a\b.vhdx`, 'a/b.vhdx'],
    ['d/child.vhdx', [['relative_path', String.raw`..\b.vhdx`]], String.raw`..\b.vhdx`, 'b.vhdx'],
    ['/d/child.vhdx', [['relative_path', 'b.vhdx']], 'b.vhdx', '/d/b.vhdx'],
    [
      'd/child.vhdx',
      [['absolute_win32_path', String.raw`\\?\C:\d\b.vhdx`]],
      String.raw`\\?\C:\d\b.vhdx`,
      String.raw`\\?\C:\d\b.vhdx`,
    ],
    [
      'd/child.vhdx',
      [
        ['absolute_win32_path', String.raw`C:\d\b.vhdx`],
        ['relative_path', 'r.vhdx'],
      ],
      'r.vhdx',
      'd/r.vhdx',
    ],
  ] as const)('%s, %j → the parent with the keys of qemu-img', async (filename, paths, stated, full) => {
    const parent = [['parent_linkage', '{83ed0ec3-24c8-49a6-a959-5e4bf1288bfb}'], ...paths] as const;
    const info = await inspectImage(new TestImage({ type: 'differencing', parent }).source);
    expect(infoJson(info, { ...HOST, filename })).toMatchObject({
      'backing-filename-format': 'vhdx',
      'backing-filename': stated,
      'full-backing-filename': full,
    });
  });

  test('no parent → none of these keys', async () => {
    const json = infoJson(await inspectImage(new TestImage({}).source), HOST) as object;
    expect(Object.keys(json).filter((key) => key.includes('backing'))).toEqual([]);
  });

  test('the host does not say what a file takes → actual-size is its length', async () => {
    const image = new TestImage({});
    const info = await inspectImage(image.source);
    expect(infoJson(info, HOST)).toMatchObject({ 'actual-size': image.source.size });
  });
});
