/**
 * Texts of strangers stay text. Markers stand in every place of an image that holds one, in the names of files and in
 * what is typed; no output of any command has one that a terminal or the runner of a CI job would obey.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Output } from '../../runtime/cli/output.js';
import { IDS, MIB, TestImage } from '../support/image-builder.js';
import { LINKAGE } from './chains.js';
import { temporaryDirectory } from './images.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

/** What is obeyed at the beginning of a line, or anywhere in it; what moves a cursor; what makes markup. */
const MARKERS = [
  '::error::x',
  '##[error]x',
  '##vso[task.complete]x',
  "##teamcity[message text='x']",
  '\n::stop-commands::x',
  '\r##[group]x',
  '\u0085::warning::x',
  '\u00a0::add-mask::x',
  'section_start:1:x\r\u001b[0K',
  '\u001b]8;;http://x\u0007',
  '\u009b31m',
  '\u202ex',
  '\u2066x',
  '</text><script>x</script>]]>',
  '&x;"\'',
  '[x](http://x)',
  '![x](http://x)|<img src=x>`',
];
const HOSTILE = MARKERS.join(' ');
/** Each begins a text of its own, so that each comes to the beginning of a line somewhere. */
const PAIRS = MARKERS.map((marker, index): readonly [string, string] => [`${marker}${index}`, marker]);
/** A file name: no slash, and not too long. */
const NAME = `${MARKERS.slice(0, 12).join(' ')}.vhdx`.replaceAll('/', '');
const PATH = `${HOSTILE}${'\\::error::deep'.repeat(2000)}`.slice(0, 32_767);
const IMAGES = [
  ['an image that can be opened', 'open.vhdx'],
  ['a corrupt image', 'corrupt.vhdx'],
  ['a hostile name', NAME],
  ['a hostile name of its parent', 'child.avhdx'],
  ['letters where signatures belong', 'words.vhdx'],
  ['letters of another format', 'foreign.vhdx'],
  ['a folder', 'folder'],
] as const;

function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

beforeAll(() => {
  const paths = [
    ['relative_path', PATH],
    ['volume_path', `::error::${PATH}`.slice(0, 32_767)],
    ['absolute_win32_path', `\\\\?\\C:\\${PATH}`.slice(0, 32_767)],
    ...PAIRS,
  ] as const;
  const linkages = [
    ['parent_linkage', HOSTILE],
    ['parent_linkage2', `::error::${HOSTILE}`],
  ] as const;
  const bytes = ascii(MARKERS.join('').repeat(8));
  const items = [
    { id: '235b2323-7265-6f72-725d-783a3a783a3a', bytes, isUser: true },
    { id: '23235b23-7265-6f72-725d-783a3a783a3b', bytes },
  ];
  const common = { type: 'differencing', creator: HOSTILE.slice(0, 256), items, allocate: [0] } as const;
  const image = new TestImage({ ...common, parent: [LINKAGE, ...paths] });
  // Duplicates and a malformed string are findings of their own.
  const pairs = [...linkages, ...paths, ...PAIRS, [`${HOSTILE}\ud800`, HOSTILE]] as const;
  const corrupt = new TestImage({ ...common, parent: pairs });
  image.source.write(ascii('##[error]::x::##vso[x]'), image.dataOffset);
  corrupt.poke(64 * 1024 + 80, ...ascii('##[error]::error::x'));
  writeFileSync(join(cwd, 'open.vhdx'), image.toBytes());
  writeFileSync(join(cwd, 'corrupt.vhdx'), corrupt.toBytes());
  writeFileSync(join(cwd, NAME), image.toBytes());
  mkdirSync(join(cwd, 'folder', 'sub\n::error::x'), { recursive: true });
  writeFileSync(join(cwd, 'folder', 'sub\n::error::x', '##[error]x.vhdx'), image.toBytes());
  writeFileSync(join(cwd, 'folder', '::error::x.vhdx'), 'no image');

  // A chain whose parent has such a name, and is damaged.
  const base = new TestImage({ creator: HOSTILE.slice(0, 256) });
  base.flip(64 * 1024 + 2048);
  writeFileSync(join(cwd, ':##[error]parent.vhdx'), base.toBytes());
  const child = { type: 'differencing', parent: [LINKAGE, ['relative_path', ':##[error]parent.vhdx']] } as const;
  writeFileSync(join(cwd, 'child.avhdx'), new TestImage({ ...child, virtualSize: 32 * MIB }).toBytes());

  // Letters where signatures belong.
  const words = new TestImage({ logGuid: IDS.log });
  for (const at of [64 * 1024, 192 * 1024, words.metadataOffset, words.logOffset]) words.poke(at, ...ascii('##[a'));
  writeFileSync(join(cwd, 'words.vhdx'), words.toBytes());
  writeFileSync(join(cwd, 'foreign.vhdx'), '##[a]b::error::x');
});

