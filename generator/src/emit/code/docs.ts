/** Comments: JSDoc out of `doc`, `doc-ref` and `-orig-id`, and lines of their own. */
import { printable } from '../../diagnostics.js';
import type { DocSpec } from '../../spec/model.js';

/** The comment's text; empty where the schema says nothing. */
export function docText(doc: DocSpec, notes: readonly string[] = []): string {
  const paragraphs = [
    doc.summary?.trim() ?? '',
    [...(doc.origId === undefined ? [] : [`\`${doc.origId}\``]), ...notes].join(', '),
    doc.refs.map((ref) => `@see ${ref}`).join('\n'),
  ];
  return paragraphs
    .filter((text) => text !== '')
    .join('\n\n')
    .split(/\r\n|[\n\r]/)
    .map(commentLine)
    .join('\n');
}

/** A line within a comment, which must not end early. */
function commentLine(text: string): string {
  return printable(text.replaceAll('\t', '  ')).replaceAll('*/', '*\\/');
}

/** A comment of one line. */
export function lineComment(text: string): string {
  return `// ${commentLine(text)}`;
}

/** As ts-morph takes it: a leading newline makes a comment of several lines. */
export function docs(doc: DocSpec, notes: readonly string[] = []): string[] {
  const text = docText(doc, notes);
  if (text === '') return [];
  // `@ts-expect-error` alone in a comment is an instruction to TypeScript.
  return [text.includes('\n') || text.startsWith('@ts-') ? `\n${text}` : text];
}
