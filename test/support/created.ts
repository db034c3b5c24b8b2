/** Images that are made in memory. */
import { checkImage } from '../../runtime/check/check.js';
import { type CreateOptions, createVhdx } from '../../runtime/create/create.js';
import { RecordingTarget } from './recording-target.js';
import { SparseSource } from './sparse-source.js';

/** Makes an image in memory, and returns its file. */
export async function made(options: CreateOptions): Promise<SparseSource> {
  const target = new RecordingTarget(new SparseSource());
  await createVhdx(target, options);
  return target.file;
}

/** What a check says of an image beyond its being clean. */
export async function faults(file: SparseSource): Promise<string[]> {
  const { verdict, findings } = await checkImage(file);
  return [verdict, ...findings.filter(({ severity }) => severity !== 'info').map(({ message }) => message)];
}