/** What stands in `text` that must not. `own`: lines that may begin as a command. */
function dangers(text: string, own: RegExp = /^$/): string[] {
  return text.split(/[\n\r\v\f\u0085\u2028\u2029]/).flatMap((line) => {
    const found: string[] = [];
    if (/##\w*\[/.test(line)) found.push(`obeyed anywhere: ${line.slice(0, 200)}`);
    if (line.trim().startsWith('::') && !own.test(line)) found.push(`obeyed at its beginning: ${line.slice(0, 200)}`);
    // oxlint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/.test(line)) found.push(`a control: ${JSON.stringify(line)}`);
    if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(line)) found.push(`a direction: ${JSON.stringify(line)}`);
    return found;
  });
}

const ANNOTATION = /^::(?:error|warning) title=VHDX_[A-Z0-9_]+,file=[^,:]+::(?!.*::)/;

/** Everything that a command line prints, and what it writes into a summary. */
async function printed(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout, stderr, exitCode } = await vhdx(args, { cwd, env });
  expect(exitCode).not.toBeNull();
  return `${stdout}\n${stderr}`;
}

/** Many processes a test: on a machine that is busy they take a while. */
const PATIENCE = 300_000;

/** Commands that read an image, as the words before and behind its name. */
const READING: readonly (readonly [string, string])[] = [
  ['info', ''],
  ['info --json', ''],
  ['check', ''],
  ['check --format json', ''],
  ['check --format junit', ''],
  ['check --format sarif', ''],
  ['check --chain', ''],
  ['check --chain --format json', ''],
  ['check --chain --format junit', ''],
  ['check --chain --format sarif', ''],
  ['check --repair --dry-run', ''],
  ['check --repair --dry-run --format json', ''],
  ['check --profile hyperv --profile azure', ''],
  ['tree', ''],
  ['tree --json', ''],
  ['tree', 'parent_locator'],
  ['tree', 'file_type_identifier'],
  ['tree', '\n::error::x##[error]x'],
  ['map', ''],
  ['map --json', ''],
  ['map --chain', ''],
  ['map --chain --json', ''],
  ['map --picture', ''],
  ['map --svg -', ''],
  ['read --length 0', ''],
  ['read --length 0 --log refuse', ''],
  ['convert', '\n::error::x##[error]x.vhdx'],
  ['convert', '/nowhere/\n::error::x##[error]x.raw'],
  ['compare', ':##[error]parent.vhdx'],
  ['compare', 'nowhere\n::error::##[error]x'],
  ['replay --dry-run', ''],
];

