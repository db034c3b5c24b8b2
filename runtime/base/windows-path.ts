/** Paths of parent locators: Windows paths, read on any system. [MS-VHDX] 2.6.2.6.3 */

/** What kind of path it is. */
export type WindowsPathKind = 'relative' | 'drive' | 'volume' | 'unc' | 'device' | 'rooted';

export interface WindowsPath {
  readonly kind: WindowsPathKind;
  /** What stands before the first component: `\\?\d:\`; empty for a relative path. */
  readonly prefix: string;
  /** The components behind the prefix, `.` and empty ones left out, `..` kept. */
  readonly parts: readonly string[];
}

const PREFIXES: readonly (readonly [WindowsPathKind, RegExp])[] = [
  ['volume', /^\\\\\?\\Volume\{[^{}\\]*\}\\/i],
  ['drive', /^(?:\\\\\?\\)?[a-z]:\\?/i],
  ['unc', /^\\\\\?\\UNC\\[^\\]+\\[^\\]+\\?/i],
  // Devices (`\\.\PhysicalDrive0`), and whatever else follows `\\?\`; the specification's own example of a server
  // share, `\\?\MyServer\MyShare\…`, lacks UNC and is one of these.
  ['device', /^\\\\[.?]\\/],
  ['unc', /^\\\\[^\\]+\\[^\\]+\\?/],
  ['rooted', /^\\+/],
];

/** Takes a path apart; `/` separates as well as `\`. */
export function parseWindowsPath(path: string): WindowsPath {
  const text = path.replaceAll('/', '\\');
  for (const [kind, pattern] of PREFIXES) {
    const prefix = pattern.exec(text)?.[0];
    if (prefix !== undefined) return { kind, prefix, parts: componentsOf(text.slice(prefix.length)) };
  }
  return { kind: 'relative', prefix: '', parts: componentsOf(text) };
}

function componentsOf(text: string): string[] {
  return text.split('\\').filter((part) => part !== '' && part !== '.');
}
