import type { Badge, Person } from '../../domain/people/person.ts';
import type { Presence } from '../../domain/presence/presence.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { HoldingsStore } from '../../ports/holdings-store.ts';
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
  readonly people: Pick<PeopleStore, 'findByEmail'>;
  readonly holdings: Pick<HoldingsStore, 'find'>;
  readonly credentials: Pick<CredentialStore, 'findBadge'>;
  readonly liveSessions: Pick<LiveSessions, 'signInOf'>;
}

/** Looks up only what a question at a door, or at a system, is answered by. @throws store.unavailable */
export async function findHolder(
  deps: FindHolderDeps,
  subject: Pick<Entity, 'type' | 'id'>,
  asked: { readonly at: 'door' | 'system'; readonly nowMs: number },
): Promise<Holder> {
  const named = subjectKindOf(subject.type) === 'badge' ? await deps.credentials.findBadge(subject.id) : null;
  const personId = named?.personId ?? (await findPersonId(deps, subject));
  const held = personId === null ? null : await deps.holdings.find(personId);
  if (held === null) return { ...NOBODY, badge: named };
  const { person, presence, badges, hasPin, hasPasskey } = held;
  if (asked.at === 'door') return { ...NOBODY, person, badge: named ?? bestBadge(badges, asked.nowMs), presence, hasPin };
  const signIn = await deps.liveSessions.signInOf(person.id);
  return {
    ...NOBODY,
    person,
    badge: named,
    presence,
    hasPasskey,
    // Every sign-in of the provider is a user-verified passkey.
    signIn: signIn === null ? null : { ...signIn, userVerified: true },
  };
}

async function findPersonId(deps: FindHolderDeps, { type, id }: Pick<Entity, 'type' | 'id'>): Promise<PersonId | null> {
  if (subjectKindOf(type) !== 'person') return null;
  // Branded where it enters, and looked up at once.
  return id.includes('@') ? ((await deps.people.findByEmail(id))?.id ?? null) : (id as PersonId);
}
