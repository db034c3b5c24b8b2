/** The support module's text, which goes beside every output. */
import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(`../support/${name}`, import.meta.url), 'utf8');

export const SUPPORT_SOURCE: string = read('kaitai.ts');
/** Goes only where it is imported. */
export const ENCODINGS_SOURCE: string = read('kaitai-encodings.ts');
