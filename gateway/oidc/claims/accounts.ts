import type { FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Person } from '../../domain/people/person.ts';
import { agedPresence } from '../../domain/presence/presence.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { SeenSessions } from '../sessions/seen-sessions.ts';

interface Deps {
  readonly people: PeopleStore;
  readonly presence: PresenceStore;
  readonly seenSessions: Pick<SeenSessions, 'of'>;
  readonly clock: Clock;
  /** The decision of a refresh that is under way. */
  readonly refreshDecisionOf: (ctx: KoaContextWithOIDC) => string | undefined;
}

/** Claims by scope. Where a person is, is told only to apps that ask for the scope `presence` and are granted it. */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'gatehouse_decision'],
  profile: ['name'],
  email: ['email'],
  groups: ['groups'],
  presence: ['gatehouse_presence'],
};

export function isClosed(person: Person): boolean {
  return person.standing === 'suspended' || person.standing === 'departed';
}

/**
 * A person as the provider sees it. With a code or an access token there is no decision of its own, so a closed person is not found
 * and the token is worthless; sign-in and refresh are decided, and say why.
 */
export function createFindAccount(deps: Deps): FindAccount {
  const decisionIn = async (
    ctx: KoaContextWithOIDC,
    { clientId, sessionUid }: { readonly sessionUid?: string; readonly clientId?: string },
  ): Promise<string | undefined> => {
    if (sessionUid === undefined || clientId === undefined) return undefined;
    return (await deps.seenSessions.of(ctx, sessionUid))?.authorizations?.[clientId]?.decisionId;
  };

  const presenceOf = async (personId: PersonId): Promise<{ state: string; area?: string }> => {
    const stored = await deps.presence.find(personId);
    if (stored === null) return { state: 'unknown' };
    const { state, areaId } = agedPresence(stored, deps.clock.nowMs());
    return { state, ...(areaId === null ? {} : { area: areaId }) };
  };

  return async (ctx, sub, token) => {
    const personId = sub as PersonId;
    const person = await deps.people.find(personId);
    if (person === null) return undefined;
    if (isClosed(person) && token !== undefined && token.kind !== 'RefreshToken') return undefined;
    return {
      accountId: sub,
      claims: async (_use, scope) => {
        const scopes = new Set(scope.split(' '));
        const source = token as { readonly sessionUid?: string; readonly clientId?: string } | undefined;
        const decisionId = deps.refreshDecisionOf(ctx) ?? (source === undefined ? undefined : await decisionIn(ctx, source));
        return {
          sub,
          name: person.displayName,
          ...(person.email === null ? {} : { email: person.email }),
          groups: [...person.groups],
          ...(decisionId === undefined ? {} : { gatehouse_decision: decisionId }),
          ...(scopes.has('presence') ? { gatehouse_presence: await presenceOf(personId) } : {}),
        };
      },
    };
  };
}
