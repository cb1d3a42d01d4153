import { DeskDepartures } from './app/desk/desk-departures.ts';
import { createDeskAgents } from './app/desk/desk-agents.ts';
import { createDeskGate } from './app/desk/desk-gate.ts';
import { createDeskLooks } from './app/desk/desk-looks.ts';
import { createDeskRecords } from './app/desk/desk-records.ts';
import { DESK_AGENT_PORT, type Desks } from './app/desk/desks.ts';
import { createFaceAlternatives } from './app/desk/face-alternatives.ts';
import { createRevokeDesk } from './app/desk/revoke-desk.ts';
import type { Refuse } from './app/access/refuse.ts';
import type { AuthorizeOperator } from './app/access/types.ts';
import type { GatewayStatements } from './oidc/keys/statement-signer.ts';
import { FRESH_BADGE_S } from './oidc/types.ts';
import { findLeaveCause } from './app/people/leavers.ts';
import type { VpnSessions } from './app/vpn/sessions.ts';
import type { PersonId } from './domain/site/ids.ts';
import type { Logger } from './platform/logger.ts';
import type { AuditLog, AuditReader } from './ports/audit-log.ts';
import type { Clock } from './ports/clock.ts';
import type { DeskDeviceStore } from './ports/desk-device-store.ts';
import type { DeskSessionStore } from './ports/desk-session-store.ts';
import type { LiveSessions } from './ports/live-sessions.ts';
import type { OneTimeStore } from './ports/one-time-store.ts';
import type { PeopleStore } from './ports/people-store.ts';
import type { PresenceStore } from './ports/presence-store.ts';
import type { Random } from './ports/random.ts';

/** How often everybody who has a computer is looked at, and how soon what failed is tried again, ms. */
const SWEEP_INTERVAL_MS = 6 * 3_600_000;
const RETRY_INTERVAL_MS = 60_000;

export interface DeskParts {
  readonly deskDevices: DeskDeviceStore;
  readonly deskSessions: DeskSessionStore;
  readonly oneTime: OneTimeStore;
  readonly people: PeopleStore;
  readonly presence: PresenceStore;
  readonly liveSessions: Pick<LiveSessions, 'endOne'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly refuse: Refuse;
  readonly audit: AuditLog & AuditReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly statements: GatewayStatements;
  /** Null where no VPN realm is configured. */
  readonly tunnels: Pick<VpnSessions, 'endAllOfDevice'> | null;
  readonly settings: { readonly sessionTtlS: number; readonly freshBadgeS?: number; readonly deskAgentPort?: number };
}

/** People's computers with everything that belongs to them. */
export function composeDesks(parts: DeskParts): Desks {
  const { deskDevices: devices, deskSessions: sessions, settings, statements } = parts;
  const sessionTtlMs = settings.sessionTtlS * 1_000;
  const records = createDeskRecords(parts);
  const revokeDesk = createRevokeDesk({ ...parts, devices, sessions, records });
  const leavers = { ...parts, reader: parts.audit };
  const deps = {
    ...parts,
    devices,
    sessions,
    records,
    revokeDesk,
    sessionTtlMs,
    findLeaveCause: (personId: PersonId) => findLeaveCause(leavers, personId),
  };
  return {
    revokeDesk,
    gate: createDeskGate(deps),
    agents: createDeskAgents(deps),
    looks: createDeskLooks({ ...deps, issuer: statements.issuer, sign: (payload, typ) => statements.sign(payload, typ) }),
    alternatives: createFaceAlternatives({ ...deps, freshBadgeMs: (settings.freshBadgeS ?? FRESH_BADGE_S) * 1_000 }),
    agentOrigin: `http://127.0.0.1:${String(settings.deskAgentPort ?? DESK_AGENT_PORT)}`,
  };
}

export interface FollowedLeavers {
  /** What a gateway that was down has missed. Called once it listens: apps are told of sessions that end. */
  readonly catchUp: () => Promise<unknown>;
  readonly stop: () => void;
}

/** Computers of people who leave are revoked from here on. */
export function followDeskLeavers(
  parts: Pick<DeskParts, 'deskDevices' | 'people' | 'audit' | 'clock'> & { readonly log: Logger },
  { revokeDesk }: Pick<Desks, 'revokeDesk'>,
): FollowedLeavers {
  const { audit, deskDevices: devices, log } = parts;
  const onFailure = (failure: unknown): void => log.error('desk.departure_failed', {}, failure);
  const departures = new DeskDepartures({ ...parts, devices, reader: audit, revokeDesk, onFailure });
  const unfollow = departures.follow();
  const timers = [
    setInterval(() => void departures.sweep().catch(onFailure), SWEEP_INTERVAL_MS),
    setInterval(() => void departures.retry(), RETRY_INTERVAL_MS),
  ];
  return {
    catchUp: () => departures.sweep(),
    stop: () => {
      unfollow();
      for (const timer of timers) clearInterval(timer);
    },
  };
}
