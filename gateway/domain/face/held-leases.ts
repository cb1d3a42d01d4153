import type { PersonId } from '../site/ids.ts';

/** Leases of one terminal that are told apart; of those before them, anybody may be in them. */
export const LEASES_APART_MAX = 8;

export interface LentTo {
  readonly id: string;
  /** When the terminal asked, among all its questions: it takes no answer to one after it has taken that to a later one. */
  readonly turn: number;
  readonly expiresAtMs: number;
  readonly people: ReadonlySet<PersonId>;
}

/** What a terminal may go by while it hears nothing: a lease that was lent may never have reached it, and the one before may be gone. */
export interface HeldLeases {
  /** Until when it may have one with anybody in it, ms; 0 = it has none such. */
  readonly anybodyUntilMs: number;
  /** Those of which it may have any one, by turn. */
  readonly lent: readonly LentTo[];
  /** Of the latest lease that it said it has. */
  readonly namedTurn: number;
}

/** A terminal of which only the end of its leases is known: they were lent by a gateway that was restarted since. */
export const heldUntil = (anybodyUntilMs: number): HeldLeases => ({ anybodyUntilMs, lent: [], namedTurn: 0 });

/** Counts from before the answer leaves. One that was asked for before the lease that the terminal has cannot reach it any more. */
export function lendLease(held: HeldLeases, lease: LentTo): HeldLeases {
  if (lease.turn < held.namedTurn) return held;
  const lent = [...held.lent, lease].sort((one, other) => one.turn - other.turn);
  const [oldest, ...rest] = lent;
  if (oldest === undefined || lent.length <= LEASES_APART_MAX) return { ...held, lent };
  return { ...held, lent: rest, anybodyUntilMs: Math.max(held.anybodyUntilMs, oldest.expiresAtMs) };
}

/** A lease of which the answer never left. */
export const withdrawLease = (held: HeldLeases, id: string): HeldLeases => ({
  ...held,
  lent: held.lent.filter((lease) => lease.id !== id),
});

/**
 * The terminal has this lease on its disk: none before it counts any more. Those after it may still reach it. What it says late, twice, or of a
 * lease that nobody knows changes nothing; that it has none is not said in an order, and changes nothing either.
 */
export function nameLease(held: HeldLeases, id: string): HeldLeases {
  const named = held.lent.find((lease) => lease.id === id);
  if (named === undefined) return held;
  return { anybodyUntilMs: 0, lent: held.lent.filter(({ turn }) => turn >= named.turn), namedTurn: named.turn };
}

/** Until when the terminal may let this person in by itself, ms; 0 = not at all. */
export function exposedUntil({ anybodyUntilMs, lent }: HeldLeases, personId: PersonId): number {
  return lent.reduce((endMs, { expiresAtMs, people }) => (people.has(personId) ? Math.max(endMs, expiresAtMs) : endMs), anybodyUntilMs);
}
