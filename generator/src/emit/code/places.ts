/**
 * Which place of a schema printed code comes from. The text passes through ts-morph, which lays it out: marks in it, comments
 * that nothing else can print because they have a control character, hold the places until it is complete.
 */
import type { Location } from '../../diagnostics.js';

/** From here on, up to the next one, code comes from `at`; undefined where no place of the schema has it. */
export interface CodePlace {
  /** Line and column of the text, both from 0. */
  readonly line: number;
  readonly column: number;
  readonly at: Location | undefined;
}

/** What text of a schema cannot have where it is printed. */
const SIGN = '\u0001';
const MARK = new RegExp(String.raw`/\*${SIGN}(\d+)\*/`, 'g');

export class Marks {
  readonly #places: (Location | undefined)[] = [];
  readonly #numbers = new Map<Location | undefined, number>();

  /** The mark of where code begins that comes from `at`: the same one for the same place. */
  mark(at: Location | undefined): string {
    const number = this.#numbers.get(at) ?? this.#places.push(at) - 1;
    this.#numbers.set(at, number);
    return `/*${SIGN}${number}*/`;
  }

  /** The text without marks, and what they said. */
  takenOut(marked: string): { readonly text: string; readonly places: readonly CodePlace[] } {
    const places: CodePlace[] = [];
    const lines = marked.split('\n').map((line, index) => {
      let taken = 0;
      return line.replaceAll(MARK, (mark, number: string, offset: number) => {
        places.push({ line: index, column: offset - taken, at: this.#places[Number(number)] });
        taken += mark.length;
        return '';
      });
    });
    return { text: lines.join('\n'), places };
  }
}
