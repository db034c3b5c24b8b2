/** The support module's text, which goes beside every output. */
import { readFileSync } from 'node:fs';

export const SUPPORT_SOURCE: string = readFileSync(new URL('../support/kaitai.ts', import.meta.url), 'utf8');
