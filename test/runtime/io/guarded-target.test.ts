import { describe, expect, test } from 'vitest';
import { VhdxError } from '../../../runtime/errors/errors.js';
import { GuardedTarget } from '../../../runtime/io/guarded-target.js';
import { codeOf, reasonOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { SparseSource } from '../../support/sparse-source.js';

const BYTES = Uint8Array.of(1, 2, 3);
/** Every kind of change, by the name of its method. */
const CHANGES = {
  write: (target: GuardedTarget) => target.write(BYTES, 0),
  truncate: (target: GuardedTarget) => target.truncate(100),
  flush: (target: GuardedTarget) => target.flush(),
  writePayload: (target: GuardedTarget) => target.writePayload(BYTES, 0),
  extend: (target: GuardedTarget) => target.extend(100),
} as const;
const NAMES = Object.keys(CHANGES) as (keyof typeof CHANGES)[];
/** Those after which the structures of the file are as sound as before, if there was no room. */
const HARMLESS_WHEN_FULL: readonly string[] = ['writePayload', 'extend'];

/** A target whose first operation fails so. */
function failingOnce(fault: Error): { recording: RecordingTarget; target: GuardedTarget } {
  let left: Error | undefined = fault;
  const recording = new RecordingTarget(new SparseSource(10), () => {
    const now = left;
    left = undefined;
    if (now !== undefined) throw now;
  });
  return { recording, target: new GuardedTarget(recording) };
}

describe.each(NAMES)('%s', (name) => {
  const change = CHANGES[name];

  test('the target does it → done, and still sound', async () => {
    const recording = new RecordingTarget(new SparseSource(10));
    const target = new GuardedTarget(recording);
    await change(target);
    expect(recording.operations).toHaveLength(1);
    expect(target.isFaulty).toBe(false);
    target.requireSound();
  });

  test('the target fails → that fault, and after it VHDX_DISK_POISONED for every change', async () => {
    const fault = new VhdxError('VHDX_TARGET_IO', { message: 'the cable is out' });
    const { recording, target } = failingOnce(fault);
    expect(await reasonOf(change(target))).toBe(fault);
    expect(target.isFaulty).toBe(true);
    for (const next of NAMES) {
      expect(await codeOf(CHANGES[next](target))).toBe('VHDX_DISK_POISONED');
    }
    expect(recording.operations).toEqual([]);
    expect(await reasonOf(target.flush())).toMatchObject({ cause: fault });
  });

  test('no room → the end, unless it is payload or growth', async () => {
    const fault = new VhdxError('VHDX_TARGET_FULL', { message: 'no space is left' });
    const { target } = failingOnce(fault);
    expect(await reasonOf(change(target))).toBe(fault);
    expect(target.isFaulty).toBe(!HARMLESS_WHEN_FULL.includes(name));
    expect(await codeOf(change(target))).toBe(target.isFaulty ? 'VHDX_DISK_POISONED' : 'done');
  });

  test('a fault that is no VhdxError → the end, with that as the cause', async () => {
    const fault = new TypeError('a mistake');
    const { target } = failingOnce(fault);
    expect(await reasonOf(change(target))).toBe(fault);
    expect(await reasonOf(change(target))).toMatchObject({ code: 'VHDX_DISK_POISONED', cause: fault });
  });
});

test('poison → the first fault stays the cause; what is no error becomes one', async () => {
  const target = new GuardedTarget(new RecordingTarget(new SparseSource(10)));
  target.poison('something');
  target.poison(new Error('later'));
  const reason = await reasonOf(target.flush());
  expect(reason).toMatchObject({ code: 'VHDX_DISK_POISONED', cause: { cause: 'something' } });
});

test('reading, size, path, identity → the target’s, also after a fault', async () => {
  const file = new SparseSource(10);
  file.write(BYTES, 4);
  const recording = Object.assign(new RecordingTarget(file), { path: '/disk.vhdx', identity: '1:2' });
  const target = new GuardedTarget(recording);
  target.poison(new Error('broken'));
  const into = new Uint8Array(3);
  expect(await target.read(into, 4)).toBe(3);
  expect(into).toEqual(BYTES);
  expect([target.size, target.path, target.identity]).toEqual([10, '/disk.vhdx', '1:2']);
});

test('close → closes the target, if it can be closed', async () => {
  let closed = 0;
  const closable = Object.assign(new RecordingTarget(new SparseSource()), {
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
  });
  await new GuardedTarget(closable).close();
  await new GuardedTarget(new RecordingTarget(new SparseSource())).close();
  expect(closed).toBe(1);
});
