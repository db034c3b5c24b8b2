/** The text that `vhdx info` prints. */
import { type LogSummary, type VhdxInfo } from '../../index.js';
import { excerpt } from '../../base/excerpt.js';
import { type Harmless, joined, shown, type Value } from '../harmless.js';
import type { HostFile } from './info-json.js';
import type { Paint } from '../output.js';
import { countText, exactSizeText, hex, roundedSizeText } from '../text.js';
import { countsText, paintedVerdict } from '../reports/verdict-text.js';

/** A line of the description: a label, and what is said under it. */
type Row = readonly [label: string, value: Value];

const REGIONS = { bat: 'BAT', metadata: 'metadata' } as const;

/** Log descriptors that are shown; `--json` has more. */
const SHOWN_DESCRIPTORS = 8;

function logRows(log: LogSummary): Row[] {
  const place = log.length === 0 ? 'none' : `${roundedSizeText(log.length)} at ${hex(log.fileOffset)}`;
  const { sequence } = log;
  if (sequence === undefined) return [['log', `${place}, ${log.state}`]];
  const size = `${countText(sequence.entryCount, 'entry', 'entries')}, ${countText(sequence.descriptorCount, 'descriptor')}`;
  const rows: Row[] = [['log', `${place}, ${log.state}: ${size} to replay (log GUID ${log.guid})`]];
  let listed = 0;
  for (const entry of sequence.entries) {
    if (listed >= SHOWN_DESCRIPTORS) break;
    rows.push([
      '',
      `entry at ${hex(entry.fileOffset)}, sequence number ${entry.sequenceNumber}, ${roundedSizeText(entry.length)}`,
    ]);
    for (const { kind, descriptorOffset, fileOffset, length, target } of entry.descriptors) {
      if (listed >= SHOWN_DESCRIPTORS) break;
      const where = target === undefined ? '' : ` (${target})`;
      rows.push([
        '',
        `  ${kind} descriptor at ${hex(descriptorOffset)}: ${roundedSizeText(length)} to ${hex(fileOffset)}${where}`,
      ]);
      listed += 1;
    }
  }
  const rest = sequence.descriptorCount - listed;
  if (rest > 0) rows.push(['', `and ${countText(rest, 'more descriptor')}`]);
  return rows;
}

function blocksText({ blocks, bat, blockSize }: VhdxInfo): string {
  const kinds: readonly (readonly [number, string])[] = [
    [blocks.fullyPresent, 'fully present'],
    [blocks.partiallyPresent, 'partially present'],
    [blocks.notPresent, 'not present'],
    [blocks.zero, 'zero'],
    [blocks.unmapped, 'unmapped'],
    [blocks.undefined, 'undefined'],
    [blocks.reserved, 'in a reserved state'],
  ];
  const states = kinds.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  const size = roundedSizeText(blocks.allocated * blockSize);
  return `${blocks.allocated} of ${bat.payloadBlocks} allocated (${size}): ${states.join(', ')}`;
}

function parentRows({ parent }: VhdxInfo): Row[] {
  if (parent === undefined) return [];
  const entries = parent.entries.map(({ key, value }): Row => ['', `${excerpt(key)} = ${excerpt(value)}`]);
  return [['parent', `locator type ${parent.typeGuid}`], ...entries];
}

/** Findings that are listed; `vhdx check` has more. */
const LISTED_FINDINGS = 3;

/** What the findings come to, and those that decide it. */
function verdictRows({ verdict, counts, findings }: VhdxInfo, paint: Paint): Row[] {
  const title = shown`${paintedVerdict(verdict, paint)}, ${countsText(counts)}`;
  const decisive = (['error', 'refuse-write'] as const).flatMap((severity) =>
    findings.filter((found) => found.severity === severity),
  );
  const listed = decisive.slice(0, LISTED_FINDINGS);
  return [
    ['verdict', findings.length > listed.length ? shown`${title} (vhdx check lists them)` : title],
    ...listed.map(({ code, message }): Row => ['', shown`${code}: ${excerpt(message)}`]),
  ];
}

function rowsOf(info: VhdxInfo, { filename, allocatedSize }: HostFile, paint: Paint): Row[] {
  const { header, bat } = info;
  const host = allocatedSize === undefined ? '' : `, ${roundedSizeText(allocatedSize)} on the host`;
  const regions = info.regions.map(({ name, guid, fileOffset, length, required }): Row => {
    const title = name === 'unknown' ? `${guid} (unknown, ${required ? 'required' : 'optional'})` : REGIONS[name];
    return ['', `${title}: ${roundedSizeText(length)} at ${hex(fileOffset)}`];
  });
  const bitmaps = `${countText(bat.sectorBitmapBlocks, 'sector bitmap block')}, chunk ratio ${bat.chunkRatio}`;
  return [
    ['image', filename],
    ['format', `VHDX, ${info.type}`],
    ['virtual size', exactSizeText(info.virtualSize)],
    ['file size', `${exactSizeText(info.fileSize)}${host}`],
    ['block size', roundedSizeText(info.blockSize)],
    ['sector size', `${info.logicalSectorSize} bytes logical, ${info.physicalSectorSize} bytes physical`],
    ['blocks', blocksText(info)],
    ['creator', info.creator === '' ? '(none)' : info.creator],
    ['virtual disk ID', info.virtualDiskId],
    ['file write GUID', info.fileWriteGuid],
    ['data write GUID', info.dataWriteGuid],
    [
      'header',
      `${header.current === 0 ? 'first' : 'second'} copy, at ${hex(header.fileOffset)}, sequence number ${header.sequenceNumber}`,
    ],
    ...logRows(info.log),
    ['BAT', `${countText(bat.entries, 'entry', 'entries')} at ${hex(bat.fileOffset)}, ${bitmaps}`],
    ...regions.map(([, value], index): Row => [index === 0 ? 'regions' : '', value]),
    ...parentRows(info),
    ...verdictRows(info, paint),
  ];
}

/** The description of an image for people; ends with a newline. */
export function infoText(info: VhdxInfo, host: HostFile, paint: Paint): Harmless {
  const rows = rowsOf(info, host, paint);
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  const lines = rows.map(([label, value]) => {
    const title = label === '' ? '' : `${label}:`;
    return shown`${paint('bold', title)}${' '.repeat(width - title.length)}${value}`;
  });
  return shown`${joined(lines, '\n')}\n`;
}
