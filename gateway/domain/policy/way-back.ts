/**
 * The revision that a roll-back returns to, from what was in force, oldest first; null when there is none. Whoever goes back to an earlier
 * revision leaves everything that came after it for good: rolling back twice goes back two steps, and never to what was left as bad. What
 * is to come back nevertheless is named by its id.
 */
export function wayBack(oldestFirst: readonly string[]): string | null {
  const path: string[] = [];
  for (const revisionId of oldestFirst) {
    const at = path.indexOf(revisionId);
    if (at === -1) path.push(revisionId);
    else path.length = at + 1;
  }
  return path.at(-2) ?? null;
}
