/** How a field is read, fact by fact, with every default filled in. */
import type { Location } from '../diagnostics.js';
import type { Expr } from '../expr/ast.js';
import { canonicalEncoding } from '../spec/encodings.js';
import type {
  CaseSpec,
  ClassSpec,
  EndianSwitchSpec,
  ExprSpec,
  Located,
  ProcessSpec,
  RepeatSpec,
  SimpleTypeSpec,
} from '../spec/model.js';
import { attrTypes } from '../types/program.js';
import { canonical, constantOf, type Place } from './expression.js';
import type { Identities } from './identity.js';
import type { ReadMember } from './member.js';
import type { Side } from './side.js';

export interface Fact {
  /** Equal where the fact is the same in both states. */
  readonly key: string;
  /** As the schema writes it. */
  readonly shown: string;
  readonly at: Location;
  /** Of an expression that always has this value. */
  readonly constant?: bigint;
  /** The type whose `meta` says it, where the field itself does not. */
  readonly by?: ClassSpec;
}

/** By what they are about, in the order in which they are told. */
export type Facts = ReadonlyMap<string, Fact>;

export function sameFact(a: Fact | undefined, b: Fact | undefined): boolean {
  return a?.key === b?.key || (a?.constant !== undefined && a.constant === b?.constant);
}

export function factsOf(side: Side, ids: Identities, member: ReadMember): Facts {
  return new FactFinder(side, ids, member).facts();
}

class FactFinder {
  readonly #side: Side;
  readonly #ids: Identities;
  readonly #member: ReadMember;
  readonly #place: Place;
  readonly #facts = new Map<string, Fact>();

  constructor(side: Side, ids: Identities, member: ReadMember) {
    this.#side = side;
    this.#ids = ids;
    this.#member = member;
    this.#place = { owner: member.owner };
  }

  facts(): Facts {
    const { attr, owner } = this.#member;
    this.#type();
    this.#orders();
    if (attrTypes(attr).some(({ kind }) => kind === 'str' || kind === 'strz')) this.#encoding();
    this.#expression('size', attr.size);
    if (attr.sizeEos) this.#text('size-eos', 'true');
    this.#delimiters();
    this.#process(attr.process);
    this.#repeat(attr.repeat);
    this.#expression('if', attr.if);
    if (this.#member.kind === 'parse') {
      this.#expression('pos', this.#member.pos);
      this.#expression('io', this.#member.io);
    }
    if (attr.parent === 'none') this.#text('parent', 'false');
    else this.#expression('parent', attr.parent, { owner });
    return this.#facts;
  }

