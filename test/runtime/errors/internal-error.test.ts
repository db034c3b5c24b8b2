import { expect, test } from 'vitest';
import { fieldOf } from '../../../runtime/errors/field-location.js';
import { InternalError } from '../../../runtime/errors/internal-error.js';
import { PageCache } from '../../../runtime/io/page-cache.js';

const REPORT = /^Internal error: .+\. This is a bug in vhdx: please report it with this message/;

test('a field that the layout has not → one internal error that asks for a report', () => {
  expect(() => fieldOf([], { fileOffset: 0, path: 'x' }, 'y')).toThrow(InternalError);
  expect(() => fieldOf([], { fileOffset: 0, path: 'x' }, 'y')).toThrow(REPORT);
});

test('a page that is unpinned twice → the same', () => {
  expect(() => new PageCache(1 << 20).unpin(3)).toThrow(REPORT);
});
