/** Strings of an image, shortened for messages. */
/** Characters of a foreign text that are shown: enough to recognise it by. */
const LONGEST = 256;

/** `text` as far as a message needs it: strings in an image may have 32,767 characters. */
export function excerpt(text: string): string {
  return cut(text, (part) => part);
}

/** As `excerpt`, in quotes. */
export function quote(text: string): string {
  return cut(text, JSON.stringify);
}

function cut(text: string, write: (part: string) => string): string {
  if (text.length <= LONGEST) return write(text);
  // Not between the halves of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
  return `${write(text.slice(0, end))}… (${text.length - end} more characters)`;
}
