/** What somebody may have meant who wrote a name that there is not: hints behind a message. */

/** Of longer names the rest makes no difference. */
const MAX_LENGTH = 64;

/** `; did you mean 'header'?`, or nothing where no name is alike. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const wanted = name.slice(0, MAX_LENGTH).toLowerCase();
  // More than a third of it misspelled is another word.
  let away = Math.floor(wanted.length / 3) + 1;
  let best: string | undefined;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - wanted.length) >= away) continue;
    const found = distance(wanted, candidate.toLowerCase());
    if (found >= away) continue;
    away = found;
    best = candidate;
  }
  return best === undefined ? '' : `; did you mean '${best}'?`;
}

/** How many letters must be put in, left out, changed or swapped to make `b` of `a`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let col = 1; col <= b.length; col += 1) {
      const same = a[row - 1] === b[col - 1] ? 0 : 1;
      const swapped = row > 1 && col > 1 && a[row - 1] === b[col - 2] && a[row - 2] === b[col - 1];
      next.push(
        Math.min(
          (last[col] ?? 0) + 1,
          (next[col - 1] ?? 0) + 1,
          (last[col - 1] ?? 0) + same,
          swapped ? (before[col - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
}

/** How other languages call the built-in types. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['byte', '`u1`'],
  ['char', '`u1` for a number, `str` with `size: 1` for a character'],
  ['bool', '`b1` for one bit, or `u1` and compare it'],
  ['boolean', '`b1` for one bit, or `u1` and compare it'],
  ['string', '`str` with `size`, or `strz` for text that ends with a zero byte'],
  ['cstring', '`strz`'],
  ['float', '`f4`'],
  ['single', '`f4`'],
  ['double', '`f8`'],
  ['word', '`u2`'],
  ['dword', '`u4`'],
  ['qword', '`u8`'],
  ['short', '`s2`'],
  ['ushort', '`u2`'],
  ['int', '`s4`'],
  ['uint', '`u4`'],
  ['integer', '`s4`'],
  ['long', '`s8` or `s4`'],
  ['ulong', '`u8` or `u4`'],
]);

/** How keys are called that are alike in meaning, not in letters. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['length', ['size']],
  ['lenght', ['size']],
  ['len', ['size']],
  ['count', ['repeat-expr']],
  ['offset', ['pos']],
  ['condition', ['if']],
  ['name', ['id', 'title']],
  ['fields', ['seq']],
  ['sequence', ['seq']],
  ['attributes', ['seq']],
  ['description', ['doc']],
  ['comment', ['doc']],
  ['endianness', ['endian']],
]);

/** As `didYouMean`, for the keys of a map of the schema. */
export function didYouMeanKey(key: string, legal: readonly string[]): string {
  const known = KEYS.get(key)?.find((meant) => legal.includes(meant));
  return known === undefined ? didYouMean(key, legal) : `; did you mean '${known}'?`;
}

/** Why a type of that name is not built in, and what to write; nothing where the name says nothing. */
export function foreignTypeHint(name: string): string {
  if (name === 'bytes') return '; bytes have no `type`: leave it out, and give `size`, `size-eos` or `terminator`';
  const known = FOREIGN.get(name.toLowerCase());
  if (known !== undefined) return `; write ${known}`;
  // `uint16`, `i32_t`, `u16le`, `int8`
  const sized = /^(u?)(?:int|i|s|u)_?(8|16|24|32|64)(?:_t)?_?(le|be)?$/i.exec(name);
  if (sized !== null) {
    const [, letter = '', bits = '', endian = ''] = sized;
    const isUnsigned = letter !== '' || /^u/i.test(name);
    if (bits === '24') return `; three bytes are \`b24${endian.toLowerCase()}\``;
    return `; write \`${isUnsigned ? 'u' : 's'}${Number(bits) / 8}${bits === '8' ? '' : endian.toLowerCase()}\``;
  }
  const odd = /^[us]([35-7])(le|be)?$/.exec(name);
  if (odd !== null)
    return `; ${odd[1]} bytes are \`b${Number(odd[1]) * 8}${odd[2] ?? ''}\`, an integer of so many bits`;
  const float = /^(?:float|f)_?(32|64)(le|be)?$/i.exec(name);
  return float === null ? '' : `; write \`f${Number(float[1]) / 8}${(float[2] ?? '').toLowerCase()}\``;
}
