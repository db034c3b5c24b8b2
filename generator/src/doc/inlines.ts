/** What stands on a line, written with the signs of a format. */
import { addressOf } from './addresses.js';
import type { Inline, Page } from './content.js';

export interface Signs {
  /** Of the pages that links lead to. */
  readonly extension: string;
  readonly text: (text: string) => string;
  readonly code: (text: string) => string;
  readonly note: (text: string) => string;
  /** `content` is written already. */
  readonly link: (content: string, address: string) => string;
}

export function writeInlines(content: readonly Inline[], page: Page, signs: Signs): string {
  return content
    .map((each) => {
      switch (each.kind) {
        case 'text':
        case 'code':
          return signs[each.kind](each.text);
        case 'note':
          return ` ${signs.note(each.text)}`;
        case 'break':
          return '<br>';
        case 'link':
          return signs.link(writeInlines(each.content, page, signs), addressOf(each.to, page, signs.extension));
      }
    })
    .join('')
    .replaceAll('<br> ', '<br>');
}
