/** JSDoc out of `doc`, `doc-ref` and `-orig-id`. */
import type { DocSpec } from '../spec/model.js';

/** The comment's text; empty where the schema says nothing. */
export function docText(doc: DocSpec, notes: readonly string[] = []): string {
  const paragraphs = [
    doc.summary?.trim() ?? '',
    [...(doc.origId === undefined ? [] : [`\`${doc.origId}\``]), ...notes].join(', '),
    doc.refs.map((ref) => `@see ${ref}`).join('\n'),
  ];
  // A comment must not end early.
  return paragraphs
    .filter((text) => text !== '')
    .join('\n\n')
    .replaceAll('*/', '*\\/');
}

/** As ts-morph takes it: a leading newline makes a comment of several lines. */
export function docs(doc: DocSpec, notes: readonly string[] = []): string[] {
  const text = docText(doc, notes);
  if (text === '') return [];
  return [text.includes('\n') ? `\n${text}` : text];
}
