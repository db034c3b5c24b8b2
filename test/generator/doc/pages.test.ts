/** What the pages say of structures; a schema's layout as the official compiler's graphs have it. */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { documentation, type DocFormat } from '../../../generator/src/doc/pages.js';

const SCHEMAS = join(import.meta.dirname, '../../../schemas');

function pageOf(schema: string, format: DocFormat = 'markdown'): string {
  const { files } = documentation({ files: ['a.ksy'], importer: { read: () => schema }, format });
  return files.find(({ path }) => /^a\.(?:md|html)$/.test(path))?.content ?? '';
}

/** Rows of the table under a heading, by the name in them: cells by column, without markup. */
function tableOf(page: string, heading: string, level = '#+'): Map<string, Record<string, string>> {
  const [, table = ''] = new RegExp(`^${level} ${heading}\n\n((?:\\|.*\n)+)`, 'm').exec(page) ?? [];
  const [head = [], , ...rows] = table
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(2, -2).split(' | ').map(plain));
  return new Map(
    rows.map((cells) => {
      const row = Object.fromEntries(head.map((name, index) => [name, cells[index] ?? '']));
      return [row['Name']?.split(' / ')[0] ?? '', row];
    }),
  );
}

function plain(cell: string): string {
  return cell
    .replaceAll(/<a id="[^"]*"><\/a>|[`\\]/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('<br>', ' / ')
    .trim();
}

const HEAD = 'meta: {id: a, endian: le, encoding: UTF-8}\n';

describe('offsets and sizes', () => {
  const places = (seq: string, rest = ''): (readonly [string, string])[] =>
    [...tableOf(pageOf(`${HEAD}seq:\n${seq}\n${rest}`), 'Fields').values()].map((row) => [
      row['Offset'] ?? '',
      row['Size'] ?? '',
    ]);

  test('fixed fields → numbers, longer ones in hexadecimal too', () => {
    expect(places('- {id: x, type: u4}\n- {id: y, size: 0x10 * 2}\n- {id: z, type: u1}')).toEqual([
      ['0', '4'],
      ['4', '32'],
      ['36 / 0x24', '1'],
    ]);
  });

  test('behind a list → an expression; what adds up to a number is one', () => {
    const seq = '- {id: n, type: u1}\n- {id: l, type: u2, repeat: expr, repeat-expr: n}\n- {id: p, size: 510 - 2 * n}';
    expect(places(`${seq}\n- {id: z, type: u1}`)).toEqual([
      ['0', '1'],
      ['1', '2 * n'],
      ['1 + 2 * n', '510 - 2 * n'],
      ['511 / 0x1ff', '1'],
    ]);
  });

  test('behind what ends where the file says → after it', () => {
    expect(
      places('- {id: s, type: strz}\n- {id: x, type: u2}\n- {id: y, type: u1}\n- {id: r, size-eos: true}'),
    ).toEqual([
      ['0', 'to its terminator'],
      ['after s', '2'],
      ['after s + 2', '1'],
      ['after s + 3', 'to the end'],
    ]);
  });

  test('a condition → an expression that has it', () => {
    expect(places('- {id: f, type: b1}\n- {id: x, type: u4, if: f}\n- {id: y, type: u1}')).toEqual([
      ['0 / bit 0', '1 bit'],
      ['1', '4'],
      ['1 + (f ? 4 : 0)', '1'],
    ]);
  });

  test('a size that depends on the element → what follows stands after it', () => {
    const seq = '- {id: l, size: _index + 1, repeat: expr, repeat-expr: 3}\n- {id: x, type: u1}';
    expect(places(seq)).toEqual([
      ['0', '_index + 1 each'],
      ['after l', '1'],
    ]);
  });

  test('a long sum → what follows stands after the field before', () => {
    const sizes = Array.from({ length: 8 }, (_, index) => `- {id: n${index}, type: u1}`);
    const fields = Array.from({ length: 8 }, (_, index) => `- {id: f${index}, size: n${index}}`);
    const offsets = places([...sizes, ...fields].join('\n')).map(([offset]) => offset);
    expect(offsets.slice(13)).toEqual(['8 + n0 + n1 + n2 + n3 + n4', '8 + n0 + n1 + n2 + n3 + n4 + n5', 'after f6']);
  });

  test('bit fields → their bits, counted within their bytes', () => {
    expect(places('- {id: a, type: b3}\n- {id: b, type: b13}\n- {id: x, type: u1}')).toEqual([
      ['0 / bits 0 to 2', '3 bits'],
      ['0 / bits 3 to 15', '13 bits'],
      ['2', '1'],
    ]);
  });

  test('a chain of 2,000 types, types that contain themselves → no overflow', () => {
    const types = Array.from({ length: 2000 }, (_, i) => `  t${i}: {seq: [{id: x, type: t${i + 1}}]}`).join('\n');
    expect(places('- {id: x, type: t0}', `types:\n${types}\n  t2000: {seq: [{id: y, type: u4}]}`)).toEqual([
      ['0', '4'],
    ]);
    expect(places('- {id: x, type: t}', 'types: {t: {seq: [{id: y, type: t}]}}')).toEqual([['0', 'varies']]);
  });
});

