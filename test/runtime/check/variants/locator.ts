/** Rules H: the parent locator. Other ways to break them than in the matrix. */
import { GUIDS } from '../../../../runtime/base/guid.js';
import { IDS, parentLocatorBytes } from '../../../support/image-builder.js';
import { UNKNOWN, LINKAGE, RELATIVE, withLocator, locator, pokedLocator, type Variant } from './variant.js';

export const LOCATOR_VARIANTS: readonly Variant[] = [
  ...([0, 1, 19] as const).map((length): Variant => [
    `H1 ${length} bytes`,
    ['H1 error'],
    () => withLocator(parentLocatorBytes([LINKAGE, RELATIVE]).slice(0, length)),
  ]),
  ['H ok', [], () => locator([LINKAGE, RELATIVE])],
  ['H1 20 bytes, 0 entries', ['H7 error', 'H9 error'], () => locator([])],
  ['H1 cut table', ['H1 error'], () => withLocator(parentLocatorBytes([LINKAGE, RELATIVE]).slice(0, 20 + 23))],
  ['H1 diff with empty locator', ['H1 error'], () => withLocator(new Uint8Array(0))],
  ['H2 other', ['H2 error'], () => locator([LINKAGE, RELATIVE], UNKNOWN)],
  ['H2 zero', ['H2 error'], () => locator([LINKAGE, RELATIVE], GUIDS.zero)],
  [
    'H3',
    ['H3 warning'],
    () => {
      const bytes = parentLocatorBytes([LINKAGE, RELATIVE]);
      bytes[17] = 1;
      return withLocator(bytes);
    },
  ],
  ['H4 2nd entry key off 0', ['H4 error'], () => pokedLocator(32, 0, 0, 0, 0)],
  ['H4 odd key len', ['H4 error'], () => pokedLocator(28, 27, 0)],
  ['H4 valueLength 0', ['H4 error'], () => pokedLocator(30, 0, 0)],
  ['H4 value past end', ['H4 error'], () => pokedLocator(36, 0, 0, 0, 0x10)],
  ['H5 lone surrogate value', ['H5 error'], () => locator([LINKAGE, ['relative_path', '.\\\ud800x']])],
  ['H5 NUL inside', ['H5 error'], () => locator([LINKAGE, ['relative_path', '.\\a\0b']])],
  ['H5 NUL end', ['H5 warning'], () => locator([LINKAGE, ['relative_path', '.\\a\0']])],
  ['H5 NUL end linkage', ['H5 warning'], () => locator([['parent_linkage', '{' + IDS.parent + '}\0'], RELATIVE])],
  ['H5 NUL end key', ['H5 warning'], () => locator([['parent_linkage\0', '{' + IDS.parent + '}'], RELATIVE])],
  ['H6 linkage twice', ['H6 error'], () => locator([LINKAGE, LINKAGE, RELATIVE])],
  ['H6 case differs', [], () => locator([LINKAGE, RELATIVE, ['Relative_Path', 'x']])],
  ['H7 upper', [], () => locator([['parent_linkage', '{' + IDS.parent.toUpperCase() + '}'], RELATIVE])],
  ['H7 no braces', ['H7 error'], () => locator([['parent_linkage', IDS.parent], RELATIVE])],
  ['H7 key case', ['H7 error'], () => locator([['Parent_Linkage', '{' + IDS.parent + '}'], RELATIVE])],
  ['H7 empty guid', ['H7 error'], () => locator([['parent_linkage', '{}'], RELATIVE])],
  ['H8', ['H8 warning'], () => locator([LINKAGE, ['parent_linkage2', '{' + IDS.disk + '}'], RELATIVE])],
  ['H8 malformed', ['H7 error', 'H8 warning'], () => locator([LINKAGE, ['parent_linkage2', 'nope'], RELATIVE])],
  [
    'H8 instead of linkage',
    ['H7 error', 'H8 warning'],
    () => locator([['parent_linkage2', '{' + IDS.disk + '}'], RELATIVE]),
  ],
  ['H9', ['H9 error'], () => locator([LINKAGE])],
  ['H9 absolute_path', ['H9 error'], () => locator([LINKAGE, ['absolute_path', '\\\\?\\c:\\x']])],
  ['H11 vol', ['H11 warning'], () => locator([LINKAGE, ['volume_path', 'c:\\p.vhdx']])],
  ['H11 abs', ['H11 warning'], () => locator([LINKAGE, ['absolute_win32_path', 'disks\\p.vhdx']])],
  ['H11 abs of Hyper-V', [], () => locator([LINKAGE, ['absolute_win32_path', 'C:\\p.vhdx']])],
  ['H11 share of Hyper-V', [], () => locator([LINKAGE, ['absolute_win32_path', '\\\\server\\share\\p.vhdx']])],
  ['H11 drive only', ['H11 warning'], () => locator([LINKAGE, ['absolute_win32_path', 'c:p.vhdx']])],
  ['H8 zero', [], () => locator([LINKAGE, ['parent_linkage2', `{${GUIDS.zero}}`], RELATIVE])],
  ['H8 zero linkage', ['H7 warning'], () => locator([['parent_linkage', `{${GUIDS.zero}}`], RELATIVE])],
  ['H11 unc', [], () => locator([LINKAGE, ['absolute_win32_path', '\\\\?\\MyServer\\p.vhdx']])],
  ['H11 UNC', [], () => locator([LINKAGE, ['absolute_win32_path', '\\\\?\\UNC\\MyServer\\p.vhdx']])],
  ['H11 vol guid bad', ['H11 warning'], () => locator([LINKAGE, ['volume_path', '\\\\?\\Volume{zz}\\p.vhdx']])],
  ['H12 drive', ['H12 warning'], () => locator([LINKAGE, ['relative_path', 'c:\\p.vhdx']])],
  ['H12 root', ['H12 warning'], () => locator([LINKAGE, ['relative_path', '\\p.vhdx']])],
  ['H12 slash', ['H12 warning'], () => locator([LINKAGE, ['relative_path', './p.vhdx']])],
  ['H12 unc', ['H12 warning'], () => locator([LINKAGE, ['relative_path', '\\\\server\\p.vhdx']])],
  ['H12 plain name', [], () => locator([LINKAGE, ['relative_path', 'p.vhdx']])],
  ['H12 dotdot', [], () => locator([LINKAGE, ['relative_path', '..\\..\\p.vhdx']])],
];
