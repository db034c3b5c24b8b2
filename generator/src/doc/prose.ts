/** `doc` and `doc-ref`: the part of Markdown that schemas use, read into text, code, links and lists. */
import { code, link, list, paragraph, text, type Block, type Inline } from './content.js';

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const BULLET = /^ *(?:[*+-]|\d{1,9}[.)]) +(?=\S)/;
/** Tables and drawings made of characters. */
const DRAWN = /^\s*[|+]/;

/** The paragraphs, lists and preformatted lines of a `doc`. */
export function proseBlocks(doc: string): Block[] {
  const blocks: Block[] = [];
  const all = doc.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n');
  for (let at = 0; at < all.length;) {
    const line = all[at] ?? '';
    if (line.trim() === '') {
      at += 1;
      continue;
    }
    const [, fence] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      const end = all.findIndex((each, index) => index > at && each.trim().startsWith(fence));
      const stop = end < 0 ? all.length : end;
      blocks.push({ kind: 'preformatted', text: all.slice(at + 1, stop).join('\n') });
      at = stop + 1;
      continue;
    }
    const end = endOfBlock(all, at);
    blocks.push(blockOf(all.slice(at, end)));
    at = end;
  }
  return blocks;
}

/** The line behind the lines that belong together from `start` on. */
function endOfBlock(all: readonly string[], start: number): number {
  const isList = BULLET.test(all[start] ?? '');
  for (let at = start + 1; at < all.length; at++) {
    const line = all[at] ?? '';
    if (line.trim() === '' || FENCE.test(line)) return at;
    if (!isList && BULLET.test(line) && /^ *[*+-] /.test(line)) return at;
  }
  return all.length;
}

function blockOf(all: readonly string[]): Block {
  if (all.every((line) => line.startsWith('    ')) || (all.length > 1 && all.every((line) => DRAWN.test(line))))
    return { kind: 'preformatted', text: all.join('\n') };
  const [first = ''] = all;
  if (!BULLET.test(first)) return paragraph(proseLine(all.join(' ').replace(/^#{1,6} +/, '')));
  const items: string[] = [];
  for (const line of all) {
    if (BULLET.test(line)) items.push(line.replace(BULLET, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return list(items.map(proseLine));
}

/** Code, links with a text, links without. */
const MARKED =
  /(?<!`)(`+)(?!`)([^]*?[^`])\1(?!`)|\[([^\][]+)\]\(([^\s()]+)\)|<(https?:\/\/[^\s<>]+)>|(https?:\/\/[^\s<>"'`]+)/g;

/** One paragraph. */
export function proseLine(prose: string): Inline[] {
  const parts: Inline[] = [];
  let done = 0;
  for (const match of prose.matchAll(MARKED)) {
    const [whole, , quoted, label, target, bracketed, bare = ''] = match;
    const found = quoted === undefined ? linkOf(label, target ?? bracketed ?? bare) : code(quoted.trim());
    if (found === undefined) continue;
    const tail = bare === '' ? '' : trailing(bare);
    parts.push(...plain(prose.slice(done, match.index)), found, ...plain(tail));
    done = match.index + whole.length;
  }
  return [...parts, ...plain(prose.slice(done))];
}

const plain = (part: string): Inline[] => (part === '' ? [] : [text(part)]);

function linkOf(label: string | undefined, target: string): Inline | undefined {
  const shown = label ?? target.slice(0, target.length - trailing(target).length);
  const address = webAddress(label === undefined ? shown : target);
  return address === undefined ? undefined : link({ kind: 'web', address }, text(shown));
}

/** What ends the sentence rather than the address. */
function trailing(address: string): string {
  let end = address.length;
  while (end > 0 && '.,;:!?)]'.includes(address.charAt(end - 1))) end -= 1;
  return address.slice(end);
}

/** A `doc-ref`: an address, text, or an address and the text that stands for it. */
export function reference(ref: string): Inline[] {
  const [first = '', ...rest] = ref.trim().split(/\s+/);
  const address = webAddress(first);
  if (address === undefined) return proseLine(ref.trim());
  const label = rest.join(' ');
  return [link({ kind: 'web', address }, text(label === '' ? shortened(address) : label))];
}

/** An address that a page may link to; undefined for all but `http` and `https`. */
export function webAddress(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  // What could end a link in Markdown, or an attribute.
  return href.replaceAll(
    /[\s"'<>()[\]{}|\\^`*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const MAX_SHOWN = 48;

function shortened(address: string): string {
  const shown = address.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '');
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
}
