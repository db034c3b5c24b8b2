/** A temporary folder with schemas, in which `ksy-ts` is run as a command. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';

export const COMMAND = fileURLToPath(new URL('../../../generator/dist/cli.js', import.meta.url));

/** A schema of one field. `rest`: further members of `meta`, behind a comma. */
export const schema = (id: string, rest = ''): string => `meta: {id: ${id}${rest}}\nseq: [{id: x, type: u1}]\n`;

/** A new folder for each test of the file that calls this, empty at first. */
export class ProjectFolder {
  #path = '';

  constructor() {
    beforeEach(() => {
      this.#path = mkdtempSync(join(tmpdir(), 'ksy-ts-project-'));
    });
    afterEach(() => {
      rmSync(this.#path, { recursive: true, force: true });
    });
  }

  /** That of the current test. */
  get path(): string {
    return this.#path;
  }

  /** Writes files, by their paths in the folder. */
  put(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.#path, name)), { recursive: true });
      writeFileSync(join(this.#path, name), content);
    }
  }
}
