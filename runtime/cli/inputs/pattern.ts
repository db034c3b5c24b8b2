/** Patterns of paths. */
import { sep } from 'node:path';
import picomatch from 'picomatch';

/** Tells whether a path is meant. */
export type Matcher = (path: string) => boolean;

/** A pattern of paths, and the folder that everything it matches is below. */
export interface PathPattern {
  readonly folder: string;
  /** How many names below `folder` a path has at most; Infinity for `**`. */
  readonly depth: number;
  readonly matches: Matcher;
}

/** The path with slashes, and no `./` before it: as patterns are written. */
export function slashed(path: string): string {
  return path.replaceAll(sep, '/').replace(/^(?:\.\/+)+/, '');
}

const OPTIONS = { windows: false, nocase: process.platform === 'win32', strictSlashes: true } as const;

/** Whether a name has the marks of a pattern. */
export function isPattern(name: string): boolean {
  return picomatch.scan(slashed(name)).isGlob;
}

/** The pattern in `name`: `*`, `?`, `[…]`, `{a,b}`, `**` and extended ones, names that begin with a dot only if it says so. */
export function parsePattern(name: string): PathPattern {
  const text = slashed(name);
  const { base, glob } = picomatch.scan(text);
  const depth = glob.includes('**') ? Infinity : glob.split('/').length;
  const matches = picomatch(text, OPTIONS);
  return { folder: base === '' ? '.' : base, depth, matches: (path) => matches(slashed(path)) };
}

/**
 * Tells which paths one of the patterns means: one without a slash any file or folder of that name, one with a slash the
 * path as it is given. What is below a folder that is meant, is meant too.
 */
export function parseExclusions(patterns: readonly string[]): Matcher {
  const all = patterns
    // A slash at the end is what shells complete the name of a folder with.
    .map((pattern) => slashed(pattern).replace(/(?<=[^/])\/+$/, ''))
    .map((pattern) => ({ byName: !pattern.includes('/'), matches: picomatch(pattern, { ...OPTIONS, dot: true }) }));
  return (path) => {
    const names = slashed(path).split('/');
    return all.some(({ byName, matches }) =>
      names.some((name, index) => matches(byName ? name : names.slice(0, index + 1).join('/'))),
    );
  };
}
