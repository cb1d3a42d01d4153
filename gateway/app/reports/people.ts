import type { AccessProfile, Grant, Person } from '../../domain/people/person.ts';
import { isPinLocked } from '../../domain/people/pin.ts';
import { agedPresence, type Presence } from '../../domain/presence/presence.ts';
import type { AppId, DoorId, PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { GrantStore } from '../../ports/grant-store.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { SessionStore } from '../../ports/session-store.ts';
import type { VpnSessionStore } from '../../ports/vpn-session-store.ts';
import { findReinstatementRequest } from '../revocation/reinstate.ts';

export interface PeopleReportDeps {
  readonly sites: SiteMap;
  readonly people: PeopleStore;
  readonly presence: PresenceStore;
  readonly credentials: CredentialStore;
  readonly grants: GrantStore;
  readonly sessions: SessionStore;
  readonly liveSessions: LiveSessions;
  /** Absent where no VPN realm is configured. */
  readonly vpnSessions?: Pick<VpnSessionStore, 'ofPerson'>;
  readonly oneTime: OneTimeStore;
  readonly clock: Clock;
}

export interface PersonRow {
  readonly person: Person;
  /** As believed now; null = never seen. */
  readonly presence: (Presence & { readonly areaName: string | null }) | null;
}

export interface PersonDossier extends PersonRow {
  readonly credentials: readonly {
    readonly id: string;
    readonly kind: 'badge' | 'passkey' | 'pin';
    readonly label: string;
    readonly status: string;
  }[];
  readonly access: readonly {
    readonly profile: string;
    readonly resources: readonly { readonly kind: string; readonly id: string; readonly name: string }[];
  }[];
  readonly sessions: readonly {
    readonly id: string;
    readonly kind: 'provider' | 'app' | 'console' | 'cli' | 'portal' | 'vpn';
    /** Of the app or the VPN realm. */
    readonly appName: string | null;
    readonly startedAtMs: number;
  }[];
  readonly reinstatement: {
    readonly requestedBy: string;
    readonly requestedById: string;
    readonly reason: string;
    readonly expiresAtMs: number;
  } | null;
}

export interface PeopleReport {
  /** Ordered by id; `next` is the `after` of the next page. */
  page(after: PersonId | null, limit: number): Promise<{ readonly rows: readonly PersonRow[]; readonly next: PersonId | null }>;
  /** Everything about one person; null when unknown. */
  dossier(id: PersonId): Promise<PersonDossier | null>;
}

/** People with where they are, what they hold and what is open: joined from the stores at the moment of asking. */
export function createPeopleReport(deps: PeopleReportDeps): PeopleReport {
  const toRow = async (person: Person): Promise<PersonRow> => {
    const stored = await deps.presence.find(person.id);
    if (stored === null) return { person, presence: null };
    const presence = agedPresence(stored, deps.clock.nowMs());
    return {
      person,
      presence: { ...presence, areaName: presence.areaId === null ? null : (deps.sites.area(presence.areaId)?.name ?? null) },
    };
  };

  return {
    page: async (after, limit) => {
      const people = await deps.people.list({ after, limit });
      const last = people.length < limit ? undefined : people.at(-1);
      return { rows: await Promise.all(people.map(toRow)), next: last?.id ?? null };
    },
    dossier: async (id) => {
      const person = await deps.people.find(id);
      if (person === null) return null;
      const [row, credentials, access, sessions, reinstatement] = await Promise.all([
        toRow(person),
        credentialsOf(deps, id),
        accessOf(deps, person),
        sessionsOf(deps, id),
        reinstatementOf(deps, id),
      ]);
      return { ...row, credentials, access, sessions, reinstatement };
    },
  };
}

async function credentialsOf(deps: PeopleReportDeps, id: PersonId): Promise<PersonDossier['credentials']> {
  const { credentials } = deps;
  const [badges, passkeys, pin] = await Promise.all([credentials.badgesOf(id), credentials.passkeysOf(id), pinOf(deps, id)]);
  return [
    // Format and facility say which card it is; the number itself stays out of the console.
    ...badges.map(({ id: badgeId, badgeKey, status }) => ({ id: badgeId, kind: 'badge' as const, label: maskBadge(badgeKey), status })),
    ...passkeys.map(({ id: passkeyId, label, status }) => ({ id: passkeyId, kind: 'passkey' as const, label, status })),
    ...pin,
  ];
}

/** That there is one, and whether a reader takes it; never the PIN, nor whether there is one for duress. */
async function pinOf({ credentials, clock }: PeopleReportDeps, id: PersonId): Promise<PersonDossier['credentials']> {
  const pin = await credentials.pinOf(id);
  if (pin === null) return [];
  const nowMs = clock.nowMs();
  const isLocked = (await credentials.pinAttemptsOf(id)).some((attempts) => isPinLocked(attempts, nowMs));
  return [{ id: pin.id, kind: 'pin', label: 'PIN', status: pin.status === 'active' && isLocked ? 'locked' : pin.status }];
}

function maskBadge(badgeKey: string): string {
  const parts = badgeKey.split(':');
  const number = parts.pop() ?? '';
  return [...parts, `…${number.slice(-2)}`].join(' ');
}

function holds(person: Person, { holder }: Grant): boolean {
  switch (holder.kind) {
    case 'person':
      return holder.id === person.id;
    case 'group':
      return person.groups.includes(holder.id);
    case 'role':
      return person.roles.includes(holder.id);
  }
}

async function accessOf(deps: PeopleReportDeps, person: Person): Promise<PersonDossier['access']> {
  const [profiles, grants] = await Promise.all([deps.grants.profiles(), deps.grants.grants()]);
  const held = new Set(grants.filter((grant) => holds(person, grant)).map(({ profileId }) => profileId));
  return profiles.filter(({ id }) => held.has(id)).map((profile) => ({ profile: profile.name, resources: namedResources(deps, profile) }));
}

function namedResources({ sites }: PeopleReportDeps, profile: AccessProfile) {
  const nameOf = ({ kind, id }: AccessProfile['resources'][number]): string | undefined => {
    switch (kind) {
      case 'door':
        return sites.door(id as DoorId)?.name;
      case 'app':
        return sites.app(id as AppId)?.name;
      case 'vpn_realm':
        return sites.vpnRealm(id as VpnRealmId)?.name;
    }
  };
  return profile.resources.map((resource) => ({ ...resource, name: nameOf(resource) ?? resource.id }));
}

async function sessionsOf(deps: PeopleReportDeps, id: PersonId): Promise<PersonDossier['sessions']> {
  const [live, console, tunnels] = await Promise.all([
    deps.liveSessions.ofPerson(id),
    deps.sessions.ofPerson(id, deps.clock.nowMs()),
    deps.vpnSessions?.ofPerson(id) ?? [],
  ]);
  return [
    ...live.map(({ id: sessionId, kind, appId, startedAtMs }) => ({
      id: sessionId,
      kind,
      appName: appId === null ? null : (deps.sites.app(appId)?.name ?? appId),
      startedAtMs,
    })),
    ...console.map(({ id: sessionId, kind, createdAtMs }) => ({ id: sessionId, kind, appName: null, startedAtMs: createdAtMs })),
    ...tunnels.map(({ id: sessionId, realmId, startedAtMs }) => ({
      id: sessionId,
      kind: 'vpn' as const,
      appName: deps.sites.vpnRealm(realmId)?.name ?? realmId,
      startedAtMs,
    })),
  ];
}

async function reinstatementOf(deps: PeopleReportDeps, id: PersonId): Promise<PersonDossier['reinstatement']> {
  const request = await findReinstatementRequest(deps, id);
  if (request === null) return null;
  const operator = await deps.people.find(request.operatorId as PersonId);
  const { operatorId: requestedById, reason, expiresAtMs } = request;
  return { requestedBy: operator?.displayName ?? requestedById, requestedById, reason, expiresAtMs };
}
