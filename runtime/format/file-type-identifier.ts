/** The file type identifier: signature and creator. [MS-VHDX] 2.2.1 */
import { VhdxFileTypeIdentifier } from '../../generated/index.js';
import { bytesEqual } from '../base/bytes.js';
import { finding, type Report } from '../errors/findings.js';
import { reportReserved } from './reserved-bytes.js';
import { decodeUtf16, isWellFormed, untilNul } from '../base/utf16.js';

/** Bytes that decide whether a file is a VHDX. [MS-VHDX] 2.2.1 */
export const SIGNATURE_LENGTH = 8;

const SIGNATURE = new TextEncoder().encode('vhdxfile');
const PATH = 'file_type_identifier';

/** True if the file that begins with `bytes` says that it is a VHDX. */
export function hasSignature(bytes: Uint8Array): boolean {
  return bytesEqual(bytes.subarray(0, SIGNATURE_LENGTH), SIGNATURE);
}

/**
 * Judges the first 64 KiB of the file, whose signature has been checked, and returns the creator's name. Nothing else
 * may depend on that name. [MS-VHDX] 2.2.1
 */
export function readFileTypeIdentifier(slot: Uint8Array, report: Report): string {
  const identifier = VhdxFileTypeIdentifier.fromBytes(slot);
  const creator = untilNul(decodeUtf16(identifier.creator));
  if (!isWellFormed(creator)) {
    report(
      finding('VHDX_CREATOR_MALFORMED', {
        fileOffset: SIGNATURE_LENGTH,
        length: identifier.creator.length,
        path: `${PATH}.creator`,
        message: 'The creator at 0x8 is not well-formed UTF-16: a surrogate stands alone.',
      }),
    );
  }
  const rest = slot.subarray(VhdxFileTypeIdentifier.SIZE);
  const place = { fileOffset: VhdxFileTypeIdentifier.SIZE, path: PATH };
  reportReserved('VHDX_IDENTIFIER_RESERVED_NONZERO', rest, place, 'the file type identifier', report);
  return creator;
}
