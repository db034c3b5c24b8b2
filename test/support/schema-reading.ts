/** Reads schemas that are texts, for the tests of the front end. */
import { expect } from 'vitest';
import { Diagnostics } from '../../generator/src/diagnostics.js';
import type { ClassSpec } from '../../generator/src/spec/model.js';
import { readSchema } from '../../generator/src/spec/read.js';

/** The problems of a schema with their places: `line:column /path message`. */
export function problemsOf(text: string): string[] {
  const diagnostics = new Diagnostics();
  readSchema('t.ksy', text, diagnostics);
  return diagnostics.sorted.map(({ at, message }) => `${at.line}:${at.col} ${at.path || '/'} ${message}`);
}

/** Reads a schema that must have no problem. */
export function read(body: string, meta = '{id: t, endian: le, encoding: UTF-8}'): ClassSpec {
  const text = `meta: ${meta}\n${body}`;
  const diagnostics = new Diagnostics();
  const spec = readSchema('t.ksy', text, diagnostics);
  expect(diagnostics.sorted).toEqual([]);
  if (spec === undefined) throw new Error('expected a schema');
  return spec;
}
