/** A part of what `npm run fuzz -- readers` and `npm run fuzz -- schemas` run: always the same cases, counted and not timed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSubject as makeReaders } from './reader-cases.js';
import { makeSubject as makeSchemas } from './schema-cases.js';
import type { Subject } from './subject.js';

const SEED = 1;
const READER_CASES = 1500;
const SCHEMA_CASES = 150;

let readers: Subject;
let schemas: Subject;
beforeAll(async () => {
  readers = await makeReaders();
  schemas = await makeSchemas();
}, 180_000);
afterAll(() => {
  readers.end();
  schemas.end();
});

async function failuresOf(subject: Subject, cases: number): Promise<string[]> {
  const failures: string[] = [];
  for (let number = 0; number < cases; number += 1) {
    const failure = await subject.run(SEED, number, 1);
    if (failure !== undefined) failures.push(failure);
  }
  return failures;
}

test(`${READER_CASES} damaged files, seed ${SEED} → values, or typed errors with path and offset`, async () => {
  expect(await failuresOf(readers, READER_CASES)).toEqual([]);
}, 180_000);

test(`${SCHEMA_CASES} damaged schemas, seed ${SEED} → code, or diagnostics`, async () => {
  expect(await failuresOf(schemas, SCHEMA_CASES)).toEqual([]);
}, 180_000);
