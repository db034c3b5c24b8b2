/** A process of its own for `read.ts`: does one thing once, and says what that took. Arguments: what, and the image. */
import { performance } from 'node:perf_hooks';
import type * as Vhdx from '../../runtime/index.js';
import type * as VhdxNode from '../../runtime/node.js';

const [, , what = '', image = ''] = process.argv;
// What Node loads for `vhdx` and `vhdx/node`.
const index = '../../library/index.js';
const node = '../../library/node.js';

let start = performance.now();
let count = 0;
if (what !== 'nothing') {
  const { openDisk } = (await import(index)) as typeof Vhdx;
  const { openFile } = (await import(node)) as typeof VhdxNode;
  if (what !== 'import') start = performance.now();
  const disk = what === 'import' ? undefined : await openDisk(await openFile(image));
  if (what === 'list' && disk !== undefined)
    for await (const extent of disk.extents()) count += extent.length > 0 ? 1 : 0;
}
const milliseconds = performance.now() - start;
console.log(JSON.stringify({ milliseconds, count, peakKib: process.resourceUsage().maxRSS }));
process.exit();
