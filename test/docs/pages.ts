/** The pages of the project, and the blocks of code in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  /** The word after the opening fence; empty if there is none. */
  readonly language: string;
  /** Without the fences, with its last line end. */
  readonly content: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** Where the content begins and ends in the text of the page. */
  readonly start: number;
  readonly end: number;
}

const FENCED = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** Every page, relative to the project: those on top, those of docs/ but the API reports, and READMEs of folders. */
export function pagePaths(): string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join('docs', name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith('.md') && !name.endsWith('.api.md'));
  const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}/README.md`);
  return [
    ...top,
    ...docs.toSorted(),
    'examples/README.md',
    ...examples.toSorted(),
    'generator/README.md',
    'schemas/README.md',
    'test/fixtures/README.md',
  ];
}

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function blocksOf(text: string): Block[] {
  return [...text.matchAll(FENCED)].map((match) => {
    const [, language = '', content = ''] = match;
    const start = match.index + 3 + language.length + 1;
    return {
      language,
      content,
      line: text.slice(0, match.index).split('\n').length,
      start,
      end: start + content.length,
    };
  });
}

/** The one of `blocks` directly after `block`, with nothing but blank lines of `text` between. */
export function followingBlock(blocks: readonly Block[], text: string, block: Block): Block | undefined {
  const next = blocks.find(({ start }) => start > block.end);
  if (next === undefined) return undefined;
  const between = text.slice(block.end + '```'.length, next.start - '```'.length - next.language.length - 1);
  return between.trim() === '' ? next : undefined;
}

/** `text` with the contents of some blocks replaced. */
export function withContents(text: string, contents: ReadonlyMap<Block, string>): string {
  let result = text;
  // From the last to the first: earlier places stay where they are.
  for (const [block, content] of [...contents].toSorted(([one], [other]) => other.start - one.start)) {
    result = result.slice(0, block.start) + content + result.slice(block.end);
  }
  return result;
}
