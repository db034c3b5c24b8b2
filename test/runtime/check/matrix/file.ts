/** Rules A: the file and its file type identifier. */
import { checkImage } from '../../../../runtime/check/check.js';
import { KIB, MIB, type TestImage } from '../../../support/image-builder.js';
import { bytes, DATA, type MatrixCase } from './case.js';

function flipAt(place: number) {
  return (image: TestImage): void => image.flip(place);
}

/** As the host would give it: only `spent` bytes are allocated. */
function onHost(spent: (size: number) => number): NonNullable<MatrixCase['report']> {
  return ({ source }) =>
    checkImage({ size: source.size, hostAllocatedSize: spent(source.size), read: (into, at) => source.read(into, at) });
}

export const FILE_CASES: readonly MatrixCase[] = [
  {
    rule: 'A1',
    what: 'file cut inside of the header section',
    damage: (image) => (image.size = MIB - 1),
    severity: 'error',
    section: '2.2',
    within: [MIB - 1, MIB],
    near: {
      what: 'header section and nothing else',
      damage: (image) => (image.size = MIB),
      finds: ['B13 error', 'C8 error'],
    },
  },
  {
    rule: 'A2',
    what: 'a letter of the signature',
    damage: flipAt(7),
    severity: 'error',
    section: '2.2.1',
    within: [0, 8],
    near: { what: 'the first byte of the creator', damage: flipAt(8) },
  },
  {
    rule: 'A3',
    what: 'a lone surrogate in the creator',
    spec: { creator: 'a\ud800b' },
    severity: 'info',
    section: '2.2.1',
    within: [8, 520],
    near: { what: 'a lone surrogate behind the NUL', spec: { creator: 'a\0\ud800' } },
  },
  {
    rule: 'A4',
    what: 'the last byte of the first 64 KiB',
    damage: (image) => image.poke(64 * KIB - 1, 1),
    severity: 'info',
    section: '2.2.1',
    within: [520, 64 * KIB],
    near: { what: 'the last byte of the creator', damage: (image) => image.poke(519, 1) },
  },
  {
    rule: 'A6',
    what: 'half a KiB too many',
    damage: (image) => (image.size += 512),
    severity: 'warning',
    section: '2.1',
    within: bytes(DATA, MIB),
    implies: ['A7 info'],
    near: { what: 'a whole MiB too many', damage: (image) => (image.size += MIB), finds: ['A7 info'] },
  },
  {
    rule: 'A7',
    what: 'two MiB behind everything',
    damage: (image) => (image.size += 2 * MIB),
    severity: 'info',
    section: '2.1',
    within: bytes(DATA, 1),
    near: { what: 'a block behind everything', spec: { allocate: [0] } },
  },
  ...['A8', 'J2'].map((rule): MatrixCase => ({
    rule,
    reportedAs: 'A8',
    what: 'eight MiB before a block',
    damage: (image) => {
      image.append(8 * MIB);
      image.setBat(0, { state: 6, fileOffsetMb: image.append(MIB) });
    },
    severity: 'info',
    section: '2.1',
    within: bytes(DATA, 1),
    near: { what: 'blocks in any order, without a hole', spec: { allocate: [9, 0, 4] } },
  })),
  {
    rule: 'A9',
    what: 'a host file with holes',
    report: onHost(() => MIB),
    severity: 'info',
    section: '',
    within: [0, DATA],
    near: { what: 'a host file some sectors short', report: onHost((size) => size - 4096) },
  },
];
