import { expect, test } from 'vitest';
import { isUrl, pathInName, shownName } from '../../../runtime/cli/sources/image-name.js';

test.each([
  ['https://u:SECRET@host:8443/a/b.vhdx?X-Amz-Signature=SECRET#SECRET', 'https://host:8443/a/b.vhdx?…'],
  ['HTTPS://host/b.vhdx', 'https://host/b.vhdx'],
  ['https://', 'https://…'],
  ['https://:SECRET', 'https://…'],
])('%s → shown as %s', (name, shown) => {
  expect(isUrl(name)).toBe(true);
  expect(shownName(name)).toBe(shown);
});

test.each(['a.vhdx', 'https:a.vhdx', 'file:///a.vhdx', '/https://a', 'C:\\a'])('%s → the name of a file', (name) => {
  expect(isUrl(name)).toBe(false);
  expect(shownName(name)).toBe(name);
  expect(pathInName(name)).toBe(name);
});

test('the path in an address → without its query', () => {
  expect(pathInName('https://host/a/b.vhdx?sig=x.raw')).toBe('/a/b.vhdx');
});
