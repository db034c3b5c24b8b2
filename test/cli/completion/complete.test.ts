/** What is offered for a word, told from the definitions of the commands. */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type Completions, completionsOf } from '../../../runtime/cli/completion/complete.js';
import { openOutput } from '../../../runtime/cli/output.js';
import { buildProgram } from '../../../runtime/cli/program.js';
import { CODES } from '../../../runtime/cli/completion/codes.js';
import { codes } from '../../../runtime/errors/errors.js';

const output = openOutput({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} });
const program = buildProgram([], output, () => undefined);

/** What is offered behind the words of a line, for its last. */
async function offered(line: string): Promise<{ values: readonly string[]; files: Completions['files'] }> {
  const words = line.split(' ');
  const { candidates, files } = await completionsOf(program, words.slice(0, -1), words.at(-1) ?? '');
  return { values: candidates.map(({ value }) => value), files };
}

describe('completionsOf', () => {
  test.each([
    ['inf', ['info'], 'none'],
    ['__', [], 'none'],
    ['val', [], 'none'],
    ['help ch', ['check'], 'none'],
    ['--col', ['--color'], 'none'],
    ['--color a', ['auto', 'always'], 'none'],
    ['--color=n', ['--color=never'], 'none'],
    ['--color never ch', ['check'], 'none'],
    ['map --quiet --color ', ['auto', 'always', 'never'], 'none'],
    ['map --at ', [], 'none'],
    ['map --at 0x10 ', [], 'images'],
    ['map a.vhdx ', [], 'none'],
    ['map -- --pic', [], 'images'],
    ['map --svg ', [], 'files'],
    ['map --svg=x', [], 'files'],
    ['map --unknown=x', [], 'none'],
    ['convert ', [], 'files'],
    ['convert - ', [], 'files'],
    ['convert -O ', ['raw', 'vhdx'], 'none'],
    ['convert a b ', [], 'none'],
    ['check a.vhdx b.vhdx ', [], 'images'],
    ['check --parent-root ', [], 'folders'],
    ['check --dry', ['--dry-run'], 'none'],
    ['check -r', [], 'none'],
    ['create --logical-sector-size ', ['512', '4096'], 'none'],
    ['frobnicate ', [], 'none'],
    ['explain VHDX_LOG_PEND', ['VHDX_LOG_PENDING'], 'none'],
  ] as const)('%s → %j, %s', async (line, values, files) => {
    expect(await offered(line)).toEqual({ values, files });
  });

  test('option → with what it does, once', async () => {
    const { candidates } = await completionsOf(program, ['check'], '--quiet');
    expect(candidates).toEqual([
      { value: '--quiet', description: 'print only results that were asked for, and errors' },
    ]);
  });
});

test('codes → every one, with its summary', () => {
  expect(CODES).toEqual(Object.entries(codes).map(([code, { summary }]) => [code, summary]));
});
