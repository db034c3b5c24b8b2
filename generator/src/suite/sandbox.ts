/** A folder in which generated code is type-checked as the project itself is, and from which it can be run. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { OutputFile } from '../compile.js';

const require = createRequire(import.meta.url);
/** The folder of the repository. */
export const PROJECT: string = repositoryRoot(dirname(fileURLToPath(import.meta.url)));

export interface TypeCheck {
  /** One line each, as the TypeScript compiler prints them. */
  readonly errors: readonly string[];
}

export class Sandbox {
  readonly folder: string;

  /** The folder is within the project, so that `kaitai-struct` is found from it. */
  constructor() {
    const cache = join(PROJECT, 'node_modules', '.cache', 'ksy-ts');
    mkdirSync(cache, { recursive: true });
    this.folder = mkdtempSync(join(cache, 'check-'));
    this.write([
      { path: 'package.json', content: '{ "type": "module" }' },
      {
        path: 'tsconfig.json',
        content: JSON.stringify({
          extends: join(PROJECT, 'tsconfig.base.json'),
          compilerOptions: {
            lib: ['es2023', 'dom'],
            rootDir: '.',
            outDir: 'out',
            noEmitOnError: false,
          },
          include: ['**/*.ts'],
          exclude: ['out'],
        }),
      },
    ]);
  }

  write(files: readonly OutputFile[]): void {
    for (const { path, content } of files) {
      const target = join(this.folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  }

  /** Checks everything in one program, with the project's flags, and leaves JavaScript beside it. */
  typeCheck(): TypeCheck {
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
    const options = ['--project', this.folder, '--pretty', 'false'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, ...options], {
      cwd: this.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
    // Lines that go on with what is above them are indented.
    const errors = lines.filter((line) => !line.startsWith(' '));
    return { errors: status === 0 || errors.length > 0 ? errors : [`tsc failed with exit code ${status}`] };
  }

  /** The JavaScript made from `path` (`hello.ts`). */
  load(path: string): Promise<unknown> {
    return import(pathToFileURL(join(this.folder, 'out', path.replace(/\.ts$/, '.js'))).href);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where generated code gives up on types; comments do not count. */
export function looseTypes({ path, content }: OutputFile): string[] {
  return content.split('\n').flatMap((line, index) => {
    const isComment = /^\s*(?:\/\*\*|\*)/.test(line);
    const suppressed = /@ts-(?:ignore|expect-error|nocheck)|eslint-disable|oxlint-disable/.test(line);
    const loose = !isComment && /(?:[:<|&]|\bas)\s*any\b(?!\s*[:(.'])/.test(line);
    return suppressed || loose ? [`${path}:${index + 1}: ${line.trim()}`] : [];
  });
}

function repositoryRoot(folder: string): string {
  return existsSync(join(folder, 'tsconfig.base.json')) ? folder : repositoryRoot(dirname(folder));
}

/** A file's text, undefined where there is none: an importer over the disk. */
export function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
