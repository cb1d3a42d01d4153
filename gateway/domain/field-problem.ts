/** One thing wrong with a document that somebody wrote. `path` is the field as it stands there: `doors[2].release_ms`. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** Values that must be there once: each later one names the first. */
export function findDuplicates(entries: readonly { readonly value: string; readonly path: string }[]): readonly FieldProblem[] {
  const first = new Map<string, string>();
  return entries.flatMap(({ value, path }) => {
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, path);
    return earlier === undefined ? [] : [{ path, message: `${value} is used already by ${earlier}` }];
  });
}
