/** Those who want to know of one kind of thing. */
export class Listeners<Fact> {
  readonly #all = new Set<(fact: Fact) => void>();

  /** Returns the function that ends it. */
  add(listener: (fact: Fact) => void): () => void {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  }

  tell(fact: Fact): void {
    for (const listener of this.#all) listener(fact);
  }
}
