/** What a row of the mutation matrix is, and small tools to write one. */
import { checkImage, type CheckReport } from '../../../../runtime/check/check.js';
import type { Severity } from '../../../../runtime/errors/codes.js';
import { type ImageSpec, KIB, MIB, type TestImage } from '../../../support/image-builder.js';

/** An image to be checked. */
export interface Sample {
  readonly what: string;
  readonly spec?: ImageSpec;
  readonly damage?: (image: TestImage) => void;
  /** How it is checked, where that is not `checkImage`. */
  readonly report?: (image: TestImage) => Promise<CheckReport>;
}

/** An image next to a broken one that keeps the rule, and all that is found in it. */
export interface NearMiss extends Sample {
  readonly finds?: readonly string[];
}

/** An image that breaks a rule. The expectations are those of the table of rules and of the specification. */
export interface MatrixCase extends Sample {
  readonly rule: string;
  /** The rule that it is reported under, where a more specific one says the same. */
  readonly reportedAs?: string;
  readonly severity: Severity;
  /** Section of [MS-VHDX]; empty where no section says it. */
  readonly section: string;
  /** The bytes of the file, from the first up to but not including the second, in which the finding begins. */
  readonly within: readonly [number, number];
  /** What else has to be found, because it follows: `A7 info`. */
  readonly implies?: readonly string[];
  /** At least one case of each rule has one. */
  readonly near?: NearMiss;
}

/** Where the builder puts the structures of an image with a log of 1 MiB. */
export const LOG: number = MIB;
export const BAT: number = 2 * MIB;
export const METADATA: number = 3 * MIB;
export const ITEMS: number = METADATA + 64 * KIB;
export const DATA: number = 4 * MIB;

export const HEADER_1: number = 64 * KIB;
export const HEADER_2: number = 128 * KIB;
export const TABLE_1: number = 192 * KIB;
export const TABLE_2: number = 256 * KIB;

export const UNKNOWN = 'deadbeef-0000-4000-8000-000000000001';
export const OTHER = 'deadbeef-0000-4000-8000-000000000002';

/** The range of `length` bytes from `start` on. */
export function bytes(start: number, length: number): readonly [number, number] {
  return [start, start + length];
}

/** The range of BAT entry `index`. */
export function entry(index: number): readonly [number, number] {
  return bytes(BAT + 8 * index, 8);
}

export function u32(value: number): Uint8Array {
  const made = new Uint8Array(4);
  new DataView(made.buffer).setUint32(0, value, true);
  return made;
}

export function u64(value: bigint): Uint8Array {
  const made = new Uint8Array(8);
  new DataView(made.buffer).setBigUint64(0, value, true);
  return made;
}

/** What a check of the sample says. */
export function reportOf(
  { spec, damage, report }: Sample,
  build: (spec?: ImageSpec) => TestImage,
): Promise<CheckReport> {
  const image = build(spec);
  damage?.(image);
  return report === undefined ? checkImage(image.source) : report(image);
}
