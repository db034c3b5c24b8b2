/** Faults put in by hand, each of which the tests once let live. */
import { type Mutant, mutate } from './mutants.js';

/** What is replaced, which stands in the file once, and by what. */
type Fault = readonly [file: string, original: string, replacement: string];

export const FIXED: readonly Fault[] = [
  ['runtime/write/commits.ts', 'this.#flushedSize - (this.#flushedSize % MIB)', 'this.#flushedSize'],
  ['runtime/image/file-space.ts', 'this.#lastUsed = Math.max(this.#lastUsed, storage.fileOffset + length);', ''],
  ['runtime/write/pending-view.ts', 'if (this.#commits.placed !== before) continue;', ''],
  ['runtime/image/mib-ownership.ts', 'start = Math.max(start, after);', 'start = after;'],
  ['runtime/image/claim-batch.ts', 'if (place < PLACES) {', 'if (place <= PLACES) {'],
  ['runtime/base/limits.ts', 'locatorStringBytes: 4 * MIB', 'locatorStringBytes: 64 * MIB'],
  ['runtime/io/overlay-source.ts', 'into.fill(0, available);', ''],
  [
    'runtime/io/page-cache.ts',
    '} finally {\n      this.#loading.delete(number);\n    }',
    '  this.#loading.delete(number);\n    } finally {\n      // nothing\n    }',
  ],
  ['runtime/io/node/file-lock.ts', 'if (at === -1) return [];', 'if (at !== Infinity) return [];'],
  ['runtime/io/node/file-target.ts', 'if (!isHarmless) this.#fault = fault;', ''],
  ['runtime/check/lost-log.ts', 'if (head.flushedFileOffset > BigInt(source.size)) return false;', ''],
  [
    'generator/src/reports/escape.ts',
    String.raw`/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu`,
    String.raw`/(?![\u200c\u200d\u2066-\u2069])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu`,
  ],
  ['generator/src/emit/context/names.ts', 'propertyIsEnumerable then toBytes', 'propertyIsEnumerable toBytes'],
  ['generator/src/emit/context/names.ts', 'parent root source stream value', 'parent root source value'],
  ['generator/src/emit/layout/table.ts', 'return doc.refs[0] ?? owner.doc.refs[0];', 'return doc.refs[0];'],
  ['generator/src/spec/encodings.ts', '`latin${i + 1}`', '`latin${i}`'],
  [
    'generator/src/types/check.ts',
    "return given.kind === 'enum' && wanted.spec === given.spec;",
    "return given.kind === 'enum';",
  ],
  ['generator/src/types/int-range.ts', 'range(a.lo + b.lo, a.hi + b.hi)', 'range(a.lo + b.lo, a.hi)'],
  ['generator/src/types/int-range.ts', 'lo >= -MAX_SAFE && hi <= MAX_SAFE;', 'lo >= -MAX_SAFE && hi <= MAX_SAFE * 2n;'],
];

/** The faults as mutants of the texts that `read` gives. */
export function fixedMutants(read: (file: string) => string): Mutant[] {
  return FIXED.map(([file, original, replacement]) => {
    const text = read(file);
    const start = text.indexOf(original);
    if (start === -1 || text.includes(original, start + 1)) throw new Error(`${file} does not have once: ${original}`);
    const line = text.slice(0, start).split('\n').length;
    const mutant = { file, line, operator: 'by hand', start, end: start + original.length, replacement, original };
    mutate(text, mutant);
    return mutant;
  });
}
