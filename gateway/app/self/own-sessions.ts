import { GatewayError } from '../../domain/errors.ts';
import type { PersonId, SessionId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import type { ConsoleSession, SessionStore } from '../../ports/session-store.ts';
import type { VpnSession, VpnSessionStore } from '../../ports/vpn-session-store.ts';
import { toSessionEnd } from '../revocation/session-end.ts';
import type { VpnSessions } from '../vpn/sessions.ts';
import { addClosed, NOTHING_CLOSED, toClosed, type Closed } from './closed.ts';

export interface OwnSession {
  readonly id: string;
  readonly kind: 'portal' | 'console' | 'cli' | 'sign_in' | 'app_access' | 'vpn';
  readonly startedAtMs: number;
  readonly expiresAtMs: number | null;
  readonly apps: readonly { readonly id: string; readonly name: string; readonly startedAtMs: number }[];
  readonly realmName: string | null;
  readonly seenAtMs: number | null;
}

/** All throw store.unavailable; the ends throw audit.unavailable after something ended. */
export interface OwnSessions {
  /** Newest first. */
  list(personId: PersonId): Promise<readonly OwnSession[]>;
  /** Null: the person has no such session, whoever else may. */
  close(personId: PersonId, id: string, cause: string): Promise<Closed | null>;
  /** Everything of the person but the session `except`. */
  closeOthers(personId: PersonId, except: SessionId | null, cause: string): Promise<Closed>;
  /** Those of the gateway's own pages and the command line that the choice is true of. */
  closeOwnPages(personId: PersonId, cause: string, isMeant: (session: ConsoleSession) => boolean): Promise<Closed>;
}

export interface OwnSessionsDeps {
  readonly sites: SiteMap;
  readonly sessions: SessionStore;
  readonly liveSessions: LiveSessions;
  /** Null where no VPN realm is configured. */
  readonly vpn: { readonly store: Pick<VpnSessionStore, 'ofPerson'>; readonly sessions: Pick<VpnSessions, 'endAllOf'> } | null;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
}

/** A person's sessions of every kind, and their ends, each recorded by whoever ended it. */
export function createOwnSessions(deps: OwnSessionsDeps): OwnSessions {
  const { audit, clock, liveSessions, sessions, vpn } = deps;

  const closeOwnPages: OwnSessions['closeOwnPages'] = async (personId, cause, isMeant) => {
    const meant = (await sessions.ofPerson(personId, clock.nowMs())).filter(isMeant);
    let count = 0;
    for (const session of meant) {
      // Whoever removed the row records its end: a suspension may have been first.
      if (!(await sessions.end(session.id))) continue;
      count += 1;
      await audit.append(toSessionEnd(session, cause, clock.nowMs()));
    }
    return { ...NOTHING_CLOSED, sessions: count };
  };

  const closeVpn = async (personId: PersonId, cause: string, session: VpnSession | null): Promise<Closed> => {
    if (vpn === null) return NOTHING_CLOSED;
    try {
      return { ...NOTHING_CLOSED, sessions: await vpn.sessions.endAllOf(personId, cause, session?.realmId) };
    } catch (failure) {
      // Not told is not ended, which the answer says; a log that fails is another matter.
      if (failure instanceof GatewayError && failure.code.startsWith('audit.')) throw failure;
      return { ...NOTHING_CLOSED, residual: ['vpn'] };
    }
  };

  return {
    list: (personId) => list(deps, personId),
    closeOwnPages,
    close: async (personId, id, cause) => {
      const own = await closeOwnPages(personId, cause, (session) => session.id === id);
      if (own.sessions > 0) return own;
      const ended = (await liveSessions.endOne(personId, id, cause)) ?? (await liveSessions.endGrant(personId, id, cause));
      if (ended !== null) return toClosed(ended);
      const tunnel = (await vpn?.store.ofPerson(personId))?.find((session) => session.id === id);
      return tunnel === undefined ? null : closeVpn(personId, cause, tunnel);
    },
    closeOthers: async (personId, except, cause) => {
      // Side by side: an app that takes its time must not keep a tunnel open.
      const [apps, tunnels, own] = await Promise.all([
        liveSessions.endAllOf(personId, cause),
        closeVpn(personId, cause, null),
        closeOwnPages(personId, cause, ({ id }) => id !== except),
      ]);
      return addClosed(addClosed(toClosed(apps), tunnels), own);
    },
  };
}

async function list({ clock, liveSessions, sessions, sites, vpn }: OwnSessionsDeps, personId: PersonId): Promise<readonly OwnSession[]> {
  const [own, signIns, tunnels] = await Promise.all([
    sessions.ofPerson(personId, clock.nowMs()),
    liveSessions.signInsOf(personId),
    vpn?.store.ofPerson(personId) ?? [],
  ]);
  const none = { apps: [], realmName: null, seenAtMs: null } as const;
  const all: OwnSession[] = [
    ...own.map(({ id, kind, createdAtMs, expiresAtMs }) => ({ ...none, id, kind, startedAtMs: createdAtMs, expiresAtMs })),
    ...signIns.map(({ id, kind, startedAtMs, expiresAtMs, apps }) => ({
      ...none,
      id,
      kind: kind === 'browser' ? ('sign_in' as const) : ('app_access' as const),
      startedAtMs,
      expiresAtMs,
      apps: apps.map(({ appId, clientId, startedAtMs: sinceMs }) => {
        const app = appId === null ? undefined : sites.app(appId);
        return { id: appId ?? clientId, name: app?.name ?? clientId, startedAtMs: sinceMs };
      }),
    })),
    ...tunnels.map(({ id, realmId, startedAtMs, seenAtMs }) => ({
      ...none,
      id,
      kind: 'vpn' as const,
      startedAtMs,
      expiresAtMs: null,
      realmName: sites.vpnRealm(realmId)?.name ?? realmId,
      seenAtMs,
    })),
  ];
  return all.sort((left, right) => right.startedAtMs - left.startedAtMs || (left.id < right.id ? -1 : 1));
}
