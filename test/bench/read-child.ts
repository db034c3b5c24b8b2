/** A process of its own for `read.ts`: does one thing once, and says what that took. Arguments: what, and the image. */
import { performance } from 'node:perf_hooks';
import type * as Vhdx from '../../runtime/index.js';
import type * as VhdxNode from '../../runtime/node.js';

const [, , what = '', image = ''] = process.argv;
const index = '../../runtime/index.js';
const node = '../../runtime/node.js';

async function open(): Promise<Vhdx.VhdxDisk> {
  const { openDisk } = (await import(index)) as typeof Vhdx;
  const { openFile } = (await import(node)) as typeof VhdxNode;
  start = performance.now();
  return openDisk(await openFile(image));
}

let start = performance.now();
let count = 0;
if (what !== 'nothing') {
  const disk = await open();
  if (what === 'list') for await (const extent of disk.extents()) count += extent.length > 0 ? 1 : 0;
}
const milliseconds = performance.now() - start;
console.log(JSON.stringify({ milliseconds, count, peakKib: process.resourceUsage().maxRSS }));
process.exit();
