/** Imports of schemas as TypeScript sees them: compilers that are promised to work, and editors. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StrangerProject, installed, run } from '../support/packed.js';

const PATIENCE_MS = 120_000;

const SCHEMA = `meta:
  id: picture
  imports: [common/extent]
seq:
  - id: extent
    type: extent
  - id: colour
    type: u1
    enum: colour
instances:
  area:
    value: extent.width * extent.width
enums:
  colour:
    1: red
`;
const PROGRAM = `import { Picture, Picture_Colour } from './picture.ksy';
import { EofError, type Violation } from 'ksy-ts/runtime';

const picture: Picture = Picture.fromBytes(new Uint8Array(), { onViolation: ({ path }: Violation) => console.log(path) });
export const numbers: number[] = [picture.extent.width, picture.area];
export const isRed: boolean = picture.colour === Picture_Colour.RED;
export const isEof = (error: unknown): error is EofError => error instanceof EofError;
`;
const MISTAKE = PROGRAM.replace('picture.area', 'picture.aera');

const STRICT = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
  noEmit: true,
  allowArbitraryExtensions: true,
};
const RESOLUTIONS = {
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
};

let project: StrangerProject;
beforeAll(() => {
  project = new StrangerProject();
  project.write('src/picture.ksy', SCHEMA);
  project.write('src/common/extent.ksy', 'meta: { id: extent, endian: le }\nseq: [{ id: width, type: u2 }]\n');
  project.generate('--declarations', 'src');
  project.write('src/main.ts', PROGRAM);
  project.write('mistaken/main.ts', MISTAKE.replace('./', '../src/'));
}, PATIENCE_MS);
afterAll(() => {
  project.remove();
});

const FILES = ['src/main.ts', 'mistaken/main.ts'];
const FOUND = expect.stringMatching(/mistaken\/main\.ts.*5.*TS2339: Property 'aera' does not exist/) as string;

test.each(['typescript-5.7', 'typescript-6.0'])(
  '%s, bundler and nodenext → the types of the schema; a mistake is found',
  (compiler) => {
    const settings = Object.values(RESOLUTIONS).map((resolution) => ({
      files: FILES,
      options: { ...STRICT, ...resolution },
    }));
    const script = fileURLToPath(new URL('./diagnose.js', import.meta.url));
    const output = run(process.execPath, [script, installed(compiler), JSON.stringify(settings)], project.folder);
    expect(JSON.parse(output)).toEqual([[FOUND], [FOUND]]);
  },
  PATIENCE_MS,
);

test.each(Object.entries(RESOLUTIONS))(
  'typescript 7, %s → the types of the schema; a mistake is found',
  (name, resolution) => {
    const options = { compilerOptions: { ...STRICT, ...resolution }, files: FILES };
    const config = project.write(`tsconfig-${name}.json`, JSON.stringify(options));
    const { stdout } = spawnSync(process.execPath, [installed('typescript', 'bin/tsc'), '-p', config], {
      cwd: project.folder,
      encoding: 'utf8',
    });
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([FOUND]);
  },
  PATIENCE_MS,
);

/** What TypeScript's server of editors answers. */
class Editor {
  readonly #server;
  readonly #waiting = new Map<number, (body: unknown) => void>();
  #count = 0;
  #rest = '';

  constructor(compiler: string) {
    this.#server = spawn(process.execPath, [installed(compiler, 'lib/tsserver.js')], { cwd: project.folder });
    this.#server.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines.filter((each) => each.startsWith('{'))) {
        const answer = JSON.parse(line) as { readonly request_seq?: number; readonly body?: unknown };
        this.#waiting.get(answer.request_seq ?? -1)?.(answer.body);
      }
    });
  }

  tell(command: string, args: object): number {
    this.#count += 1;
    this.#server.stdin.write(`${JSON.stringify({ seq: this.#count, type: 'request', command, arguments: args })}\n`);
    return this.#count;
  }

  ask(command: string, args: object): Promise<unknown> {
    const number = this.tell(command, args);
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
    });
  }

  close(): void {
    this.#server.kill();
  }
}

test.each(['typescript-5.7', 'typescript-6.0'])(
  'an editor with %s asks for the definition of what a schema has → its line of the schema',
  async (compiler) => {
    project.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { ...STRICT, ...RESOLUTIONS.bundler }, include: ['src'] }),
    );
    const editor = new Editor(compiler);
    try {
      const file = join(project.folder, 'src/main.ts');
      const lines = PROGRAM.split('\n');
      const schema = SCHEMA.split('\n');
      editor.tell('open', { file, fileContent: PROGRAM });
      const definitionOf = async (word: string): Promise<string> => {
        const line = lines.findIndex((text) => text.includes(word) && !text.startsWith('import'));
        const offset = (lines[line]?.indexOf(word) ?? 0) + word.lastIndexOf('.') + 2;
        const [found] = (await editor.ask('definition', { file, line: line + 1, offset })) as {
          readonly file: string;
          readonly start: { readonly line: number };
        }[];
        expect(found?.file, word).toMatch(/\.ksy$/);
        return schema[(found?.start.line ?? 0) - 1]?.trim() ?? '';
      };
      expect(await definitionOf('picture.extent')).toBe('- id: extent');
      expect(await definitionOf('picture.area')).toBe('area:');
      // TypeScript maps no members of a constant's type.
      expect(await definitionOf('Picture_Colour.RED')).toBe('colour:');
      expect(await definitionOf('Picture_Colour')).toBe('colour:');
      expect(await definitionOf('Picture')).toBe('meta:');
    } finally {
      editor.close();
    }
  },
  PATIENCE_MS,
);
