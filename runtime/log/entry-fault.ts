/** Why a log entry is not valid. */
import type { Violation } from '../../generated/kaitai/constraints.js';
import type { VhdxCode } from '../errors/errors.js';
import { codeOfViolation } from '../errors/findings.js';
import { violationText } from '../errors/violation-text.js';

/** Why an entry is not valid. */
export interface EntryFault {
  readonly code: VhdxCode;
  /** From the start of the entry, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** From the entry; empty for the entry itself. */
  readonly path: string;
  readonly message: string;
}

/** A broken constraint of the part `part` of an entry, which begins `offset` bytes from the start of the entry. */
export function faultOf(violation: Violation, part: string, offset = 0): EntryFault {
  const path = `${part}.${violation.path}`;
  return {
    code: codeOfViolation(violation),
    offset: offset + violation.offset,
    length: violation.length,
    path,
    message: violationText(violation, path),
  };
}
