import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkChain,
  checkImage,
  imageTree,
  imageUsage,
  inspectImage,
  openDisk,
  planLogReplay,
  planRepair,
  type TreeNode,
} from '../../../runtime/index.js';
import { offsetForm } from '../../../runtime/base/json-form.js';
import { fixtureBytes, pendingLog, temporaryDirectory } from '../../cli/images.js';
import { vhdx } from '../../cli/vhdx.js';

const cwd = temporaryDirectory();
const pending = pendingLog();

beforeAll(() => writeFileSync(join(cwd, 'a.vhdx'), pending));

function parsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** The members of `value` that are BigInts, by their paths. */
function bigints(value: unknown, path = ''): [string, bigint][] {
  if (typeof value === 'bigint') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => bigints(member, `${path}/${name}`));
}

/** What JSON has at a path. */
function at(value: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce(
      (member, name) => (typeof member === 'object' && member !== null ? Reflect.get(member, name) : undefined),
      value,
    );
}

const parent = (): Promise<undefined> => Promise.resolve(undefined);

describe('results', () => {
  test.each<readonly [string, () => Promise<unknown>, number]>([
    ['inspectImage', () => inspectImage(pending), 5],
    ['checkImage', () => checkImage(pending), 4],
    ['checkChain', () => checkChain(pending, { parent }), 4],
    ['planLogReplay', () => planLogReplay(pending), 4],
    ['planRepair', () => planRepair(pending), 4],
    ['imageUsage', () => imageUsage(pending), 0],
    ['imageTree', () => all(imageTree(pending)), 10],
    ['extents', async () => all((await openDisk(pending)).extents({ states: true })), 0],
  ])('%s → JSON with every BigInt as its decimal digits, or as a number', async (_name, call, least) => {
    const result = await call();
    const json = parsed(result);
    const found = bigints(result);
    expect(found.length).toBeGreaterThanOrEqual(least);
    for (const [path, value] of found) {
      const form = at(json, path);
      expect(String(form)).toBe(String(value));
      expect(typeof form).toBe(/(?:flushed|last)FileOffset$/.test(path) ? 'number' : 'string');
    }
    // The form is no member of the results: they can be posted to a worker, and compared.
    expect(structuredClone(result)).toEqual(result);
  });

  test('inspectImage → what `info --json` has, by its own names', async () => {
    const { stdout } = await vhdx(['info', '--json', 'a.vhdx'], { cwd });
    const { 'format-specific': specific } = JSON.parse(stdout) as {
      'format-specific': { data: { header: unknown; log: unknown } };
    };
    const info = parsed(await inspectImage(pending)) as { header: object; log: object };
    const kebab = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(kebab);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => [
          name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
          kebab(member),
        ]),
      );
    };
    expect(kebab(info.header)).toEqual(specific.data.header);
    expect(kebab(info.log)).toEqual(specific.data.log);
  });
});

test('a node with bytes → hexadecimal digits, as `tree --json` has them', async () => {
  const nodes = new Map(
    (await all(imageTree(fixtureBytes(), { path: 'headers[0]' }))).map((node) => [node.path, node]),
  );
  const form = parsed(nodes.get('headers[0].signature')) as Record<keyof TreeNode, unknown>;
  expect(form.bytes).toBe('68656164');
  expect(parsed(nodes.get('headers[0].sequence_number'))).toMatchObject({
    value: expect.stringMatching(/^\d+$/) as unknown,
    bytes: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
  });
});

test.each([
  [0n, 0],
  [2n ** 53n - 1n, 2 ** 53 - 1],
  [2n ** 53n, '9007199254740992'],
  [2n ** 64n - 1n, '18446744073709551615'],
])('the offset %o → %o', (value, form) => {
  expect(offsetForm(value)).toBe(form);
});
