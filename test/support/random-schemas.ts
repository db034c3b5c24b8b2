/** Schemas that combine what the language has, each made of a seed. All of them are accepted by the official compiler. */
import { Random } from './random.js';

type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml };
type Keys = Record<string, Yaml>;
type Kind = 'int' | 'bool' | 'str' | 'bytes' | 'enum' | 'ints' | 'strs' | 'sub' | 'subs';

/** What an expression can refer to. */
interface Member {
  readonly id: string;
  readonly kind: Kind;
  readonly isOptional: boolean;
  /** Up to 16 bits: the official JavaScript gets operators on bits right. */
  readonly isSmall?: boolean;
}

export interface RandomSchema {
  readonly id: string;
  /** JSON, which is YAML. */
  readonly text: string;
  /** Why the official JavaScript is known to read it otherwise; empty where it is right. */
  readonly faults: readonly string[];
}

/** Ids that a generator may have a use of its own for. */
const TRAPS = 'is_le i item at io value out need as view bytes options count store size on part start self init'.split(
  ' ',
);
/** Texts that look like code. */
const TEXTS = ['isLe', 'i', 'at = 1', 'this.io', 'item', "it's", '`${i}`', '', 'import', '// x', '\\'];
const ENUM = 'kind_of';

export function randomSchema(id: string, seed: number): RandomSchema {
  return new SchemaMaker(id, new Random(seed)).make();
}

class SchemaMaker {
  readonly #id: string;
  readonly #random: Random;
  readonly #faults = new Set<string>();
  readonly #subs: { readonly name: string; readonly params: readonly Kind[] }[] = [];
  #count = 0;

  constructor(id: string, random: Random) {
    this.#id = id;
    this.#random = random;
  }

  make(): RandomSchema {
    const types: Keys = {};
    for (let index = 0; index < 3; index++) {
      const params = this.#some(2, () =>
        this.#random.pick<Kind>(['int', 'bool', 'str', 'bytes', 'ints', 'enum', 'sub']),
      );
      const name = `sub${index}`;
      const handed = params.filter((kind) => kind !== 'sub' || index > 0);
      types[name] = this.#type(handed, index);
      this.#subs.push({ name, params: handed });
    }
    const schema = {
      meta: { id: this.#id, encoding: 'ASCII', ...this.#orders() },
      ...(this.#type([], 3) as Keys),
      types,
      enums: { [ENUM]: { 0: 'none', 1: 'one', 2: 'two', 65: 'a' } },
    };
    return { id: this.#id, text: JSON.stringify(schema, undefined, 1), faults: [...this.#faults] };
  }

  #orders(): Keys {
    const endian = this.#random.oneIn(3)
      ? { 'switch-on': this.#random.pick(['1', '0 + 1']), cases: { 1: 'le', _: 'be' } }
      : this.#random.pick(['le', 'be']);
    return { endian, 'bit-endian': this.#random.pick(['le', 'be']) };
  }

  #some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.#random.below(most + 1) }, make);
  }

  #newId(): string {
    this.#count += 1;
    return this.#random.oneIn(3) ? `${this.#random.pick(TRAPS)}_${this.#count}` : `f${this.#count}`;
  }

  #type(params: readonly Kind[], depth: number): Yaml {
    const known: Member[] = [];
    const names = new Set<string>();
    const fresh = (): string => {
      const trap = this.#random.oneIn(3) ? this.#random.pick(TRAPS) : undefined;
      const id = trap === undefined || names.has(trap) ? this.#newId() : trap;
      names.add(id);
      return id;
    };
    const declared = params.map((kind): Keys => {
      const id = fresh();
      // Whether it may be missing is up to whoever uses the type.
      known.push({ id, kind: kind === 'sub' ? 'bool' : kind, isOptional: true, isSmall: false });
      if (kind === 'sub') known.pop();
      return { id, type: PARAM_TYPES[kind], ...(kind === 'enum' ? { enum: ENUM } : {}) };
    });
    const first = fresh();
    const seq: Keys[] = [{ id: first, type: 'u1' }];
    known.push({ id: first, kind: 'int', isOptional: false, isSmall: true });
    const length = 2 + this.#random.below(5);
    for (let index = 0; index < length; index++) seq.push(this.#field(fresh(), known, depth, index === length - 1));
    const instances: Keys = {};
    for (let index = this.#random.below(5); index > 0; index--) {
      const id = fresh();
      instances[id] = this.#random.oneIn(2) ? this.#valueInstance(id, known) : this.#parseInstance(id, known, depth);
    }
    return {
      ...(declared.length === 0 ? {} : { params: declared }),
      seq,
      ...(Object.keys(instances).length === 0 ? {} : { instances }),
    };
  }

  #valueInstance(id: string, known: Member[]): Keys {
    const kind = this.#random.pick<Kind>(['int', 'bool', 'str', 'bytes', 'ints', 'enum']);
    const condition = this.#random.oneIn(4) ? { if: this.#bool(known, 1) } : {};
    const value = this.#expression(kind, known, 2);
    known.push({ id, kind, isOptional: true, isSmall: false });
    return { value, ...condition };
  }

