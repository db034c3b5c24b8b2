import { expect, expectTypeOf, test } from 'vitest';
import { VhdxLogEntryHeader, VhdxMetadataTable, VhdxRegionTable } from '../../../generated/index.js';
import { InternalError } from '../../../runtime/errors/internal-error.js';
import { fieldOf, offsetOf, spanOf, type FieldId } from '../../../runtime/errors/field-location.js';

test('a field at a fixed place → its offset and size, as the specification has them', () => {
  expect(spanOf(VhdxLogEntryHeader.LAYOUT, 'log_guid')).toEqual({ offset: 32, size: 16 });
  expect(offsetOf(VhdxMetadataTable.LAYOUT, 'entries')).toBe(32);
});

test('a field of a structure in a file → its place there', () => {
  const place = { fileOffset: 0x30000, path: 'region_tables[0]' };
  expect(fieldOf(VhdxRegionTable.LAYOUT, place, 'entry_count')).toEqual({
    fileOffset: 0x30008,
    length: 4,
    path: 'region_tables[0].entry_count',
  });
});

test('ids → those of the layout, as types', () => {
  type Layout = typeof VhdxRegionTable.LAYOUT;
  expectTypeOf<FieldId<Layout>>().toEqualTypeOf<'signature' | 'checksum' | 'entry_count' | 'reserved'>();
  // The entries begin at a fixed place, what is behind them does not.
  expectTypeOf(offsetOf<Layout>)
    .parameter(1)
    .toEqualTypeOf<FieldId<Layout> | 'entries'>();
});

test('an id that code without types made up → an internal error', () => {
  const id = 'nowhere' as 'entries';
  expect(() => offsetOf(VhdxRegionTable.LAYOUT, id)).toThrow(InternalError);
  expect(() => spanOf(VhdxRegionTable.LAYOUT, 'unused' as 'checksum')).toThrow(InternalError);
});
