/** Opens an image file for its contents: a VHDX, or a raw image. */
import { realpath } from 'node:fs/promises';
import { VhdxDisk, VhdxError } from '../../index.js';
import { identifyContents } from '../../format.js';
import { systemPath } from '../../node.js';
import { inSentence } from '../error-report.js';
import { type ImageFormat, isVhdxName } from '../format-names.js';
import { type ImageSource, openSource } from '../sources/open-source.js';
import { pathInName } from '../sources/image-name.js';
import { type DiskCommandOptions, openDiskFile } from './open-disk.js';

/** Why a file that is no VHDX was not taken for raw, as the way out of that. */
export const TAKE_AS_RAW = '--from raw takes its bytes for those of a disk';

/**
 * True for a file that is taken as raw: neither its name nor its contents say that it is anything else. A VHDX whose
 * first bytes are lost is no raw image.
 */
async function isRaw(image: string, options: DiskCommandOptions): Promise<boolean> {
  const real = await realpath(systemPath(image)).then(String, () => image);
  if (isVhdxName(pathInName(image)) || isVhdxName(real)) return false;
  const source = await openSource(image, options);
  try {
    return (await identifyContents(source)).kind === 'raw';
  } finally {
    await source.close();
  }
}

/** `hint`: how a file that is no VHDX can be taken for raw. */
async function openVhdx(image: string, options: DiskCommandOptions, hint: string): Promise<VhdxDisk> {
  try {
    return await openDiskFile(image, options);
  } catch (error) {
    if (!(error instanceof VhdxError) || error.code !== 'VHDX_SIGNATURE_MISMATCH') throw error;
    const { code, message, fileOffset } = error;
    throw new VhdxError(code, { message: `${inSentence(message)}; ${hint}.`, fileOffset, cause: error });
  }
}

/**
 * The contents of an image file: the disk in a VHDX, or the bytes of a raw image. Where `from` does not say which of
 * them it is, name and contents do; what is neither is refused.
 *
 * @throws VhdxError as `openDiskFile`; VHDX_SIGNATURE_MISMATCH for what is no VHDX and not taken as raw
 */
export async function openContents(
  image: string,
  from: ImageFormat | undefined,
  options: DiskCommandOptions,
  hint: string = TAKE_AS_RAW,
): Promise<VhdxDisk | ImageSource> {
  const raw = from === undefined ? await isRaw(image, options) : from === 'raw';
  if (raw) return openSource(image, options);
  return from === 'vhdx' ? openDiskFile(image, options) : openVhdx(image, options, hint);
}
