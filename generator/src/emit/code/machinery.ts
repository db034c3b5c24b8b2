/**
 * Members of generated classes that only generated code uses. They are protected, so that editors do not propose them; code
 * of another class names them in brackets, which TypeScript lets pass and which is the same code.
 */

/** Those that users may need, as Kaitai's other targets have them, and what the stream has for all of its users. */
const PUBLIC: ReadonlySet<string> = new Set([
  '_io',
  '_parent',
  '_root',
  '_read',
  '_write',
  '_check',
  '_debug',
  '_take',
]);

export const isMachinery = (member: string): boolean =>
  member.startsWith('_') && !PUBLIC.has(member) && !/^_unnamed\d/.test(member);
