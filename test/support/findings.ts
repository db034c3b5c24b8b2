import { type CheckReport, checkImage } from '../../runtime/check/check.js';
import { explainCode, type VhdxCode } from '../../runtime/rules.js';
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

/** The severities that the catalogue gives findings of a code: the usual one first. */
export function severitiesOf(code: VhdxCode): readonly string[] {
  const { severity, when } = explainCode(code);
  return [severity, ...Object.keys(when)];
}