  #text(about: string, shown: string, key: string = shown, at: Location = this.#member.at, by?: ClassSpec): void {
    this.#facts.set(about, { key, shown, at, ...(by === undefined ? {} : { by }) });
  }

  #expression(about: string, spec: ExprSpec | undefined, place: Place = this.#place): void {
    if (spec === undefined) return;
    const constant = constantOf(this.#side, spec, place);
    const fact = { key: this.#key(spec, place), shown: spec.text.trim(), at: spec.at };
    this.#facts.set(about, { ...fact, ...(constant === undefined ? {} : { constant }) });
  }

  #key(spec: ExprSpec, place: Place = this.#place): string {
    return canonical(this.#side, this.#ids, spec, place);
  }

  #type(): void {
    const { attr } = this.#member;
    if (attr.contents !== undefined) {
      this.#text('type', `contents of ${bytes(attr.contents.bytes.length)}`, undefined, attr.contents.at);
      return;
    }
    const { type } = attr;
    if (type.kind !== 'switch') {
      this.#text('type', shownType(type), this.#typeKey(type));
      this.#arguments('arguments', type);
      return;
    }
    this.#text('type', 'switch-on', undefined, type.at);
    this.#expression('switch-on', type.on);
    for (const { match, value, at } of type.cases) {
      const about = `case ${match?.text.trim() ?? '_'}`;
      this.#caseFact(about, value, at, match);
    }
    // The first of two cases that match counts: their order may matter where they are not constants.
    if (type.cases.every(({ match }) => match === undefined || isLiteral(match.expr))) return;
    const keys = type.cases.map(({ match }) => (match === undefined ? '_' : this.#key(match)));
    const shown = type.cases.map(({ match }) => match?.text.trim() ?? '_');
    this.#text('order of cases', shown.join(', '), keys.join(), type.at);
  }

  #caseFact(about: string, type: SimpleTypeSpec, at: Location, match: ExprSpec | undefined): void {
    const key = `case ${match === undefined ? '_' : this.#key(match)}`;
    const args = type.kind === 'user' ? type.args.map((arg) => this.#key(arg)).join() : '';
    this.#facts.set(key, { key: `${this.#typeKey(type)}(${args})`, shown: `${about}: ${shownType(type)}`, at });
  }

  #arguments(about: string, type: SimpleTypeSpec): void {
    if (type.kind !== 'user' || type.args.length === 0) return;
    const shown = type.args.map(({ text }) => text.trim()).join(', ');
    this.#text(about, shown, type.args.map((arg) => this.#key(arg)).join(), type.at);
  }

  #typeKey(type: SimpleTypeSpec): string {
    if (type.kind === 'user') {
      const found = this.#side.program.findType(type.name, this.#member.owner);
      return found === undefined ? `opaque ${type.name.names.join('::')}` : this.#ids.of(found);
    }
    return type.kind === 'strz' ? 'str' : shownType(type, false);
  }

  /** Orders of bytes and bits: the type's own, or what `meta` says. */
  #orders(): void {
    const { attr, owner } = this.#member;
    if (attr.contents !== undefined) return;
    for (const type of attrTypes(attr)) {
      if (type.kind === 'bits') this.#order('bit-endian', type.endian ?? owner.meta.bitEndian ?? 'be', type.endian);
      if ((type.kind === 'int' || type.kind === 'float') && type.bytes > 1)
        this.#order('endian', type.endian ?? owner.meta.endian ?? 'be', type.endian);
    }
  }

  #order(about: 'endian' | 'bit-endian', order: string | EndianSwitchSpec, own: string | undefined): void {
    const { owner, at } = this.#member;
    const place = (about === 'endian' ? owner.meta.endianAt : owner.meta.bitEndianAt) ?? at;
    const known = this.#facts.get(about);
    const by = own === undefined && place !== at ? definedBy(owner, about) : undefined;
    const key = typeof order === 'string' ? order : this.#endianKey(order);
    const shown = typeof order === 'string' ? order : `calculated from ${order.on.text.trim()}`;
    if (known === undefined || known.by !== undefined)
      this.#text(about, shown, key, own === undefined ? place : at, by);
    else if (known.key !== key) this.#text(about, `${known.shown}, ${shown}`, `${known.key}, ${key}`);
  }

  #endianKey({ on, cases }: EndianSwitchSpec): string {
    const place = { owner: definedBy(this.#member.owner, 'endian') };
    const arm = ({ match, value }: CaseSpec<string>): string =>
      `${match === undefined ? '_' : this.#key(match, place)}: ${value}`;
    return `${this.#key(on, place)} {${cases.map(arm).join()}}`;
  }

  #encoding(): void {
    const { attr, owner, at } = this.#member;
    const found: Located<string> = attr.encoding ?? owner.meta.encoding ?? { value: 'none', at };
    const by = attr.encoding === undefined ? definedBy(owner, 'encoding') : undefined;
    this.#text('encoding', found.value, canonicalEncoding(found.value) ?? found.value, found.at, by);
  }

  #delimiters(): void {
    const { attr } = this.#member;
    const isZeroEnded = attrTypes(attr).some(({ kind }) => kind === 'strz');
    const terminator = attr.terminator ?? (isZeroEnded ? Uint8Array.of(0) : undefined);
    if (terminator !== undefined) {
      this.#text('terminator', [...terminator].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' '));
      if (attr.include) this.#text('include', 'true');
      if (!attr.consume) this.#text('consume', 'false');
      if (!attr.eosError) this.#text('eos-error', 'false');
    }
    if (attr.padRight !== undefined) this.#text('pad-right', `0x${attr.padRight.toString(16).padStart(2, '0')}`);
  }

  #process(process: ProcessSpec | undefined): void {
    switch (process?.kind) {
      case undefined:
        return;
      case 'zlib':
        return this.#text('process', 'zlib', undefined, process.at);
      case 'xor':
        return this.#text('process', `xor(${process.key.text.trim()})`, `xor(${this.#key(process.key)})`, process.at);
      case 'rotate': {
        const name = process.left ? 'rol' : 'ror';
        const { amount, at } = process;
        return this.#text('process', `${name}(${amount.text.trim()})`, `${name}(${this.#key(amount)})`, at);
      }
      case 'custom': {
        const name = process.name.join('.');
        const shown = `${name}(${process.args.map(({ text }) => text.trim()).join(', ')})`;
        return this.#text('process', shown, `${name}(${process.args.map((arg) => this.#key(arg)).join()})`, process.at);
      }
    }
  }

  #repeat(repeat: RepeatSpec | undefined): void {
    if (repeat === undefined) return;
    this.#text('repeat', repeat.kind);
    if (repeat.kind === 'expr') this.#expression('repeat-expr', repeat.count);
    if (repeat.kind !== 'until') return;
    const { owner, attr } = this.#member;
    this.#expression('repeat-until', repeat.until, {
      owner,
      underscore: this.#side.program.itemType(attr, owner).type,
    });
  }
}

const isLiteral = ({ kind }: Expr): boolean => ['int', 'string', 'enum', 'bool'].includes(kind);

/** The outermost type that says what `owner` goes by. */
function definedBy(owner: ClassSpec, about: 'endian' | 'bit-endian' | 'encoding'): ClassSpec {
  const placeOf = ({ meta }: ClassSpec): unknown =>
    about === 'encoding' ? meta.encoding : about === 'endian' ? meta.endianAt : meta.bitEndianAt;
  const { outer } = owner;
  return outer !== undefined && placeOf(outer) === placeOf(owner) ? definedBy(outer, about) : owner;
}

/** A type as schemas write it, without its order of bytes. */
export function shownType(type: SimpleTypeSpec, withName = true): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 's' : 'u'}${type.bytes}`;
    case 'float':
      return `f${type.bytes}`;
    case 'bits':
      return `b${type.bits}`;
    case 'user':
      return withName ? type.name.names.join('::') : '';
    default:
      return type.kind;
  }
}

const bytes = (count: number): string => `${count} ${count === 1 ? 'byte' : 'bytes'}`;
