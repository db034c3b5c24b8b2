/** The error that the library throws, with its code. */
import { codes, type Severity, type VhdxCode } from './codes.js';

export { codes, SEVERITIES, type Severity, type VhdxCode } from './codes.js';

/** Details of a fault beyond its code. */
export interface VhdxErrorDetail {
  /** Description: fault, location, expected and actual value. */
  readonly message: string;
  /** File offset of the fault in bytes. */
  readonly fileOffset?: number | undefined;
  /** Instead of the code's usual severity. */
  readonly severity?: Severity | undefined;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/** An image or its file cannot be used. `code` names the reason and is never renamed. */
export class VhdxError extends Error {
  /** Always `VhdxError`. */
  override readonly name = 'VhdxError';
  /** Code of the fault; never renamed. */
  readonly code: VhdxCode;
  /** The rule that is broken (`B2`); empty where the fault is not in the image. */
  readonly rule: string;
  /** Section of [MS-VHDX] (`2.2.2`); empty if there is none. */
  readonly section: string;
  /**
   * Severity of this fault, which can be worse than the usual one of its code: the loss of both copies of a structure.
   */
  readonly severity: Severity;
  /** File offset of the fault in bytes, if it has one. */
  readonly fileOffset: number | undefined;

  constructor(code: VhdxCode, detail: VhdxErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.rule = codes[code].rule;
    this.section = codes[code].section;
    this.severity = detail.severity ?? codes[code].severity;
    this.fileOffset = detail.fileOffset;
  }
}

/** Whether the bytes of a file could not be had, which says nothing of the image in it. */
export function isSourceError({ code }: Pick<VhdxError, 'code'>): boolean {
  return codes[code].group === 'sources';
}
