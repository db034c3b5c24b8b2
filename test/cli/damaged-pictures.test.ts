/** Trees and pictures of every image of the variants: nothing that is wrong with an image keeps it from being looked at. */
import { describe, expect, test } from 'vitest';
import { pictureText, PICTURE_CELLS } from '../../runtime/cli/commands/map-picture.js';
import { pictureSvg, SVG_CELLS } from '../../runtime/cli/commands/map-svg.js';
import { nodeLines } from '../../runtime/cli/commands/tree-text.js';
import { checkImage, imageTree, imageUsage, type TreeNode, VhdxError } from '../../runtime/index.js';
import { plain } from '../support/paint.js';
import { BAT_VARIANTS } from '../runtime/check/variants/bat.js';
import { HEADERS_VARIANTS } from '../runtime/check/variants/headers.js';
import { LOCATOR_VARIANTS } from '../runtime/check/variants/locator.js';
import { LOG_VARIANTS } from '../runtime/check/variants/log.js';
import { METADATA_VARIANTS } from '../runtime/check/variants/metadata.js';
import { REGIONS_VARIANTS } from '../runtime/check/variants/regions.js';

const ALL = [
  ...HEADERS_VARIANTS,
  ...REGIONS_VARIANTS,
  ...LOG_VARIANTS,
  ...METADATA_VARIANTS,
  ...LOCATOR_VARIANTS,
  ...BAT_VARIANTS,
];

describe.each(ALL)('%s %j', (_what, finds, make) => {
  const isForeign = finds.includes('A2 error');

  test.skipIf(isForeign)('tree → every structure that there is', async () => {
    const nodes: TreeNode[] = [];
    for await (const node of imageTree(make().source)) nodes.push(node);
    const lines = nodes.flatMap((node) => Array.from(nodeLines(node, false, plain), String));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/);
  });

  test('picture → drawn, or refused for an error that the report has', async () => {
    const { source } = make();
    try {
      const small = await imageUsage(source, { cells: PICTURE_CELLS });
      expect(String(pictureText('disk.vhdx', small, plain))).not.toMatch(/undefined|NaN/);
      expect(String(pictureSvg('disk.vhdx', await imageUsage(source, { cells: SVG_CELLS })))).not.toMatch(
        /undefined|NaN|-\d+"/,
      );
    } catch (error) {
      if (!(error instanceof VhdxError)) throw error;
      const { findings } = await checkImage(source);
      expect(findings.map(({ code }) => code)).toContain(error.code);
    }
  });
});
