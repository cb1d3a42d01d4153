/** Nearest-rank percentile of unsorted samples; NaN for none. `share` 0..1. */
export function percentile(samples: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** With `--short` a twentieth of the work: whether a benchmark runs, and no figure to quote. */
export const amount = (full: number): number => (process.argv.includes('--short') ? Math.ceil(full / 20) : full);

/** `--json`: one line of JSON; else a table of name and value, nested names joined by a dot. */
export function report(result: Readonly<Record<string, unknown>>): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(result));
    return;
  }
  const rows = flatten(result, '');
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
}

function flatten(value: Readonly<Record<string, unknown>>, prefix: string): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? flatten(inner as Record<string, unknown>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, String(inner)]],
  );
}
