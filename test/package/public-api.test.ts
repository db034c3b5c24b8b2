/** The names that programs import, what they are declared as, and that nothing internal is to be had through them. */
import { describe, expect, test } from 'vitest';
import { type Entry, entriesOf, PublicApi } from '../support/public-api.js';

const ENTRIES = [...entriesOf(''), ...entriesOf('generator')];
const api = new PublicApi(ENTRIES);
/** Where the types are that other entries may speak of: what needs neither Node nor another package. */
const SHARED = ['vhdx', 'vhdx/change', 'vhdx/io', 'vhdx/format', 'vhdx/rules', 'vhdx/structures'];
/** Names of values on the first page: those that people begin with. */
const MOST_VALUES = 25;

function entry(name: string): Entry {
  const found = ENTRIES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no entry ${name}`);
  return found;
}

/** Structures are declared by what is generated, which is in the repository: the names are enough. */
function report(each: Entry): string {
  const names = api.names(each);
  const declarations =
    each.name === 'vhdx/structures'
      ? names.map(({ name, isValue }) => (isValue ? name : `${name} (a type)`))
      : names.map((name) => `${api.declaration(name)}\n`);
  return [
    `# ${each.name}`,
    '',
    `${names.filter(({ isValue }) => isValue).length} values, ${names.length} names. Written by \`npm run api\`:`,
    'the difference is what users of the package see of a change.',
    '',
    '```typescript',
    declarations.join('\n').trimEnd(),
    '```',
    '',
  ].join('\n');
}

describe.each(ENTRIES.map((each) => ({ ...each })))('$name', (each) => {
  test('names and declarations → as in the report', async () => {
    await expect(report(each)).toMatchFileSnapshot(`../../docs/api/${each.name.replaceAll('/', '-')}.api.md`);
  });

  test('every type that its declarations lead to → can be imported', () => {
    const others = each.name.startsWith('vhdx') ? SHARED.map(entry) : [];
    expect(api.unexported(each, others)).toEqual([]);
  });
});

test('declarations without what is internal → no error', () => {
  expect(api.errors()).toEqual([]);
});

test(`vhdx → at most ${MOST_VALUES} values`, () => {
  expect(api.names(entry('vhdx')).filter(({ isValue }) => isValue).length).toBeLessThanOrEqual(MOST_VALUES);
});
