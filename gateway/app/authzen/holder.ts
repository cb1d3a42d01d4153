import type { Badge, Person } from '../../domain/people/person.ts';
import type { Presence } from '../../domain/presence/presence.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
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
  readonly people: Pick<PeopleStore, 'find' | 'findByEmail'>;
  readonly credentials: Pick<CredentialStore, 'findBadge' | 'badgesOf' | 'pinOf' | 'passkeysOf'>;
  readonly presence: Pick<PresenceStore, 'find'>;
  readonly liveSessions: Pick<LiveSessions, 'signInOf'>;
}

/** Looks up only what a question at a door, or at a system, is answered by. @throws store.unavailable */
export async function findHolder(
  deps: FindHolderDeps,
  subject: Pick<Entity, 'type' | 'id'>,
  asked: { readonly at: 'door' | 'system'; readonly nowMs: number },
): Promise<Holder> {
  const named = subjectKindOf(subject.type) === 'badge' ? await deps.credentials.findBadge(subject.id) : null;
  const person = await findPerson(deps, subject, named);
  if (person === null) return { ...NOBODY, badge: named };
  const presence = await deps.presence.find(person.id);
  if (asked.at === 'door') {
    const badge = named ?? bestBadge(await deps.credentials.badgesOf(person.id), asked.nowMs);
    const pin = await deps.credentials.pinOf(person.id);
    return { ...NOBODY, person, badge, presence, hasPin: pin?.status === 'active' };
  }
  const passkeys = await deps.credentials.passkeysOf(person.id);
  const signIn = await deps.liveSessions.signInOf(person.id);
  return {
    ...NOBODY,
    person,
    badge: named,
    presence,
    hasPasskey: passkeys.some(({ status }) => status === 'active'),
    // Every sign-in of the provider is a user-verified passkey.
    signIn: signIn === null ? null : { ...signIn, userVerified: true },
  };
}

async function findPerson(deps: FindHolderDeps, subject: Pick<Entity, 'type' | 'id'>, badge: Badge | null): Promise<Person | null> {
  switch (subjectKindOf(subject.type)) {
    case 'badge':
      return badge === null ? null : deps.people.find(badge.personId);
    case 'person':
      // Branded where it enters, and looked up at once.
      return subject.id.includes('@') ? deps.people.findByEmail(subject.id) : deps.people.find(subject.id as PersonId);
    case null:
      return null;
  }
}
