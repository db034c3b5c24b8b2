/** What a page consists of, before it is Markdown or HTML. Text is as the schema has it: nothing in it is markup. */
import type { Diagram } from './drawing.js';

/** Where a link leads. */
export type Target =
  /** A place of a page; the page itself where there is no anchor. */
  | { readonly kind: 'page'; readonly page: string; readonly anchor?: string }
  /** An address that `webAddress` has let pass. */
  | { readonly kind: 'web'; readonly address: string }
  /** A file, relative to the folder of the pages. */
  | { readonly kind: 'file'; readonly path: string };

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  /** Of less weight than what it stands beside. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'link'; readonly to: Target; readonly content: readonly Inline[] }
  | { readonly kind: 'break' };

export type Block =
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  /** Lines that stay as they are. */
  | { readonly kind: 'preformatted'; readonly text: string };

export interface Row {
  readonly anchor?: string;
  readonly cells: readonly (readonly Block[])[];
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Something with a heading: a structure, an enum, the instances of a structure. */
export interface Section {
  readonly anchor: string;
  /** Headings within a page count from 2. */
  readonly level: number;
  readonly heading: readonly Inline[];
  readonly blocks: readonly Block[];
  readonly diagram?: Diagram;
  readonly table?: Table;
}

export interface Page {
  /** File name without its extension. */
  readonly name: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

export const text = (value: string): Inline => ({ kind: 'text', text: value });
export const code = (value: string): Inline => ({ kind: 'code', text: value });
export const note = (value: string): Inline => ({ kind: 'note', text: value });
export const link = (to: Target, ...content: readonly Inline[]): Inline => ({ kind: 'link', to, content });
export const BREAK: Inline = { kind: 'break' };
export const paragraph = (content: readonly Inline[]): Block => ({ kind: 'paragraph', content });
export const list = (items: readonly (readonly Inline[])[]): Block => ({ kind: 'list', items });

/** `lines` below each other. */
export function lines(all: readonly (readonly Inline[])[]): Inline[] {
  return all.flatMap((line, index) => (index === 0 ? line : [BREAK, ...line]));
}

/** `parts` with `separator` between them. */
export function joined(parts: readonly (readonly Inline[])[], separator: string): Inline[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [text(separator), ...part]));
}

/** A cell of one paragraph; empty where it says nothing. */
export function cell(content: readonly Inline[]): readonly Block[] {
  return content.length === 0 ? [] : [paragraph(content)];
}

/** The table without the columns that say nothing; undefined without rows. */
export function compactTable(columns: readonly string[], rows: readonly Row[]): Table | undefined {
  if (rows.length === 0) return undefined;
  const kept = columns.map((_, index) => rows.some(({ cells }) => (cells[index] ?? []).length > 0));
  const keep = <T>(all: readonly T[]): T[] => all.filter((_, index) => kept[index] === true);
  return { columns: keep(columns), rows: rows.map((row) => ({ ...row, cells: keep(row.cells) })) };
}
