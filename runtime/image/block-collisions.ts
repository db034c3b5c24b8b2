/** Finds out which blocks share storage. */
import type { Bat } from '../format/bat.js';
import type { BatExtent } from '../format/bat-extents.js';
import { isIndeterminate, isPresent, SectorBitmapState } from '../format/bat-states.js';
import { type BatJudge, sharedUnitText } from './bat-judge.js';
import type { VhdxCode } from '../errors/errors.js';
import type { FindingTally } from '../errors/findings.js';
import { LIMITS } from '../base/limits.js';
import type { SourceReadOptions } from '../io/byte-source.js';

/** A block that shares a MiB with another whose entry has yet to be found. */
interface Collision {
  readonly code: VhdxCode;
  readonly index: number;
  readonly unit: number;
}

/** Blocks that share storage. The map of owners says that a MiB is taken, not by whom: that is looked up at the end. */
export class BlockCollisions {
  readonly #bat: Bat;
  readonly #judge: BatJudge;
  readonly #tally: FindingTally;
  readonly #collisions: Collision[] = [];
  /** How many there are of each code, those that are not kept included. */
  readonly #counts = new Map<VhdxCode, number>();

  constructor(bat: Bat, judge: BatJudge, tally: FindingTally) {
    this.#bat = bat;
    this.#judge = judge;
    this.#tally = tally;
  }

  /** Notes that entry `index` has the MiB `unit`, which another has. Of the first ones only the entry is kept. */
  note(code: VhdxCode, index: number, unit: number): void {
    const count = this.#counts.get(code) ?? 0;
    this.#counts.set(code, count + 1);
    if (count < LIMITS.findingsPerGroup) this.#collisions.push({ code, index, unit });
  }

  /** Reports what was noted, with the other party. Reads the BAT again if there is anything. */
  async name(options?: SourceReadOptions): Promise<void> {
    if (this.#collisions.length === 0) return;
    const others = await this.#findOwners(options);
    for (const collision of this.#collisions) {
      const { code, index, unit } = collision;
      const other = others.get(collision);
      const party = other === undefined ? 'another block' : this.#judge.title(other);
      const message = `${this.#judge.title(index)} shares ${sharedUnitText(unit)} with ${party}.`;
      this.#tally.add(code, () => ({ ...this.#judge.at(index), message }));
    }
    for (const [code, count] of this.#counts) {
      this.#tally.more(code, Math.max(0, count - LIMITS.findingsPerGroup));
    }
  }

  /** For each collision the first other entry that has the MiB. */
  async #findOwners(options?: SourceReadOptions): Promise<Map<Collision, number>> {
    const found = new Map<Collision, number>();
    // Entries may be millions: those that have been found are not looked for again.
    let open: readonly Collision[] = this.#collisions;
    for await (const extents of this.#bat.extents(options)) {
      while (extents.next()) {
        const { fileOffsetMb: place, count, units } = extents;
        if (place === 0 || !isOwner(extents)) continue;
        if (!open.some(({ unit }) => unit >= place && unit < place + count * units)) continue;
        open = open.filter((collision) => {
          const step = Math.floor((collision.unit - place) / units);
          const own = extents.index + step;
          if (step < 0 || step >= count || own === collision.index) return true;
          found.set(collision, own);
          return false;
        });
      }
      if (open.length === 0) break;
    }
    return found;
  }
}

/** True for entries whose places are in the map of owners. */
function isOwner({ kind, state }: BatExtent): boolean {
  if (kind === 'unused') return false;
  return kind === 'bitmap' ? state === SectorBitmapState.PRESENT : isPresent(state) || isIndeterminate(state);
}
