/**
 * `npm run bench:formats`: many formats, read by generated TypeScript and by the official compiler's JavaScript, in
 * alternating rounds. With arguments, only the formats whose titles contain one of them.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sandbox as SandboxClass } from '../../generator/src/suite/sandbox.js';
import type { generate as generateFormats } from '../../generator/src/suite/run-formats.js';
import { compileOfficial, readOfficial, type OfficialStruct } from '../support/official.js';
import * as files from './format-files.js';
import { type Contender, measure, median } from './harness.js';
import { FORMATS, result, section } from './results.js';

/** Compiled, this file stands in `dist/test/bench`. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const formats = fileURLToPath(new URL('../../../../shared/formats/', import.meta.url));
const suite = `${root}generator/dist/suite/`;
const { Sandbox } = (await import(`${suite}sandbox.js`)) as { Sandbox: typeof SandboxClass };
const { generate } = (await import(`${suite}run-formats.js`)) as { generate: typeof generateFormats };

/** How many times as fast as the official JavaScript each format should be read, and half of them. */
const EACH = 1.5;
const HALF = 2.5;

type Tree = Record<string, unknown>;

interface Subject {
  readonly title: string;
  readonly schema: string;
  readonly className: string;
  /** Undefined where this machine has no such file. */
  readonly bytes: Uint8Array | undefined;
  /** Makes a reader do what it puts off, so that both do the same. */
  readonly use?: (tree: Tree) => unknown;
  /** Asks for everything that only the official reader makes when it reads, such as views of bytes: shown beside, without a goal. */
  readonly views?: (tree: Tree) => unknown;
}

const of = (tree: unknown, name: string): unknown => (tree as Tree)[name];
const list = (tree: unknown, name: string): readonly unknown[] => of(tree, name) as readonly unknown[];
/** Some properties of each of a list. */
const each = (items: readonly unknown[], ...names: readonly string[]): unknown =>
  items.map((item) => names.map((name) => of(item, name)));

const subjects: readonly Subject[] = [
  { title: 'PNG: chunks', schema: `${root}test/bench/png_chunks.ksy`, className: 'PngChunks', bytes: files.png() },
  {
    title: 'GIF: many parts',
    schema: `${root}test/generator/roundtrip/gif_file.ksy`,
    className: 'GifFile',
    bytes: files.gif(),
    views: ({ blocks }) =>
      (blocks as readonly unknown[]).map((block) => each(list(of(block, 'body') ?? { parts: [] }, 'parts'), 'data')),
  },
  { title: 'ZIP: files and directory', schema: `${formats}archive/zip.ksy`, className: 'Zip', bytes: files.zip() },
  {
    title: 'ELF: section headers',
    schema: `${formats}executable/elf.ksy`,
    className: 'Elf',
    bytes: files.firstFile('*.so*', [0x7f, 0x45, 0x4c, 0x46]),
    use: ({ header }) => each(list(header, 'sectionHeaders'), 'type'),
  },
  {
    title: 'PE: headers and sections',
    schema: `${formats}executable/microsoft_pe.ksy`,
    className: 'MicrosoftPe',
    bytes: files.firstFile('*.exe', [0x4d, 0x5a], ['/usr', '/root/.pyenv']),
    use: ({ pe }) => each(list(pe, 'sections'), 'name', 'body'),
  },
  { title: 'pcap: UDP', schema: `${formats}network/pcap.ksy`, className: 'Pcap', bytes: files.pcap() },
  {
    title: 'rtpdump: bit fields',
    schema: `${formats}network/rtpdump.ksy`,
    className: 'Rtpdump',
    bytes: files.rtpdump(),
  },
  {
    title: 'hccapx: byte arrays',
    schema: `${formats}network/hccapx.ksy`,
    className: 'Hccapx',
    bytes: files.hccapx(),
    views: ({ records }) =>
      each(
        records as readonly unknown[],
        'magic',
        'essid',
        'padding1',
        'keymic',
        'macAp',
        'nonceAp',
        'macStation',
        'nonceStation',
        'eapol',
        'padding2',
      ),
  },
  {
    title: 'DER: nested sequences',
    schema: `${formats}serialization/asn1/asn1_der.ksy`,
    className: 'Asn1Der',
    bytes: files.der(),
  },
  {
    title: 'PHP: texts and numbers',
    schema: `${formats}serialization/php_serialized_value.ksy`,
    className: 'PhpSerializedValue',
    bytes: files.php(),
  },
  {
    title: 'MIDI: notes',
    schema: `${formats}media/standard_midi_file.ksy`,
    className: 'StandardMidiFile',
    bytes: files.midi(),
    use: ({ tracks }) =>
      (tracks as readonly unknown[]).map((track) =>
        list(of(track, 'events'), 'event').map((event) => of(of(event, 'vTime'), 'value')),
      ),
  },
  {
    title: 'Ogg: short segments',
    schema: `${formats}media/ogg.ksy`,
    className: 'Ogg',
    bytes: files.ogg(),
    views: ({ pages }) => each(pages as readonly unknown[], 'syncCode', 'version', 'segments'),
  },
  {
    title: 'WAD: small structures',
    schema: `${formats}game/doom_wad.ksy`,
    className: 'DoomWad',
    bytes: files.wad(),
    use: (tree) => each(list(tree, 'index'), 'name', 'contents'),
    views: (tree) =>
      list(tree, 'index').map((entry) => [
        of(entry, 'name'),
        each(list(of(entry, 'contents'), 'entries'), 'x', 'flags'),
      ]),
  },
  {
    title: 'Quake PAK: names and bodies',
    schema: `${formats}game/quake_pak.ksy`,
    className: 'QuakePak',
    bytes: files.quakePak(),
    use: (tree) => each(list(of(tree, 'index'), 'entries'), 'name', 'body'),
  },
  {
    title: 'utmp: fixed records, every text',
    schema: `${formats}log/aix_utmp.ksy`,
    className: 'AixUtmp',
    bytes: files.utmp(),
    use: (tree) => each(list(tree, 'records'), 'user', 'inittabId', 'device', 'hostname', 'exitStatus', 'reservedA'),
  },
  {
    title: 'palettes: tiny structures',
    schema: `${formats}scientific/nt_mdt/nt_mdt_pal.ksy`,
    className: 'NtMdtPal',
    bytes: files.palettes(),
    views: ({ tables }) =>
      (tables as readonly unknown[]).map((table) => each(list(table, 'colors'), 'red', 'green', 'blue')),
  },
  {
    title: 'TrueType: every table',
    schema: `${formats}font/ttf.ksy`,
    className: 'Ttf',
    bytes: files.firstFile('*.ttf', [0, 1, 0, 0]),
    use: (tree) => each(list(tree, 'directoryTable'), 'tag', 'value'),
  },
  {
    title: 'Chrome PAK: resources',
    schema: `${formats}serialization/chrome_pak.ksy`,
    className: 'ChromePak',
    bytes: files.firstFile('*.pak', [5, 0, 0, 0]),
    use: (tree) => each(list(tree, 'resources'), 'id', 'body'),
  },
  {
    title: 'gettext: texts',
    schema: `${formats}database/gettext_mo.ksy`,
    className: 'GettextMo',
    bytes: files.firstFile('*.mo', [0xde, 0x12, 0x04, 0x95]),
    use: ({ mo }) => [each(list(mo, 'originals'), 'str'), each(list(mo, 'translations'), 'str')],
  },
];

