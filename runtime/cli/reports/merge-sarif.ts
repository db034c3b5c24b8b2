/** Merges SARIF logs. */
import type { SarifFile } from 'ksy-ts/reports';
import type { Harmless } from '../harmless.js';
import { UsageError } from '../usage-error.js';
import { isRecord, type Part, type ReadReport, takeShard } from './merge-parts.js';
import { sarifText } from './sarif.js';

/** A log that was read. */
export interface ReadLog {
  readonly driver: unknown;
  readonly isComplete: boolean;
  readonly parts: readonly Part<SarifFile>[];
}

function listIn(record: Readonly<Record<string, unknown>>, key: string): readonly unknown[] {
  const value = record[key];
  return Array.isArray(value) ? value : [];
}

function firstOf(record: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const [first] = listIn(record, key);
  return isRecord(first) ? first : {};
}

/** How many of the results, or of the notifications, are those of an image of a share. */
function countOf(artifact: Readonly<Record<string, unknown>>, key: 'results' | 'notifications'): number | undefined {
  const { properties } = artifact;
  const shard = isRecord(properties) ? properties['shard'] : undefined;
  const count = isRecord(shard) ? shard[key] : undefined;
  return typeof count === 'number' ? count : undefined;
}

function withoutShard(artifact: Readonly<Record<string, unknown>>): Part<unknown> {
  const { properties, ...rest } = artifact;
  const { position, of, value } = takeShard(isRecord(properties) ? properties : {});
  return { position, of, value: { ...rest, ...(Object.keys(value).length === 0 ? {} : { properties: value }) } };
}

/** @throws UsageError for a log that `vhdx check` has not written */
export function partsOfLog({ name, text }: ReadReport): ReadLog {
  const value: unknown = JSON.parse(text);
  const run = firstOf(isRecord(value) ? value : {}, 'runs');
  const { tool } = run;
  const driver = isRecord(tool) ? tool['driver'] : undefined;
  if (!isRecord(driver) || driver['name'] !== 'vhdx') throw new UsageError(`${name} is no report of vhdx check`);
  const invocation = firstOf(run, 'invocations');
  const artifacts = listIn(run, 'artifacts').filter(isRecord);
  const isComplete = invocation['executionSuccessful'] === true;
  let results = listIn(run, 'results');
  let notifications = listIn(invocation, 'toolExecutionNotifications');
  const parts = artifacts.map((artifact, index): Part<SarifFile> => {
    // A log that is no share's is one part: all is with its first image.
    const isFirst = index === 0;
    const own = countOf(artifact, 'results') ?? (isFirst ? results.length : 0);
    const said = countOf(artifact, 'notifications') ?? (isFirst ? notifications.length : 0);
    const { position, of, value: bare } = withoutShard(artifact);
    const image = { artifact: bare, results: results.slice(0, own), notifications: notifications.slice(0, said) };
    results = results.slice(own);
    notifications = notifications.slice(said);
    return { position, of, value: image };
  });
  if (results.length + notifications.length > 0)
    throw new UsageError(`${name} has results that are of none of its images`);
  return { driver, isComplete, parts };
}

/** The log with these images. @throws UsageError if the logs are of different versions */
export function joinLogs(logs: readonly ReadLog[], images: readonly SarifFile[]): Harmless {
  const [first] = logs;
  const versions = new Set(logs.map(({ driver }) => JSON.stringify(driver)));
  if (versions.size > 1) throw new UsageError('the reports are of different versions of vhdx');
  return sarifText(
    first?.driver,
    images,
    logs.every(({ isComplete }) => isComplete),
  );
}
