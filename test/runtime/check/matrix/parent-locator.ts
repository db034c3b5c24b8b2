/** Rules H: the parent locator; G15 to G17, J4, J5 and J7: the chain. */
import { VhdxGuid } from '../../../../generated/index.js';
import { checkChain } from '../../../../runtime/check/chain-check.js';
import { GUIDS, parseGuid } from '../../../../runtime/base/guid.js';
import { IDS, type ImageSpec, MIB, TestImage } from '../../../support/image-builder.js';
import { BAT, bytes, ITEMS, type MatrixCase, METADATA, type NearMiss, OTHER } from './case.js';
import { asItIs, logged } from './log-entries.js';

const LINKAGE = ['parent_linkage', `{${IDS.parent}}`] as const;
const RELATIVE = ['relative_path', String.raw`..\parent.vhdx`] as const;
const VOLUME = String.raw`\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\a\parent.vhdx`;
/** Where the builder puts the item, and its entries. */
const LOCATOR = ITEMS + 40;
const ENTRIES = LOCATOR + 20;

type Pairs = readonly (readonly [string, string])[];

const child = (parent: Pairs = [LINKAGE, RELATIVE]): ImageSpec => ({ type: 'differencing', parent });

/** The pairs are as they should be but for one. */
function pairs(
  rule: string,
  what: string,
  parent: Pairs,
  expected: Pick<MatrixCase, 'severity' | 'section' | 'within' | 'implies'>,
  near?: readonly [what: string, parent: Pairs],
): MatrixCase {
  const made: MatrixCase = { rule, what, spec: child(parent), ...expected };
  return near === undefined ? made : { ...made, near: { what: near[0], spec: child(near[1]) } };
}

/** The locator's bytes are changed. */
function poked(
  rule: string,
  what: string,
  [at, ...values]: readonly [number, ...number[]],
  expected: Pick<MatrixCase, 'severity' | 'section' | 'within' | 'implies'>,
  near: Omit<NearMiss, 'spec'> = { what: 'the locator as it was' },
): MatrixCase {
  const damage = (image: TestImage): void => image.poke(LOCATOR + at, ...values);
  return { rule, what, spec: child(), damage, ...expected, near: { spec: child(), ...near } };
}

const error = (section: string, at: number, length: number): Pick<MatrixCase, 'severity' | 'section' | 'within'> => ({
  severity: 'error',
  section,
  within: bytes(at, length),
});
const warning = (section: string, at: number, length: number): Pick<MatrixCase, 'severity' | 'section' | 'within'> => ({
  ...error(section, at, length),
  severity: 'warning',
});

/** Strings begin behind the header and two entries. */
const STRINGS = 20 + 2 * 12;

/** A locator whose keys and values would come to 8 GiB if they were all read. */
function sharedStrings(): Uint8Array {
  const count = 65_535;
  const strings = 20 + 12 * count;
  const locator = new Uint8Array(strings + 65_534).fill(0x41, strings);
  locator.set(VhdxGuid.create(parseGuid(GUIDS.vhdxParentLocator)).toBytes());
  const view = new DataView(locator.buffer);
  view.setUint16(18, count, true);
  for (let at = 20; at < strings; at += 12) {
    view.setUint32(at, strings, true);
    view.setUint32(at + 4, strings, true);
    view.setUint16(at + 8, 65_534, true);
    view.setUint16(at + 10, 65_534, true);
  }
  return locator;
}

