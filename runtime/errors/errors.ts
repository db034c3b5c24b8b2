import { codes, type Severity, type VhdxCode } from './codes.js';

export { type CodeEntry, codes, SEVERITIES, type Severity, type VhdxCode } from './codes.js';

/** What is known of a fault beyond its code. */
export interface VhdxErrorDetail {
  /** What, where, expected and actual. */
  readonly message: string;
  /** Where in the file, in bytes. */
  readonly fileOffset?: number | undefined;
  /** Instead of the code's usual severity. */
  readonly severity?: Severity | undefined;
  readonly cause?: unknown;
}

/** An image, or the file that it is in, cannot be used. `code` says why and never changes its name. */
export class VhdxError extends Error {
  override readonly name = 'VhdxError';
  readonly code: VhdxCode;
  /** The rule that is broken (`B2`); empty where the fault is not in the image. */
  readonly rule: string;
  /** Section of [MS-VHDX] (`2.2.2`); empty where no section says it. */
  readonly section: string;
  /** How bad it is: of one structure that has a copy the loss of both is worse than the code usually says. */
  readonly severity: Severity;
  /** Where in the file, in bytes, if the fault has a place. */
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