const wanted = process.argv.slice(2);
const chosen = subjects.filter(({ title }) => wanted.length === 0 || wanted.some((part) => title.includes(part)));
const whyNot = ({ schema, bytes }: Subject): string | undefined =>
  !existsSync(schema) ? `${schema} is not there` : bytes === undefined ? 'this machine has no such file' : undefined;

const sandbox = new Sandbox();
try {
  const present = chosen.filter((subject) => whyNot(subject) === undefined);
  const output = generate(
    present.map(({ schema }) => schema),
    [formats],
  );
  sandbox.write(output.files);
  const { errors } = sandbox.typeCheck();
  if (output.failures.length + errors.length > 0) throw new Error([...output.failures, ...errors].join('\n'));
  console.log(`node ${process.version}; times for a whole file`);
  section(FORMATS);
  const ratios: number[] = [];
  for (const subject of chosen) {
    if (whyNot(subject) !== undefined) {
      console.log(`  ${subject.title}: skipped, ${whyNot(subject)}`);
      continue;
    }
    ratios.push(await compare(subject, EACH));
    const { title, views: use } = subject;
    if (use !== undefined) await compare({ ...subject, title: `${title}, each asked for`, use });
  }
  if (ratios.length > 0) result('median', median(ratios), '×', { goal: { atLeast: HALF } });
} finally {
  sandbox.remove();
}

async function compare(
  { title, schema, className, bytes = new Uint8Array(0), use = (tree) => tree }: Subject,
  least?: number,
): Promise<number> {
  const id = schema.replace(/^.*\//, '').replace('.ksy', '');
  const module = (await sandbox.load(`${id}.ts`)) as Record<string, { fromBytes(from: Uint8Array): unknown }>;
  const type = module[className];
  const official = await compileOfficial(schema, { importPath: formats });
  const contender = (name: string, read: () => OfficialStruct): Contender => ({
    name,
    run: () => use(read()),
    // The whole tree, used: what was asked of it may be less.
    held: () => {
      const tree = read();
      return [tree, use(tree)];
    },
  });
  const [theirs, ours] = measure([
    contender('official JavaScript', () => readOfficial(official, bytes)),
    contender('generated', () => type?.fromBytes(bytes) as OfficialStruct),
  ]);
  if (theirs === undefined || ours === undefined) throw new Error('nothing was measured');
  const ratio = theirs.nanoseconds / ours.nanoseconds;
  const [theirTime, ourTime] = [theirs, ours].map(({ nanoseconds }) => (nanoseconds / 1000).toFixed(1));
  const memory = (ours.heapBytes / theirs.heapBytes).toFixed(2);
  result(title, ratio, '×', {
    goal: least === undefined ? undefined : { atLeast: least },
    detail: `${bytes.length} bytes: ${ourTime} µs / ${theirTime} µs; ${memory} × the memory`,
  });
  return ratio;
}
