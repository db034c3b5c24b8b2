// What XML 1.0 has no way to write: controls (but for tab and line feed) and halves of surrogate pairs.
const NOT_XML = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** `text` for an XML attribute or element. */
export function xml(text: string): string {
  return text.replaceAll(NOT_XML, '\ufffd').replaceAll(/[&<>"'\n\t]/g, (character) => ENTITIES[character] ?? '');
}