export const PARENT_LOCATOR_CASES: readonly MatrixCase[] = [
  {
    rule: 'H1',
    what: 'a locator of 19 bytes',
    spec: child([]),
    damage: (image) => void image.editMetadataEntry(GUIDS.parentLocator, (item) => (item.length = 19)),
    ...error('2.6.2.6', LOCATOR, 20),
    near: { what: 'a locator of 20 bytes, without a key', spec: child([]), finds: ['H7 error', 'H9 error'] },
  },
  poked('H1', 'more entries than there is room for', [18, 0xff], error('2.6.2.6', LOCATOR, 20)),
  poked('H2', 'unknown type', [0, 0], error('2.6.2.6.1', LOCATOR, 16)),
  poked('H3', 'reserved field', [16, 1], warning('2.6.2.6.1', LOCATOR + 16, 2)),
  poked('H4', 'key at 0', [20, 0, 0, 0, 0], error('2.6.2.6.2', ENTRIES, 12)),
  poked('H4', 'value at 0', [24, 0, 0, 0, 0], error('2.6.2.6.2', ENTRIES, 12)),
  poked('H4', 'key of no length', [28, 0, 0], error('2.6.2.6.2', ENTRIES, 12)),
  poked('H4', 'value of an odd length', [30, 75, 0], error('2.6.2.6.2', ENTRIES, 12)),
  poked('H4', 'value outside of the item', [24, 0, 0, 1, 0], error('2.6.2.6.2', ENTRIES, 12)),
  poked('H4', 'value whose end is past 2^32', [24, 0xfe, 0xff, 0xff, 0xff], error('2.6.2.6.2', ENTRIES, 12)),
  {
    rule: 'H4',
    what: 'thousands of entries that share one string of 64 KiB',
    spec: { type: 'differencing', items: [{ id: GUIDS.parentLocator, isRequired: true, bytes: sharedStrings() }] },
    damage: (image) => void image.editMetadataTable((table) => void table.entries.splice(5, 1)),
    ...error('2.6.2.6.2', METADATA, MIB),
    implies: ['F19 info', 'H6 error'],
  },
  poked('H4', 'key in the table', [20, STRINGS - 2, 0, 0, 0], error('2.6.2.6.2', ENTRIES, 12), {
    what: 'the two entries in another order',
    damage: (image) => {
      const table = image.source.bytes(ENTRIES, 24);
      image.source.write(table.subarray(12), ENTRIES);
      image.source.write(table.subarray(0, 12), ENTRIES + 12);
    },
  }),
  pairs(
    'H5',
    'a NUL inside of a value',
    [LINKAGE, ['relative_path', '..\\par\0ent.vhdx']],
    error('2.6.2.6.2', LOCATOR + STRINGS, 512),
    ['characters outside of the basic plane', [LINKAGE, ['relative_path', String.raw`..\😀.vhdx`]]],
  ),
  pairs(
    'H5',
    'a lone surrogate',
    [LINKAGE, ['relative_path', '..\\par\ud800ent.vhdx']],
    error('2.6.2.6.2', LOCATOR + STRINGS, 512),
  ),
  pairs(
    'H5',
    'a trailing NUL',
    [LINKAGE, ['relative_path', String.raw`..\parent.vhdx` + '\0']],
    warning('2.6.2.6.2', LOCATOR + STRINGS, 512),
  ),
  pairs('H6', 'a key twice', [LINKAGE, RELATIVE, RELATIVE], error('2.6.2.6.2', ENTRIES + 24, 12), [
    'keys that differ in case',
    [LINKAGE, RELATIVE, ['Relative_Path', 'a.vhdx']],
  ]),
  pairs('H7', 'no parent_linkage', [RELATIVE], error('2.6.2.6.3', LOCATOR, 512), [
    'a parent_linkage in upper case, as in the specification',
    [['parent_linkage', `{${IDS.parent.toUpperCase()}}`], RELATIVE],
  ]),
  pairs(
    'H7',
    'a parent_linkage in other letters',
    [['Parent_Linkage', `{${IDS.parent}}`], RELATIVE],
    error('2.6.2.6.3', LOCATOR, 512),
  ),
  pairs(
    'H7',
    'a parent_linkage without braces',
    [['parent_linkage', IDS.parent], RELATIVE],
    error('2.6.2.6.3', ENTRIES, 512),
  ),
  pairs(
    'H7',
    'a parent_linkage that is no GUID',
    [['parent_linkage', '{nobody}'], RELATIVE],
    error('2.6.2.6.3', ENTRIES, 512),
  ),
  pairs(
    'H8',
    'a parent_linkage2',
    [LINKAGE, ['parent_linkage2', `{${OTHER}}`], RELATIVE],
    warning('2.6.2.6.3', ENTRIES + 12, 12),
    ['another key that is not known', [LINKAGE, ['parent_linkage3', `{${OTHER}}`], RELATIVE]],
  ),
  pairs(
    'H7',
    'a parent_linkage of zeros',
    [['parent_linkage', `{${GUIDS.zero}}`], RELATIVE],
    warning('2.6.2.6.3', ENTRIES, 12),
    [
      'a parent_linkage2 of zeros, and an absolute path without its prefix, as Hyper-V leaves them',
      [LINKAGE, ['parent_linkage2', `{${GUIDS.zero}}`], RELATIVE, ['absolute_win32_path', String.raw`C:\disks\p.vhdx`]],
    ],
  ),
  pairs('H9', 'no path', [LINKAGE], error('2.6.2.6.3', LOCATOR, 512), [
    'a volume path alone',
    [LINKAGE, ['volume_path', VOLUME]],
  ]),
  pairs(
    'H11',
    'a volume path without a volume',
    [LINKAGE, ['volume_path', String.raw`\\?\c:\p.vhdx`]],
    warning('2.6.2.6.3', ENTRIES + 12, 12),
    ['a volume path', [LINKAGE, ['volume_path', VOLUME]]],
  ),
  pairs(
    'H11',
    'an absolute path that is relative to the folder of its drive',
    [LINKAGE, ['absolute_win32_path', String.raw`c:p.vhdx`]],
    warning('2.6.2.6.3', ENTRIES + 12, 12),
    ['a share as in the specification', [LINKAGE, ['absolute_win32_path', String.raw`\\?\MyServer\MyShare\p.vhdx`]]],
  ),
  pairs(
    'H12',
    'a relative path with slashes',
    [LINKAGE, ['relative_path', '../parent.vhdx']],
    warning('2.6.2.6.3', ENTRIES + 12, 12),
    ['a relative path far up', [LINKAGE, ['relative_path', String.raw`..\..\path2\sub3\parent.vhdx`]]],
  ),
  pairs(
    'H12',
    'a relative path with a drive',
    [LINKAGE, ['relative_path', String.raw`d:\p.vhdx`]],
    warning('2.6.2.6.3', ENTRIES + 12, 12),
  ),
  pairs(
    'H12',
    'a relative path with a root',
    [LINKAGE, ['relative_path', String.raw`\p.vhdx`]],
    warning('2.6.2.6.3', ENTRIES + 12, 12),
  ),
];

