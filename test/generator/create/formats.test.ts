/** Files of twelve formats out of plain objects, typed as strictly as can be, read by the official compiler's JavaScript. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../../generator/src/compile.js';
import { Sandbox, readText } from '../../../generator/src/suite/sandbox.js';
import { compileOfficial, readOfficial } from '../../support/official.js';

const folder = fileURLToPath(new URL('../../../../shared/formats/', import.meta.url));
const isThere = existsSync(folder);

/** With each file, what the official reader finds where: offsets, sizes and counts were not given. */
const FORMATS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'game/quake_pak': {
    ofsIndex: 12,
    lenIndex: 128,
    'index.entries.0.name': 'a.txt',
    'index.entries.0.ofs': 140,
    'index.entries.1.ofs': 145,
    'index.entries.1.body': Uint8Array.of(1, 2, 3),
  },
  'game/doom_wad': {
    numIndexEntries: 3,
    indexOffset: 12,
    'index.0.name': 'VERTEXES',
    'index.0.contents.entries.1.y': -2,
    'index.1.size': 0,
    'index.2.contents': Uint8Array.of(9),
  },
  'game/warcraft_2_pud': { 'sections.0.size': 16, 'sections.1.body.x': 32, 'sections.2.body': Uint8Array.of(1) },
  'image/ico': { numImages: 2, 'images.0.ofsImg': 38, 'images.1.ofsImg': 41, 'images.1.img': Uint8Array.of(4, 5) },
  'archive/zip': {
    'sections.0.body.header.lenFileName': 6,
    'sections.0.body.header.lenBodyCompressed': 5,
    'sections.0.body.header.extra.entries.0.lenBody': 3,
    'sections.1.body.lenComment': 0,
    'sections.2.body.lenComment': 4,
    'sections.2.body.comment': 'done',
  },
  '3d/gltf_binary': { 'chunks.0.lenData': 2, 'chunks.0.data.data': '{}', 'chunks.1.lenData': 4 },
  'archive/mozilla_mar': {
    ofsIndex: 140,
    lenSignatures: 1,
    'signatures.0.lenSignature': 4,
    'additionalSections.0.lenBlock': 104,
    'additionalSections.0.bytes.productVersion': '1.0',
    'index.indexEntries.indexEntry.0.fileName': 'file',
    'index.indexEntries.indexEntry.0.body': Uint8Array.of(7, 7),
  },
  'archive/android_dto': {
    'header.dtEntryCount': 2,
    'entries.0.dtOffset': 96,
    'entries.0.dtSize': 3,
    'entries.1.body': Uint8Array.of(2),
  },
  'firmware/ines': { 'header.lenPrgRom': 2, 'header.lenChrRom': 0, 'header.f6.lowerMapper': 3 },
  'media/ogg': {
    'pages.0.numSegments': 3,
    'pages.0.lenSegments': [1, 0, 2],
    'pages.0.segments.2': Uint8Array.of(2, 3),
  },
  'media/standard_midi_file': {
    'hdr.numTracks': 1,
    'tracks.0.lenEvents': 210,
    'tracks.0.events.event.0.vTime.value': 130,
    'tracks.0.events.event.0.metaEventBody.len.value': 200,
    'tracks.0.events.event.1.eventBody.velocity': 2,
  },
  'network/udp_datagram': { length: 11, body: Uint8Array.of(1, 2, 3) },
};

