import type { WritableDisk } from '../../runtime/write/writable-disk.js';
import { type DiskModel, stamp } from './disk-model.js';

/** Something that is done to a disk. Positions and lengths are bytes of the disk. */
export type Step =
  | { readonly kind: 'read' | 'write' | 'discard'; readonly position: number; readonly length: number }
  | { readonly kind: 'flush' }
  /** All of them at once. */
  | { readonly kind: 'together'; readonly steps: readonly Step[] }
  /** A step that is asked for so many turns of the host later: in the middle of what is under way. */
  | { readonly kind: 'later'; readonly turns: number; readonly step: Step };

/**
 * Does a step to a disk and to its model. Writes leave stamps.
 *
 * @throws Error if a read shows what no order of the other steps explains
 */
export async function perform(disk: WritableDisk, model: DiskModel, step: Step): Promise<void> {
  switch (step.kind) {
    case 'together':
      await Promise.all(step.steps.map((each) => perform(disk, model, each)));
      return;
    case 'later':
      for (let turn = 0; turn < step.turns; turn += 1) await Promise.resolve();
      await perform(disk, model, step.step);
      return;
    case 'flush': {
      const begun = model.clock.tick();
      await disk.flush();
      model.flushed(begun);
      return;
    }
    case 'read': {
      const { position, length } = step;
      const begun = model.clock.tick();
      const bytes = new Uint8Array(length);
      await disk.read(bytes, position);
      const fault = model.judgeRead(bytes, position, begun);
      if (fault !== undefined) throw new Error(`a read of ${length} bytes at ${position}: ${fault}`);
      return;
    }
    case 'write':
    case 'discard': {
      const { kind, position, length } = step;
      const change = model.begin(kind, position, length);
      if (kind === 'discard') await disk.discard(position, length);
      else await disk.write(stamp(new Uint8Array(length), position, change.value), position);
      model.end(change);
    }
  }
}
