/** Addresses of links, as the pages of a format have them. */
import type { Page, Target } from './content.js';

/** `extension` is that of the pages. */
export function addressOf(to: Target, from: Page, extension: string): string {
  switch (to.kind) {
    case 'web':
      return to.address;
    case 'file':
      return fileAddress(to.path);
    case 'page': {
      const anchor = to.anchor === undefined ? '' : `#${to.anchor}`;
      return to.page === from.name && anchor !== '' ? anchor : `${to.page}${extension}${anchor}`;
    }
  }
}

/** A path as a relative address: no part of it is a scheme, or ends the link. */
function fileAddress(path: string): string {
  const encoded = path
    .split('/')
    .map((part) =>
      encodeURIComponent(part.replaceAll(/\p{Cs}/gu, '\uFFFD')).replaceAll(
        /[!'()*]/g,
        (each) => `%${each.charCodeAt(0).toString(16)}`,
      ),
    )
    .join('/');
  return encoded;
}
