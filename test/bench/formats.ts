/** `npm run bench:formats`: real formats, read by generated TypeScript and by the official compiler's JavaScript. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sandbox as SandboxClass } from '../../generator/src/suite/sandbox.js';
import type { generate as generateFormats } from '../../generator/src/suite/run-formats.js';
import { compileOfficial, readOfficial, type OfficialStruct } from '../support/official.js';
import { measure, report } from './harness.js';

/** Compiled, this file stands in `dist/test/bench`. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const formats = fileURLToPath(new URL('../../../../shared/formats/', import.meta.url));
const suite = `${root}generator/dist/suite/`;
const { Sandbox } = (await import(`${suite}sandbox.js`)) as { Sandbox: typeof SandboxClass };
const { generate } = (await import(`${suite}run-formats.js`)) as { generate: typeof generateFormats };

interface Subject {
  readonly title: string;
  readonly schema: string;
  readonly className: string;
  readonly bytes: Uint8Array | undefined;
  /** Makes a reader do what it puts off, so that both do the same. */
  readonly use: (tree: Record<string, unknown>) => unknown;
}

const subjects: readonly Subject[] = [
  {
    title: 'PNG, 300 chunks',
    schema: `${root}test/bench/png_chunks.ksy`,
    className: 'PngChunks',
    bytes: png(300),
    use: (tree) => tree,
  },
  {
    title: 'ELF, headers and section headers',
    schema: `${formats}executable/elf.ksy`,
    className: 'Elf',
    bytes: firstFile('*.so*', [0x7f, 0x45, 0x4c, 0x46]),
    use: ({ header }) => sectionTypes(header as Record<string, unknown>),
  },
  {
    title: 'ZIP, local files and directory',
    schema: `${formats}archive/zip.ksy`,
    className: 'Zip',
    bytes: firstFile('*.jar', [0x50, 0x4b, 3, 4]) ?? firstFile('*.zip', [0x50, 0x4b, 3, 4]),
    use: (tree) => tree,
  },
];

const sandbox = new Sandbox();
try {
  const present = subjects.filter(({ schema }) => existsSync(schema));
  const { files, failures } = generate(
    present.map(({ schema }) => schema),
    [formats],
  );
  sandbox.write(files);
  const { errors } = sandbox.typeCheck();
  if (failures.length + errors.length > 0) throw new Error([...failures, ...errors].join('\n'));
  console.log(`node ${process.version}`);
  for (const { title, schema, className, bytes, use } of subjects) {
    if (bytes === undefined || !existsSync(schema)) {
      console.log(
        `\n${title}: skipped, ${bytes === undefined ? 'this machine has no such file' : `${schema} is not there`}`,
      );
      continue;
    }
    const id = schema.replace(/^.*\//, '').replace('.ksy', '');
    const module = (await sandbox.load(`${id}.ts`)) as Record<string, { fromBytes(from: Uint8Array): unknown }>;
    const type = module[className];
    const official = await compileOfficial(schema, { importPath: formats });
    const run = (): unknown => use(type?.fromBytes(bytes) as OfficialStruct);
    const runOfficial = (): unknown => use(readOfficial(official, bytes));
    report(
      `${title}, ${bytes.length} bytes`,
      measure([
        { name: 'official JavaScript', run: runOfficial },
        { name: 'generated', run },
      ]),
      'official JavaScript',
    );
  }
} finally {
  sandbox.remove();
}

function sectionTypes(header: Record<string, unknown>): unknown[] {
  return (header['sectionHeaders'] as Record<string, unknown>[]).map((section) => section['type']);
}

/** A picture's file with so many chunks of 1 KiB, not all of which a viewer would like. */
function png(count: number): Uint8Array {
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const chunk = (type: string, length: number): Uint8Array => {
    const bytes = new Uint8Array(12 + length);
    new DataView(bytes.buffer).setUint32(0, length);
    bytes.set(new TextEncoder().encode(type), 4);
    return bytes;
  };
  const chunks = Array.from({ length: count - 1 }, () => chunk('IDAT', 1024));
  return Uint8Array.from(Buffer.concat([signature, ...chunks, chunk('IEND', 0)]));
}

/** The first file of some kind, of 20 to 400 KiB, on this machine. */
function firstFile(name: string, magic: readonly number[]): Uint8Array | undefined {
  const found = execFileSync(
    'find',
    ['/usr/lib', '/usr/share', '-xdev', '-type', 'f', '-size', '+40', '-size', '-800', '-name', name],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  for (const path of found
    .split('\n')
    .filter((line) => line !== '')
    .toSorted()) {
    const bytes = Uint8Array.from(readFileSync(path));
    if (magic.every((byte, index) => bytes[index] === byte)) return bytes;
  }
  return undefined;
}
