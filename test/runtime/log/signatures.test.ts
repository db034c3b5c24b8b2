import { expect, test } from 'vitest';
import {
  VhdxGuid,
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntryHeader,
  VhdxLogZeroDescriptor,
} from '../../../generated/index.js';
import { u32At } from '../../../runtime/base/bytes.js';
import { parseGuid } from '../../../runtime/base/guid.js';
import { LOG_SIGNATURES } from '../../../runtime/log/layout.js';

test('signatures of the log → those of the schemas', () => {
  const entry = VhdxLogEntryHeader.create({
    entryLength: 4096,
    tail: 0,
    sequenceNumber: 1n,
    descriptorCount: 0,
    logGuid: VhdxGuid.create(parseGuid('00112233-4455-6677-8899-aabbccddeeff')),
    flushedFileOffset: 0n,
    lastFileOffset: 0n,
  });
  const data = VhdxLogDataSector.create({ sequenceHigh: 0, data: new Uint8Array(4084), sequenceLow: 1 });
  const desc = VhdxLogDataDescriptor.create({
    trailingBytes: new Uint8Array(4),
    leadingBytes: new Uint8Array(8),
    fileOffset: 0n,
    sequenceNumber: 1n,
  });
  const zero = VhdxLogZeroDescriptor.create({ zeroLength: 4096n, fileOffset: 0n, sequenceNumber: 1n });
  const signatures = Object.entries({ entry, data, desc, zero }).map(([name, structure]) => [
    name,
    u32At(structure.toBytes(), 0),
  ]);
  expect(Object.fromEntries(signatures)).toEqual(LOG_SIGNATURES);
});
