/** The routine for `process` that random schemas use, as users write them. */
export const ADD_KEY = `export class AddKey {
  readonly #key: number;
  constructor(key: number) { this.#key = key; }
  decode(bytes: Uint8Array): Uint8Array { return bytes.map((byte) => byte + this.#key); }
  encode(bytes: Uint8Array): Uint8Array { return bytes.map((byte) => byte - this.#key); }
}
`;