  #parseInstance(id: string, known: Member[], depth: number): Keys {
    const field: Keys = this.#field(id, known, depth, false, true);
    delete field['id'];
    const io = this.#random.oneIn(3) ? { io: this.#random.pick(['_io', '_root._io']) } : {};
    return { pos: this.#random.oneIn(2) ? this.#random.below(6) : this.#size(known), ...io, ...field };
  }

  /** A field; what later expressions may use of it is added to `known`. */
  #field(id: string, known: Member[], depth: number, isLast: boolean, isInstance = false): Keys {
    const random = this.#random;
    const keys: Keys = { id };
    const condition = random.oneIn(4) ? this.#bool(known, 1) : undefined;
    const repeat = random.oneIn(3) ? random.pick(isLast ? ['expr', 'until', 'eos'] : ['expr', 'until']) : undefined;
    const inLoop = repeat === 'until' || repeat === 'eos';
    const index = repeat === undefined ? [] : [INDEX];
    const context = [...known, ...index];
    const kind = this.#content(keys, context, depth, isLast && repeat === undefined, inLoop);
    if (condition !== undefined) keys['if'] = condition;
    if (repeat !== undefined) {
      keys['repeat'] = repeat;
      if (repeat === 'expr') keys['repeat-expr'] = random.oneIn(2) ? random.below(4) : this.#size(known);
      if (repeat === 'until') {
        const item: Member = { id: '_', kind, isOptional: false };
        const usesIndex = random.oneIn(8);
        if (usesIndex) this.#faults.add('_index in repeat-until');
        const until = random.oneIn(4)
          ? random.pick(['true', `${JSON.stringify(random.pick(TEXTS))} != "x"`])
          : this.#bool([...known, ...(kind === 'subs' ? [] : [item])], 1);
        keys['repeat-until'] = `_io.eof or ${usesIndex ? '_index >= 1 or ' : ''}${until}`;
      }
    }
    const lists: Partial<Record<Kind, Kind>> = { int: 'ints', str: 'strs', sub: 'subs' };
    const whole = repeat === undefined ? kind : lists[kind];
    const isOptional = condition !== undefined || isInstance || keys['-absent'] === true;
    delete keys['-absent'];
    // The official JavaScript does not have them all.
    const isWide = repeat !== undefined && (keys['type'] === 'u8' || keys['type'] === 's8');
    if (whole !== undefined && !SWITCHED.has(keys) && !isWide)
      known.push({ id, kind: whole, isOptional, isSmall: kind === 'int' && SMALL.has(keys['type'] as string) });
    return keys;
  }

  /** Sets what a field holds. */
  #content(keys: Keys, known: readonly Member[], depth: number, isLast: boolean, inLoop: boolean): Kind {
    const random = this.#random;
    switch (random.below(10)) {
      case 0:
      case 1: {
        keys['type'] = random.pick(INTEGERS);
        this.#validInt(keys, known);
        return 'int';
      }
      case 2:
        // What is left of a byte at the end of a type is in the way of instances there.
        if (!isLast && !inLoop && random.oneIn(2)) {
          keys['type'] = random.pick(['b1', 'b1', 'b3', 'b8', 'b12', 'b17', 'b31']);
          return keys['type'] === 'b1' ? 'bool' : 'int';
        }
        if (!isLast && random.oneIn(3)) {
          keys['type'] = random.pick(['b33', 'b64', 'b65', 'b96', 'b200le', 'b0']);
          this.#faults.add('bits wider than 32');
          return 'int';
        }
        keys['type'] = random.pick(['f4', 'f8le']);
        return 'subs';
      case 3:
        keys['type'] = random.pick(['u1', 'u2', 's1', ...(isLast ? [] : ['b2'])]);
        keys['enum'] = ENUM;
        if (random.oneIn(4))
          keys['valid'] = random.pick<Yaml>([{ 'in-enum': true }, { 'any-of': [`${ENUM}::one`, `${ENUM}::a`] }]);
        return 'enum';
      case 4:
      case 5:
        keys['type'] = random.pick(['str', 'strz']);
        this.#delimited(keys, known, isLast, inLoop, keys['type'] === 'strz');
        if (random.oneIn(5))
          keys['valid'] = { expr: this.#bool([...known, { id: '_', kind: 'str', isOptional: false }], 1) };
        return 'str';
      case 6:
        if (random.oneIn(4)) {
          keys['contents'] = random.pick<Yaml>([[0], [0, 0], [1], 'isLe']);
          return 'bytes';
        }
        this.#delimited(keys, known, isLast, inLoop, false);
        this.#process(keys, known, inLoop);
        return 'bytes';
      case 7:
        return this.#switch(keys, known, depth, isLast, inLoop);
      default: {
        const used = this.#subs.slice(0, depth);
        const sub = used.length === 0 ? undefined : random.pick(used);
        if (sub === undefined) {
          keys['type'] = 'u1';
          return 'int';
        }
        keys['type'] = this.#use(sub, known);
        if (random.oneIn(3)) {
          this.#delimited(keys, known, isLast, inLoop, false);
          this.#process(keys, known, inLoop);
        }
        if (random.oneIn(5)) keys['parent'] = random.pick<Yaml>(['_root', false]);
        return 'sub';
      }
    }
  }

  #use(
    { name, params }: { readonly name: string; readonly params: readonly Kind[] },
    known: readonly Member[],
  ): string {
    const args = params.map((kind) => (kind === 'sub' ? '_root' : this.#argument(kind, known)));
    return args.length === 0 ? name : `${name}(${args.join(', ')})`;
  }

  /** Often a field as it stands, which may be absent. */
  #argument(kind: Kind, known: readonly Member[]): string {
    const whole = known.filter((member) => member.kind === kind);
    return whole.length > 0 && !this.#random.oneIn(3) ? this.#random.pick(whole).id : this.#expression(kind, known, 1);
  }

  #switch(keys: Keys, known: readonly Member[], depth: number, isLast: boolean, inLoop: boolean): Kind {
    const random = this.#random;
    const used = this.#subs.slice(0, depth).filter(({ params }) => params.length === 0);
    const simple = random.oneIn(2) ? INTEGERS : ['u1', ...used.map(({ name }) => name)];
    const kind = random.pick<Kind>(['int', 'str', 'bool', 'enum', 'bytes']);
    const matches = {
      int: ['1', '2', '0x41'],
      str: ['"a"', '"isLe"', '"b"'],
      bool: ['true', 'false'],
      enum: [`${ENUM}::one`, `${ENUM}::two`],
      bytes: ['[65]', '[0, 1]', '[66]'],
    }[kind as 'int'];
    const cases: Keys = {};
    for (const match of matches.slice(0, 1 + random.below(2))) cases[match] = random.pick(simple);
    const isTotal = inLoop || random.oneIn(2);
    if (isTotal) cases['_'] = random.pick(simple);
    keys['type'] = {
      'switch-on':
        kind === 'bool' ? `(${this.#int(known, 0)} == ${this.#int(known, 0)})` : this.#expression(kind, known, 1),
      cases,
    };
    if (random.oneIn(4)) {
      this.#delimited(keys, known, isLast, inLoop, false);
    }
    SWITCHED.add(keys);
    return 'subs';
  }

  #delimited(keys: Keys, known: readonly Member[], isLast: boolean, inLoop: boolean, isEnded: boolean): void {
    const random = this.#random;
    const form = random.below(isLast ? 4 : 3);
    if (form === 0 || inLoop) keys['size'] = 1 + random.below(5);
    else if (form === 1) keys['size'] = this.#size(known);
    else if (form === 3) keys['size-eos'] = true;
    else if (!isEnded) keys['terminator'] = random.pick([0, 0x41]);
    if (form < 2 && random.oneIn(4)) keys['pad-right'] = random.pick([0, 0x20]);
    if (random.oneIn(4)) keys['terminator'] = random.pick([0, 0x42]);
    const isOpen = keys['size'] === undefined && keys['size-eos'] === undefined;
    if (keys['terminator'] === undefined && !isEnded) return;
    if (random.oneIn(3)) keys['include'] = true;
    if (random.oneIn(3) && !inLoop) keys['consume'] = false;
    if (isOpen && random.oneIn(2)) keys['eos-error'] = false;
    if (isOpen && keys['include'] === true) this.#faults.add('include, whatever is consumed');
    if (keys['pad-right'] !== undefined) this.#faults.add('padding beside a terminator');
  }

  #process(keys: Keys, known: readonly Member[], inLoop: boolean): void {
    const random = this.#random;
    if (!random.oneIn(3)) return;
    const small = known.filter((member) => member.kind === 'int' && !member.isOptional && member.isSmall === true);
    const amount = small.length > 0 && random.oneIn(2) ? random.pick(small).id : '3';
    keys['process'] = random.pick([
      'xor(5)',
      'xor([1, 2])',
      `xor(${amount} & 127)`,
      `rol(${amount} % 8)`,
      'ror(2)',
      ...(inLoop ? [] : ['xor(_io.pos)', 'add_key(_io.pos)', `add_key(${amount})`]),
    ]);
  }

  #validInt(keys: Keys, known: readonly Member[]): void {
    const random = this.#random;
    if (!random.oneIn(6)) return;
    const item: Member = { id: '_', kind: 'int', isOptional: false };
    keys['valid'] = random.pick<() => Yaml>([
      () => 0,
      () => ({ min: 0 }),
      () => ({ max: random.oneIn(2) ? 255 : this.#int(known, 1) }),
      () => ({ 'any-of': [0, 1, 2, this.#int(known, 0)] }),
      () => ({ expr: this.#bool([...known, item], 1) }),
    ])();
  }

  /** Small and never negative. */
  #size(known: readonly Member[]): Yaml {
    const small = known.filter((member) => member.kind === 'int' && member.isSmall === true && !member.isOptional);
    if (small.length === 0 || this.#random.oneIn(3)) return this.#random.below(5);
    const { id } = this.#random.pick(small);
    return this.#random.pick([`${id} % 3`, `${id} % 4 + 1`, `(${id} == 1) ? 2 : 1`]);
  }

  #expression(kind: Kind, known: readonly Member[], depth: number): string {
    switch (kind) {
      case 'int':
        return this.#int(known, depth);
      case 'bool':
        return this.#bool(known, depth);
      case 'str':
        return this.#str(known, depth);
      case 'bytes':
        return this.#leaf(known, 'bytes') ?? this.#random.pick(['[1, 2]', '[65, 0x42]']);
      case 'enum':
        return this.#leaf(known, 'enum') ?? this.#random.pick([`${ENUM}::one`, `${ENUM}::two`]);
      default:
        return this.#leaf(known, 'ints') ?? this.#random.pick(['[1000, 2]', '[-1, 300]']);
    }
  }

  #leaf(known: readonly Member[], kind: Kind): string | undefined {
    const found = known.filter((member) => member.kind === kind);
    return found.length === 0 || this.#random.oneIn(4) ? undefined : this.#random.pick(found).id;
  }

  #int(known: readonly Member[], depth: number): string {
    const random = this.#random;
    const leaf = (): string => this.#leaf(known, 'int') ?? String(random.below(70));
    if (depth <= 0) return leaf();
    const side = (): string => this.#int(known, depth - 1);
    switch (random.below(9)) {
      case 0:
      case 1:
        return `(${side()} ${random.pick(['+', '-', '*'])} ${side()})`;
      case 2:
        return `(${side()} ${random.pick(['/', '%'])} ${1 + random.below(7)})`;
      case 3:
        return `(${this.#bool(known, depth - 1)} ? ${side()} : ${side()})`;
      case 4: {
        const list = this.#leaf(known, random.pick<Kind>(['ints', 'bytes', 'str']));
        return list === undefined
          ? leaf()
          : `${list}.${known.find(({ id }) => id === list)?.kind === 'ints' ? 'size' : 'length'}`;
      }
      case 5: {
        const list = this.#leaf(known, 'ints');
        return list === undefined
          ? leaf()
          : random.pick([`${list}[0]`, `${list}.first`, `${list}.last`, `${list}.max`]);
      }
      case 6: {
        const named = this.#leaf(known, 'enum');
        return named === undefined ? leaf() : `${named}.to_i`;
      }
      case 7:
        return random.pick(['_io.pos', '_io.size', leaf()]);
      default:
        return leaf();
    }
  }

  #bool(known: readonly Member[], depth: number): string {
    const random = this.#random;
    const leaf = (): string => this.#leaf(known, 'bool') ?? random.pick(['true', 'false', '(1 == 1)', '_io.eof']);
    if (depth <= 0) return leaf();
    const side = (): string => this.#bool(known, depth - 1);
    switch (random.below(8)) {
      case 0:
      case 1:
        return `(${this.#int(known, depth - 1)} ${random.pick(['==', '!=', '<', '<=', '>', '>='])} ${this.#int(known, depth - 1)})`;
      case 2:
        return `(${this.#str(known, depth - 1)} ${random.pick(['==', '!=', '<'])} ${this.#str(known, depth - 1)})`;
      case 3:
        return `(${side()} ${random.pick(['and', 'or'])} ${side()})`;
      case 4:
        return `(not ${side()})`;
      case 5:
        return `(${this.#expression('enum', known, 0)} ${random.pick(['==', '!='])} ${ENUM}::one)`;
      case 6:
        return `(${this.#expression('bytes', known, 0)} ${random.pick(['==', '!='])} [65, 66])`;
      default:
        return `(${side()} == ${random.pick(['true', 'false'])})`;
    }
  }

  #str(known: readonly Member[], depth: number): string {
    const random = this.#random;
    const leaf = (): string => this.#leaf(known, 'str') ?? JSON.stringify(random.pick(TEXTS)).replaceAll('$', '');
    if (depth <= 0) return leaf();
    switch (random.below(5)) {
      case 0:
        return `(${leaf()} + ${leaf()})`;
      case 1:
        return `${this.#int(known, 0)}.to_s`;
      case 2: {
        const bytes = this.#leaf(known, 'bytes');
        return bytes === undefined ? leaf() : `${bytes}.to_s("ASCII")`;
      }
      case 3:
        return `f"i{${this.#int(known, 0)}}isLe"`;
      default:
        return `(${this.#bool(known, depth - 1)} ? ${leaf()} : ${leaf()})`;
    }
  }
}

const INDEX: Member = { id: '_index', kind: 'int', isOptional: false, isSmall: true };
const INTEGERS = ['u1', 's1', 'u2', 's2be', 'u4', 's4le', 'u8', 's8'];
const SMALL: ReadonlySet<string> = new Set(['u1', 'u2', 'b3', 'b8', 'b12']);
const PARAM_TYPES: Readonly<Record<Kind, string>> = {
  int: 'u4',
  bool: 'bool',
  str: 'str',
  bytes: 'bytes',
  enum: 'u4',
  ints: 's4[]',
  strs: 'str[]',
  sub: 'struct',
  subs: 'struct[]',
};
/** Fields whose type is a switch: expressions do not use them. */
const SWITCHED = new WeakSet<Keys>();
