/** GUIDs: as fields, as text, and those that VHDX defines. */
/** The parts of a GUID as they are stored: three little-endian numbers and eight bytes. [MS-DTYP] 2.3.4.2 */
export interface GuidFields {
  /** 32 bits. */
  readonly data1: number;
  /** 16 bits. */
  readonly data2: number;
  /** 16 bits. */
  readonly data3: number;
  /** 8 bytes. */
  readonly data4: Uint8Array;
}

const TEXT = /^(?:\{([^{}]+)\}|([^{}]+))$/;
const DIGITS = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

function digits(value: number, count: number): string {
  return value.toString(16).padStart(count, '0');
}

/** Lower-case text without braces: `2dc27766-f623-4200-9d64-115e9bfd4a08`. */
export function formatGuid(guid: GuidFields): string {
  const { data1, data2, data3, data4 } = guid;
  // Nearly all of an image's are those of the specification, and asked for again and again.
  const known = KNOWN.get(data1);
  if (known !== undefined && guidsEqual(known.guid, guid)) return known.text;
  let tail = '';
  for (const byte of data4) tail += digits(byte, 2);
  return `${digits(data1, 8)}-${digits(data2, 4)}-${digits(data3, 4)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The GUID that `text` writes, with or without braces and in any case, or `undefined` if it writes none. */
export function tryParseGuid(text: string): GuidFields | undefined {
  const braces = TEXT.exec(text);
  const parts = DIGITS.exec(braces?.[1] ?? braces?.[2] ?? '');
  if (parts === null) return undefined;
  const [, data1 = '', data2 = '', data3 = '', data4 = '', node = ''] = parts;
  const tail = data4 + node;
  return {
    data1: Number.parseInt(data1, 16),
    data2: Number.parseInt(data2, 16),
    data3: Number.parseInt(data3, 16),
    data4: Uint8Array.from({ length: 8 }, (_, index) => Number.parseInt(tail.slice(index * 2, index * 2 + 2), 16)),
  };
}

/**
 * The GUID that `text` writes, with or without braces and in any case.
 *
 * @throws TypeError if it writes none.
 */
export function parseGuid(text: string): GuidFields {
  const guid = tryParseGuid(text);
  if (guid === undefined) throw new TypeError(`not a GUID: ${JSON.stringify(text)}`);
  return guid;
}

/** Whether two GUIDs are the same. */
export function guidsEqual(one: GuidFields, other: GuidFields): boolean {
  if (one.data1 !== other.data1 || one.data2 !== other.data2 || one.data3 !== other.data3) return false;
  const { data4 } = one;
  for (let at = 0; at < data4.length; at += 1) if (data4[at] !== other.data4[at]) return false;
  return true;
}

/** True for the all-zero GUID, which VHDX uses as "none". [MS-VHDX] 2.2.2 */
export function isZeroGuid(guid: GuidFields): boolean {
  return guid.data1 === 0 && guid.data2 === 0 && guid.data3 === 0 && guid.data4.every((byte) => byte === 0);
}

/** The GUIDs that have a meaning in a VHDX file, as `formatGuid` writes them. */
export const GUIDS = {
  /** The zero GUID. */
  zero: '00000000-0000-0000-0000-000000000000',
  /** [MS-VHDX] 2.2.3.2 */
  batRegion: '2dc27766-f623-4200-9d64-115e9bfd4a08',
  /** [MS-VHDX] 2.2.3.2 */
  metadataRegion: '8b7ca206-4790-4b9a-b8fe-575f050f886e',
  /** [MS-VHDX] 2.6.2 */
  fileParameters: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b',
  /** [MS-VHDX] 2.6.2 */
  virtualDiskSize: '2fa54224-cd1b-4876-b211-5dbed83bf4b8',
  /** [MS-VHDX] 2.6.2 */
  virtualDiskId: 'beca12ab-b2e6-4523-93ef-c309e000c746',
  /** [MS-VHDX] 2.6.2 */
  logicalSectorSize: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
  /** [MS-VHDX] 2.6.2 */
  physicalSectorSize: 'cda348c7-445d-4471-9cc9-e9885251c556',
  /** [MS-VHDX] 2.6.2 */
  parentLocator: 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c',
  /** [MS-VHDX] 2.6.2.6.3 */
  vhdxParentLocator: 'b04aefb7-d19e-4a81-b789-25b8e9445913',
  /** Not in the specification: the disk's cylinders, heads and sectors; known from OpenVMM. */
  chsParameters: 'da02d7bc-3d3a-423c-ac88-2a36ab21479b',
  /** Not in the specification: labels of persistent memory; known from OpenVMM. */
  pmemLabelStorage: '10e1ae8a-4b7e-4169-a40f-cd70de928393',
  /** Not in the specification: the creation of the file has not been finished; known from OpenVMM. */
  incompleteFile: '71cc85f0-1b69-4e28-9558-c3bf83ae75d3',
  /** Not in the specification: a note of the hosting company HyperOne. */
  hyperOne: '76c39310-d201-4e90-92ec-59d85640b187',
} as const;

/** Those GUIDs by their first part. */
const KNOWN: ReadonlyMap<number, { readonly guid: GuidFields; readonly text: string }> = new Map(
  Object.values(GUIDS).map((text) => {
    const guid = parseGuid(text);
    return [guid.data1, { guid, text }];
  }),
);
