import { describe, expect, test } from 'vitest';
import { findLogin } from '../../../runtime/cli/sources/netrc.js';

// Expectations: the manual of ftp(1) and curl's of --netrc.
describe('netrc', () => {
  const FILE = `# machine example.com login commented password out
machine example.com
  login anna
  password "a \\"b\\" # c"
macdef init
machine hidden.example login x password y

machine other.example login bob account sales password p#1
default login anonymous password guest
`;

  test.each([
    ['example.com', { login: 'anna', password: 'a "b" # c' }],
    ['EXAMPLE.com', { login: 'anna', password: 'a "b" # c' }],
    ['other.example', { login: 'bob', password: 'p#1' }],
    ['hidden.example', { login: 'anonymous', password: 'guest' }],
    ['elsewhere', { login: 'anonymous', password: 'guest' }],
  ])('%s → %j', (host, login) => {
    expect(findLogin(FILE, host)).toEqual(login);
    expect(findLogin(FILE.replaceAll('\n', '\r\n'), host)).toEqual(login);
  });

  test.each([['machine a login x password y'], ['machine b'], ['machine'], ['']])('%j → nothing for b', (text) => {
    expect(findLogin(text, 'b')).toBeUndefined();
  });

  test('two entries for one host → the first', () => {
    expect(findLogin('machine a login x password 1 machine a login z password 2', 'a')?.login).toBe('x');
  });
});
