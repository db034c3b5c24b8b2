/** Texts of `vhdx map --at` and `--virtual`: what a byte belongs to, and where it is. */
import {
  type BlockLocation,
  type FileLocation,
  type SectorBit,
  type VirtualLevel,
  type VirtualLocation,
} from '../../index.js';
import { PayloadState, SectorBitmapState } from '../../format.js';
import { type Harmless, joined, shown } from '../harmless.js';
import type { Paint } from '../output.js';
import { countText, hex } from '../text.js';
import { nodeLines } from './tree-text.js';

function stateName(kind: BlockLocation['kind'], state: number | undefined): string {
  const states = kind === 'payload' ? PayloadState : SectorBitmapState;
  const [name = 'reserved'] = Object.entries(states).find(([, each]) => each === state) ?? [];
  return `${name} (${state})`;
}

function bitText({ fileOffset, bit, isSet, batIndex }: SectorBit): Harmless {
  const meaning = isSet ? 'set: the sector is in this file' : 'clear: the sector is in the parent';
  return shown`  sector bitmap: bit ${bit} of the byte at ${hex(fileOffset)} (bat[${batIndex}]), ${meaning}\n`;
}

function* blockLines(block: BlockLocation, at: number, paint: Paint): Generator<Harmless> {
  const { kind, number, batIndex, batEntryOffset, state, fileOffset, length, isInUse, sectorBit } = block;
  const title = kind === 'payload' ? `Block ${number}` : `Sector bitmap block ${number}`;
  const former = isInUse ? '' : ', former contents: the byte is not in use';
  yield shown`${paint('bold', title)}, ${stateName(kind, state)}, at ${hex(fileOffset)} to ${hex(fileOffset + length)}${former}\n`;
  yield shown`  byte ${hex(at - fileOffset)} of it; BAT entry bat[${batIndex}] at ${hex(batEntryOffset)}\n`;
  const { virtualOffset, virtualLength = 1 } = block;
  if (virtualOffset === undefined) yield shown`  past the end of the virtual disk\n`;
  else if (kind === 'payload') yield shown`  virtual offset ${hex(virtualOffset)}\n`;
  else
    yield shown`  the bits of the sectors at virtual offsets ${hex(virtualOffset)} to ${hex(virtualOffset + virtualLength)}\n`;
  if (sectorBit !== undefined) yield bitText(sectorBit);
}

/** What a byte of the file belongs to, for people. */
export function fileLocationText(location: FileLocation, paint: Paint): Harmless {
  const { fileOffset, fileSize, kind, structure, nodes, blocks, blockCount } = location;
  const lines: Harmless[] = [];
  const where =
    structure === undefined
      ? {
          structure: '',
          block: 'in the storage of a block',
          free: 'free: no structure and no block has it',
          outside: '',
        }[kind]
      : `in ${structure.title} (${hex(structure.fileOffset)} to ${hex(structure.fileOffset + structure.length)})`;
  const outside = kind === 'outside' ? `past the end of the file at ${hex(fileSize)}` : '';
  const words = [outside, where].filter((each) => each !== '').join(', ');
  lines.push(shown`File offset ${hex(fileOffset)}: ${words}\n`);
  if (structure !== undefined && nodes.length === 0) lines.push(shown`  none of its fields has the byte\n`);
  for (const node of nodes) lines.push(...nodeLines(node, false, paint));
  if (blockCount > (structure === undefined ? 1 : 0)) {
    const also = structure === undefined ? 'several blocks' : countText(blockCount, 'block');
    lines.push(shown`${paint('red', `In the storage of ${also}: see vhdx check`)}\n`);
  }
  for (const block of blocks) lines.push(...blockLines(block, fileOffset, paint));
  if (blockCount > blocks.length) lines.push(shown`… and ${blockCount - blocks.length} more blocks\n`);
  return joined(lines);
}

function* levelLines(level: VirtualLevel, name: string, paint: Paint): Generator<Harmless> {
  const { depth, kind, block, offsetInBlock = 0, batIndex, batEntryOffset = 0, state } = level;
  yield shown`${paint('bold', depth === 0 ? 'Image' : `Parent ${depth}`)}: ${name}\n`;
  if (kind === 'outside') {
    yield shown`  past the end of this disk: a zero\n`;
    return;
  }
  yield shown`  byte ${hex(offsetInBlock)} of block ${block ?? 0}, ${stateName('payload', state)}; BAT entry bat[${batIndex ?? 0}] at ${hex(batEntryOffset)}\n`;
  if (level.sectorBit !== undefined) yield bitText(level.sectorBit);
  if (level.unreadable !== undefined) yield shown`  ${paint('red', `cannot be read: ${level.unreadable.message}`)}\n`;
  else if (level.fileOffset !== undefined) yield shown`  file offset ${hex(level.fileOffset)}\n`;
  else yield shown`  ${kind === 'parent' ? 'left to the parent' : 'a zero, without storage'}\n`;
}

/** Where a byte of the virtual disk is, for people. `names`: the files of the levels. */
export function virtualLocationText(
  { virtualOffset, levels }: VirtualLocation,
  names: readonly string[],
  paint: Paint,
): Harmless {
  const lines = [shown`Virtual offset ${hex(virtualOffset)}\n`];
  for (const [depth, level] of levels.entries()) lines.push(...levelLines(level, names[depth] ?? '', paint));
  return joined(lines);
}
