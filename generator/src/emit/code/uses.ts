/** Local names that code refers to, noted while it is made: what declares them has no need to read the code. */
export class Uses {
  readonly #open: Set<string>[] = [];

  /** `name`, which the code that is being made refers to. */
  note(name: string): string {
    for (const names of this.#open) names.add(name);
    return name;
  }

  /** What `make` returns, and the names it noted. */
  of<T>(make: () => T): { readonly made: T; readonly names: ReadonlySet<string> } {
    const names = new Set<string>();
    this.#open.push(names);
    try {
      return { made: make(), names };
    } finally {
      this.#open.pop();
    }
  }
}
