/** What is wrong with a file by its schema: broken constraints, and what cannot be read at all. */
import type { TreeFault, Violation } from 'ksy-ts/runtime';
import type { Severity } from '../reports/index.js';
import { plain } from './json.js';
import type { LoadedSchema } from './load.js';
import { readFile, walk, type WalkOptions } from './walk.js';

export interface Finding {
  /** `-rule` of the constraint; otherwise the kind of constraint (`min`), or the error of reading (`EofError`). */
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  /** In bytes from the start of the file. */
  readonly offset: number | undefined;
  readonly length: number | undefined;
  readonly section: string | undefined;
  /** As JSON has them. */
  readonly expected: unknown;
  readonly actual: unknown;
  readonly message: string;
}

export interface FileReport {
  readonly file: string;
  /** Why the file could not be opened. */
  readonly trouble: string | undefined;
  readonly findings: readonly Finding[];
  /** Findings that are not listed. */
  readonly more: number;
}

/** Findings of one file that are listed; a long list of broken elements says the same again and again. */
const MOST_FINDINGS = 1000;

/** Reads all of a file, instances included. */
export function validate(
  schema: LoadedSchema,
  file: string,
  bytes: Uint8Array,
  options: Pick<WalkOptions, 'params' | 'limits'>,
): FileReport {
  const findings: Finding[] = [];
  let more = 0;
  const add = (finding: Finding): void => {
    if (findings.length < MOST_FINDINGS) findings.push(finding);
    else more += 1;
  };
  const reading = readFile(schema, bytes, { ...options, onViolation: (violation) => add(ofViolation(violation)) });
  // What several instances run into is one finding.
  const faults = new Set<string>();
  const fail = (fault: TreeFault): void => {
    const key = `${fault.kind} ${fault.path} ${fault.offset}`;
    if (!faults.has(key)) add(ofFault(fault));
    faults.add(key);
  };
  if (reading.fault !== undefined) fail(reading.fault);
  for (const { fault, kind } of walk(schema, reading, options)) {
    // An expression over what this file does not have (an optional field) is no fault of the file, and one over what
    // could not be read follows from another finding.
    const hasNoValue = fault?.kind === 'ExpressionError' && (kind === 'value' || reading.fault !== undefined);
    if (fault !== undefined && !hasNoValue) fail(fault);
  }
  return { file, trouble: undefined, findings, more };
}

function ofViolation(violation: Violation): Finding {
  const { rule, constraint, severity, path, offset, length, section, message } = violation;
  const [expected, actual] = [plain(violation.expected), plain(violation.actual)];
  return { rule: rule ?? constraint, severity, path, offset, length, section, expected, actual, message };
}

function ofFault({ kind, path, offset, expected, message }: TreeFault): Finding {
  const severity = 'error';
  return {
    rule: kind,
    severity,
    path,
    offset,
    length: undefined,
    section: undefined,
    expected,
    actual: undefined,
    message,
  };
}
