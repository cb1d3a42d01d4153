import type { MyLogEntry } from '#gateway/http/contract/me.ts';

type DecisionEntry = Extract<MyLogEntry, { readonly kind: 'decision' }>;

const RECENT_MS = 7 * 86_400_000;

/** Of entries newest first: the last time that a badge was read, whatever came of it. */
export function lastBadge(entries: readonly MyLogEntry[]): DecisionEntry | null {
  return entries.find((entry): entry is DecisionEntry => entry.kind === 'decision' && entry.action === 'door.unlock') ?? null;
}

export function recentDenials(entries: readonly MyLogEntry[], nowMs: number): number {
  return entries.filter((entry) => entry.kind === 'decision' && entry.effect === 'deny' && nowMs - entry.atMs < RECENT_MS).length;
}

/** Whoever is signed in is active or restricted; the log says which, if it ever changed. */
export function standingOf(entries: readonly MyLogEntry[]): 'active' | 'restricted' {
  const last = entries.find((entry) => entry.kind === 'standing');
  return last?.kind === 'standing' && last.to === 'restricted' ? 'restricted' : 'active';
}