describe.each(IMAGES)('%s', (_what, image) => {
  test(
    'every command → nothing that is obeyed',
    async () => {
      // Most commands say the same of what is no image.
      const commands = READING.filter(([before]) => before.startsWith('check') || /open|corrupt|child|vso/.test(image));
      for (const [before, behind] of commands) {
        const args = [...before.split(' '), image, ...(behind === '' ? [] : [behind])];
        expect(dangers(await printed(args)), `vhdx ${JSON.stringify(args)}`).toEqual([]);
      }
    },
    PATIENCE,
  );

  test('--format github → annotations of our own alone, and a summary without markup of theirs', async () => {
    for (const chain of [[], ['--chain']]) {
      const summary = join(cwd, 'summary.md');
      writeFileSync(summary, '');
      const text = await printed(['check', '--format', 'github', ...chain, image], { GITHUB_STEP_SUMMARY: summary });
      expect(dangers(text, ANNOTATION)).toEqual([]);
      const written = readFileSync(summary, 'utf8');
      expect(dangers(written)).toEqual([]);
      // Every bracket, angle and backtick of theirs is escaped; comments and line breaks are ours.
      expect(written.replaceAll(/<!-- -->|<br>/g, '·')).not.toMatch(/(?<!\\)[[\]<>`]|:\/\/|@\w/);
    }
  });

  test('long texts → cut in what people read, with how much was left out', async () => {
    for (const command of ['info', 'check', 'check --chain', 'tree', 'map --chain']) {
      const text = await printed([...command.split(' '), image]);
      expect(Math.max(...lines(text).map((line) => line.length)), `vhdx ${command}`).toBeLessThan(6000);
    }
    if (image === 'open.vhdx') expect(await printed(['info', image])).toMatch(/… \(\d{5} more characters\)/);
  });
});

test('--json → texts as they are in the image, written without what is obeyed', async () => {
  const { stdout } = await vhdx(['info', '--json', 'open.vhdx'], { cwd });
  const { data } = (JSON.parse(stdout) as { 'format-specific': { data: Record<string, unknown> } })['format-specific'];
  expect(data).toMatchObject({ creator: HOSTILE.slice(0, 256) });
  const { entries } = data['parent'] as { entries: { key: string; value: string }[] };
  expect(entries.slice(-PAIRS.length).map(({ key, value }) => [key, value])).toEqual(PAIRS);
});

describe('what is typed', () => {
  test.each([
    [['::error::x\n##[error]x']],
    [['check', '--format', '\n::error::x##[error]x', 'a']],
    [['check', '--\n::error::x##[error]x', 'a']],
    [['check', '--profile', '\n::error::x##[error]x', 'a']],
    [['check', '--parent', '\n::error::x##[error]x', 'child.avhdx']],
    [['check', '--parent-root', '\n::error::x##[error]x', 'child.avhdx']],
    [['map', '--chain', '--parent', '\n::error::x##[error]x', 'child.avhdx']],
    [['map', '--svg', '/nowhere/\n::error::x##[error]x', 'words.vhdx']],
    [['create', '\n::error::##[error]made.vhdx', '1M\n::error::x']],
    [['create', '\n::error::##[error]made.vhdx', '16M']],
    [['create', 'a.vhdx', '--parent', '\n::error::##[error]x']],
    [['info', 'a', '\n::error::##[error]x']],
  ])('%j → nothing that is obeyed', async (args) => {
    expect(dangers(await printed(args))).toEqual([]);
  });

  test('colours → the only controls', async () => {
    const text = await printed(['check', 'corrupt.vhdx', 'folder'], { FORCE_COLOR: '1' });
    expect(text).toContain('\u001b[1m');
    // oxlint-disable-next-line no-control-regex
    expect(dangers(text.replaceAll(/\u001b\[\d+m/g, ''))).toEqual([]);
  });

  test('a mistake of the program with a hostile stack → nothing that is obeyed', async () => {
    const text = await printed(['check', NAME], { VHDX_DEBUG: '1' });
    expect(dangers(text)).toEqual([]);
  });
});

describe('the way out', () => {
  test('an output → takes no string', () => {
    const take = (output: Output): void => {
      // @ts-expect-error: only what was made harmless
      output.write('text of a stranger');
      // @ts-expect-error: only what was made harmless, or bytes of a disk
      void output.send('text of a stranger');
    };
    expect(take).toBeTypeOf('function');
  });

  test('the streams of the process → used by output.ts, and by the bar, which shows numbers', () => {
    const folder = fileURLToPath(new URL('../../runtime/', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const users = files.filter((file) =>
      /\bconsole\.|\.stdout\b|\.stderr\b|\b(?:stdout|stderr)\.write\b/.test(readFileSync(join(folder, file), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(users.toSorted()).toEqual(['cli/output.ts', 'cli/progress.ts']);
  });
});
