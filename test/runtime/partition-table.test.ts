import { describe, expect, test } from 'vitest';
import { MemorySource } from '../../runtime/memory-source.js';
import { findPartitionTable, readPartitionTable } from '../../runtime/partition-table.js';
import { gptHead, mbrHead } from '../support/partition-tables.js';

describe('findPartitionTable', () => {
  test.each([512, 4096] as const)('a GPT in sector 1 of %d bytes → that sector size, whatever is expected', (size) => {
    for (const from of [512, 4096]) {
      for (const to of [512, 4096]) {
        expect(findPartitionTable(gptHead(size), from, to)).toEqual({ kind: 'gpt', sectorSize: size });
      }
    }
  });

  test('an MBR → the sectors of the disk that it was made on', () => {
    expect(findPartitionTable(mbrHead(), 512, 4096)).toEqual({ kind: 'mbr', sectorSize: 512 });
    expect(findPartitionTable(mbrHead(), 4096, 512)).toEqual({ kind: 'mbr', sectorSize: 4096 });
  });

  test('an MBR over what is left of a GPT in sectors of another size → the MBR', () => {
    const head = mbrHead();
    gptHead(4096).copy(head, 4096, 4096);
    expect(findPartitionTable(head, 512, 512)).toEqual({ kind: 'mbr', sectorSize: 512 });
  });

  test('GPTs in both places → that of the new sectors', () => {
    const head = gptHead(512);
    gptHead(4096).copy(head, 4096, 4096);
    expect(findPartitionTable(head, 512, 4096)).toEqual({ kind: 'gpt', sectorSize: 4096 });
  });

  test.each<[string, (head: Buffer) => unknown]>([
    ['no signature', (head) => head.writeUInt16LE(0, 510)],
    ['the code of a file system where entries would be', (head) => head.write('Missing operating system', 446)],
    ['no partition', (head) => head.fill(0, 446, 510)],
    ['a partition without a place', (head) => head.writeUInt32LE(0, 446 + 8)],
    ['a protective MBR without a GPT', (head) => head.writeUInt8(0xee, 446 + 4)],
  ])('%s → none', (_title, edit) => {
    const head = mbrHead();
    edit(head);
    expect(findPartitionTable(head, 512, 4096)).toBeUndefined();
  });

  test('a header that is not of sector 1 → none', () => {
    const head = gptHead(512);
    head.writeBigUInt64LE(2n, 512 + 24);
    expect(findPartitionTable(head, 512, 512)).toBeUndefined();
  });
});

test('readPartitionTable, a disk shorter than two sectors → what is there is enough', async () => {
  expect(await readPartitionTable(new MemorySource(mbrHead().subarray(0, 512)), 512)).toMatchObject({ kind: 'mbr' });
  expect(await readPartitionTable(new MemorySource(gptHead(4096).subarray(0, 4096)), 4096)).toBeUndefined();
  expect(await readPartitionTable(new MemorySource(new Uint8Array(3)), 512)).toBeUndefined();
});
