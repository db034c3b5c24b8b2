/** The types of both packages, as projects of all settings and compilers see them that are promised to work. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StrangerProject, installed, run } from '../support/packed.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LANGUAGE = join(ROOT, 'test/generator/language');
/** Compilers take their time where many tests run. */
const PATIENCE_MS = 300_000;

/** What a user writes who wants to know everything. */
const STRICT: Readonly<Record<string, unknown>> = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noUncheckedSideEffectImports: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: false,
  noEmit: true,
};

const USES: Readonly<Record<string, string>> = {
  'library.ts': `
    import { BlobSource, checkImage, openDisk, VhdxError, type Finding, type VhdxDisk } from 'vhdx';
    import { VhdxHeader } from 'vhdx/structures';

    export async function read(blob: Blob): Promise<Uint8Array> {
      const disk: VhdxDisk = await openDisk(new BlobSource(blob));
      for await (const extent of disk.extents()) if (extent.kind === 'data') console.log(extent.fileOffset);
      const { findings } = await checkImage(new BlobSource(blob));
      const first: Finding | undefined = findings[0];
      console.log(first?.code);
      const into = new Uint8Array(512);
      await disk.read(into, 0);
      return into;
    }
    export function next(bytes: Uint8Array): bigint {
      const header = VhdxHeader.fromBytes(bytes);
      header.sequenceNumber += 1n;
      header.writeTo(bytes);
      return header.sequenceNumber;
    }
    export const isVhdxError = (error: unknown): error is VhdxError => error instanceof VhdxError;
  `,
  'node.ts': `
    import { openFile } from 'vhdx/node';
    import { KaitaiStream, readKaitaiStream } from 'vhdx/kaitai';

    export async function signature(path: string): Promise<number> {
      const io: KaitaiStream = await readKaitaiStream(await openFile(path), { end: 8 });
      return io.readU4be() + KaitaiStream.mod(io.pos, 2);
    }
  `,
  // What may not be required is imported when it is needed.
  'dynamic.ts': `
    import type { VhdxDisk } from 'vhdx' with { 'resolution-mode': 'import' };

    export async function open(path: string): Promise<VhdxDisk> {
      const [{ openDisk }, { openFile }] = await Promise.all([import('vhdx'), import('vhdx/node')]);
      return openDisk(await openFile(path));
    }
    export async function sequence(bytes: Uint8Array): Promise<bigint> {
      return (await import('vhdx/structures')).VhdxHeader.fromBytes(bytes).sequenceNumber;
    }
  `,
  'point.ts': `
    import { Point } from './formats/point.js';

    const point: Point = Point.create({ id: 1n, tags: ['a'] });
    export const tags: readonly string[] = Point.fromBytes(point.toBytes()).tags;
    console.log(tags.join());
  `,
  'archive.ts': `
    import { Archive, Archive_Kind } from './formats/archive.js';

    const archive: Archive = Archive.create({
      entries: [
        { kind: Archive_Kind.POINT, body: { x: 1, y: -1 } },
        { kind: Archive_Kind.TEXT, body: { text: 'a' } },
        { kind: 9, body: Uint8Array.of(1) },
      ],
    });
    export const bytes: Uint8Array = archive.toBytes();
    // @ts-expect-error Another kind has this body.
    Archive.create({ entries: [{ kind: Archive_Kind.POINT, body: { text: 'a' } }] });
    // @ts-expect-error A part of the body is missing.
    Archive.create({ entries: [{ kind: Archive_Kind.POINT, body: { x: 1 } }] });
  `,
};

/** Opaque types and custom processes, for which the output needs kaitai-struct. */
const OUTSIDE: Readonly<Record<string, string>> = {
  'outside.ksy': `
    meta: { id: outside, ks-opaque-types: true }
    seq: [{ id: a, type: opaque(_io) }, { id: b, size: 1, process: fx(_root) }]
  `,
  'formats/opaque.ts': `
    import type { KaitaiStream } from './kaitai/stream.js';

    export class Opaque {
      readonly first: number;
      constructor(io: KaitaiStream, _parent: unknown, _root: unknown, _given: KaitaiStream) {
        this.first = io.readU1();
      }
    }
  `,
  'formats/fx.ts': `
    export class Fx {
      readonly isRoot: boolean;
      constructor(root: object) {
        this.isRoot = '_io' in root;
      }
      decode(bytes: Uint8Array): Uint8Array {
        return bytes;
      }
    }
  `,
};

/** Statements that TypeScript could call unreachable. */
const CONSTANT = `
  meta: { id: constant }
  seq:
    - { id: a, type: u1, if: false }
    - { id: b, type: u1, if: false and a == 1, repeat: expr, repeat-expr: 2 }
    - { id: c, type: u1, if: not true }
    - { id: d, type: u1, if: true or a == 1, valid: { expr: true } }
    - { id: e, type: { switch-on: true, cases: { true: u1, false: s1 } } }
    - { id: f, type: u1, repeat: until, repeat-until: true }
    - { id: g, type: u1, repeat: until, repeat-until: not not false }
    - { id: h, type: u1 }
  instances:
    i: { pos: 0, type: u1, if: false }
    j: { value: 3, if: false }
`;

