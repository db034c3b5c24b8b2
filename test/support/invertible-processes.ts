/** The routines that the `process` keys of Kaitai's test suite name, with the other direction. */
import type { OutputFile } from '../../generator/src/compile.js';

const framed = (name: string, parameters: string): string => `
export class ${name} {
  ${parameters}

  decode(source: Uint8Array): Uint8Array {
    return Uint8Array.of(0x5f, ...source, 0x5f);
  }

  encode(source: Uint8Array): Uint8Array {
    return source.slice(1, -1);
  }
}
`;

export const INVERTIBLE_PROCESSES: readonly OutputFile[] = [
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
  { path: 'nested/deeply/custom_fx.ts', content: framed('CustomFx', 'constructor(_key: number) {}') },
  { path: 'custom_fx_no_args.ts', content: framed('CustomFxNoArgs', '') },
];
