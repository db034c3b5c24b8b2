/** The packages as they are published, in a folder that has nothing else of this project. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MANIFEST = join(ROOT, 'tools/manifest.js');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What `npm pack` says of a package. */
export interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** A file of the npm package `name`, which is installed for development. */
export function installed(name: string, path = ''): string {
  return join(ROOT, 'node_modules', name, path);
}

/** Runs a program to its end; its output. @throws {Error} with that output, where the program fails */
export function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status === 0) return `${stdout}${stderr}`;
  throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`, { cause: error });
}

/** Packs the package in `folder` of this project (`''`, `generator`) into `target`. `dist` has to be built. */
export function pack(folder: string, target: string): Packed {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', target];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: join(ROOT, folder), encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  const [packed] = JSON.parse(stdout) as readonly Packed[];
  if (packed === undefined) throw new Error('npm pack made nothing');
  return packed;
}

/** A project of somebody else, who has installed `vhdx` and `ksy-ts`. */
export class StrangerProject {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'vhdx-stranger-'));
  readonly packed: Readonly<Record<'vhdx' | 'ksy-ts', Packed>>;

  constructor() {
    this.write('package.json', JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
    this.packed = { vhdx: this.#install('vhdx', ''), 'ksy-ts': this.#install('ksy-ts', 'generator') };
  }

  /** @param path relative to the project, with forward slashes */
  write(path: string, text: string | Uint8Array): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Installs a package that is installed here, with what it depends on. */
  add(name: string): void {
    const source = installed(name);
    const target = join(this.folder, 'node_modules', name);
    if (existsSync(target)) return;
    cpSync(source, target, { recursive: true, dereference: true });
    this.#addDependencies(target);
  }

  /** Runs the command `ksy-ts`. */
  generate(...args: readonly string[]): string {
    return run(process.execPath, [join(this.folder, 'node_modules/ksy-ts/dist/cli.js'), ...args], this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #install(name: string, from: string): Packed {
    const target = join(this.folder, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    const packed = pack(from, this.folder);
    run('tar', ['-xzf', join(this.folder, packed.filename), '-C', target, '--strip-components=1'], this.folder);
    // Packed without scripts, since tests that run at the same time read the manifest of the repository.
    writeFileSync(join(target, 'package.json'), run(process.execPath, [MANIFEST, 'print'], join(ROOT, from)));
    if (name === 'vhdx') this.#addDependencies(target);
    // The generator's dependencies are large, and no part of what is tested: they stay where they are.
    else for (const each of dependenciesOf(target)) link(installed(each), join(this.folder, 'node_modules', each));
    return packed;
  }

  #addDependencies(folder: string): void {
    for (const name of dependenciesOf(folder)) if (existsSync(installed(name))) this.add(name);
  }
}

function dependenciesOf(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
}

function link(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(source, target, 'junction');
}
