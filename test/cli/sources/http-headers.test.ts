import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { headersFor } from '../../../runtime/cli/sources/http-headers.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-headers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const netrc = join(folder, 'netrc');
writeFileSync(netrc, 'machine disks.example login anna password secret\n');
const list = join(folder, 'headers');
writeFileSync(list, 'X-One: 1\r\n\nX-Two: a:b\n');

const URL_OF = (text = 'https://disks.example/a.vhdx'): URL => new URL(text);
const BASIC = `Basic ${Buffer.from('anna:secret').toString('base64')}`;

describe('headers', () => {
  test('option, file and environment → together, the option before the environment', () => {
    const env = { VHDX_HTTP_HEADERS: 'X-One: of the environment\nX-Three: 3' };
    expect(headersFor(URL_OF(), { header: [`@${list}`] }, env)).toEqual({
      'x-one': '1',
      'x-two': 'a:b',
      'x-three': '3',
    });
  });

  test('netrc, by option or NETRC → Authorization for its host alone', () => {
    expect(headersFor(URL_OF(), { netrc }, {})).toEqual({ authorization: BASIC });
    expect(headersFor(URL_OF(), {}, { NETRC: netrc })).toEqual({ authorization: BASIC });
    expect(headersFor(URL_OF('https://other.example/a'), { netrc }, {})).toEqual({});
  });

  test('Authorization given → netrc and the user in the URL are left alone', () => {
    const header = ['Authorization: Bearer x'];
    expect(headersFor(URL_OF('https://u:p@disks.example/'), { netrc, header }, {})).toEqual({
      authorization: 'Bearer x',
    });
  });

  test('user and password in the URL → Authorization', () => {
    expect(headersFor(URL_OF('https://anna:secr%65t@other.example/'), {}, {})).toEqual({ authorization: BASIC });
  });

  test.each([['SECRET'], [': SECRET'], ['Name: SECRET\u0001'], ['Na me: SECRET'], ['Range: SECRET']])(
    '%j → refused, without its text',
    (line) => {
      const attempt = (): unknown => headersFor(URL_OF(), { header: [line] }, {});
      expect(attempt).toThrow(expect.objectContaining({ name: 'UsageError' }));
      expect(attempt).not.toThrow('SECRET');
    },
  );

  test('a file that is not there → refused', () => {
    expect(() => headersFor(URL_OF(), { netrc: join(folder, 'no') }, {})).toThrow('cannot read the netrc file');
    expect(() => headersFor(URL_OF(), { header: [`@${join(folder, 'no')}`] }, {})).toThrow(
      'cannot read the headers in',
    );
  });
});
