import { expect, test } from 'vitest';
import { codeOfSchemaRule } from '../../../runtime/errors/codes.js';
import { InternalError } from '../../../runtime/errors/internal-error.js';
import { PageCache } from '../../../runtime/io/page-cache.js';

const REPORT = /^Internal error: .+\. This is a bug in vhdx: please report it with this message/;

test('a rule of a schema that has no code → one internal error that asks for a report', () => {
  expect(() => codeOfSchemaRule('B99')).toThrow(InternalError);
  expect(() => codeOfSchemaRule('B99')).toThrow(REPORT);
});

test('a page that is unpinned twice → the same', () => {
  expect(() => new PageCache(1 << 20).unpin(3)).toThrow(REPORT);
});
