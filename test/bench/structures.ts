/** `npm run bench`: generated readers beside a hand-written DataView and the official compiler's JavaScript. */
import { fileURLToPath } from 'node:url';
import { VhdxHeader, VhdxPayloadBatEntryView } from '../../generated/index.js';
import { compileOfficial, readOfficial } from '../support/official.js';
import { measure, report } from './harness.js';
import { HEADER } from './write-by-hand.js';

const ENTRIES = 100_000;
const SEED = 20260701;

const schemas = fileURLToPath(new URL('../../../schemas/', import.meta.url));
const OfficialHeader = await compileOfficial(`${schemas}vhdx_header.ksy`);
/** The official reader strips the reserved area byte by byte; without that it does no more than the others. */
const OfficialBare = await compileOfficial(`${schemas}vhdx_header.ksy`, {
  edit: (text) => text.replace(/ {4}pad-right: 0\n {4}valid:(\n {6}.*)+/, ''),
});
const OfficialEntry = await compileOfficial(`${schemas}vhdx_payload_bat_entry.ksy`).catch(() => undefined);

const header = HEADER.toBytes();

console.log(`node ${process.version}, seed ${SEED}`);
const officialHeader = readOfficial(OfficialHeader, header);
if (officialHeader['logLength'] !== 1 << 20) throw new Error('the official reader does not read the header');

report(
  'header, 4 KiB: parse',
  measure([
    { name: 'hand-written', run: () => handWritten(header) },
    { name: 'generated', run: () => VhdxHeader.fromBytes(header) },
    { name: 'official JavaScript', run: () => readOfficial(OfficialHeader, header) },
    { name: 'official, reserved area unchecked', run: () => readOfficial(OfficialBare, header) },
  ]),
  'hand-written',
);

report(
  'header, 4 KiB: parse, then use every field',
  measure([
    { name: 'hand-written', run: () => useAll(handWritten(header)) },
    { name: 'generated', run: () => useAll(VhdxHeader.fromBytes(header)) },
    { name: 'official JavaScript', run: () => readOfficial(OfficialHeader, header) },
    { name: 'official, reserved area unchecked', run: () => readOfficial(OfficialBare, header) },
  ]),
  'hand-written',
  { generated: 1 },
);

const table = randomTable(ENTRIES, SEED);
const view = new VhdxPayloadBatEntryView(table);
const data = new DataView(table.buffer);
report(
  `BAT, ${ENTRIES} entries: state and offset of each`,
  measure([
    { name: 'hand-written', units: ENTRIES, run: () => sumHandWritten(data) },
    { name: 'generated view', units: ENTRIES, run: () => sumView(view) },
  ]),
  'hand-written',
  { 'generated view': 1.3 },
);
console.log(
  OfficialEntry === undefined
    ? '  official JavaScript: does not compile the schema'
    : `  official JavaScript: ${officialEntryFault(table)}`,
);

interface HandWrittenHeader {
  checksum: number;
  sequenceNumber: bigint;
  fileWriteGuid: HandWrittenGuid;
  dataWriteGuid: HandWrittenGuid;
  logGuid: HandWrittenGuid;
  logVersion: number;
  version: number;
  logLength: number;
  logOffset: bigint;
  reserved: Uint8Array;
}

interface HandWrittenGuid {
  data1: number;
  data2: number;
  data3: number;
  data4: Uint8Array;
}

/** What one would write for this one structure, with the same checks. */
function handWritten(bytes: Uint8Array): HandWrittenHeader {
  const dataView = new DataView(bytes.buffer, bytes.byteOffset, 4096);
  if (dataView.getUint32(0, true) !== 0x64616568) throw new Error('signature');
  const version = dataView.getUint16(66, true);
  if (version !== 1) throw new Error('version');
  const logLength = dataView.getUint32(68, true);
  if (logLength % 0x100000 !== 0) throw new Error('log length');
  const logOffset = dataView.getBigUint64(72, true);
  if ((dataView.getUint32(72, true) & 0xfffff) !== 0 || (logOffset === 0n && logLength !== 0))
    throw new Error('log offset');
  return {
    checksum: dataView.getUint32(4, true),
    sequenceNumber: dataView.getBigUint64(8, true),
    fileWriteGuid: guidAt(bytes, dataView, 16),
    dataWriteGuid: guidAt(bytes, dataView, 32),
    logGuid: guidAt(bytes, dataView, 48),
    logVersion: dataView.getUint16(64, true),
    version,
    logLength,
    logOffset,
    reserved: bytes.subarray(80, 4096),
  };
}

function guidAt(bytes: Uint8Array, dataView: DataView, at: number): HandWrittenGuid {
  return {
    data1: dataView.getUint32(at, true),
    data2: dataView.getUint16(at + 4, true),
    data3: dataView.getUint16(at + 6, true),
    data4: bytes.subarray(at + 8, at + 16),
  };
}

function useAll(value: HandWrittenHeader): number {
  const guids = [value.fileWriteGuid, value.dataWriteGuid, value.logGuid];
  const sum = guids.reduce((total, { data1, data4 }) => total + data1 + data4.length, 0);
  return sum + value.checksum + value.version + value.logVersion + Number(value.sequenceNumber + value.logOffset);
}

function sumHandWritten(dataView: DataView): number {
  let sum = 0;
  for (let at = 0; at < ENTRIES * 8; at += 8) {
    const low = dataView.getUint32(at, true);
    sum += (low & 7) + dataView.getUint32(at + 4, true) * 0x1000 + (low >>> 20);
  }
  return sum;
}

function sumView(entries: VhdxPayloadBatEntryView): number {
  let sum = 0;
  for (let index = 0; index < entries.length; index++) sum += entries.state(index) + entries.fileOffsetMb(index);
  return sum;
}

function officialEntryFault(bytes: Uint8Array): string {
  if (OfficialEntry === undefined) return '';
  try {
    readOfficial(OfficialEntry, bytes.subarray(0, 8));
    return 'reads an entry';
  } catch (error) {
    return `cannot read an entry (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Entries as they occur: state 6, offsets beyond 4 GiB among them; a linear congruential generator. */
function randomTable(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count * 8);
  const entries = new VhdxPayloadBatEntryView(bytes);
  let random = seed;
  for (let index = 0; index < count; index++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    entries.set(index, { state: 6, fileOffsetMb: 1 + (random % 0x4000000) });
  }
  return bytes;
}
