/** Comments: JSDoc out of `doc`, `doc-ref` and `-orig-id`, and lines of their own. */
import { printable } from '../../diagnostics.js';
import type { DocSpec } from '../../spec/model.js';

export interface Comment {
  readonly lines: readonly string[];
  /** Opening and closing on lines of their own. */
  readonly isBlock: boolean;
}

/** A comment on one line. */
export const remark = (text: string): Comment => ({ lines: [text], isBlock: false });
export const remarks = (...lines: readonly string[]): Comment => ({ lines, isBlock: true });

/** What the schema says, and `notes`; undefined where that is nothing. */
export function docs(doc: DocSpec, notes: readonly string[] = []): Comment | undefined {
  const paragraphs = [
    doc.summary?.trim() ?? '',
    [...(doc.origId === undefined ? [] : [`\`${doc.origId}\``]), ...notes].join(', '),
    doc.refs.map((ref) => `@see ${ref}`).join('\n'),
  ].filter((text) => text !== '');
  if (paragraphs.length === 0) return undefined;
  const lines = paragraphs
    .join('\n\n')
    .split(/\r\n|[\n\r]/)
    .map(commentText);
  const [first = ''] = lines;
  // `@ts-expect-error` alone in a comment is an instruction to TypeScript.
  return { lines, isBlock: lines.length > 1 || first.startsWith('@ts-') };
}

/** A line within a comment, which must not end early. */
export function commentText(text: string): string {
  return printable(text.replaceAll('\t', '  ')).replaceAll('*/', '*\\/');
}
