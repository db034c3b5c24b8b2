/** The checker's pass over the BAT: rules I, and those of the log and the metadata that need the BAT. */
import { type BatSurvey, surveyBat, type SurveyedImage } from '../image/bat-survey.js';
import { finding, FindingTally, type Report } from '../errors/findings.js';
import { DESCRIPTOR_SIZE } from '../log/layout.js';
import type { LogPatch } from '../log/replay-plan.js';
import type { OwnershipMap } from '../image/mib-ownership.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { countText, hex, MIB, sizeText } from '../base/units.js';
import { judgeShiftedEntries } from './shifted-entries.js';

/** D20: the log is for metadata; a target inside of a payload block is none of its business. */
function judgeTargets(patches: readonly LogPatch[], owners: OwnershipMap, report: Report): void {
  const tally = new FindingTally(report);
  // Ranges of terabytes, which only a hostile log has, are looked at in part.
  let budget = 2 ** 22;
  for (const { position, length, descriptor, kind } of patches) {
    const first = Math.floor(position / MIB);
    const end = Math.min(Math.ceil((position + length) / MIB), first + budget);
    budget -= end - first;
    for (let unit = first; unit < end; unit += 1) {
      if (!owners.isClaimed(unit)) continue;
      tally.add('VHDX_LOG_TARGET_PAYLOAD', () => ({
        ...descriptor,
        length: DESCRIPTOR_SIZE,
        message: `The ${kind} descriptor ${descriptor.path} at ${hex(descriptor.fileOffset)} writes ${length} bytes at ${hex(position)}, in the payload block that has the MiB at ${hex(unit * MIB)}.`,
      }));
      break;
    }
  }
  tally.flush();
}

/** G6, J3: what a fixed disk should be like. */
function judgeFixed({ bat, view }: SurveyedImage, survey: BatSurvey, report: Report): void {
  const { judge, unallocated, firstOutOfOrder } = survey;
  const { payloadBlocks, blockSize } = bat.geometry;
  const { count, first } = unallocated;
  if (count > 0) {
    const short =
      view.size < payloadBlocks * blockSize ? ` The file of ${sizeText(view.size)} cannot hold the disk.` : '';
    report(
      finding('VHDX_FIXED_NOT_ALLOCATED', {
        ...judge.at(first),
        message: `${countText(count, 'block')} of the ${payloadBlocks} of this fixed disk ${count === 1 ? 'has' : 'have'} no storage, the first of them ${judge.title(first)}.${short}`,
      }),
    );
  }
  // Blocks without storage are no matter of order.
  if (firstOutOfOrder === -1 || count > 0) return;
  report(
    finding('VHDX_FIXED_NOT_CONTIGUOUS', {
      ...judge.at(firstOutOfOrder),
      message: `The storage of this fixed disk is not one ascending run: it is interrupted at ${judge.title(firstOutOfOrder)}.`,
    }),
  );
}

/** I3, for entries of the last chunk of a differencing disk. */
function reportStray({ bat }: SurveyedImage, { judge, stray }: BatSurvey, report: Report): void {
  if (stray === -1) return;
  report(
    finding('VHDX_BAT_UNUSED_NONZERO', {
      ...judge.at(stray),
      message: `${judge.title(stray)} is not zero, although the disk has only ${bat.geometry.payloadBlocks} blocks; it is ignored.`,
    }),
  );
}

/**
 * Judges the BAT: what `surveyBat` finds, and beside that I3, I18 (QEMU issue 727), D20 (of the log's pending writes, `patches`), G6 and J3.
 */
export async function checkBat(
  image: SurveyedImage,
  patches: readonly LogPatch[],
  report: Report,
  options: SourceReadOptions = {},
): Promise<BatSurvey> {
  const survey = await surveyBat(image, report, {
    signal: options.signal,
    onBlocks: (owners) => judgeTargets(patches, owners, report),
  });
  if (image.disk.type === 'fixed') judgeFixed(image, survey, report);
  reportStray(image, survey, report);
  await judgeShiftedEntries(image, survey, report, options);
  return survey;
}
