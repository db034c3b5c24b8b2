/** Says whether a VHDX image is sound, how much of its disk is in use, and the SHA-256 of that disk. */
import { createHash } from 'node:crypto';
import { argv } from 'node:process';
import { checkImage, VhdxError } from 'vhdx';
import { openDisk, openFile } from 'vhdx/node';

const [, , path] = argv;
if (path === undefined) throw new Error('usage: node hash-disk.js IMAGE');

try {
  const source = await openFile(path);
  try {
    const { verdict, findings } = await checkImage(source);
    for (const { severity, code, message } of findings) console.error(`${severity}: ${code}: ${message}`);
    const disk = await openDisk(source);
    let used = 0;
    for await (const { kind, length } of disk.extents()) if (kind === 'data') used += length;
    const hash = createHash('sha256');
    for await (const chunk of disk.stream()) hash.update(chunk);
    console.log(`verdict  ${verdict}`);
    console.log(`size     ${disk.size} bytes, ${used} of them stored`);
    console.log(`sha256   ${hash.digest('hex')}`);
    await disk.close();
  } finally {
    await source.close?.();
  }
} catch (error) {
  if (!(error instanceof VhdxError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
