/** Random changes of random schemas. */
import { Random } from './random.js';

type Json = string | number | boolean | null | readonly Json[] | { [key: string]: Json };
type Keys = Record<string, Json>;

export interface Mutation {
  readonly what: string;
  readonly text: string;
}

/** `text`, which is JSON, with one thing changed: it may make no sense any more. */
export function mutate(text: string, seed: number): Mutation {
  const random = new Random(seed);
  const schema = JSON.parse(text) as Keys;
  const types = [schema, ...Object.values(record(schema['types']))].map(record);
  for (;;) {
    const change = random.pick(CHANGES);
    // The type of the whole file is the one that is surely read.
    const what = change(random, random.oneIn(3) ? random.pick(types) : schema, schema);
    if (what !== undefined) return { what, text: JSON.stringify(schema, undefined, 1) };
  }
}

const words = (value: Json | undefined): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const record = (value: Json | undefined): Keys => (value ?? {}) as Keys;
const list = (value: Json | undefined): Keys[] => (value ?? []) as Keys[];

/** Changes the schema; undefined where it has nothing of that kind. */
type Change = (random: Random, type: Keys, schema: Keys) => string | undefined;

const INTEGERS = ['u1', 's1', 'u2', 's2', 'u4', 's4', 'u8', 'u2be', 'u4le'];

const CHANGES: readonly Change[] = [
  function typeOfNumber(random, type) {
    const field = any(
      random,
      fieldsWith(type, (keys) => INTEGERS.includes(words(keys['type']))),
    );
    if (field === undefined) return undefined;
    const now = random.pick(INTEGERS.filter((name) => name !== field['type']));
    const what = `type of ${words(field['id'])}: ${words(field['type'])} → ${now}`;
    field['type'] = now;
    return what;
  },
  function orderOfBytes(_, __, schema) {
    const meta = record(schema['meta']);
    if (typeof meta['endian'] !== 'string') return undefined;
    meta['endian'] = meta['endian'] === 'le' ? 'be' : 'le';
    return 'order of bytes';
  },
  function orderOfBits(_, __, schema) {
    const meta = record(schema['meta']);
    meta['bit-endian'] = meta['bit-endian'] === 'le' ? 'be' : 'le';
    return 'order of bits';
  },
  number('size'),
  number('repeat-expr'),
  number('pos'),
  function newField(random, type) {
    const seq = list(type['seq']);
    seq.splice(1 + random.below(seq.length), 0, { id: 'put_in', type: random.pick(['u1', 'u2', 'b3']) });
    return 'new field';
  },
  function fieldGone(random, type) {
    const seq = list(type['seq']);
    const [gone] = seq.splice(random.below(seq.length), 1);
    return `${words(gone?.['id'])} gone`;
  },
  function order(random, type) {
    const seq = list(type['seq']);
    const at = random.below(Math.max(1, seq.length - 1));
    const [moved] = seq.splice(at, 1);
    if (moved !== undefined) seq.splice(at + 1, 0, moved);
    return `${words(moved?.['id'])} moved`;
  },
  function rename(random, type) {
    const field = any(
      random,
      fieldsWith(type, ({ id }) => /^f\d+$/.test(words(id))),
    );
    if (field === undefined) return undefined;
    const id = words(field['id']);
    replaceName(type, id);
    return `${id} renamed`;
  },
  function calculated(random, type) {
    const values = Object.values(record(type['instances'])).map(record);
    const value = any(
      random,
      values.filter((keys) => /^\(.* [-+*] .*\)$/.test(words(keys['value']))),
    );
    if (value === undefined) return undefined;
    value['value'] = `(${words(value['value'])}) + 1`;
    return 'calculated value';
  },
  function constraint(random, type) {
    const field = any(
      random,
      fieldsWith(type, (keys) => INTEGERS.includes(words(keys['type'])) && keys['enum'] === undefined),
    );
    if (field === undefined) return undefined;
    field['valid'] = { max: random.below(200) };
    return 'constraint';
  },
  function documentation(random, type) {
    const field = any(random, list(type['seq']));
    if (field !== undefined) field['doc'] = 'Words.';
    return 'doc';
  },
  function enumValue(_, __, schema) {
    const values = record(record(schema['enums'])['kind_of']);
    values['3'] = values['1'] ?? 'one';
    delete values['1'];
    return 'enum';
  },
  function condition(random, type) {
    const field = any(
      random,
      list(type['seq']).filter((keys) => keys['if'] !== undefined),
    );
    if (field === undefined) return undefined;
    field['if'] = `not (${words(field['if'])})`;
    return `if of ${words(field['id'])}`;
  },
  function argument(random, type) {
    const field = any(
      random,
      fieldsWith(type, (keys) => /\(\d+\)$/.test(words(keys['type']))),
    );
    if (field === undefined) return undefined;
    field['type'] = words(field['type']).replace(/\(\d+\)$/, '(77)');
    return 'argument';
  },
];

function number(key: string): Change {
  return (random, type) => {
    const field = any(
      random,
      fieldsWith(type, (keys) => typeof keys[key] === 'number'),
    );
    if (field === undefined) return undefined;
    field[key] = Number(field[key]) + 1 + random.below(2);
    return key;
  };
}

const any = (random: Random, fields: readonly Keys[]): Keys | undefined =>
  fields.length === 0 ? undefined : random.pick(fields);

function fieldsWith(type: Keys, holds: (keys: Keys) => boolean): Keys[] {
  return [...list(type['seq']), ...Object.values(record(type['instances'])).map(record)].filter(holds);
}

/** In the field, and in all expressions of its type. */
function replaceName(type: Keys, id: string): void {
  const replaced = (value: Json): Json => {
    if (typeof value === 'string') return value.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), `${id}_renamed`);
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each)]));
  };
  for (const key of ['seq', 'instances']) if (type[key] !== undefined) type[key] = replaced(type[key]);
}
