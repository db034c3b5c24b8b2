import { type CheckReport, checkImage } from '../../runtime/check/check.js';
import type { Finding } from '../../runtime/errors/findings.js';
import type { ByteSource } from '../../runtime/io/byte-source.js';
import type { TestImage } from './image-builder.js';

export function check(image: TestImage | ByteSource): Promise<CheckReport> {
  return checkImage('source' in image ? image.source : image);
}

/** A finding in short: `B2 error`. */
export function brief({ rule, severity }: Finding): string {
  return `${rule} ${severity}`;
}