interface Setting {
  readonly name: string;
  readonly type: 'module' | 'commonjs';
  readonly uses: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

const NODE = { types: ['node'], lib: ['es2022'] };
const ESM = { verbatimModuleSyntax: true };

/** The settings that `major` has, all with other libraries; what CommonJS can require depends on the compiler. */
function settings(major: number): readonly Setting[] {
  const canRequire = major >= 5.8;
  const erasable = major >= 5.8 ? { erasableSyntaxOnly: true } : {};
  const required = canRequire ? ['library.ts', 'node.ts'] : ['dynamic.ts'];
  return [
    {
      name: 'bundler, ESM, for browsers',
      type: 'module',
      uses: ['library.ts', 'point.ts', 'archive.ts'],
      options: {
        ...ESM,
        ...erasable,
        module: 'esnext',
        moduleResolution: 'bundler',
        types: [],
        lib: ['es2022', 'dom'],
        target: 'es2022',
      },
    },
    {
      name: 'node16, ESM',
      type: 'module',
      uses: ['library.ts', 'node.ts', 'point.ts', 'archive.ts', 'outside'],
      options: { ...ESM, ...NODE, ...erasable, module: 'node16', moduleResolution: 'node16', target: 'es2022' },
    },
    {
      name: 'nodenext, ESM',
      type: 'module',
      uses: ['library.ts', 'node.ts', 'point.ts', 'archive.ts', 'outside'],
      options: {
        ...ESM,
        ...NODE,
        lib: ['es2023', 'dom'],
        module: 'nodenext',
        moduleResolution: 'nodenext',
        target: 'es2023',
      },
    },
    {
      name: 'bundler, CommonJS',
      type: 'commonjs',
      uses: ['library.ts', 'node.ts', 'point.ts', 'archive.ts'],
      options: {
        ...NODE,
        module: 'preserve',
        moduleResolution: 'bundler',
        target: 'es2020',
        useDefineForClassFields: false,
      },
    },
    {
      name: 'node16, CommonJS',
      type: 'commonjs',
      uses: ['dynamic.ts', 'point.ts', 'archive.ts', 'outside'],
      options: { ...NODE, module: 'node16', moduleResolution: 'node16', target: 'es2022' },
    },
    {
      name: 'nodenext, CommonJS',
      type: 'commonjs',
      uses: [...required, 'point.ts', 'archive.ts', 'outside'],
      options: { ...NODE, module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' },
    },
  ];
}

const COMPILERS = ['typescript-5.7', 'typescript-5.8', 'typescript-5.9', 'typescript-6.0'] as const;

let project: StrangerProject;
/** What was generated: paths relative to the folder of each type of package. */
let formats: readonly string[] = [];

/** The schemas in a folder, but for those that need classes of their users, which `outside.ksy` has. */
function namesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ksy') && !/^(?:opaque_|custom_names)/.test(name));
  return names.map((name) => join(folder, name));
}

beforeAll(() => {
  project = new StrangerProject();
  project.add('@types/node');
  const schemas = ['language/formats', 'writing'].flatMap((folder) => namesIn(join(ROOT, 'test/generator', folder)));
  const readme = readFileSync(join(ROOT, 'generator/README.md'), 'utf8');
  const [point = '', archive = ''] = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
  for (const type of ['module', 'commonjs']) {
    project.write(`${type}/package.json`, JSON.stringify({ type }));
    project.write(`${type}/point.ksy`, point);
    project.write(`${type}/archive.ksy`, archive);
    for (const [path, text] of Object.entries({ ...USES, ...OUTSIDE, 'constant.ksy': CONSTANT }))
      project.write(`${type}/${path}`, text);
    const out = ['--import-path', join(LANGUAGE, 'ks_path'), '--outdir'];
    project.generate(...out, `${type}/formats`, `${type}/point.ksy`, `${type}/archive.ksy`, `${type}/outside.ksy`);
    const all = [...schemas, `${type}/constant.ksy`];
    project.generate(...out, `${type}/language`, '--index', ...all);
    project.generate(...out, `${type}/positions`, '--positions', '--index', ...all);
    project.generate(...out, `${type}/read-only`, '--read-only', '--index', ...all);
  }
  formats = ['language', 'positions', 'read-only'].flatMap((folder) =>
    readdirSync(join(project.folder, 'module', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
}, PATIENCE_MS);
afterAll(() => {
  project.remove();
});

/** Files of a setting, relative to the project. */
function filesOf({ type, uses }: Setting, generated: readonly string[]): string[] {
  const own = uses.flatMap((use) =>
    use === 'outside' ? ['formats/outside.ts', 'formats/opaque.ts', 'formats/fx.ts'] : [use],
  );
  return [...own, ...generated].map((path) => `${type}/${path}`);
}

test('generated → something of everything', () => {
  expect(formats.length).toBeGreaterThan(100);
  expect(formats).toContain('language/kaitai/zlib.ts');
});

test.each(COMPILERS)(
  '%s, six settings, strict → no error in declarations or generated code',
  (compiler) => {
    const all = settings(Number(compiler.replace('typescript-', '')));
    const given = all.map((setting, index) => ({
      files: filesOf(
        setting,
        index === 0 || (index === 4 && compiler === COMPILERS[0])
          ? formats.filter((path) => path.startsWith('language/'))
          : [],
      ),
      options: { ...STRICT, ...setting.options },
    }));
    const script = fileURLToPath(new URL('./diagnose.js', import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, [script, installed(compiler), JSON.stringify(given)], {
      cwd: project.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect(stderr).toBe('');
    const errors = JSON.parse(stdout) as readonly (readonly string[])[];
    expect(Object.fromEntries(all.map(({ name }, index) => [name, errors[index]]))).toEqual(
      Object.fromEntries(all.map(({ name }) => [name, []])),
    );
  },
  PATIENCE_MS,
);

describe('typescript 7', () => {
  const compiler = installed('typescript', 'bin/tsc');
  const check = (name: string, options: object, files: readonly string[]): string => {
    const config = project.write(`${name}.json`, JSON.stringify({ compilerOptions: options, files }));
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', config], { cwd: project.folder, encoding: 'utf8' });
    return stdout;
  };

  test.each(settings(7).map((setting) => ({ ...setting })))(
    '$name, strict, libraries checked too → no error',
    (setting) => {
      const options = { ...STRICT, ...setting.options, rootDir: '.' };
      expect(
        check(`tsconfig-${setting.type}-${setting.name.replaceAll(/\W+/g, '-')}`, options, filesOf(setting, formats)),
      ).toBe('');
    },
    PATIENCE_MS,
  );

  test('imports with .ts → no error, and no error without any strictness', () => {
    const [bundler] = settings(7);
    const options = { ...bundler?.options, noEmit: true, allowImportingTsExtensions: true, strict: false };
    expect(
      check(
        'tsconfig-loose',
        options,
        formats.map((path) => `module/${path}`),
      ),
    ).toBe('');
  });

  test.each(['module', 'commonjs'])(
    'generated code compiled as %s → runs in Node',
    (type) => {
      const options = {
        module: 'nodenext',
        target: 'es2022',
        strict: true,
        types: ['node'],
        outDir: 'out',
        rootDir: '.',
      };
      expect(check(`tsconfig-run-${type}`, options, [`${type}/point.ts`])).toBe('');
      project.write(`out/${type}/package.json`, JSON.stringify({ type }));
      expect(run(process.execPath, [`out/${type}/point.js`], project.folder)).toBe('a\n');
    },
    PATIENCE_MS,
  );

  test('examples of the READMEs and the guides → no error under strict', () => {
    const examples = (readme: string): string[] =>
      [...readFileSync(join(ROOT, readme), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
    // What the text around them says that there is.
    project.write(
      'module/context.d.ts',
      'declare const path: string;\ndeclare const url: string;\ndeclare const bytes: Uint8Array;\ndeclare const file: File;\n',
    );
    const guides = ['README.md', ...readdirSync(join(ROOT, 'docs/guide')).map((name) => `guide/${name}`)];
    const pages = ['README.md', 'docs/salvage.md', ...guides.map((page) => `docs/${page}`), 'generator/README.md'];
    const all = pages.flatMap(examples);
    expect(all.length).toBeGreaterThan(5);
    const files = all.map((code, index) => {
      const name = `module/example-${index}.ts`;
      project.write(name, `${code}\nexport {};\n`);
      return name;
    });
    const { noUnusedLocals: _, isolatedDeclarations: __, declaration: ___, ...strict } = STRICT;
    const options = { ...strict, ...NODE, module: 'nodenext', target: 'es2022' };
    expect(check('tsconfig-examples', options, [...files, 'module/context.d.ts'])).toBe('');
  });
});

test('the package, required and imported → runs in Node', () => {
  const image = relative(project.folder, join(ROOT, 'test/fixtures/dynamic-64m.vhdx'));
  const open = `openFile('${image}').then(openDisk).then((disk) => (console.log(disk.size), disk.close()))`;
  project.write(
    'required.cjs',
    `const { openDisk } = require('vhdx');\nconst { openFile } = require('vhdx/node');\n${open};\n`,
  );
  project.write(
    'imported.mjs',
    `import { openDisk } from 'vhdx';\nimport { openFile } from 'vhdx/node';\nawait ${open};\n`,
  );
  for (const name of ['required.cjs', 'imported.mjs'])
    expect(run(process.execPath, [name], project.folder)).toBe('67108864\n');
  expect(dirname(project.folder)).not.toContain(ROOT);
});