const MADE = `
import { AndroidDto, DoomWad, GltfBinary, GltfBinary_ChunkType, Ico, Ines, Ines_Header_F6_Mirroring, Ines_Header_F9_TvSystem, Ines_Header_F10_TvSystem } from './index.js';
import { MozillaMar, MozillaMar_BlockIdentifiers, Ogg, QuakePak, StandardMidiFile, StandardMidiFile_MetaEventBody_MetaTypeEnum, UdpDatagram, Warcraft2Pud, Zip, Zip_Compression, Zip_ExtraCodes } from './index.js';

const icon = { width: 1, height: 1, numColors: 0, numPlanes: 1, bpp: 32 };
const time = { time: { secondDiv2: 1, minute: 2, hour: 3 }, date: { day: 1, month: 1, yearMinus1980: 40 } };
const flags = {
  fileEncrypted: false, compOptionsRaw: 0, hasDataDescriptor: false, reserved1: false, compPatchedData: false,
  strongEncrypt: false, reserved2: 0, langEncoding: true, reserved3: false, maskHeaderValues: false, reserved4: 0,
};
const tree = { id: 0, rev: 0, custom: [0, 0, 0, 0] };

export const quake_pak: QuakePak = QuakePak.create({
  index: {
    entries: [
      { name: 'a.txt', body: new TextEncoder().encode('hello') },
      { name: 'b.bin', body: Uint8Array.of(1, 2, 3) },
    ],
  },
});
export const doom_wad: DoomWad = DoomWad.create({
  magic: 'PWAD',
  index: [
    { name: 'VERTEXES', contents: { entries: [{ x: 1, y: 2 }, { x: -1, y: -2 }] } },
    { name: 'MAP01', contents: new Uint8Array(0) },
    { name: 'OTHER', contents: Uint8Array.of(9) },
  ],
});
export const warcraft_2_pud: Warcraft2Pud = Warcraft2Pud.create({
  sections: [
    { name: 'TYPE', body: { idTag: 5 } },
    { name: 'DIM ', body: { x: 32, y: 64 } },
    { name: 'NONE', body: Uint8Array.of(1) },
  ],
});
export const ico: Ico = Ico.create({
  images: [{ ...icon, img: Uint8Array.of(1, 2, 3) }, { ...icon, img: Uint8Array.of(4, 5) }],
});
export const zip: Zip = Zip.create({
  sections: [
    {
      sectionType: 0x0403,
      body: {
        header: {
          version: 20, flags, compressionMethod: Zip_Compression.NONE, fileModTime: time, crc32: 0x3610a686,
          lenBodyUncompressed: 5, fileName: 'ä.txt',
          extra: { entries: [{ code: 0x1234, body: Uint8Array.of(1, 2, 3) }] },
        },
        body: new TextEncoder().encode('hello'),
      },
    },
    {
      sectionType: 0x0201,
      body: {
        versionMadeBy: 20, versionNeededToExtract: 20, flags: 0x800, compressionMethod: Zip_Compression.NONE,
        fileModTime: time, crc32: 0x3610a686, lenBodyCompressed: 5, lenBodyUncompressed: 5, diskNumberStart: 0,
        intFileAttr: 0, extFileAttr: 0, fileName: 'ä.txt', extra: { entries: [] }, comment: '',
      },
    },
    {
      sectionType: 0x0605,
      body: {
        diskOfEndOfCentralDir: 0, diskOfCentralDir: 0, numCentralDirEntriesOnDisk: 1, numCentralDirEntriesTotal: 1,
        lenCentralDir: 52, ofsCentralDir: 48, comment: 'done',
      },
    },
  ],
});
export const gltf_binary: GltfBinary = GltfBinary.create({
  header: { version: 2, length: 34 },
  chunks: [
    { type: GltfBinary_ChunkType.JSON, data: { data: '{}' } },
    { type: GltfBinary_ChunkType.BIN, data: { data: Uint8Array.of(1, 2, 3, 4) } },
  ],
});
export const mozilla_mar: MozillaMar = MozillaMar.create({
  fileSize: 0n,
  signatures: [{ algorithm: 1, signature: Uint8Array.of(1, 2, 3, 4) }],
  additionalSections: [
    { blockIdentifier: MozillaMar_BlockIdentifiers.PRODUCT_INFORMATION, bytes: { marChannelName: 'c', productVersion: '1.0' } },
  ],
  index: { indexEntries: { indexEntry: [{ flags: 0o644, fileName: 'file', body: Uint8Array.of(7, 7) }] } },
});
export const android_dto: AndroidDto = AndroidDto.create({
  header: { totalSize: 100, headerSize: 32, dtEntrySize: 32, dtEntriesOffset: 32, pageSize: 2048, version: 0 },
  entries: [{ ...tree, body: Uint8Array.of(1, 1, 1) }, { ...tree, body: Uint8Array.of(2) }],
});
export const ines: Ines = Ines.create({
  header: {
    f6: { lowerMapper: 3, fourScreen: false, trainer: false, hasBatteryRam: false, mirroring: Ines_Header_F6_Mirroring.VERTICAL },
    f7: { upperMapper: 0, format: 0, playchoice10: false, vsUnisystem: false },
    lenPrgRam: 0,
    f9: { reserved: 0, tvSystem: Ines_Header_F9_TvSystem.PAL },
    f10: { reserved1: 0, busConflict: false, prgRam: false, reserved2: 0, tvSystem: Ines_Header_F10_TvSystem.NTSC },
  },
  prgRom: new Uint8Array(32768),
  chrRom: new Uint8Array(0),
});
export const udp_datagram: UdpDatagram = UdpDatagram.create({ srcPort: 1, dstPort: 2, checksum: 0, body: Uint8Array.of(1, 2, 3) });

export const ogg: Ogg = Ogg.create({
  pages: [
    {
      reserved1: 0, isEndOfStream: false, isBeginningOfStream: true, isContinuation: false, granulePos: 0n,
      bitstreamSerial: 1, pageSeqNum: 0, crc32: 0, segments: [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)],
    },
  ],
});
const vTime = { groups: [{ hasNext: true, value: 1 }, { hasNext: false, value: 2 }] };
export const standard_midi_file: StandardMidiFile = StandardMidiFile.create({
  hdr: { lenHeader: 6, format: 0, division: 96 },
  tracks: [
    {
      events: {
        event: [
          {
            vTime, eventHeader: 0xff,
            metaEventBody: { metaType: StandardMidiFile_MetaEventBody_MetaTypeEnum.TEXT_EVENT, body: new Uint8Array(200) },
          },
          { vTime: { groups: [{ hasNext: false, value: 0 }] }, eventHeader: 0x90, eventBody: { note: 1, velocity: 2 } },
        ],
      },
    },
  ],
});

export const refused = (): unknown[] => [
  // @ts-expect-error The schema does not tell a magic that may be one of several.
  DoomWad.create({ index: [] }),
  // @ts-expect-error Another case has this body.
  Warcraft2Pud.create({ sections: [{ name: 'DIM ', body: { idTag: 5 } }] }),
  // @ts-expect-error A part of the body is missing.
  Warcraft2Pud.create({ sections: [{ name: 'DIM ', body: { x: 1 } }] }),
  // @ts-expect-error There is no such field.
  UdpDatagram.create({ srcPort: 1, dstPort: 2, checksum: 0, body: Uint8Array.of(1), len: 3 }),
  Zip_ExtraCodes,
];
`;

