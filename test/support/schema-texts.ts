/** Schemas that a test holds as text: generated, type-checked and loaded, beside the official compiler's JavaScript. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutputFile } from '../../generator/src/compile.js';
import { generateClasses, type Generated } from './generated-classes.js';

export interface SchemaTexts extends Generated {
  /** Path of the file with a schema's text. */
  file(name: string): string;
}

/** `texts` by file name, without `.ksy`; all of them are compiled. */
export async function generateTexts(
  texts: Readonly<Record<string, string>>,
  extra: readonly OutputFile[] = [],
): Promise<SchemaTexts> {
  const folder = mkdtempSync(join(tmpdir(), 'ksy-texts-'));
  const file = (name: string): string => join(folder, `${name}.ksy`);
  for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), text);
  const generated = await generateClasses(Object.keys(texts).map(file), [], extra);
  return {
    ...generated,
    file,
    remove: () => {
      generated.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a failed reading of `bytes` leaves, and its error. @throws if it does not fail */
export function failedReading(
  schemas: SchemaTexts,
  id: string,
  bytes: readonly number[],
  options?: object,
): { readonly struct: object; readonly fault: unknown } {
  const { KaitaiStream } = schemas.support as { KaitaiStream: new (bytes: Uint8Array, options?: object) => object };
  const type = schemas.top(id) as unknown as new (io: object) => { _read(): void };
  const struct = new type(new KaitaiStream(Uint8Array.from(bytes), options));
  try {
    struct._read();
  } catch (fault) {
    return { struct, fault };
  }
  throw new Error('nothing was thrown');
}
