/** `npm run bench`: generated writers beside a hand-written DataView. */
import { checksums } from '../../generated/kaitai/checksums.js';
import { installChecksums } from '../../runtime/format/checksum.js';
import { measure, report } from './harness.js';
import { ENTRY as entry, HEADER as header, writeEntry, writeHeader } from './write-by-hand.js';

installChecksums();

const target = new Uint8Array(4096);
const other = new Uint8Array(4096);
header.writeTo(target);
writeHeader(header, other, 0);
if (Buffer.compare(target, other) !== 0) throw new Error('the hand-written writer writes another header');
entry.writeTo(target);
writeEntry(entry, other, 0);
if (Buffer.compare(target.subarray(0, 32), other.subarray(0, 32)) !== 0)
  throw new Error('the hand-written writer writes another entry');

console.log(`node ${process.version}`);

report(
  'header, 4 KiB: check, write and checksum',
  measure([
    { name: 'hand-written', run: () => writeHeader(header, other, 0) },
    { name: 'generated', run: () => header.writeTo(target) },
  ]),
  'hand-written',
);

const { crc32c } = checksums;
checksums.crc32c = () => 0;
report(
  'header, 4 KiB: the same, without computing the checksum',
  measure([
    { name: 'hand-written', run: () => writeHeader(header, other, 0) },
    { name: 'generated', run: () => header.writeTo(target) },
  ]),
  'hand-written',
);
checksums.crc32c = crc32c;

report(
  'region table entry, 32 bytes: check and write',
  measure([
    { name: 'hand-written', run: () => writeEntry(entry, other, 0) },
    { name: 'generated', run: () => entry.writeTo(target) },
  ]),
  'hand-written',
);
