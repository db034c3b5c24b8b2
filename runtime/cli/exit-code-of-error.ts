/** Apart from the codes themselves, which every run needs: this one loads the library. */
import { codes, type VhdxError } from '../index.js';
import { ExitCode } from './exit-codes.js';

/** The exit code of a check that has this finding and no worse one. */
export function exitCodeOfFinding({ code, severity }: Pick<VhdxError, 'code' | 'severity'>): ExitCode {
  // Of a source, of what is to be written, of what was asked for: no fault of an image.
  if (codes[code].rule === '') return ExitCode.COULD_NOT_RUN;
  if (severity === 'error') return code === 'VHDX_SIGNATURE_MISMATCH' ? ExitCode.NOT_VHDX : ExitCode.CORRUPT;
  return severity === 'refuse-write' ? ExitCode.NEEDS_ATTENTION : ExitCode.CLEAN;
}

/** The exit code for an image that could not be opened, or not be changed although it can be read. */
export function exitCodeOfError(error: VhdxError): ExitCode {
  // What only forbids writing is no corruption.
  return error.severity === 'error' ? exitCodeOfFinding(error) : ExitCode.COULD_NOT_RUN;
}
