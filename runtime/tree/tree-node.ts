/** Nodes of the tree, their JSON form, and the selection of a part of it. */
import { type ListRange, PathSelection } from '../../generated/kaitai/tree-path.js';

/** Value of a field: numbers, flags, GUIDs and strings as such, anything else as its bytes. */
export type TreeValue = number | bigint | boolean | string | Uint8Array;

/** A structure of an image, or one of its fields. */
export interface TreeNode {
  /** `headers[1].checksum`, as findings name it. */
  readonly path: string;
  /** First byte in the file, after the log's replay. */
  readonly fileOffset: number;
  /** Length in bytes. */
  readonly length: number;
  /** `structure`: its fields follow, those of an old log entry only if it is asked for. `range`: several BAT entries. `omitted`: more elements, which are not listed. */
  readonly kind: 'structure' | 'field' | 'range' | 'omitted';
  /** As the schema writes it: `u4`, `vhdx_guid`. */
  readonly type: string;
  /** Value of a field; `undefined` for a structure. */
  readonly value?: TreeValue;
  /** Remark on the structure or field. */
  readonly note?: string;
  /** Its bytes; of a structure none, of a range those of the first entry. */
  readonly bytes?: Uint8Array;
  /** The specification's own spelling. */
  readonly origId?: string;
  /** `[MS-VHDX] 2.2.2` */
  readonly section?: string;
}

function hexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function valueForm(value: TreeValue): Exclude<TreeValue, bigint | Uint8Array> {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? hexDigits(value) : value;
}

/** A node as JSON has it: bytes as hexadecimal digits, 64-bit fields as decimal strings, however small they are. */
export function nodeForm(node: TreeNode): unknown {
  const { value, bytes } = node;
  return {
    ...node,
    ...(value === undefined ? {} : { value: valueForm(value) }),
    ...(bytes === undefined ? {} : { bytes: hexDigits(bytes) }),
  };
}

/** `bat[100..200]`: the first entry and the last, which belongs to it. */
const BAT_RANGE = /^bat\[(\d+)\.\.(\d+)\]$/;

/** See `TreeOptions`. */
export interface SelectionOptions {
  readonly path?: string | undefined;
  readonly at?: number | undefined;
  readonly allocated?: boolean | undefined;
}

/** Which part of an image is asked for: all of it, what is at or below a path, or what a byte of the file belongs to. */
export class Selection extends PathSelection {
  /** The byte of the file. */
  readonly at: number | undefined;
  /** Of BAT entries those with storage alone. */
  readonly allocated: boolean;

  constructor({ path = '', at, allocated = false }: SelectionOptions = {}) {
    super(path);
    this.at = at;
    this.allocated = allocated;
  }

  /** Whether a list is to be cut where it becomes too long to look through. */
  get isCut(): boolean {
    return this.at === undefined;
  }

  /** Whether something of `length` bytes at `fileOffset` is asked for, if its path is. */
  covers(fileOffset: number, length: number): boolean {
    return this.at === undefined || (fileOffset <= this.at && this.at < fileOffset + length);
  }

  /** The same of a structure at `fileOffset`, with offsets that count from there. */
  from(fileOffset: number): Selection {
    const { path, at, allocated } = this;
    return new Selection({ path, at: at === undefined ? undefined : at - fileOffset, allocated });
  }

  /** The BAT entries that are asked for as a range, both inclusive. */
  get batRange(): ListRange | undefined {
    return BAT_RANGE.test(this.path) ? this.rangeOf('bat') : undefined;
  }
}