/** A parent that the default locator leads to. */
function parentOf(spec: ImageSpec = {}, change: (image: TestImage) => void = () => undefined): TestImage {
  const image = new TestImage(spec);
  image.editHeader('both', (header) => (header.dataWriteGuid = VhdxGuid.create(parseGuid(IDS.parent))));
  change(image);
  return image;
}

/** Checks the image with its parents, which are found one after the other. */
function withParents(...parents: readonly (() => TestImage)[]): NonNullable<MatrixCase['report']> {
  const made = parents.map((make) => make().source);
  return (image) => {
    const rest = [...made];
    return checkChain(image.source, { parent: () => Promise.resolve(rest.shift()) });
  };
}

function chained(
  rule: string,
  what: string,
  parents: readonly (() => TestImage)[],
  expected: Pick<MatrixCase, 'severity' | 'section' | 'within' | 'implies'>,
  near?: NearMiss,
): MatrixCase {
  const made: MatrixCase = { rule, what, spec: child(), report: withParents(...parents), ...expected };
  return near === undefined ? made : { ...made, near: { spec: child(), ...near } };
}

const info = (section: string, at: number, length: number): Pick<MatrixCase, 'severity' | 'section' | 'within'> => ({
  ...error(section, at, length),
  severity: 'info',
});
const FOUND: NearMiss = { what: 'its parent', report: withParents(parentOf) };
const stranger = (): TestImage => new TestImage();

export const CHAIN_CASES: readonly MatrixCase[] = [
  chained(
    'H9',
    'no path leads to a file',
    [],
    { ...error('2.6.2.6.3', LOCATOR, 512), severity: 'refuse-write' },
    FOUND,
  ),
  chained('H13', 'another image in the place of the parent', [stranger], error('2.6.2.6.3', LOCATOR, 512), FOUND),
  {
    ...chained('J4', 'another image in the place of the parent', [stranger], error('2.6.2.6.3', LOCATOR, 512), FOUND),
    reportedAs: 'H13',
  },
  {
    rule: 'H15',
    what: 'a disk that is its own parent',
    spec: child([['parent_linkage', `{${IDS.dataWrite}}`], RELATIVE]),
    report: (image) => checkChain(image.source, { parent: () => Promise.resolve(image.source) }),
    ...error('2.6.2.6', LOCATOR, 512),
    near: { what: 'a parent with a parent', report: withParents(() => parentOf(child()), parentOf) },
  },
  chained(
    'G15',
    'a parent with other sectors',
    [() => parentOf({ logicalSectorSize: 4096 })],
    error('2.6.2.4', METADATA, MIB),
    FOUND,
  ),
  ...['G16', 'J7'].map((rule): MatrixCase => ({
    ...chained(
      rule,
      'a smaller parent',
      [() => parentOf({ virtualSize: 8 * MIB })],
      info('2.6.2.2', ITEMS + 8, 8),
      FOUND,
    ),
    reportedAs: 'G16',
  })),
  chained(
    'G17',
    'a parent with another disk ID',
    [() => parentOf({}, (image) => void image.setItem(GUIDS.virtualDiskId, new Uint8Array(16).fill(7)))],
    info('2.6.1.2', ITEMS + 16, 16),
    FOUND,
  ),
  chained(
    'J5',
    'a parent with a pending log',
    [() => parentOf({ logGuid: IDS.log, allocate: [0] }, logged({ writes: [asItIs(BAT)] }))],
    { ...info('2.2.2', LOCATOR, 512), implies: ['E12 refuse-write'] },
    FOUND,
  ),
];
