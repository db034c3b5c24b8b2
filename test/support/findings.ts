import { type CheckReport, checkImage } from '../../runtime/check/check.js';
import type { Finding } from '../../runtime/findings.js';
import type { ByteSource } from '../../runtime/source.js';
import type { TestImage } from './image-builder.js';

export function check(image: TestImage | ByteSource): Promise<CheckReport> {
  return checkImage('source' in image ? image.source : image);
}

/** A finding in short: `B2 error`. */
export function brief({ rule, severity }: Finding): string {
  return `${rule} ${severity}`;
}
