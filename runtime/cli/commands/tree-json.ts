/** `vhdx tree --json`: a node of the tree as JSON. */
import type { Finding, TreeNode } from '../../index.js';

/** Bytes of a field that JSON has, unless it is the only one that is asked for. */
const JSON_BYTES = 64;

/** A node as `--json` has it. `whole`: with all of its bytes. */
export function nodeJson(node: TreeNode, findings: readonly Finding[], whole: boolean): unknown {
  const { path, fileOffset, length, kind, type, value, note, bytes, origId, section } = node;
  const limit = whole ? length : JSON_BYTES;
  return {
    path,
    fileOffset,
    length,
    kind,
    type,
    // Beyond 2^53 a number of JSON is not exact in most readers.
    ...(value === undefined || value instanceof Uint8Array
      ? {}
      : { value: typeof value === 'bigint' ? value.toString() : value }),
    ...(bytes === undefined ? {} : { bytes: Buffer.from(bytes.subarray(0, limit)).toString('hex') }),
    ...(note === undefined ? {} : { note }),
    ...(origId === undefined ? {} : { origId }),
    ...(section === undefined ? {} : { section }),
    ...(findings.length === 0
      ? {}
      : { findings: findings.map(({ rule, code, severity, message }) => ({ rule, code, severity, message })) }),
  };
}
