/**
 * What Kaitai's test suite expects to find beside the generated code: the routines that its `process` keys name, each
 * in a module of its own, as a user of generated code writes them: with both directions, so that they can be written.
 */
import type { OutputFile } from '../compile.js';

const wrap = (name: string, parameters: string): string => `
export class ${name} {
  ${parameters}

  /** Puts an underscore before and behind. */
  decode(source: Uint8Array): Uint8Array {
    return Uint8Array.of(0x5f, ...source, 0x5f);
  }

  encode(source: Uint8Array): Uint8Array {
    return source.slice(1, -1);
  }
}
`;

export const CUSTOM_PROCESSES: readonly OutputFile[] = [
  {
    path: 'my_custom_fx.ts',
    content: `
export class MyCustomFx {
  readonly #key: number;

  constructor(key: number, flag: boolean, _bytes: Uint8Array) {
    this.#key = flag ? key : -key;
  }

  decode(source: Uint8Array): Uint8Array {
    return source.map((byte) => byte + this.#key);
  }

  encode(source: Uint8Array): Uint8Array {
    return source.map((byte) => byte - this.#key);
  }
}
`,
  },
  { path: 'nested/deeply/custom_fx.ts', content: wrap('CustomFx', 'constructor(_key: number) {}') },
  { path: 'custom_fx.ts', content: wrap('CustomFx', 'constructor(_key: number) {}') },
  { path: 'custom_fx_no_args.ts', content: wrap('CustomFxNoArgs', '') },
];
