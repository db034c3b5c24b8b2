/** Reads users and passwords from netrc files. */
/** Who one is on a server. */
export interface Login {
  readonly login: string;
  readonly password: string;
}

/** The words of a netrc file; comments and the bodies of macros (up to an empty line) left out. */
function wordsOf(text: string): readonly string[] {
  const plain = text.replaceAll('\r\n', '\n').replaceAll(/^[^\S\n]*macdef\b[^]*?(?:\n[^\S\n]*\n|$(?![^]))/gm, '');
  const words: string[] = [];
  // A quoted word may have blanks and escapes, as curl reads it; a comment begins a word and ends with its line.
  for (const [, quoted, plainWord] of plain.matchAll(/"((?:\\[^]|[^"\\])*)"|#[^\n]*|(\S+)/g)) {
    if (quoted !== undefined) words.push(quoted.replaceAll(/\\([^])/g, '$1'));
    else if (plainWord !== undefined) words.push(plainWord);
  }
  return words;
}

/**
 * What a netrc file has for `host`: the first entry with its name, or else the `default` entry. `undefined` if there is
 * none, or none with a login or a password.
 */
export function findLogin(text: string, host: string): Login | undefined {
  const words = wordsOf(text);
  let name: string | undefined;
  let found: { login?: string; password?: string } | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === 'machine' || word === 'default') {
      if (found !== undefined) break;
      name = word === 'default' ? host : words[(at += 1)];
      if (name?.toLowerCase() === host.toLowerCase()) found = {};
    } else if (word === 'login' || word === 'password' || word === 'account') {
      const value = words[(at += 1)] ?? '';
      if (found !== undefined && word !== 'account') found[word] = value;
    }
  }
  if (found === undefined || (found.login === undefined && found.password === undefined)) return undefined;
  return { login: found.login ?? '', password: found.password ?? '' };
}