function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], tree);
}

if (!isThere) test.skip('../shared/formats is not there', () => {});

describe.skipIf(!isThere)('formats of ../shared/formats', () => {
  const sandbox = new Sandbox();
  let made: Readonly<Record<string, { toBytes(): Uint8Array }>> = {};

  beforeAll(async () => {
    const { files } = compile({
      files: Object.keys(FORMATS).map((schema) => join(folder, `${schema}.ksy`)),
      importer: { read: readText, importPaths: [folder] },
      index: true,
    });
    sandbox.write([...files, { path: 'made.ts', content: MADE }]);
    expect(sandbox.typeCheck().errors).toEqual([]);
    made = (await sandbox.load('made.ts')) as typeof made;
  }, 120_000);
  afterAll(() => sandbox.remove());

  test.each(Object.entries(FORMATS))(
    '%s of plain objects → read by the official JavaScript',
    async (schema, values) => {
      const bytes = made[schema.replace(/^.*\//, '')]?.toBytes() ?? new Uint8Array(0);
      const official = await compileOfficial(join(folder, `${schema}.ksy`), { importPath: folder });
      const tree = readOfficial(official, bytes);
      expect(Object.fromEntries(Object.keys(values).map((path) => [path, at(tree, path)]))).toEqual(values);
    },
  );
});
