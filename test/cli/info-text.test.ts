import { describe, expect, test } from 'vitest';
import { infoJson } from '../../runtime/cli/info-json.js';
import { infoText } from '../../runtime/cli/info-text.js';
import { inspectImage } from '../../runtime/index.js';
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
  return infoText(info, HOST, (_style, text) => text).split('\n');
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

  test('the host does not say what a file takes → actual-size is its length', async () => {
    const image = new TestImage({});
    const info = await inspectImage(image.source);
    expect(infoJson(info, HOST)).toMatchObject({ 'actual-size': image.source.size });
  });
});
