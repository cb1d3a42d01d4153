import { isUserVerified } from '../../domain/access/assurance.ts';
import type { Badge, Person } from '../../domain/people/person.ts';
import type { Presence } from '../../domain/presence/presence.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { Holdings, HoldingsStore } from '../../ports/holdings-store.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Authentication } from '../access/types.ts';
import { subjectKindOf } from './names.ts';
import type { Entity } from './types.ts';

/** A person, and what the gateway itself knows of them. */
export interface Holder {
  readonly person: Person | null;
  /** The badge that was named, else the one that serves best. */
  readonly badge: Badge | null;
  readonly hasPin: boolean;
  readonly hasPasskey: boolean;
  readonly presence: Presence | null;
  /** How the person signed in to the gateway, while that session lives. */
  readonly signIn: Authentication | null;
}

const NOBODY: Holder = { person: null, badge: null, hasPin: false, hasPasskey: false, presence: null, signIn: null };

/** The badge to be judged by when a person is named and not a badge: one that is in use and valid now, if there is any. */
export function bestBadge(badges: readonly Badge[], nowMs: number): Badge | null {
  const serves = ({ status, validFromMs, validUntilMs }: Badge): boolean =>
    status === 'active' && (validFromMs ?? 0) <= nowMs && nowMs < (validUntilMs ?? Number.POSITIVE_INFINITY);
  return badges.find(serves) ?? badges[0] ?? null;
}

export interface FindHolderDeps {
  readonly people: Pick<PeopleStore, 'findByEmail' | 'epoch'>;
  readonly holdings: Pick<HoldingsStore, 'find' | 'findUnderEpoch'>;
  readonly credentials: Pick<CredentialStore, 'findBadge'>;
  readonly liveSessions: Pick<LiveSessions, 'signInOf'>;
}

/** Whoever was named, and the revocation epoch that nothing known of them is older than. */
export interface FoundHolder {
  readonly holder: Holder;
  readonly epoch: number;
}

interface AskedAt {
  readonly at: 'door' | 'system';
  readonly nowMs: number;
}

/** Looks up only what a question at a door, or at a system, is answered by. @throws store.unavailable */
export async function findHolder(deps: FindHolderDeps, subject: Pick<Entity, 'type' | 'id'>, asked: AskedAt): Promise<FoundHolder> {
  const kind = subjectKindOf(subject.type);
  if (kind === 'person' && !subject.id.includes('@')) {
    // Branded where it enters, and looked up at once.
    const { epoch, holdings } = await deps.holdings.findUnderEpoch(subject.id as PersonId);
    return { epoch, holder: await holderOf(deps, { holdings, named: null }, asked) };
  }
  // Before the first of several reads: those are at least as new.
  const epoch = await deps.people.epoch();
  const named = kind === 'badge' ? await deps.credentials.findBadge(subject.id) : null;
  const personId = kind === 'person' ? ((await deps.people.findByEmail(subject.id))?.id ?? null) : (named?.personId ?? null);
  const holdings = personId === null ? null : await deps.holdings.find(personId);
  return { epoch, holder: await holderOf(deps, { holdings, named }, asked) };
}

interface Held {
  readonly holdings: Holdings | null;
  readonly named: Badge | null;
}

async function holderOf(deps: FindHolderDeps, { holdings, named }: Held, asked: AskedAt): Promise<Holder> {
  if (holdings === null) return { ...NOBODY, badge: named };
  const { person, presence, badges, hasPin, hasPasskey } = holdings;
  if (asked.at === 'door') return { ...NOBODY, person, badge: named ?? bestBadge(badges, asked.nowMs), presence, hasPin };
  const signIn = await deps.liveSessions.signInOf(person.id);
  return {
    ...NOBODY,
    person,
    badge: named,
    presence,
    hasPasskey,
    signIn: signIn === null ? null : { ...signIn, userVerified: isUserVerified(signIn.acr) },
  };
}
