/** The lines that `vhdx tree` prints for a node. */
import { fieldRow, furtherRows, type HexWords } from '../../../generated/kaitai/hex-view.js';
import { type Finding, type Severity, type TreeNode } from '../../index.js';
import { excerpt } from '../../base/excerpt.js';
import { ascii, type Harmless, shown } from '../harmless.js';
import type { Paint, Style } from '../output.js';
import { countText, hex } from '../text.js';

const STYLES: Readonly<Record<Severity, Style>> = {
  error: 'red',
  'refuse-write': 'yellow',
  warning: 'cyan',
  info: 'dim',
};

/** How text of an image is written. */
const WORDS: HexWords = {
  quoted: (text) => (/^[0-9a-f-]{36}$/.test(text) ? text : JSON.stringify(excerpt(text))),
  ascii,
};

/** The lines of a node. `whole`: all of its bytes are wanted. */
export function* nodeLines(node: TreeNode, whole: boolean, paint: Paint): Generator<Harmless> {
  const { path, fileOffset, length, kind, bytes = new Uint8Array(0) } = node;
  if (kind === 'structure') {
    const note = node.note === undefined ? '' : shown`: ${node.note}`;
    yield shown`${paint('bold', path)} at ${hex(fileOffset)}, ${countText(length, 'byte')}${note}\n`;
    return;
  }
  if (kind === 'omitted') {
    yield shown`… ${node.note ?? ''} (${path})\n`;
    return;
  }
  yield shown`${fieldRow({ ...node, bytes, offset: fileOffset }, WORDS)}\n`;
  if (whole && kind === 'field') for (const row of furtherRows(fileOffset, bytes, WORDS)) yield shown`${row}\n`;
}

/** A finding under what it is about. */
export function markLine({ severity, rule, code, message }: Finding, paint: Paint): Harmless {
  return shown`${paint(STYLES[severity], `^^ ${severity} ${rule} ${code}: ${message}`)}\n`;
}