describe('tables', () => {
  const page = pageOf(`
meta: {id: a, title: Thing, license: MIT, endian: be, encoding: ASCII}
doc: What it is.
doc-ref: '[SPEC] 1'
params:
  - {id: depth, type: u4, doc: How deep.}
seq:
  - {id: magic, -orig-id: MAGIC, contents: [AB, 0x0d], -rule: R1, doc-ref: '[SPEC] 1.1'}
  - {id: kind, type: u2, enum: kind, valid: {in-enum: true, -rule: R2, -severity: warning}}
  - {id: num, type: u1, valid: {min: 1, max: 0x7f}}
  - {id: name, size: 8, type: strz, encoding: UTF-16LE, pad-right: 0x20, if: num > 3}
  - {id: body, type: {switch-on: kind, cases: {'kind::one': part(num), _: u4}}, repeat: until, repeat-until: _io.eof}
instances:
  far: {pos: 0x100 + num, io: _root._io, size: 4, process: xor(0x5f), doc: Elsewhere.}
  twice: {value: num * 2}
  near: {pos: 0, type: u1, valid: {any-of: [2, 0x10]}}
types:
  part: {doc: A part., params: [{id: n, type: u1}], seq: [{id: x, size: n}]}
enums:
  kind: {0x0001: {id: one, doc: The first., -orig-id: KIND_ONE}, 0b10: two}
`);

  test('fields → type with order of bytes, encoding, condition, repetition; constraints with rules', () => {
    const fields = tableOf(page, 'Fields');
    expect([...fields.keys()]).toEqual(['magic', 'kind', 'num', 'name', 'body']);
    expect(fields.get('magic')).toMatchObject({
      Name: 'magic / MAGIC',
      Constraints: '= 41 42 0d (R1)',
      Section: '[SPEC] 1.1',
    });
    expect(fields.get('kind')).toMatchObject({ Type: 'u2be kind', Constraints: 'a value of kind (R2, warning)' });
    expect(fields.get('num')?.['Constraints']).toBe('1 to 0x7f');
    expect(fields.get('name')?.['Type']).toBe(
      'strz / if num > 3 / UTF-16LE / ends at 00 / padded with 20 on the right',
    );
    expect(fields.get('body')?.['Type']).toBe(
      'by kind: / kind::one: part (num) / otherwise: u4be / repeated until _io.eof',
    );
  });

  test('instances and parameters → tables of their own', () => {
    expect(tableOf(page, 'Instances').get('far')).toMatchObject({
      Position: '0x100 + num / in _root._io',
      Size: '4',
      Type: 'bytes / processed: xor(0x5f)',
      Description: 'Elsewhere.',
    });
    expect(tableOf(page, 'Calculated values').get('twice')).toMatchObject({
      Type: 'integer',
      Value: 'num * 2',
    });
    expect(tableOf(page, 'Instances').get('near')?.['Constraints']).toBe('one of 2, 0x10');
    expect(tableOf(page, 'Parameters').get('depth')).toMatchObject({ Type: 'u4be', Description: 'How deep.' });
  });

  test('enums → values as the schema writes them', () => {
    const values = tableOf(page, 'Enum `kind`');
    expect(values.get('one')).toEqual({ Value: '0x0001', Name: 'one / KIND_ONE', Description: 'The first.' });
    expect(values.get('two')?.['Value']).toBe('0b10');
  });

  test('links → to types, enums and fields, by anchors made of ids', () => {
    for (const anchor of ['a', 'a.num', 'a.far', 'a.depth', 'a-part', 'a-part.x', 'a--kind', 'a--kind.one'])
      expect(page).toContain(`<a id="${anchor}"></a>`);
    expect(page).toContain('[`part`](#a-part)');
    expect(page).toContain('Used by [`a.body`](#a.body)');
  });
});

