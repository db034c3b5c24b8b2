/** Formats, the generated classes that read them, and a small file of each: where the fuzzer of readers starts. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { generate as generateFormats } from '../../generator/src/suite/run-formats.js';
import type { Sandbox as SandboxClass } from '../../generator/src/suite/sandbox.js';
import type { KaitaiStream } from '../../generator/support/stream.js';
import type { KaitaiStruct } from '../../generator/support/struct.js';
import * as files from '../bench/format-files.js';
import { ADD_KEY } from '../support/add-key.js';
import { TestImage } from '../support/image-builder.js';
import { randomSchema } from '../support/random-schemas.js';
import { Random } from '../support/random.js';
import { KIB } from '../support/units.js';

/** A generated class of the top type of a schema. */
export interface StructClass {
  new (io: KaitaiStream): KaitaiStruct;
  fromBytes(bytes: Uint8Array, options: object): KaitaiStruct;
}

/** What generated code imports, as the sandbox has it: classes of errors are compared by identity. */
export interface Support {
  readonly KaitaiStream: typeof KaitaiStream;
  readonly KaitaiStruct: typeof KaitaiStruct;
  readonly ReadError: new (...args: never[]) => Error;
  readonly WriteError: new (...args: never[]) => Error;
}

export interface ReaderBase {
  readonly name: string;
  readonly type: StructClass;
  readonly bytes: Uint8Array;
}

export interface Readers {
  readonly bases: readonly ReaderBase[];
  readonly support: Support;
  remove(): void;
}

/** A schema, the name of the class of its top type, and a file. */
type Format = readonly [schema: string, className: string, bytes: Uint8Array | undefined];

const RANDOM_SCHEMAS = 24;

function findRoot(folder: string): string {
  return existsSync(join(folder, 'tsconfig.base.json')) ? folder : findRoot(dirname(folder));
}

/** Folder of the repository: compiled or not, this file is somewhere within. */
export const ROOT: string = findRoot(dirname(fileURLToPath(import.meta.url)));
const library = join(ROOT, '..', 'shared', 'formats');

/** A module of the built generator. */
export async function fromGenerator(path: string): Promise<unknown> {
  return import(pathToFileURL(join(ROOT, 'generator/dist', path)).href);
}

/** Formats whose schemas the repository has. */
function ownFormats(): Format[] {
  const image = new TestImage({ allocate: [0, 3] }).source;
  const structure = (id: string, className: string, at: number, length: number): Format => [
    join(ROOT, 'schemas', `${id}.ksy`),
    className,
    image.bytes(at, length),
  ];
  return [
    [join(ROOT, 'test/bench/png_chunks.ksy'), 'PngChunks', files.png(4)],
    [join(ROOT, 'test/generator/roundtrip/gif_file.ksy'), 'GifFile', files.gif(1)],
    [join(ROOT, 'test/generator/roundtrip/png_file.ksy'), 'PngFile', files.png(4)],
    [join(ROOT, 'test/generator/roundtrip/terminfo.ksy'), 'Terminfo', files.terminfo()],
    structure('vhdx_header', 'VhdxHeader', 64 * KIB, 4 * KIB),
    structure('vhdx_region_table', 'VhdxRegionTable', 192 * KIB, 4 * KIB),
    structure('vhdx_metadata_table', 'VhdxMetadataTable', 2048 * KIB, 4 * KIB),
    [join(ROOT, 'schemas/vhdx_parent_locator.ksy'), 'VhdxParentLocator', new Uint8Array(200)],
  ];
}

/** Formats of the public library, where it stands beside the repository. */
function libraryFormats(): Format[] {
  const format = (path: string, className: string, bytes: Uint8Array | undefined): Format => [
    join(library, `${path}.ksy`),
    className,
    bytes,
  ];
  return [
    format('archive/zip', 'Zip', files.zip(3)),
    format('executable/elf', 'Elf', files.firstFile('*.so*', [0x7f, 0x45, 0x4c, 0x46])?.slice(0, 1 << 16)),
    format('executable/microsoft_pe', 'MicrosoftPe', files.firstFile('*.exe', [0x4d, 0x5a], ['/usr'])),
    format('network/pcap', 'Pcap', files.pcap(5)),
    format('network/rtpdump', 'Rtpdump', files.rtpdump(5)),
    format('network/hccapx', 'Hccapx', files.hccapx(3)),
    format('serialization/asn1/asn1_der', 'Asn1Der', files.der(5)),
    format('serialization/php_serialized_value', 'PhpSerializedValue', files.php(6)),
    format('media/standard_midi_file', 'StandardMidiFile', files.midi(8)),
    format('media/ogg', 'Ogg', files.ogg(2)),
    format('game/doom_wad', 'DoomWad', files.wad(5)),
    format('game/quake_pak', 'QuakePak', files.quakePak(5)),
    format('log/aix_utmp', 'AixUtmp', files.utmp(3)),
    format('scientific/nt_mdt/nt_mdt_pal', 'NtMdtPal', files.palettes(1)),
    format('font/ttf', 'Ttf', files.firstFile('*.ttf', [0, 1, 0, 0])?.slice(0, 1 << 16)),
    format('database/gettext_mo', 'GettextMo', files.firstFile('*.mo', [0xde, 0x12, 0x04, 0x95])?.slice(0, 1 << 14)),
  ].filter(([schema]) => existsSync(schema));
}

/** Schemas that combine what the language has; whether their bytes are read at all is left to chance. */
function randomFormats(folder: string): Format[] {
  return Array.from({ length: RANDOM_SCHEMAS }, (_, index): Format => {
    const { id, text } = randomSchema(`fuzz${index}`, 77_003 + index);
    const file = join(folder, `${id}.ksy`);
    writeFileSync(file, text);
    const random = new Random(index);
    return [file, `Fuzz${index}`, Uint8Array.from({ length: 300 }, () => random.below(random.oneIn(3) ? 128 : 3))];
  });
}

/** Generates, compiles and loads the readers. */
export async function makeReaders(): Promise<Readers> {
  const { Sandbox } = (await fromGenerator('suite/sandbox.js')) as { Sandbox: typeof SandboxClass };
  const { generate } = (await fromGenerator('suite/run-formats.js')) as { generate: typeof generateFormats };
  const folder = mkdtempSync(join(tmpdir(), 'ksy-fuzz-'));
  const formats = [...ownFormats(), ...libraryFormats(), ...randomFormats(folder)];
  const { files: output, failures } = generate(
    formats.map(([schema]) => schema),
    [library],
  );
  rmSync(folder, { recursive: true });
  const sandbox = new Sandbox();
  sandbox.write([...output, { path: 'add_key.ts', content: ADD_KEY }]);
  const problems = [...failures, ...sandbox.typeCheck().errors];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const bases: ReaderBase[] = [];
  for (const [schema, className, bytes] of formats) {
    const id = schema.replace(/^.*\//, '').replace('.ksy', '');
    const module = (await sandbox.load(`${id}.ts`)) as Readonly<Record<string, StructClass>>;
    const type = module[className];
    if (type === undefined) throw new Error(`${id} has no class ${className}`);
    if (bytes !== undefined) bases.push({ name: id, type, bytes });
  }
  const modules = await Promise.all(
    ['stream', 'struct', 'errors', 'write-error'].map((name) => sandbox.load(`kaitai/${name}.ts`)),
  );
  return { bases, support: Object.assign({}, ...modules) as Support, remove: () => sandbox.remove() };
}