describe('several schemas', () => {
  const texts: Record<string, string> = {
    'a.ksy':
      'meta: {id: a, imports: [b, readme, index]}\nseq: [{id: x, type: b}, {id: y, type: readme}, {id: z, type: index}]',
    'b.ksy': 'meta: {id: b, title: Bee}\nseq: [{id: x, type: u1, enum: e}]\nenums: {e: {1: one}}',
    'readme.ksy': 'meta: {id: readme}\nseq: [{id: x, type: u1}]',
    'index.ksy': 'meta: {id: index}\nseq: [{id: x, type: u1}]',
  };
  const made = (format: DocFormat): Map<string, string> =>
    new Map(
      documentation({ files: ['a.ksy'], importer: { read: (path) => texts[path] }, format }).files.map((file) => [
        file.path,
        file.content,
      ]),
    );

  test('imports → pages too, links between them, an index that no schema is mistaken for', () => {
    const markdown = made('markdown');
    expect([...markdown.keys()].filter((path) => path.endsWith('.md'))).toEqual([
      'README.md',
      'a.md',
      'b.md',
      'index-schema.md',
      'readme-schema.md',
    ]);
    expect(markdown.get('a.md')).toContain('[`b`](b.md#b)');
    expect(markdown.get('b.md')).toContain('Used by [`a.x`](a.md#a.x)');
    expect(markdown.get('README.md')).toContain('| [`b`](b.md) | Bee | 1 |');
    const html = made('html');
    expect([...html.keys()]).toEqual(['a.html', 'b.html', 'index-schema.html', 'index.html', 'readme-schema.html']);
    expect(html.get('index.html')).toContain('<a href="b.html"><code>b</code></a>');
  });

  test('one schema → no index', () => {
    const { files } = documentation({ files: ['b.ksy'], importer: { read: (path) => texts[path] }, format: 'html' });
    expect(files.map(({ path }) => path)).toEqual(['b.html']);
  });
});

describe('the official compiler', () => {
  interface Compiler {
    compile(
      language: string,
      schema: unknown,
      importer: { importYaml(name: string): Promise<unknown> },
      debug: boolean,
    ): Promise<Record<string, string>>;
  }
  const compiler = createRequire(import.meta.url)('kaitai-struct-compiler') as Compiler;
  const read = (name: string): unknown => parse(readFileSync(join(SCHEMAS, `${name}.ksy`), 'utf8'));
  const ids = readdirSync(SCHEMAS)
    .filter((name) => name.endsWith('.ksy'))
    .map((name) => name.replace('.ksy', ''));

  test.each(ids)('%s → its graph has the same offsets, and the sizes that it knows', async (id) => {
    const graphs = await compiler.compile('graphviz', read(id), { importYaml: async (name) => read(name) }, false);
    const graph = graphs[`${id}.dot`] ?? '';
    const [, own = ''] = new RegExp(`${id}__seq \\[label=<([^]*?)>\\];`).exec(graph) ?? [];
    const rows = [...own.matchAll(/PORT="(\w+)_pos">([^<]*)<\/TD><TD PORT="\w+_size">([^<]*)</g)];
    const { files } = documentation({
      files: [`${id}.ksy`],
      importer: { read: (path) => readFileSync(join(SCHEMAS, path), 'utf8') },
      format: 'markdown',
    });
    const fields = tableOf(files.find(({ path }) => path === `${id}.md`)?.content ?? '', 'Fields', '##');
    expect(rows.map(([, name]) => name)).toEqual([...fields.keys()]);
    for (const [, name = '', position = '', size = ''] of rows) {
      const { Offset = '', Size = '', Type = '' } = fields.get(name) ?? {};
      // A field that begins within a byte has `0:3`.
      const [byte, bit = '0'] = position.split(':');
      const firstBit = Number(/bits? (\d+)/.exec(Offset)?.[1] ?? 0);
      const place = [Number.parseInt(Offset, 10) + Math.floor(firstBit / 8), firstBit % 8];
      if (position !== '...') expect([name, ...place]).toEqual([name, Number(byte), Number(bit)]);
      // That of one element, where there are several.
      if (/^\d+$/.test(size) && !Type.includes('repeated')) expect([name, Size]).toEqual([name, size]);
    }
  });
});
